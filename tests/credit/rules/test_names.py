"""When two writings of a name are one, and when two names may be one enterprise's."""

import pytest

from credit.rules.names import alike, fold


def test_width_brackets_and_case_fold():
    assert fold("ＹＸＨＱ〔虚构〕有限公司（A）") == "yxhq(虚构)有限公司(a)"


@pytest.mark.parametrize(
    "other",
    [
        "云溪长青化工有限公司",
        "长青化工",
        "云溪长青化工股份有限公司",
        "云溪长青化学有限公司",
        "云溪區长青化工(虚构)",
        "",
    ],
)
def test_names_that_may_be_one(other: str):
    assert alike("云溪长青化工有限公司（虚构）", other)


@pytest.mark.parametrize(
    "other", ["东山红星烟花有限公司（虚构）", "云溪红星烟花爆竹有限公司", "别的名字"]
)
def test_names_that_are_two(other: str):
    assert not alike("云溪长青化工有限公司（虚构）", other)
