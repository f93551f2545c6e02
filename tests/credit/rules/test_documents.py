"""One document number, however it is printed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from credit.rules.documents import LONGEST, document_key


@pytest.mark.parametrize(
    "printed",
    [
        "审〔2026〕14号",
        "审[2026]14号",
        "审〔2026〕 14 号",
        "审（２０２６）14号",
        "审【2026】14号",
        " 审［2026］14号\n",
    ],
)
def test_every_printing_has_one_key(printed: str):
    assert document_key(printed) == "审〔2026〕14号"


@pytest.mark.parametrize(
    ("one", "other"),
    [("审〔2026〕14号", "审〔2026〕15号"), ("SG-2026-1", "SG-20261"), ("1-12", "11-2")],
)
def test_different_numbers_stay_different(one: str, other: str):
    assert document_key(one) != document_key(other)


def test_dashes_and_letter_case_do_not_count():
    assert document_key("sg—2026－001") == document_key("SG-2026-001") == "SG-2026-001"


@example("R¸")  # a space that combines once it is gone
@given(st.text(max_size=120))
def test_a_key_is_its_own_key_and_fits(printed: str):
    key = document_key(printed)
    assert len(key) <= LONGEST
    assert len(key) == LONGEST or document_key(key) == key
