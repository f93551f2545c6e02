"""Are you still there? Asked at times that nobody can foresee, with room for slow hands.

Somebody who does not answer loses nothing that was earned before the question ran out; from then on nothing is
credited until the answer. Source: AQ 8011-2023 4.5 (its text was not seen: the figures are data). Pure.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from courses.rules.hours import Clock

UNANSWERED: Final = "没有点“我还在学”，从到时间起先不计时。点一下，接着计时"


@dataclass(frozen=True, slots=True)
class Question:
    """One that was asked and is not answered yet."""

    asked_at: datetime

    def until(self, rules: Clock) -> datetime:
        """Until when study counts without the answer."""
        return self.asked_at + rules.presence_window

    def blocks(self, at: datetime, rules: Clock) -> bool:
        """Whether nothing is credited at the moment ``at``."""
        return at > self.until(rules)


def due(*, since: datetime, now: datetime, drawn: int, rules: Clock) -> bool:
    """Whether a question is to be asked. ``since``: the last sign of a person; ``drawn``: a number by chance."""
    least, most = rules.presence_from, rules.presence_to
    span = max(int((most - least).total_seconds()), 1)
    return now - since >= least + timedelta(seconds=drawn % span)
