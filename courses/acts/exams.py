"""Sit an exam: start, answer, hand in. The server's clock and the frozen paper decide."""

import random
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from courses.acts.certificates import issue
from courses.acts.study import standing
from courses.models import (
    Answer,
    AnswerEvent,
    Attempt,
    Certificate,
    Earned,
    Enrolment,
    Exam,
    PaperQuestion,
    Question,
)
from courses.models.versions import terms_of
from courses.rules.exams import (
    Candidate,
    Drawn,
    Figures,
    Line,
    blueprint_faults,
    draw,
    figures_in_force,
    may_answer,
    may_start,
    shortfalls,
)
from courses.rules.marking import mark, points_for
from courses.rules.names import parse_name
from courses.rules.papers import AnswerError, cleaned, frozen
from credit.rules.ruling import Ruling

LARGEST_SEQUENCE = 2**53  # the largest whole number that a browser keeps exactly


class RefusedError(Exception):
    """The rules say no; ``ruling`` holds the printable reason."""

    def __init__(self, ruling: Ruling) -> None:
        super().__init__(ruling.reason)
        self.ruling = ruling


class BadAnswerError(ValueError):
    """An answer that no page of ours would send; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What counts after an answer came in; ``newer`` is False when a newer one was there first."""

    newer: bool
    chosen: list[Any]
    sequence: int


def paper_faults(exam: Exam, lines: Sequence[Line] | None = None) -> list[str]:
    """Why no paper can be drawn now, by these ``lines`` or the exam's; none means that one can."""
    lines = exam.lines() if lines is None else lines
    faults = blueprint_faults(lines, _figures(timezone.now()).amount("full_points"))
    return faults + shortfalls(_pool(exam), lines)


def readiness(enrolment: Enrolment, *, now: datetime) -> Ruling:
    """Whether ``enrolment`` may begin an attempt at ``now``: study first, then the exam's terms."""
    if Enrolment.objects.later_than(enrolment).exists():
        return Ruling(False, "新一轮学习已经开始，请从“我的学习”进入新一轮", "")
    held = Certificate.objects.select_related("revocation").filter(enrolment=enrolment).first()
    if held is not None:
        return Ruling(False, held.renewal(timezone.localdate(now)).reason, held.article)
    studied = standing(enrolment)
    if not studied:
        return studied
    exam: Exam = enrolment.course.exam
    terms = terms_of(enrolment)
    attempts = list(Attempt.objects.ended().filter(enrolment=enrolment, exam=exam))
    if any(attempt.points is None for attempt in attempts):
        return Ruling(False, "上次考试还有题等老师评分，评完才知道结果", "")
    ends = [attempt.submitted_at for attempt in attempts if attempt.submitted_at]
    article = _figures(now).figures["attempts"].article
    ruling = may_start(
        taken=len(attempts),
        allowed=terms.attempts_allowed,
        passed=any(attempt.passed for attempt in attempts),
        last_ended_at=max(ends, default=None),
        wait=timedelta(hours=terms.wait_hours),
        now=timezone.localtime(now),
        article=article,
    )
    if ruling and paper_faults(exam, terms.lines):
        return Ruling(
            False, "题库正在调整，现在抽不出试卷，请联系培训单位，或者过些时候再来", article
        )
    return ruling


@transaction.atomic
def set_real_name(name: str, *, person: Any) -> None:
    """Write the name that the certificate will bear. Raises RefusedError, with what to do."""
    name = " ".join(name.split())
    if Certificate.objects.filter(enrolment__person=person).exists():
        if name != person.real_name:
            raise RefusedError(
                Ruling(False, "已有证书使用这个姓名，如需更改请联系培训单位", "实名制")
            )
        return
    try:
        person.real_name = parse_name(name)
    except ValueError as fault:
        raise RefusedError(Ruling(False, str(fault), "实名制")) from fault
    person.save(update_fields=["real_name"])


@transaction.atomic
def start(enrolment: Enrolment, *, learner: Any, now: datetime) -> Attempt:
    """Draw and freeze a paper and start the clock; an open attempt is simply continued.

    Raises RefusedError when ``learner`` may not, and NotEnoughError when the bank is too small.
    """
    # Two taps, or two phones: the second waits here and then finds the attempt of the first.
    Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk, person=learner)
    for attempt in Attempt.objects.open().filter(enrolment=enrolment):
        if not close_if_due(attempt, now=now):
            return attempt
    if not learner.real_name:
        raise RefusedError(Ruling(False, "请先填写真实姓名，证书上要用", "实名制"))
    ruling = readiness(enrolment, now=now)
    if not ruling:
        raise RefusedError(ruling)
    return _open(enrolment, now)


