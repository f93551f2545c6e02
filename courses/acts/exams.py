"""Sit an exam: start, hand in, be marked. The server's clock and the frozen paper decide."""

import logging
import random
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from courses.acts import cards, extra_time, identity, snapshots
from courses.acts.answers import BadAnswerError, Kept, save_answer, save_page
from courses.acts.certificates import issue
from courses.acts.sitting import RefusedError, due, grace, lock
from courses.acts.sitting import figures as figures_of
from courses.acts.study import standing
from courses.models import (
    Appeal,
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
    Line,
    blueprint_faults,
    draw,
    may_start,
    shortfalls,
)
from courses.rules.marking import Marked, mark, points_for
from courses.rules.names import parse_name
from courses.rules.papers import frozen
from courses.rules.rooms import within_window
from credit.rules.ruling import Ruling

logger = logging.getLogger(__name__)

__all__ = [
    "BadAnswerError",
    "Kept",
    "RefusedError",
    "candidates",
    "close_due_attempts",
    "close_if_due",
    "marks_of",
    "paper_faults",
    "readiness",
    "save_answer",
    "save_page",
    "set_real_name",
    "settle",
    "start",
    "submit",
]


def paper_faults(exam: Exam, lines: Sequence[Line] | None = None) -> list[str]:
    """Why no paper can be drawn now, by these ``lines`` or the exam's; none means that one can."""
    lines = exam.lines() if lines is None else lines
    faults = blueprint_faults(lines, figures_of(timezone.now()).amount("full_points"))
    return faults + shortfalls(candidates(exam), lines)


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
    ended = Attempt.objects.ended().filter(enrolment=enrolment, exam=exam)
    attempts = list(ended.select_related("appeal__decision"))
    if any(attempt.points is None for attempt in attempts):
        return Ruling(False, "上次考试还有题等老师评分，评完才知道结果", "")
    if any(_appealed(attempt) for attempt in attempts):
        return Ruling(False, "您的申诉还没有处理完，处理完再考", "")
    ends = [attempt.submitted_at for attempt in attempts if attempt.submitted_at]
    article = figures_of(now).figures["attempts"].article
    ruling = may_start(
        taken=len(attempts),
        allowed=terms.attempts_allowed,
        passed=any(attempt.passed for attempt in attempts),
        last_ended_at=max(ends, default=None),
        wait=timedelta(hours=terms.wait_hours),
        now=timezone.localtime(now),
        article=article,
    )
    here = timezone.localtime(now)
    opening = within_window(
        opens_at=exam.opens_at, closes_at=exam.closes_at, now=here, article=article
    )
    if ruling and not opening:
        return opening
    if ruling and paper_faults(exam, terms.lines):
        return Ruling(
            False, "题库正在调整，现在抽不出试卷，请联系培训单位，或者过些时候再来", article
        )
    return ruling


def _appealed(attempt: Attempt) -> bool:
    """Whether an appeal against its marks waits for an answer."""
    appeal: Appeal | None = getattr(attempt, "appeal", None)
    return appeal is not None and not hasattr(appeal, "decision")


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
def start(
    enrolment: Enrolment, *, learner: Any, now: datetime, agreed: bool | None = None
) -> Attempt:
    """Draw and freeze a paper and start the clock; an open attempt is simply continued.

    ``agreed`` is what the learner says to snapshots, where the exam takes them.
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
    agreed = snapshots.said(enrolment.course.exam, agreed)
    check = identity.require(enrolment, now=now, agreed=agreed)
    attempt = _open(enrolment, now)
    identity.use(check, attempt)
    snapshots.note_consent(attempt, agreed, now)
    return attempt


@transaction.atomic
def submit(attempt: Attempt, *, learner: Any, now: datetime) -> Attempt:
    """Hand in and mark; once more changes nothing. A pass issues the certificate at once."""
    locked = lock(attempt, learner)
    if locked.submitted_at is None:
        in_time = now < locked.deadline
        ended_by = Attempt.EndedBy.LEARNER if in_time else Attempt.EndedBy.CLOCK
        _end(locked, ended_by, min(now, locked.deadline))
    return locked


def close_if_due(attempt: Attempt, *, now: datetime) -> bool:
    """Mark an attempt whose time is over with whatever was saved; tells whether it has ended."""
    if attempt.submitted_at is None and due(attempt, now):
        _close(attempt, now)
        attempt.refresh_from_db()
    return attempt.submitted_at is not None


def close_due_attempts(*, now: datetime) -> int:
    """Mark every attempt whose time is over, each in its own transaction; tells how many."""
    over = Attempt.objects.open().filter(deadline__lt=now - grace(now))
    return sum(_closed(attempt, now) for attempt in over.order_by("deadline"))


def _closed(attempt: Attempt, now: datetime) -> bool:
    """Whether it could be closed: one that cannot be marked must not hold up all the others."""
    try:
        return close_if_due(attempt, now=now)
    except Exception:
        logger.exception("attempt %s could not be closed", attempt.pk)
        return False


@transaction.atomic
def _close(attempt: Attempt, now: datetime) -> None:
    """End by the clock, unless somebody was quicker, or gave more time."""
    locked = lock(attempt)
    if locked.submitted_at is None and due(locked, now):
        _end(locked, Attempt.EndedBy.CLOCK, locked.deadline)


def candidates(exam: Exam, **only: Any) -> list[Candidate]:
    """What a paper of ``exam`` may be drawn from; ``only`` narrows it."""
    pool = Question.objects.pool(exam.course_id).filter(**only)
    questions = pool.annotate(number=Count("options"))
    rows = questions.order_by("pk").values_list("pk", "kind", "topic", "number")
    return [Candidate(*row) for row in rows]


def _open(enrolment: Enrolment, now: datetime) -> Attempt:
    exam: Exam = enrolment.course.exam
    terms, figures = terms_of(enrolment), figures_of(now)
    seed = secrets.randbits(63)
    paper = draw(candidates(exam), terms.lines, seed)
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        exam=exam,
        number=Attempt.objects.filter(enrolment=enrolment, exam=exam).count() + 1,
        seed=seed,
        started_at=now,
        deadline=now + timedelta(minutes=terms.minutes + extra_time.granted(enrolment)),
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
    earned = [Earned(place=place, points=points_for(answer, **shares)) for place, answer in rows]
    Earned.objects.bulk_create(earned)
    attempt.points, attempt.passed = result.points, result.passed
    attempt.save(update_fields=["submitted_at", "ended_by", "points", "passed"])
    if result.passed:
        issue(attempt, issued_on=timezone.localdate(at))
    answers = {one.place.question_id: one.points == one.place.points for one in earned}
    cards.note(attempt.enrolment.person_id, answers, today=timezone.localdate(at))
    return True


def marks_of(attempt: Attempt) -> list[tuple[PaperQuestion, int, bool]]:
    """Each place of an ended attempt with its points, and whether a marker has yet to read it."""
    shares = _shares(attempt)
    rows = [(place, place.marked()) for place in _read(attempt)]
    return [(place, _stands(place, answer, shares), answer.waits) for place, answer in rows]


def _stands(place: PaperQuestion, answer: Marked, shares: dict[str, int]) -> int:
    """The points of a place: those of an appeal, where there was one."""
    changed = getattr(place, "remark", None)
    return changed.points_after if changed else points_for(answer, **shares)


def _shares(attempt: Attempt) -> dict[str, int]:
    """The figures for answers that are right in part, as they were at the start."""
    return figures_of(attempt.started_at).shares()


def _read(attempt: Attempt) -> Any:
    return attempt.paper.select_related("answer", "hand_mark", "remark")
