"""Practice 练习: one question at a time, the question of the day, mistakes, mock exams. Never an exam, never hours."""

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from courses.acts import cards
from courses.acts.exams import candidates
from courses.acts.sitting import RefusedError, figures
from courses.models import CoursePage, DailyAnswer, Exam, Mock, PracticeCard, Question
from courses.rules.exams import draw, shortfalls
from courses.rules.marking import Marked, points_for
from courses.rules.papers import Frozen, answered, cleaned, frozen, laid
from courses.rules.practice import of_the_day
from courses.rules.questions import SHORT
from credit.rules.ruling import Ruling

SEEDS: Final = 2**31


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it lies before the person; ``seed`` lays it out again when the answer comes."""

    question: Question
    seed: int
    paper: Frozen


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer was worth: in shares of a hundred, and whether it was all right."""

    asked: Asked
    chosen: list[Any]
    right: bool


def courses_of(person: Any) -> QuerySet[CoursePage]:
    """The courses that a person is enrolled in."""
    found: QuerySet[CoursePage] = CoursePage.objects.filter(enrolments__person=person.pk).distinct()
    return found


def questions_for(person: Any) -> QuerySet[Question]:
    """What a person may practise: questions of the own courses, but words that only a person marks."""
    pool = Question.objects.current().filter(active=True, bank__for_practice=True)
    return pool.exclude(kind=SHORT).filter(bank__course__in=courses_of(person).values("pk"))


def cards_of(person: Any) -> Any:
    """The person's cards of such questions."""
    return PracticeCard.objects.of(person).filter(question__in=questions_for(person).values("pk"))


def next_for(person: Any, *, today: date) -> Question | None:
    """The question that is due, the longest waiting first; else one that was never asked; None: all is done."""
    due = cards_of(person).due(today).order_by("due_on", "pk").values_list("question", flat=True)
    key = due.first()
    if key is None:
        known = PracticeCard.objects.filter(person=person.pk).values("question")
        fresh = questions_for(person).exclude(pk__in=known)
        key = fresh.order_by("pk").values_list("pk", flat=True).first()
    return None if key is None else Question.objects.whole().get(pk=key)


def ask(question: Question, seed: int | None = None) -> Asked:
    """Lay ``question`` out, anew or as ``seed`` did."""
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    chance = random.Random(seed)  # noqa: S311  # nothing hangs on it
    return Asked(question, seed, laid(question.item(), chance))


@transaction.atomic
def answer(asked: Asked, *, person: Any, chosen: Sequence[Any], now: datetime, today: date) -> Told:
    """Mark an answer at once and move its card. Raises RefusedError for none, AnswerError for an odd one."""
    shown = asked.paper.shown
    wanted = cleaned(shown, chosen)
    if not answered(shown["kind"], wanted):
        raise RefusedError(Ruling(False, "请先作答", ""))
    right = _points(100, asked.paper.shown, asked.paper.sealed, wanted, now) == 100
    cards.note(person.pk, {asked.question.pk: right}, today=today)
    return Told(asked, wanted, right)


def daily(person: Any, *, today: date) -> Question | None:
    """The question of the day; None where the person has none to practise."""
    keys = list(questions_for(person).values_list("pk", flat=True))
    if not keys:
        return None
    given = DailyAnswer.objects.filter(person=person.pk, day=today).values_list("question")
    key = given.values_list("question", flat=True).first()
    wanted = key or of_the_day(keys, person=person.pk, day=today)
    return Question.objects.whole().get(pk=wanted)


def daily_done(person: Any, *, today: date) -> DailyAnswer | None:
    """Today's answer."""
    return DailyAnswer.objects.filter(person=person.pk, day=today).first()


@transaction.atomic
def answer_daily(
    asked: Asked, *, person: Any, chosen: Sequence[Any], now: datetime, today: date
) -> Told:
    """As ``answer``, once a day. Raises RefusedError the second time."""
    if daily_done(person, today=today):
        raise RefusedError(Ruling(False, "今天的一题已经答过，明天再来", ""))
    told = answer(asked, person=person, chosen=chosen, now=now, today=today)
    DailyAnswer.objects.create(
        person=person, day=today, question=asked.question, chosen=told.chosen, right=told.right
    )
    return told