@transaction.atomic
def save_answer(
    attempt: Attempt,
    *,
    learner: Any,
    position: int,
    chosen: Sequence[Any],
    now: datetime,
    sequence: int | None = None,
) -> Kept:
    """Keep one answer as it is given. The higher ``sequence`` wins, whatever comes last.

    Without a sequence (a page without script) the server numbers it as the newest.
    Raises RefusedError after the deadline or the hand-in, BadAnswerError for an impossible one.
    """
    _check_open(_lock(attempt, learner), now)
    place = _places(attempt).filter(position=position).first()
    if place is None:
        raise BadAnswerError(f"试卷上没有第{position}题")
    return _keep(place, chosen, sequence, now)


@transaction.atomic
def save_page(
    attempt: Attempt, *, learner: Any, answers: Mapping[int, Sequence[Any]], now: datetime
) -> int:
    """Keep the answers of a page without script, by position; tells how many. Raises as above."""
    _check_open(_lock(attempt, learner), now)
    places = {place.position: place for place in _places(attempt).filter(position__in=answers)}
    for position, place in places.items():
        _keep(place, answers[position], None, now)
    return len(places)


@transaction.atomic
def submit(attempt: Attempt, *, learner: Any, now: datetime) -> Attempt:
    """Hand in and mark; once more changes nothing. A pass issues the certificate at once."""
    locked = _lock(attempt, learner)
    if locked.submitted_at is None:
        in_time = now < locked.deadline
        ended_by = Attempt.EndedBy.LEARNER if in_time else Attempt.EndedBy.CLOCK
        _end(locked, ended_by, min(now, locked.deadline))
    return locked


def close_if_due(attempt: Attempt, *, now: datetime) -> bool:
    """Mark an attempt whose time is over with whatever was saved; tells whether it has ended."""
    if attempt.submitted_at is None and _due(attempt, now):
        _close(attempt)
        attempt.refresh_from_db()
    return attempt.submitted_at is not None


def close_due_attempts(*, now: datetime) -> int:
    """Mark every attempt whose time is over, each in its own transaction; tells how many."""
    due = Attempt.objects.open().filter(deadline__lt=now - _grace(now))
    return sum(close_if_due(attempt, now=now) for attempt in due.order_by("deadline"))


@transaction.atomic
def _close(attempt: Attempt) -> None:
    """End by the clock, unless somebody was quicker."""
    locked = _lock(attempt)
    if locked.submitted_at is None:
        _end(locked, Attempt.EndedBy.CLOCK, locked.deadline)


def _figures(now: datetime) -> Figures:
    return figures_in_force(timezone.localdate(now))


def _grace(now: datetime) -> timedelta:
    return timedelta(seconds=_figures(now).amount("grace"))


def _due(attempt: Attempt, now: datetime) -> bool:
    return now > attempt.deadline + _grace(now)


def _pool(exam: Exam) -> list[Candidate]:
    questions = Question.objects.pool(exam.course_id).annotate(number=Count("options"))
    rows = questions.order_by("pk").values_list("pk", "kind", "topic", "number")
    return [Candidate(*row) for row in rows]


def _open(enrolment: Enrolment, now: datetime) -> Attempt:
    exam: Exam = enrolment.course.exam
    terms, figures = terms_of(enrolment), _figures(now)
    seed = secrets.randbits(63)
    paper = draw(_pool(exam), terms.lines, seed)
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        exam=exam,
        number=Attempt.objects.filter(enrolment=enrolment, exam=exam).count() + 1,
        seed=seed,
        started_at=now,
        deadline=now + timedelta(minutes=terms.minutes),
        pass_mark=terms.pass_mark,
        figures=f"{figures.code}@{figures.version}",
    )
    _freeze(attempt, paper)
    return attempt


def _freeze(attempt: Attempt, paper: Iterable[Drawn]) -> None:
    """Write the paper with the text of today; later changes of the bank do not reach it."""
    drawn = list(paper)
    questions = Question.objects.whole().in_bulk([item.key for item in drawn])
    chance = random.Random(attempt.seed)  # noqa: S311  # as the draw: secret, random, repeatable
    PaperQuestion.objects.bulk_create(
        _place(attempt, position, item, questions[item.key], chance)
        for position, item in enumerate(drawn, start=1)
    )


