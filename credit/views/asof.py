"""The day that a page is asked about (``?as_of=2026-05-01``), and what search engines may keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

from credit.models import ListEntry
from credit.models.history import end_of

EARLIEST: Final = date(2000, 1, 1)  # no record of ours is older
NOINDEX: Final = "noindex, nofollow, noarchive"


@dataclass(frozen=True, slots=True)
class AsOf:
    """``day`` is None when the page is asked about today; ``problem`` says what is wrong with the question."""

    today: date
    day: date | None
    problem: str = ""

    @property
    def status(self) -> int:
        """Of the answer."""
        return 400 if self.problem else 200


def as_of(request: HttpRequest) -> AsOf:
    """The day in the address; today, with a word, for one that cannot be."""
    today = timezone.localdate()
    said = request.GET.get("as_of", "").strip()
    if not said:
        return AsOf(today, None)
    try:
        day = parse_date(said)
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= today:
        return AsOf(
            today,
            None,
            f"日期“{said[:20]}”不能查。请写成 2026-05-01 这样，不早于2000年，不晚于今天。",
        )
    return AsOf(today, day)


def then(day: date, entries: Iterable[ListEntry], facts: Iterable[Any]) -> dict[str, Any]:
    """Of what is public today: what was true on ``day``, and whether it was on record by its end."""
    moment = end_of(day)
    return {
        "day": day,
        "stood": [entry for entry in entries if entry.listed_on <= day],
        "happened": sorted(
            ((fact, fact.recorded_at < moment) for fact in facts if fact.happened_on <= day),
            key=lambda pair: pair[0].happened_on,
            reverse=True,
        ),
    }


def unindexed(answer: Any, hidden: bool = True) -> Any:
    """The answer, with the word to search engines not to keep it."""
    if hidden:
        answer.headers["X-Robots-Tag"] = NOINDEX
    return answer
