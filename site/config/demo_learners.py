"""The demo's workers have studied: an honest class with exams and certificates, and one that was made up.

All goes through the doors that a phone uses, with the clock of some days ago. What the made-up class shows, the
nightly search finds; the honest one it does not.
"""

import random
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.acts import beats, detector, devices, exams, study
from courses.acts.enrolment import enrol
from courses.models import (
    Contest,
    ContestRound,
    CoursePage,
    Enrolment,
    LessonPage,
    Question,
    QuestionBank,
    StudyEvent,
)
from courses.rules.beats import Beat
from credit.models import Employment

COURSE: Final = "confined-space"
HONEST: Final = range(106, 114)  # the ends of their phones, as in demo_training
MADE_UP: Final = range(114, 120)
BEAT: Final = timedelta(seconds=20)


@transaction.atomic
def seed_learners(today: date) -> None:
    """Three days ago one team studied in the evening, and of another six phones say the same to the second."""
    if StudyEvent.objects.exists():
        return
    course = CoursePage.objects.get(slug=COURSE)
    chance = random.Random(8011)  # noqa: S311  # the same demo each time
    evening = timezone.make_aware(datetime.combine(today - timedelta(days=3), time(18, 30)))
    for place, person in enumerate(_people(HONEST)):
        _study(course, person, evening + timedelta(seconds=40 * place), chance)
        devices.note(f"demo-phone-{place}", person=person, today=evening.date())
        if place < 6:
            _sit(course, person, evening + timedelta(days=1, minutes=place), wrong=place, of=chance)
    for person in _people(MADE_UP):
        _study(course, person, evening, random.Random(1))  # noqa: S311  # all the same: that is the point
        devices.note("demo-phone-of-all", person=person, today=evening.date())
    detector.search(today)


def _people(ends: range) -> list[Any]:
    rows = Employment.objects.filter(person__phone__in=[f"+8619900000{end}" for end in ends])
    return [work.person for work in rows.select_related("person").order_by("person__phone")]


def _study(course: CoursePage, person: Any, begin: datetime, chance: random.Random) -> None:
    """Lesson after lesson, at a pace of one's own."""
    enrolment, now = enrol(course, person=person), begin
    lessons = list(course.lessons())
    spare = course.required_minutes - sum(lesson.min_minutes for lesson in lessons)
    for lesson in lessons:
        minutes = lesson.min_minutes + max(spare, 0) / len(lessons) + chance.uniform(0.5, 3)
        now = _lesson(enrolment, lesson, now, minutes, chance)
        now += timedelta(seconds=chance.uniform(8, 60))


def _lesson(
    enrolment: Enrolment, lesson: LessonPage, begin: datetime, minutes: float, chance: random.Random
) -> datetime:
    tab = UUID(int=chance.getrandbits(128) | 1)
    study.report(enrolment, lesson, tab=tab, kind="open", now=begin)
    token = beats.Token(enrolment.person_id, enrolment.pk, lesson.pk, tab, begin)
    count = int(timedelta(minutes=minutes) / BEAT)
    end = begin + count * BEAT
    for first in range(1, count + 1, 200):
        numbers = range(first, min(first + 200, count + 1))
        beats.take(token, [Beat(number, number * BEAT) for number in numbers], now=end)
    end += timedelta(seconds=chance.uniform(1, 15))
    study.finish(enrolment, lesson, tab=tab, now=end)
    return end


def _sit(
    course: CoursePage, person: Any, begin: datetime, *, wrong: int, of: random.Random
) -> None:
    """An exam with so many wrong answers: each costs some points."""
    enrolment = Enrolment.objects.current().get(course=course, person=person)
    attempt = exams.start(enrolment, learner=person, now=begin)
    now = begin
    for place in attempt.paper.all():
        now += timedelta(seconds=of.uniform(12, 45))
        right = place.sealed["right"]
        others = [at for at in range(len(place.shown["options"])) if at not in right]
        exams.save_answer(
            attempt, learner=person, position=place.position,
            chosen=others[:1] if place.position <= wrong * 2 else right, now=now,
        )  # fmt: skip
    exams.submit(attempt, learner=person, now=now + timedelta(minutes=1))


def seed_contest(today: date) -> None:
    """A contest that is open now, from the courses' own questions."""
    if Contest.objects.exists():
        return
    contest = Contest.objects.create(
        title="安全生产月知识竞赛（演示）",
        slug="safety-month",
        intro="人人都能参加。先练一练，再答题。单位、街道按前几名的平均分排名。",
        published=True,
    )
    contest.banks.set(QuestionBank.objects.all())
    begin = timezone.make_aware(datetime.combine(today - timedelta(days=7), time(8)))
    most = Question.objects.current().filter(bank__contests=contest, active=True).count()
    ContestRound.objects.create(
        contest=contest, name="初赛", opens_at=begin, closes_at=begin + timedelta(days=60),
        questions=min(20, most), seconds=30, points=5, tries=3,
    )  # fmt: skip
