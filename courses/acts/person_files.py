"""一人一档: everything that is kept of one person's training, read for a page, a PDF or a workbook.

A dozen queries for any length of life; nothing is written. Source: 安全生产法 第二十八条 (a file of training that tells
time, content, takers and results); AQ 8011-2023 4.7 (text not seen).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Min, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from courses.acts.owed import Owed, owed_in
from courses.models import (
    Attempt,
    Certificate,
    Correction,
    Enrolment,
    Inspection,
    OutsideProof,
    SpotQuestion,
    StudyEvent,
)
from courses.models.roster import at_work, entered_by_mistake
from courses.models.turn import midnight
from courses.rules import hours
from credit.models import Employment, Enterprise


@dataclass(frozen=True, slots=True)
class LessonHours:
    """A lesson's counted time in one round, in milliseconds, by where its entries came from.

    ``late`` is the part of ``online`` that was studied without network and reported later; ``fixed`` what
    corrections added or took away.
    """

    title: str
    first: Any
    last: Any
    days: int
    entries: int
    online: int
    late: int
    fixed: int

    @property
    def counted(self) -> int:
        """All together."""
        return self.online + self.fixed


@dataclass(frozen=True, slots=True)
class Round:
    """A course as it was taken once."""

    enrolment: Enrolment
    lessons: tuple[LessonHours, ...]
    attempts: tuple[Attempt, ...]
    certificates: tuple[Certificate, ...]
    corrections: tuple[Correction, ...]

    @property
    def counted(self) -> int:
        """Milliseconds."""
        return sum(one.counted for one in self.lessons)

    @property
    def periods(self) -> str:
        """Credit hours (学时)."""
        return hours.periods(self.counted)


@dataclass(frozen=True, slots=True)
class PersonFile:
    """One person's file as of ``today``; ``employer`` is set where only that employer's part is shown."""

    person: Any
    today: date
    employer: Enterprise | None
    posts: tuple[Employment, ...]
    rounds: tuple[Round, ...]
    owed: tuple[Owed, ...]
    proofs: tuple[OutsideProof, ...]
    inspections: tuple[Inspection, ...]

    @property
    def certificates(self) -> list[Certificate]:
        """Every certificate, newest first."""
        found = [one for taken in self.rounds for one in taken.certificates]
        return sorted(found, key=lambda one: (one.issued_on, one.pk), reverse=True)

    @property
    def counted(self) -> int:
        """Milliseconds of all rounds."""
        return sum(one.counted for one in self.rounds)


def read(person: Any, *, today: date, employer: Enterprise | None = None) -> PersonFile:
    """The file of ``person``. With ``employer`` only what belongs to the work there.

    That is: the post there, what was studied since it began, and what meets its requirements. What the person
    learned before stays the person's own, to be shared or not.
    """
    works = Employment.objects.filter(person=person.pk).exclude(pk__in=entered_by_mistake())
    if employer is not None:
        works = at_work(works.filter(enterprise=employer), today)
    posts = tuple(works.select_related("enterprise__place").order_by("began_on", "pk"))
    keys = [one.pk for one in posts]
    taken = Enrolment.objects.filter(person=person.pk)
    if employer is not None:
        taken = taken.filter(pk__in=_studied_there(person, posts, keys))
    looks = () if employer is not None else tuple(_inspections(person))
    return PersonFile(
        person=person,
        today=today,
        employer=employer,
        posts=posts,
        rounds=rounds_of(taken),
        owed=tuple(owed_in(works, today)),
        proofs=tuple(_proofs(keys)),
        inspections=looks,
    )


def rounds_of(taken: QuerySet[Enrolment]) -> tuple[Round, ...]:
    """Some rounds with hours by lesson, attempts, certificates, corrections: six queries for any number."""
    issued = Certificate.objects.select_related("revocation__officer")
    fixes = Correction.objects.select_related("lesson", "by", "look__by").order_by("pk")
    rows = list(
        taken.select_related("course", "person").prefetch_related(
            Prefetch("attempts", Attempt.objects.select_related("exam").order_by("number")),
            Prefetch("certificates", issued),
            Prefetch("corrections", fixes),
        ).order_by("enrolled_at", "pk")
    )  # fmt: skip
    lessons = hours_by_lesson(taken)
    return tuple(
        Round(
            enrolment=row,
            lessons=tuple(lessons.get(row.pk, ())),
            attempts=tuple(row.attempts.all()),
            certificates=tuple(row.certificates.all()),
            corrections=tuple(row.corrections.all()),
        )
        for row in rows
    )


def hours_by_lesson(taken: Any) -> Mapping[int, list[LessonHours]]:
    """The ledger of some enrolments summed by lesson: one query."""
    fix = Q(kind=StudyEvent.Kind.CORRECTION)
    late = ~fix & Q(received_at__gt=F("at") + hours.clock().silence)
    here = timezone.get_current_timezone()
    rows = (
        StudyEvent.objects.filter(enrolment__in=taken.order_by().values("pk"))
        .order_by()
        .values("enrolment_id", "lesson__path", "lesson__title")
        .annotate(
            first=Min("at"),
            last=Max("at"),
            days=Count(TruncDate("at", tzinfo=here), filter=~fix, distinct=True),
            entries=Count("pk"),
            online=Sum("credited_ms", filter=~fix, default=0),
            late=Sum("credited_ms", filter=late, default=0),
            fixed=Sum("credited_ms", filter=fix, default=0),
        )
        .order_by("enrolment_id", "lesson__path")
    )
    found: dict[int, list[LessonHours]] = defaultdict(list)
    for row in rows:
        key, title, _ = row.pop("enrolment_id"), row.pop("lesson__title"), row.pop("lesson__path")
        found[key].append(LessonHours(title, **row))
    return found


def _studied_there(person: Any, posts: tuple[Employment, ...], keys: list[int]) -> Any:
    """The rounds that were under way in the posts, and those that meet what the posts ask for."""
    if not posts:
        return Enrolment.objects.none()
    began = min(one.began_on for one in posts)
    here = (
        Q(enrolled_at__gte=midnight(began))
        | Q(finished_at__gte=midnight(began))
        | Q(certificates__issued_on__gte=began)
        | Q(certificates__obligations__employment__in=keys)
        | Q(obligations__employment__in=keys)
    )
    return Enrolment.objects.filter(here, person=person.pk).values("pk")


def _proofs(keys: list[int]) -> QuerySet[OutsideProof]:
    """What employers told on paper, and what they took back."""
    rows = OutsideProof.objects.filter(employment__in=keys, takes_back=None)
    return rows.select_related("employment__enterprise", "by", "taken_back")


def _inspections(person: Any) -> QuerySet[Inspection]:
    questions = SpotQuestion.objects.select_related("answer")
    rows = Inspection.objects.filter(person=person.pk).select_related("officer")
    return rows.prefetch_related(Prefetch("questions", questions))
