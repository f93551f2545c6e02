"""Between two days of change a score stays as it is: the day-by-day proof that the nightly run rests on."""

from datetime import date, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.rules.ruleset import load_ruleset
from credit.scoring import score
from credit.upcoming import change_days, months_of_kinds, next_change

RULES = load_ruleset()
MONTHS = months_of_kinds([RULES])
START = date(2024, 1, 1)
ENTERPRISES = pd.DataFrame({"enterprise": [1], "standardisation_level": [2]})
facts = st.lists(
    st.tuples(
        st.sampled_from(sorted(RULES.deductions)),
        st.dates(date(2021, 1, 1), date(2024, 6, 30)),
    ),
    max_size=6,
)


def records(known: list[tuple[str, date]]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [(f"r{n}", 1, kind, day) for n, (kind, day) in enumerate(known)],
        columns=["record", "enterprise", "kind", "happened_on"],
    )
    return frame.astype({"record": "str", "kind": "str", "enterprise": "int64"})


def told(frame: pd.DataFrame, day: date) -> tuple[object, ...]:
    found = score(ENTERPRISES, frame, RULES, day)
    lines = found.lines.sort_values("record")
    return (
        found.enterprises.to_dict("records"),
        lines[["record", "decay", "deducted", "drop_off"]].astype(str).to_dict("records"),
    )


@settings(max_examples=25, deadline=None)
@given(facts, st.integers(0, 1200))
def test_nothing_changes_before_the_next_day_of_change(known: list[tuple[str, date]], later: int):
    frame = records(known)
    start = START + timedelta(days=later)
    following = next_change(change_days(frame, MONTHS, start)).get(1)
    last = following - timedelta(days=1) if following else start + timedelta(days=4000)
    before = told(frame, start)
    for day in {start + (last - start) / 2, start + (last - start) / 3, last}:
        assert told(frame, day) == before


def test_the_days_of_a_penalty_are_the_steps_of_its_decay_and_the_veto():
    frame = records([("violation.fine", date(2024, 8, 31))])
    days = change_days(frame, MONTHS, date(2024, 8, 31))
    assert sorted(day.date() for day in days["day"]) == [
        date(2025, 2, 28), date(2025, 8, 31), date(2026, 8, 31),
    ]  # fmt: skip


def test_a_record_of_tomorrow_is_a_change_of_tomorrow():
    frame = records([("violation.fine", date(2024, 1, 2))])
    assert next_change(change_days(frame, MONTHS, START)) == {1: date(2024, 1, 2)}
