"""The catalogue of measures (惩戒、激励): which begin with an entry of a list, by whom, on what basis.

Read from ``credit/rulesets/lists/measures.toml``.
"""

from dataclasses import dataclass
from functools import cache

from credit.rules.ruleset import Entry, RulesetError
from credit.rules.tables import by_code, read_tables


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRule(Entry):
    """A measure of one list ("black" or "red") and the department that carries it out."""

    code: str
    list: str
    department: str


@cache
def catalogue() -> tuple[MeasureRule, ...]:
    """Every measure. Raises RulesetError."""
    rows = by_code(read_tables("lists/measures.toml", {"measure": MeasureRule})["measure"]).values()
    if wrong := [row.code for row in rows if row.list not in ("black", "red")]:
        raise RulesetError.at("measures.toml", ", ".join(wrong), "unknown list")
    return tuple(rows)


def measures_of(colour: str) -> tuple[MeasureRule, ...]:
    """Those that begin with an entry of this colour."""
    return tuple(rule for rule in catalogue() if rule.list == colour)
