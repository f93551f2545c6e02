"""A crowd of honest learners for the detector, through the real acts, and fakes as people make them."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import User
from courses.acts import beats, devices, study
from courses.acts.enrolment import enrol
from courses.models import Attempt, CoursePage, Enrolment, Exam, LessonPage, StudyEvent
from courses.rules.beats import Beat
from credit.models import Employment, Enterprise
from tests.courses.test_study import NOON

TEXT = "先通风，再检测，后作业。" * 100  # 1,200 characters


def people(count: int, *, first: int = 100, enterprise: Enterprise | None = None) -> list[User]:
    """Learners with names, at work in ``enterprise``."""
    made = [
        User.objects.create(phone=f"+8613700{first + n:06}", real_name=f"学员{first + n}")
        for n in range(count)
    ]
    if enterprise is not None:
        Employment.objects.bulk_create(
            Employment(person=one, enterprise=enterprise, position="worker", began_on=NOON.date())
            for one in made
        )
    return made


def studies(
    enrolment: Enrolment,
    lesson: LessonPage,
    begin: datetime,
    minutes: float,
    *,
    finish: bool = True,
) -> datetime:
    """Open a lesson and beat every 20 seconds until ``minutes`` have passed; when it ended."""
    tab = UUID(int=random.getrandbits(128) | 1)
    study.report(enrolment, lesson, tab=tab, kind="open", now=begin)
    token = beats.Token(enrolment.person_id, enrolment.pk, lesson.pk, tab, begin)
    count = int(minutes * 3)
    end = begin + timedelta(seconds=20 * count)
    for start in range(1, count + 1, 200):
        batch = range(start, min(start + 200, count + 1))
        beats.take(token, [Beat(n, timedelta(seconds=20 * n)) for n in batch], now=end)
    if finish:
        study.finish(enrolment, lesson, tab=tab, now=end + timedelta(seconds=random.uniform(1, 15)))
    return end


def honest_class(course: CoursePage, enterprise: Enterprise, *, count: int = 24) -> list[User]:
    """A class in a hall: begins within a minute, reads at its own pace, two share a phone at times."""
    random.seed(8011)
    learners = people(count, enterprise=enterprise)
    lessons = list(course.lessons())
    for number, person in enumerate(learners):
        enrolment = enrol(course, person=person)
        now = NOON + timedelta(seconds=random.uniform(0, 60))
        for lesson in lessons:
            pace = random.uniform(300, 900)  # characters a minute
            minutes = max(lesson.min_minutes + random.uniform(0, 2), len(TEXT) / pace)
            now = studies(enrolment, lesson, now, minutes) + timedelta(
                seconds=random.uniform(5, 90)
            )
        devices.note(f"phone-{number // 3}", person=person, today=NOON.date())
    return learners


def marked(exam: Exam, person: User, points: int, *, day: datetime = NOON) -> Attempt:
    """A first attempt that was handed in."""
    enrolment = enrol(exam.course, person=person)
    return Attempt.objects.create(
        enrolment=enrolment, exam=exam, number=1, seed=1, started_at=day + timedelta(hours=5),
        deadline=day + timedelta(hours=7), pass_mark=80, figures="x@1",
        submitted_at=day + timedelta(hours=6), ended_by="learner", points=points, passed=points >= 80,
    )  # fmt: skip


def booked(
    enrolment: Enrolment, lesson: LessonPage, end: datetime, hours: float, tab: int = 1
) -> StudyEvent:
    """Hours that somebody wrote into the database in one row, as a bought record looks."""
    return StudyEvent.objects.create(
        person_id=enrolment.person_id, enrolment=enrolment, lesson=lesson, tab=UUID(int=tab),
        kind="beat", at=end, credited_ms=int(hours * 3_600_000),
    )  # fmt: skip
