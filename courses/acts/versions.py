"""The version of a course that somebody begins today: made when what it asks for has changed."""

from django.db import IntegrityError, transaction

from courses.models import CoursePage, CourseVersion, Exam
from courses.models.versions import digest_of, exam_said

TRIES = 5


def current(course: CoursePage) -> CourseVersion:
    """The version as the published course stands now; a new one when lessons, minutes or the exam's plan changed.

    What editors publish piece by piece becomes one version with the first learner who begins after it.
    """
    lessons = [
        {
            "lesson": one.pk, "minutes": one.min_minutes, "title": one.title,
            "revision": one.live_revision_id,
        }
        for one in course.lessons()
    ]  # fmt: skip
    exam = exam_said(Exam.objects.filter(course=course.pk).first())
    digest = digest_of(course.required_minutes, lessons, exam)
    for left in reversed(range(TRIES)):
        rows = CourseVersion.objects.filter(course=course.pk)
        newest: CourseVersion | None = rows.order_by("-number").first()
        if newest is not None and newest.digest == digest:
            return newest
        try:
            with transaction.atomic():
                made: CourseVersion = CourseVersion.objects.create(
                    course=course, number=newest.number + 1 if newest else 1, lessons=lessons,
                    required_minutes=course.required_minutes, exam=exam, digest=digest,
                )  # fmt: skip
                return made
        except IntegrityError:  # somebody else began it at the same moment
            if not left:
                raise
    raise AssertionError("not reached")
