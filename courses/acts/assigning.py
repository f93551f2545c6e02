"""A manager assigns a course to people, and reminds those who are behind. Many at once, in a few statements."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from courses.acts import mails
from courses.acts.coverage import staff
from courses.acts.managing import refuse, require_manager
from courses.models import CourseAssignment, CoursePage, Enrolment
from credit.acts import audit, texts
from credit.acts.messages import Note, tell_many
from credit.models import Employment, Enterprise
from credit.rules.terms import printed

BATCH: Final = 500


@transaction.atomic
def assign(
    course: CoursePage,
    employments: QuerySet[Employment],
    *,
    enterprise: Enterprise,
    until: date,
    by: Any,
    today: date,
) -> int:
    """Enrol people of the enterprise and tell them; how many are new to it. Raises RefusedError.

    Who is enrolled already keeps that round. The same course until the same day is assigned once.
    """
    require_manager(by, enterprise, today)
    if until < today:
        raise refuse("学完的期限不能早于今天")
    Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    here = staff(enterprise, today).filter(pk__in=employments.values("pk"))
    told = CourseAssignment.objects.filter(course=course, until=until)
    works = list(here.exclude(pk__in=told.values("employment")).order_by("pk"))
    if not works:
        raise refuse("选中的人都已经安排过这门课，或者没有选到人")
    made = [CourseAssignment(employment=one, course=course, until=until, by=by) for one in works]
    CourseAssignment.objects.bulk_create(made, batch_size=BATCH)
    _enrol({one.person_id for one in works}, course)
    audit.log(
        "training.assign", by=by, subject=made[0], enterprise=enterprise, course=course.title,
        people=len(works), until=until,
    )  # fmt: skip
    _tell(
        Note(
            to=one.employment.person_id, kind="training-due", key=f"training:assigned:{one.pk}",
            title=f"单位安排您学习：{course.title}", body=f"{enterprise.name}请您在{printed(until)}前学完。",
            link=course.url or reverse("courses:mine"), enterprise=enterprise.pk,
        )
        for one in made
    )  # fmt: skip
    return len(works)


def _enrol(people: set[int], course: CoursePage) -> None:
    held = Enrolment.objects.filter(course=course, person__in=people)
    missing = people - set(held.values_list("person_id", flat=True))
    rows = [Enrolment(person_id=person, course=course) for person in sorted(missing)]
    Enrolment.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def _tell(notes: Iterable[Note]) -> int:
    told = tell_many(list(notes))
    texts.order(told)
    mails.order(told)
    return len(told)


@transaction.atomic
def remind(enterprise: Enterprise, *, by: Any, today: date) -> int:
    """Tell everybody who still owes something, once a day for each; how many. Raises RefusedError."""
    require_manager(by, enterprise, today)
    late = Q(obligations__due_on__lt=today)
    unmet = Q(obligations__met_on__isnull=True, obligations__closed_on__isnull=True)
    rows = staff(enterprise, today).values("person").order_by("person")
    counted = rows.annotate(
        late=Count("obligations", filter=unmet & late, distinct=True),
        left=Count("obligations", filter=unmet, distinct=True),
    ).filter(left__gt=0)
    return _tell(
        Note(
            to=row["person"], kind="training-due",
            key=f"training:asked:{enterprise.pk}:{today:%Y%m%d}",
            title=f"单位提醒您：还有 {row['left']} 项安全培训没有完成",
            body=f"{enterprise.name}提醒您尽快学习。"
            + (f"其中 {row['late']} 项已经过期。" if row["late"] else ""),
            link=reverse("courses:obligations"), enterprise=enterprise.pk,
        )
        for row in counted
    )  # fmt: skip


def assigned(enterprise: Enterprise, today: date) -> list[dict[str, Any]]:
    """How far each assigned course is: people asked, finished with study, certified; one query."""
    works = staff(enterprise, today).values("pk")
    own = Q(employment__person__enrolments__course=F("course"))
    rows = CourseAssignment.objects.filter(employment__in=works).order_by().values(
        "course", title=F("course__title")
    )  # fmt: skip
    finished = own & Q(employment__person__enrolments__finished_at__isnull=False)
    certified = own & Q(employment__person__enrolments__certificates__isnull=False)
    return list(
        rows.annotate(
            people=Count("employment", distinct=True),
            finished=Count("employment", filter=finished, distinct=True),
            certified=Count("employment", filter=certified, distinct=True),
        ).order_by("title")
    )
