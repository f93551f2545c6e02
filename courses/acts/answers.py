"""Answers of a running attempt, one at a time: the highest sequence counts, what comes too late is kept apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from courses.acts.sitting import RefusedError, figures, grace, lock
from courses.models import Answer, AnswerEvent, Attempt, PaperQuestion, RefusedAnswer
from courses.rules.exams import may_answer
from courses.rules.papers import AnswerError, cleaned
from credit.rules.ruling import Ruling

LARGEST_SEQUENCE: Final = 2**53  # the largest whole number that a browser keeps exactly
MOST_REFUSED: Final = 500  # refused answers that are kept of one attempt


class BadAnswerError(ValueError):
    """An answer that no page of ours would send; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What counts after an answer came in; ``newer`` is False when a newer one was there first.

    ``deadline`` is the attempt's as it is now: it may have been moved since the page was made.
    """

    newer: bool
    chosen: list[Any]
    sequence: int
    deadline: datetime


def save_answer(
    attempt: Attempt,
    *,
    learner: Any,
    position: int,
    chosen: Sequence[Any],
    now: datetime,
    sequence: int | None = None,
) -> Kept:
    """Keep one answer as it is given, in four queries. The higher ``sequence`` wins, whatever comes last.

    Without a sequence (a page without script) the server numbers it as the newest. Only the key of ``attempt``
    is used. Raises Attempt.DoesNotExist for somebody else's, BadAnswerError for an impossible one, RefusedError
    after the deadline or the hand-in; what is refused is kept as such.
    """
    with transaction.atomic():
        locked = lock(attempt, learner)
        place = _place(locked, position)
        ruling = _open(locked, now)
        if ruling:
            return _keep(place, locked, chosen, sequence, now)
        _note_refused(place, chosen, sequence, now, ruling)
    raise RefusedError(ruling)


@transaction.atomic
def save_page(
    attempt: Attempt, *, learner: Any, answers: Mapping[int, Sequence[Any]], now: datetime
) -> int:
    """Keep the answers of a page without script, by position; tells how many. Raises as above."""
    locked = lock(attempt, learner)
    ruling = _open(locked, now)
    if not ruling:
        raise RefusedError(ruling)
    places = {place.position: place for place in _places(locked).filter(position__in=answers)}
    for position, place in places.items():
        _keep(place, locked, answers[position], None, now)
    return len(places)


def _open(attempt: Attempt, now: datetime) -> Ruling:
    return may_answer(
        deadline=attempt.deadline,
        ended=attempt.submitted_at is not None,
        now=now,
        grace=grace(now),
        article=figures(now).figures["minutes"].article,
    )


def _places(attempt: Attempt) -> Any:
    return attempt.paper.defer("sealed").select_related("answer")


def _place(attempt: Attempt, position: int) -> PaperQuestion:
    place: PaperQuestion | None = _places(attempt).filter(position=position).first()
    if place is None:
        raise BadAnswerError(f"试卷上没有第{position}题")
    return place


def _keep(
    place: PaperQuestion,
    attempt: Attempt,
    chosen: Sequence[Any],
    sequence: int | None,
    now: datetime,
) -> Kept:
    """One answer against the one that is there: the higher sequence counts, both are noted."""
    wanted = _checked(place, chosen)
    there: Answer | None = getattr(place, "answer", None)
    latest = there.sequence if there else 0
    sequence = _numbered(sequence, latest, now)
    if there and there.sequence == sequence and there.chosen == wanted:
        return Kept(True, wanted, sequence, attempt.deadline)  # the same message once more
    newer = sequence > latest
    AnswerEvent.objects.create(
        paper_question=place, chosen=wanted, sequence=sequence, received_at=now, kept=newer
    )
    if not newer and there:
        return Kept(False, there.chosen, there.sequence, attempt.deadline)
    facts = {"chosen": wanted, "sequence": sequence, "saved_at": now}
    # The attempt is locked: nobody else writes an answer of it now.
    if there:
        Answer.objects.filter(pk=there.pk).update(**facts)
    else:
        Answer.objects.create(paper_question=place, attempt_id=place.attempt_id, **facts)
    return Kept(True, wanted, sequence, attempt.deadline)


def _numbered(sequence: int | None, latest: int, now: datetime) -> int:
    if sequence is None:
        sequence = max(int(now.timestamp() * 1000), latest + 1)
    if not 0 < sequence <= LARGEST_SEQUENCE:
        raise BadAnswerError("次序号不对，请刷新页面后再试")
    return sequence


def _checked(place: PaperQuestion, chosen: Sequence[Any]) -> list[Any]:
    try:
        return cleaned(place.shown, chosen)
    except AnswerError as fault:
        raise BadAnswerError(f"第{place.position}题{fault}") from fault


def _note_refused(
    place: PaperQuestion, chosen: Sequence[Any], sequence: int | None, now: datetime, why: Ruling
) -> None:
    """Keep what came too late, once; the same as the answer that counts is no loss and is not noted."""
    wanted, sequence = _checked(place, chosen), _numbered(sequence, 0, now)
    there: Answer | None = getattr(place, "answer", None)
    if there and there.chosen == wanted:
        return
    of_attempt = RefusedAnswer.objects.filter(paper_question__attempt=place.attempt_id)
    if of_attempt.filter(paper_question=place, sequence=sequence).exists():
        return
    if of_attempt.count() < MOST_REFUSED:
        RefusedAnswer.objects.create(
            paper_question=place,
            chosen=wanted,
            sequence=sequence,
            received_at=now,
            reason=why.reason,
        )