# -- Mock exams --------------------------------------------------------------------------------------------


def mock_fault(exam: Exam) -> str:
    """Why no mock can be drawn; empty when one can."""
    pool = [one for one in candidates(exam, bank__for_practice=True) if one.kind != SHORT]
    lines = [line for line in exam.lines() if line.kind != SHORT]
    return "；".join(shortfalls(pool, lines)) if lines else "这个考试没有可以练习的题"


@transaction.atomic
def start_mock(exam: Exam, *, person: Any, now: datetime) -> Mock:
    """A paper by the exam's own plan, without questions that a person marks; an open one is continued.

    Raises RefusedError for somebody not enrolled, and while the bank is too small.
    """
    if not courses_of(person).filter(pk=exam.course_id).exists():
        raise RefusedError(Ruling(False, "请先报名这门课", ""))
    there = Mock.objects.filter(person=person.pk, exam=exam)
    if running := there.filter(finished_at=None).first():
        return running
    if mock_fault(exam):
        raise RefusedError(Ruling(False, "题库正在调整，现在抽不出试卷，请过些时候再来", ""))
    pool = [one for one in candidates(exam, bank__for_practice=True) if one.kind != SHORT]
    lines = [line for line in exam.lines() if line.kind != SHORT]
    chance = random.Random(secrets.randbits(63))  # noqa: S311  # nothing hangs on it
    drawn = draw(pool, lines, chance.getrandbits(62))
    questions = Question.objects.whole().in_bulk([item.key for item in drawn])
    paper = [
        _place(item.key, item.points, frozen(questions[item.key].item(), item.options, chance))
        for item in drawn
    ]
    old = there.order_by("-pk").values_list("pk", flat=True)
    keep = figures(now).amount("practice.mocks")
    there.filter(pk__in=list(old[max(keep - 1, 0) :])).delete()
    try:
        with transaction.atomic():
            return Mock.objects.create(
                person=person, exam=exam, paper=paper, answers=[[] for _ in paper], started_at=now
            )
    except IntegrityError:  # two taps: the other was first
        return there.get(finished_at=None)


def _place(key: int, points: int, paper: Frozen) -> dict[str, Any]:
    return {"question": key, "points": points, "shown": paper.shown, "sealed": paper.sealed}


@transaction.atomic
def keep_mock(mock: Mock, *, answers: Mapping[int, Sequence[Any]]) -> Mock:
    """Keep answers by position (from 1). Raises RefusedError after the hand-in, AnswerError for an odd one."""
    row = Mock.objects.select_for_update().get(pk=mock.pk)
    if row.finished_at is not None:
        raise RefusedError(Ruling(False, "这次模拟已经交卷", ""))
    for position, chosen in answers.items():
        row.answers[position - 1] = cleaned(row.paper[position - 1]["shown"], chosen)
    row.save(update_fields=["answers"])
    return row


@transaction.atomic
def finish_mock(mock: Mock, *, now: datetime, today: date) -> Mock:
    """Mark it; once more changes nothing. Points are of what the paper holds."""
    row = Mock.objects.select_for_update().get(pk=mock.pk)
    if row.finished_at is not None:
        return row
    marks = marks_of(row, now)
    row.points, row.finished_at = sum(marks), now
    row.save(update_fields=["points", "finished_at"])
    known = set(questions_for(row.person).values_list("pk", flat=True))
    rights = {
        place["question"]: mark == place["points"]
        for place, mark in zip(row.paper, marks, strict=True)
        if place["question"] in known
    }
    cards.note(row.person_id, rights, today=today)
    return row


def marks_of(mock: Mock, now: datetime) -> list[int]:
    """The points of each place."""
    places = zip(mock.paper, mock.answers, strict=True)
    return [
        _points(place["points"], place["shown"], place["sealed"], chosen, now)
        for place, chosen in places
    ]


def _points(
    points: int, shown: Mapping[str, Any], sealed: Mapping[str, Any], chosen: Any, now: datetime
) -> int:
    answer = Marked(shown["kind"], points, sealed["right"], chosen)
    return points_for(answer, **figures(now).shares())
