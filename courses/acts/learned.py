"""What people learned, as it counts for requirements: certificates, courses without exam, proofs on paper.

A handful of queries for any number of people; nothing is written.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from courses.models import Certificate, CourseFor, Enrolment, OutsideProof
from courses.rules.requirements import figure


@dataclass(frozen=True, slots=True, order=True)
class Learned:
    """Something completed on ``day`` that is worth ``minutes``; one of the three keys says what it was."""

    day: date
    minutes: int
    certificate: int | None = None
    enrolment: int | None = None
    proof: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What stands, by person and course and by employment and requirement; and what was taken back, and when."""

    by_course: Mapping[tuple[int, int], list[Learned]]
    by_paper: Mapping[tuple[int, str], list[Learned]]
    courses: Mapping[str, list[int]]
    gone: Mapping[tuple[str, int], date]

    def of(self, person: int, employment: int, code: str) -> list[Learned]:
        """What counts for a requirement of an employment, the oldest first."""
        courses = self.courses.get(code, [])
        found = [one for course in courses for one in self.by_course.get((person, course), [])]
        return sorted([*found, *self.by_paper.get((employment, code), [])], key=_by_day)


def _by_day(one: Learned) -> tuple[date, int]:
    return one.day, one.minutes


def read(employments: QuerySet[Any]) -> Ledger:
    """The ledger of some employments: five queries."""
    people = employments.values("person")
    courses: dict[str, list[int]] = defaultdict(list)
    for code, course in CourseFor.objects.filter(active=True).values_list(
        "requirement", "course_id"
    ):
        courses[code].append(course)
    by_course: dict[tuple[int, int], list[Learned]] = defaultdict(list)
    by_paper: dict[tuple[int, str], list[Learned]] = defaultdict(list)
    gone: dict[tuple[str, int], date] = {}
    _certificates(people, by_course, gone)
    _courses_without_exam(people, by_course)
    _proofs(employments, by_paper, gone)
    return Ledger(by_course, by_paper, courses, gone)


def _certificates(
    people: Any,
    found: dict[tuple[int, int], list[Learned]],
    gone: dict[tuple[str, int], date],
) -> None:
    rows = Certificate.objects.filter(
        enrolment__person__in=people, enrolment__course__counts_for__isnull=False
    ).distinct()
    for pk, person, course, day, minutes, revoked in rows.order_by("pk").values_list(
        "pk", "enrolment__person_id", "enrolment__course_id", "issued_on", "studied_minutes",
        "revocation__revoked_on",
    ):  # fmt: skip
        if revoked is not None:
            gone["certificate", pk] = revoked
        else:
            found[person, course].append(Learned(day, minutes, certificate=pk))


def _courses_without_exam(people: Any, found: dict[tuple[int, int], list[Learned]]) -> None:
    """A course without exam gives no certificate: whoever finished it has its minutes."""
    rows = Enrolment.objects.filter(
        person__in=people,
        finished_at__isnull=False,
        course__exam__isnull=True,
        course__counts_for__isnull=False,
    ).distinct()
    for pk, person, course, at, minutes in rows.order_by("pk").values_list(
        "pk",
        "person_id",
        "course_id",
        "finished_at",
        Coalesce("version__required_minutes", "course__required_minutes"),
    ):
        day = timezone.localdate(at)
        found[person, course].append(Learned(day, minutes, enrolment=pk))


def _proofs(
    employments: Any,
    found: dict[tuple[int, str], list[Learned]],
    gone: dict[tuple[str, int], date],
) -> None:
    told = OutsideProof.objects.filter(employment__in=employments.values("pk"))
    hour = figure("hour")
    for pk, employment, code, day, hours, takes_back, back_at in told.order_by("pk").values_list(
        "pk", "employment_id", "requirement", "done_on", "hours", "takes_back", "taken_back__at"
    ):
        if back_at is not None:
            gone["proof", pk] = timezone.localdate(back_at)
        elif takes_back is None:
            found[employment, code].append(Learned(day, hours * hour, proof=pk))
