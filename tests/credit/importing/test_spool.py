"""A list on the disk is the list: any items, whatever is asked of it, across its pieces."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.importing import spool
from credit.importing.files import read_table
from credit.importing.reading import Row
from credit.importing.spool import Spool, repeated
from tests.credit.importing.makers import text

CELLS = st.none() | st.text(max_size=5) | st.integers() | st.dates() | st.booleans()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of three items, on the disk from the first byte that is written."""
    monkeypatch.setattr(spool, "PIECE", 3)
    monkeypatch.setattr(spool, "IN_MEMORY", 1)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
def test_what_was_added_is_read_in_order(count: int):
    items = [Row(number, {"value": str(number)}) for number in range(count)]
    kept = Spool(items)
    assert (list(kept), len(kept), bool(kept)) == (items, count, bool(items))
    assert [kept[place] for place in range(-count, count)] == items * 2
    assert (kept, kept[1:5], kept[:-1]) == (items, items[1:5], items[:-1])
    with pytest.raises(IndexError):
        kept[count]


def test_it_is_equal_to_equal_items_alone():
    kept = Spool(range(5))
    assert kept == [0, 1, 2, 3, 4] == kept
    assert kept == Spool(range(5))
    assert kept not in ([0, 1, 2, 3], [0, 1, 2, 3, 5], {0, 1, 2, 3, 4})


def test_two_may_read_at_once_while_a_third_adds():
    kept = Spool(range(7))
    assert [(a, b) for a in kept for b in kept] == [(a, b) for a in range(7) for b in range(7)]
    seen = []
    for item in kept:
        seen.append(item)
        if len(kept) < 9:
            kept.append(len(kept))
    assert seen == [*range(7), *kept[7 : len(seen)]]


def test_it_shows_its_beginning_where_a_test_fails():
    assert repr(Spool("abcdefgh")) == "<Spool of 8: 'a', 'b', 'c', 'd', 'e'>"


def test_its_file_goes_with_it():
    kept = Spool(range(9))
    file = kept._file
    assert not file.closed
    del kept
    assert file.closed


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, max_size=4), max_size=20))
def test_any_rows_read_through_it_are_the_rows(rows: list[list[Any]]):
    assert Spool(rows) == rows
    assert list(Spool(rows)) == rows


WORDS = st.text(st.characters(codec="gb18030", exclude_characters="\0\r\n"), max_size=5)


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, min_size=2, max_size=4), max_size=20))
def test_any_table_is_read_from_its_csv_as_it_was(rows: list[list[str]]):
    """But for empty cells, which are None, and rows without content, which are empty."""
    headed = [["企业名称", "统一社会信用代码"], *rows, ["完", "完"]]
    expected = [[cell or None for cell in row] if any(row) else [] for row in headed]
    assert read_table(text(headed)).rows == expected


@given(st.lists(st.integers(-5, 5)))
def test_repeated_are_those_that_come_more_than_once(numbers: list[int]):
    assert repeated(numbers) == {number for number in numbers if numbers.count(number) > 1}
