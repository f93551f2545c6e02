"""Heartbeats in batches: from a page that is online one or two, from one that was offline many."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.utils import timezone

from courses.acts import presence
from courses.acts.study import Reported, append
from courses.acts.turns import in_turn
from courses.models import Enrolment, LessonPage, StudyEvent
from courses.models.turn import Known, known, midnight
from courses.rules import hours
from courses.rules.beats import Beat, Fate, Settled, settle

SALT: Final = "courses.beats"


class BadTokenError(ValueError):
    """A token that is not ours, or not this person's for this lesson."""


@dataclass(frozen=True, slots=True)
class Token:
    """What the server said when a lesson was opened: to whom, which lesson and tab, and its own time."""

    person: int
    enrolment: int
    lesson: int
    tab: UUID
    opened_at: datetime


def hand_out(enrolment: Enrolment, lesson: LessonPage, *, tab: UUID, now: datetime) -> str:
    """The signed token of a lesson that was opened at ``now``."""
    said = [enrolment.person_id, enrolment.pk, lesson.pk, tab.hex, now.timestamp()]
    return signing.dumps(said, salt=SALT, compress=False)


def read(token: str, *, person: Any, lesson: int) -> Token:
    """What a token says. Raises BadTokenError."""
    try:
        owner, enrolment, about, tab, opened = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise BadTokenError("token") from error
    if (owner, about) != (person.pk, lesson):
        raise BadTokenError("person")
    opened_at = datetime.fromtimestamp(opened, timezone.get_default_timezone())
    return Token(owner, enrolment, about, UUID(tab), opened_at)


@in_turn(refuses=False)
def take(
    token: Token, beats: Sequence[Beat], *, now: datetime | None = None
) -> tuple[Reported, dict[int, Settled]]:
    """Credit what the clock gives; where the lesson stands, and the fate of each beat by its number.

    A read and a write, whatever the number of beats. The same beats once more change nothing.
    """
    now = now or timezone.now()
    rules = hours.clock()
    before = _known(token, beats, rules, now)
    settled = settle(
        beats,
        opened_at=token.opened_at,
        now=now,
        seen_at=before.beat_at or token.opened_at,
        sequence=before.sequence,
        covered=before.covered,
        counted=before.counted,
        zone=timezone.get_default_timezone(),
        rules=rules,
        question=before.question,
    )
    events = [_event(token, one, now) for one in settled if one.fate is Fate.COUNTED]
    fates = {one.beat.sequence: one for one in settled}
    reported = append(events, before) if events else _unchanged(before)
    asked_at = _presence(token, before, settled, now, rules)
    return replace(reported, asked_at=asked_at), fates


def _presence(
    token: Token, before: Known, settled: Sequence[Settled], now: datetime, rules: hours.Clock
) -> datetime | None:
    """Write an answer, or ask; when the open question was asked. Nobody is asked by beats of the past."""
    counted = [one for one in settled if one.fate is Fate.COUNTED]
    if before.asked_at:
        answers = [one for one in counted if one.beat.answers]
        if not answers:
            return before.asked_at
        presence.answer(token.tab, at=answers[0].at)
    elif counted and now - counted[-1].at <= rules.silence and counted[-1].credit.milliseconds:
        return presence.ask(token, before, now=now, rules=rules)
    return None


def _known(token: Token, beats: Sequence[Beat], rules: hours.Clock, now: datetime) -> Known:
    """Spans since the first beat; of days before today all, since their limit counts as well."""
    first = min((beat.elapsed for beat in beats), default=timedelta())
    since = min(token.opened_at + first, now) - rules.silence
    if timezone.localdate(since) < timezone.localdate(now):
        since = min(since, midnight(timezone.localdate(since + rules.silence)))
    return known(token.person, token.enrolment, token.lesson, tab=token.tab, since=since, now=now)


def _event(token: Token, one: Settled, now: datetime) -> StudyEvent:
    return StudyEvent(
        person_id=token.person,
        enrolment_id=token.enrolment,
        lesson_id=token.lesson,
        tab=token.tab,
        kind=StudyEvent.Kind.BEAT,
        sequence=one.beat.sequence,
        began_at=one.credit.began_at,
        at=one.at,
        received_at=now,
        credited_ms=one.credit.milliseconds,
        position=one.beat.position,
        note=one.credit.note,
    )


def _unchanged(before: Known) -> Reported:
    missing = max(before.required_ms - before.studied, 0)
    return Reported(before.counted_ms, before.position, before.finished_at, missing, "")
