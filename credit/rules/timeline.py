"""Validity in time: which rule-set was in force on a day. A record is judged by the rule of its day.

Source: 立法法 第一百零四条 (what is adopted later does not reach back); the bureau's rule-sets are no
statute, and follow the same principle.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from credit.rules.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rule-sets, each in force from its ``effective_from`` until the next one's; at least one.

    What happened before the first one is judged by the first.
    """

    sets: tuple[Ruleset, ...]

    def __post_init__(self) -> None:
        """Raises ValueError when there is none, or when two begin on one day."""
        days = [one.effective_from for one in self.sets]
        if not days or days != sorted(set(days)):
            raise ValueError("rule-sets must rise by their first days, and there must be one")

    @classmethod
    def of(cls, sets: Iterable[Ruleset]) -> "Timeline":
        """In the order of their first days."""
        return cls(tuple(sorted(sets, key=lambda one: one.effective_from)))

    @property
    def now(self) -> Ruleset:
        """The last one: of a timeline ``until`` a day, the one in force on that day."""
        return self.sets[-1]

    def on(self, day: date) -> Ruleset:
        """The rule-set in force on ``day``."""
        later = bisect_right(self.sets, day, key=lambda one: one.effective_from)
        return self.sets[max(later - 1, 0)]

    def until(self, day: date) -> "Timeline":
        """What was known of the rules as of ``day``: without those that come into force later."""
        return Timeline(
            tuple(one for one in self.sets if one.effective_from <= day) or self.sets[:1]
        )


Rules = Ruleset | Timeline
"""A single rule-set, or rule-sets in time: both answer ``on(day)``, ``until(day)``, ``now`` and ``sets``."""
