"""Which names people take for one another."""

import pytest

from credit.rules.names import nearly_same, pieces


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("云溪长青化工有限公司", "云溪长青化工有限责任公司", True),
        ("云溪长青化工有限公司（虚构）", "云溪长青化工公司", True),
        ("云溪长青化工有限公司", "云溪常青化工有限公司", True),
        ("云溪长青化工有限公司", "云溪长青化工厂", True),
        ("云溪长青化工有限公司", "云溪常清化工有限公司", False),
        (
            "云溪一厂",
            "云溪二厂",
            False,
        ),  # short names differ by one character as a matter of course
    ],
)
def test_names_that_readers_confuse(one: str, other: str, same: bool):
    assert nearly_same(one, other) is same
    assert nearly_same(other, one) is same


@pytest.mark.parametrize(
    "other", ["云溪常青化工有限公司", "云溪长青化学有限公司", "云溪长青化工厂", "长青化工"]
)
def test_a_nearly_same_name_bears_a_piece(other: str):
    parts = pieces("云溪长青化工有限公司")
    assert parts == ["云溪长", "青化工"]
    assert any(part in other for part in parts) or not nearly_same("云溪长青化工有限公司", other)