def _place(
    attempt: Attempt, position: int, item: Drawn, question: Question, chance: random.Random
) -> PaperQuestion:
    kept = frozen(question.item(), item.options, chance)
    return PaperQuestion(
        attempt=attempt,
        position=position,
        question=question,
        points=item.points,
        option_order=kept.order,
        shown=kept.shown,
        sealed=kept.sealed,
    )


def _lock(attempt: Attempt, learner: Any = None) -> Attempt:
    """The attempt as it is now, ours until the end of the transaction."""
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("exam", "enrolment")
    return rows.get(pk=attempt.pk, **({} if learner is None else {"enrolment__person": learner}))


def _check_open(attempt: Attempt, now: datetime) -> None:
    figures = _figures(now)
    ruling = may_answer(
        deadline=attempt.deadline,
        ended=attempt.submitted_at is not None,
        now=now,
        grace=_grace(now),
        article=figures.figures["minutes"].article,
    )
    if not ruling:
        raise RefusedError(ruling)


def _places(attempt: Attempt) -> Any:
    return attempt.paper.defer("sealed").select_related("answer")


def _keep(place: PaperQuestion, chosen: Sequence[Any], sequence: int | None, now: datetime) -> Kept:
    """One answer against the one that is there: the higher sequence counts, both are noted."""
    wanted = _checked(place, chosen)
    there: Answer | None = getattr(place, "answer", None)
    latest = there.sequence if there else 0
    if sequence is None:
        sequence = max(int(now.timestamp() * 1000), latest + 1)
    if not 0 < sequence <= LARGEST_SEQUENCE:
        raise BadAnswerError("次序号不对，请刷新页面后再试")
    if there and there.sequence == sequence and there.chosen == wanted:
        return Kept(True, wanted, sequence)  # the same message once more
    newer = sequence > latest
    AnswerEvent.objects.create(
        paper_question=place, chosen=wanted, sequence=sequence, received_at=now, kept=newer
    )
    if not newer and there:
        return Kept(False, there.chosen, there.sequence)
    facts = {"chosen": wanted, "sequence": sequence, "saved_at": now}
    # The attempt is locked: nobody else writes an answer of it now.
    if there:
        Answer.objects.filter(pk=there.pk).update(**facts)
    else:
        Answer.objects.create(paper_question=place, attempt_id=place.attempt_id, **facts)
    return Kept(True, wanted, sequence)


def _checked(place: PaperQuestion, chosen: Sequence[Any]) -> list[Any]:
    try:
        return cleaned(place.shown, chosen)
    except AnswerError as fault:
        raise BadAnswerError(f"第{place.position}题{fault}") from fault


def _end(attempt: Attempt, ended_by: Attempt.EndedBy, at: datetime) -> None:
    """Close; what only a person can mark leaves the attempt waiting."""
    attempt.submitted_at, attempt.ended_by = at, ended_by
    if not settle(attempt, at):
        attempt.save(update_fields=["submitted_at", "ended_by"])


def settle(attempt: Attempt, at: datetime) -> bool:
    """Mark what was saved, in the caller's transaction, unless words still wait for a marker; tells which.

    The pass mark is the one at the start.
    """
    rows, shares = [(place, place.marked()) for place in _read(attempt)], _shares(attempt)
    if any(answer.waits for _, answer in rows):
        return False
    result = mark([answer for _, answer in rows], pass_mark=attempt.pass_mark, **shares)
    Earned.objects.bulk_create(
        Earned(place=place, points=points_for(answer, **shares)) for place, answer in rows
    )
    attempt.points, attempt.passed = result.points, result.passed
    attempt.save(update_fields=["submitted_at", "ended_by", "points", "passed"])
    if result.passed:
        issue(attempt, issued_on=timezone.localdate(at))
    return True


def marks_of(attempt: Attempt) -> list[tuple[PaperQuestion, int, bool]]:
    """Each place of an ended attempt with its points, and whether a marker has yet to read it."""
    shares = _shares(attempt)
    rows = [(place, place.marked()) for place in _read(attempt)]
    return [(place, points_for(answer, **shares), answer.waits) for place, answer in rows]


def _shares(attempt: Attempt) -> dict[str, int]:
    """The figures for answers that are right in part, as they were at the start."""
    figures = _figures(attempt.started_at)
    return {name: figures.amount(name) for name in ("incomplete_multiple", "by_part")}


def _read(attempt: Attempt) -> Any:
    return attempt.paper.select_related("answer", "hand_mark")
