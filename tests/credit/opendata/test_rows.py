"""Day N and its delta give day N+1, with and without lawful deletions; tables run nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.opendata.rows import (
    FIELDS,
    GONE,
    apply,
    changes_to_jsonl,
    diff,
    from_jsonl,
    redact,
    redact_changes,
    to_csv,
    to_jsonl,
    tombstone,
)

IDS = st.sampled_from([f"{number:032x}" for number in range(6)])
NAMES = st.text('甲=\n"\u2028,', max_size=4)
DAYS = st.dictionaries(IDS, NAMES).map(
    lambda names: sorted(
        (row(identity, name) for identity, name in names.items()), key=lambda one: one["id"]
    )
)


def row(identity: str, name: str) -> dict[str, Any]:
    return {**dict.fromkeys(FIELDS, ""), "id": identity, "list": "black", "name": name}


@given(DAYS, DAYS)
def test_a_day_and_the_delta_give_the_next_day(before: Any, after: Any) -> None:
    assert apply(before, diff(before, after)) == after


@given(DAYS, DAYS, st.sets(IDS))
def test_so_they_do_after_a_lawful_deletion_in_all_three(
    before: Any, after: Any, gone: set[str]
) -> None:
    changes = redact_changes(diff(before, after), gone)
    assert apply(redact(before, gone), changes) == redact(after, gone)


@given(DAYS, DAYS, st.sets(IDS))
def test_files_say_what_the_rows_say(before: Any, after: Any, gone: set[str]) -> None:
    rows, changes = redact(after, gone), diff(before, after)
    assert from_jsonl(to_jsonl(reversed(rows))) == rows
    assert from_jsonl(changes_to_jsonl(changes)) == changes


@given(DAYS, DAYS, DAYS)
def test_a_delta_of_another_day_is_refused_or_leads_elsewhere(a: Any, b: Any, c: Any) -> None:
    if a == c:
        return
    try:
        reached = apply(c, diff(a, b))
    except ValueError:
        return
    kept = {one["id"]: one for one in c}
    touched = {one["row"]["id"] if "row" in one else one["id"] for one in diff(a, b)}
    assert [one for one in reached if one["id"] not in touched] == [
        one for identity, one in sorted(kept.items()) if identity not in touched
    ]


def test_a_tombstone_bears_no_name() -> None:
    rows = redact([row("a", "甲厂"), row("b", "乙厂")], {"a"})
    assert rows == [{"id": "a", "redacted": True}, row("b", "乙厂")]
    assert "甲厂".encode() not in to_csv(rows)
    assert GONE.encode() in to_csv(rows)


def test_an_id_stands_once() -> None:
    with pytest.raises(ValueError, match="重复"):
        diff([], [row("a", "甲"), tombstone("a")])


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_of_the_table_runs_as_a_formula(name: str) -> None:
    table = to_csv([row("a", name)])
    assert table.startswith(b"\xef\xbb\xbf" + "条目编号,名单,企业名称".encode())
    assert f"'{name}" in table.decode("utf-8-sig")
