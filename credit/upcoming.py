"""When a score changes by the mere passing of time: the days that records bring, worked out beside the score.

A score as of a day depends on the day only through: a record that happens, a step of its decay, and the
end of a veto's window. Between two of these days it stays as it is; that is what the nightly run and the
forecast rest on (tests/credit/test_upcoming.py proves it against the score function day by day).
"""

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from credit.rules.ruleset import Ruleset


def months_of_kinds(sets: Iterable[Ruleset]) -> dict[str, tuple[int, ...]]:
    """For each kind of record the months after it on which its weight in any of the rule-sets may change."""
    found: dict[str, set[int]] = {}
    for ruleset in sets:
        for kind, deduction in ruleset.deductions.items():
            found.setdefault(kind, set()).update(ruleset.decays[deduction.decay].months)
        for veto in ruleset.vetoes:
            for kind in veto.kinds if veto.months else ():
                found.setdefault(kind, set()).add(veto.months)
    return {kind: tuple(sorted(months)) for kind, months in found.items()}


def change_days(
    records: pd.DataFrame, months: Mapping[str, tuple[int, ...]], as_of: date
) -> pd.DataFrame:
    """``enterprise`` and ``day``: every day after ``as_of`` on which a record may change a score.

    ``records`` as for the score function. A loop over the few lengths of time, not over rows.
    """
    happened = pd.to_datetime(records["happened_on"]).astype("datetime64[us]")
    frames = [pd.DataFrame({"enterprise": records["enterprise"], "day": happened})]
    for length in sorted({length for each in months.values() for length in each}):
        kinds = [kind for kind, lengths in months.items() if length in lengths]
        chosen = records["kind"].isin(kinds)
        days = happened[chosen] + pd.DateOffset(months=length)
        frames.append(pd.DataFrame({"enterprise": records.loc[chosen, "enterprise"], "day": days}))
    found = pd.concat(frames, ignore_index=True)
    return found[found["day"] > pd.Timestamp(as_of)]


def next_change(days: pd.DataFrame) -> dict[int, date]:
    """The first of each enterprise's days; an enterprise without any is not in it."""
    first = days.groupby("enterprise")["day"].min()
    return {int(firm): day.date() for firm, day in zip(first.index, first.to_list(), strict=True)}
