"""The bureau's training report: what was owed and met, exams, migrant workers, rotation. Reads only.

Each number is one grouped statement, whatever the size of the register. Somebody's exam belongs to the
enterprise for which they worked on its day (to the latest post, where there are several), so that sums of
streets are the sum of the district.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import ExtractYear, TruncDate

from courses.models import Attempt, Audience, Enrolment, Obligation
from courses.rules.reports import amount, day_of_report, rotation_begins, share
from credit.models import Employment, Enterprise, Jurisdiction, Posting, Sector

BY: Final = {
    "place": "属地", "sector": "行业领域", "audience": "对象", "firm": "企业", "year": "年份",
}  # fmt: skip
_OF_FIRM: Final = {"place": "place", "sector": "sector", "firm": "pk"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about: the enterprises, the places, the year, and by what it is cut."""

    register: QuerySet[Enterprise]
    places: QuerySet[Jurisdiction]
    year: int
    by: str
    today: date

    @property
    def years(self) -> range:
        """The years of a report by year."""
        return range(self.today.year - amount("years_back"), self.today.year + 1)


@dataclass(slots=True)
class Coverage:
    """Obligations that came due: ``owed``, of these ``met`` (``in_time``), ``late``, and not yet due."""

    owed: int = 0
    met: int = 0
    in_time: int = 0
    late: int = 0

    @property
    def waiting(self) -> int:
        """Neither met nor late."""
        return self.owed - self.met - self.late

    @property
    def part(self) -> int | None:
        """Met of owed, in percent."""
        return share(self.met, self.owed)


@dataclass(slots=True)
class Exams:
    """``sat``: people times courses; ``passes`` of these; ``first`` attempts and those passed at once."""

    sat: int = 0
    passes: int = 0
    first: int = 0
    at_once: int = 0

    @property
    def part(self) -> int | None:
        """Passed in the end, in percent."""
        return share(self.passes, self.sat)

    @property
    def first_part(self) -> int | None:
        """Passed at once, in percent."""
        return share(self.at_once, self.first)


@dataclass(slots=True)
class Rotation:
    """Officials by place, and those who were trained within the rotation."""

    people: set[int] = field(default_factory=set)
    trained: set[int] = field(default_factory=set)

    @property
    def part(self) -> int | None:
        """In percent."""
        return share(len(self.trained), len(self.people))


# -- What training was owed ------------------------------------------------------------------------------


def coverage(asked: Asked) -> dict[Any, Coverage]:
    """By key of the cut: one statement.

    Owed is what came or comes due in the year. Of people who left, what was already missed is owed; what
    was not yet due is not.
    """
    rows = Obligation.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=F("due_on")),
        employment__enterprise__in=asked.register,
        **_in_years(asked, "due_on"),
    )
    key = _cut(asked, "employment__enterprise__", F("employment__position"), "due_on")
    # What was missed by somebody who has left since stays missed.
    late = Q(met_on__isnull=True, due_on__lt=asked.today)
    counts = rows.order_by().values(cut=key).annotate(
        owed=Count("pk"),
        met=Count("pk", filter=Q(met_on__isnull=False)),
        in_time=Count("pk", filter=Q(met_on__lte=F("due_on"))),
        late=Count("pk", filter=late),
    )  # fmt: skip
    return {row.pop("cut"): Coverage(**row) for row in counts}


def _in_years(asked: Asked, name: str) -> dict[str, Any]:
    if asked.by == "year":
        return {f"{name}__year__gte": asked.years[0], f"{name}__year__lte": asked.years[-1]}
    return {f"{name}__year": asked.year}


def _cut(asked: Asked, firm: str, audience: Any, day: str) -> Any:
    if asked.by == "year":
        return ExtractYear(day)
    return audience if asked.by == "audience" else F(f"{firm}{_OF_FIRM[asked.by]}")


# -- Exams and courses -----------------------------------------------------------------------------------


def _employer(person: str, day: str) -> QuerySet[Employment]:
    """The employment of somebody on a day, the latest first."""
    works = Employment.objects.filter(person=OuterRef(person), began_on__lte=OuterRef(day))
    works = works.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=OuterRef(day)))
    return works.order_by("-began_on", "-pk")


def _employed(rows: Any, asked: Asked, person: str, moment: str, audience: Any) -> Any:
    """The rows of people who worked in the register on that day, with the ``cut``."""
    works = _employer(person, "day")
    rows = rows.annotate(day=TruncDate(moment))
    rows = rows.annotate(firm=Subquery(works.values("enterprise")[:1]))
    rows = rows.filter(firm__in=asked.register)
    if asked.by == "year":
        return rows.annotate(cut=ExtractYear(moment))
    if asked.by == "audience":
        return rows.annotate(cut=audience)
    return rows.annotate(cut=Subquery(works.values(f"enterprise__{_OF_FIRM[asked.by]}")[:1]))


def exams(asked: Asked) -> dict[Any, Exams]:
    """Marked attempts of the year by key of the cut (by audience: the course's): one statement."""
    rows = Attempt.objects.filter(passed__isnull=False, **_in_years(asked, "submitted_at"))
    rows = _employed(
        rows, asked, "enrolment__person", "submitted_at", F("exam__course__audience")
    )  # fmt: skip
    counts = rows.order_by().values("cut").annotate(
        sat=Count("enrolment", distinct=True),
        passes=Count("pk", filter=Q(passed=True)),
        first=Count("pk", filter=Q(number=1)),
        at_once=Count("pk", filter=Q(number=1, passed=True)),
    )  # fmt: skip
    return {row.pop("cut"): Exams(**row) for row in counts}


def migrants(asked: Asked) -> dict[Any, int]:
    """People who finished a course for migrant workers in the year, each once a year: one statement."""
    done = Enrolment.objects.filter(course__in=_courses_for(Audience.MIGRANT))
    before = done.filter(
        person=OuterRef("person"), finished_at__year=ExtractYear(OuterRef("finished_at"))
    )
    earlier = before.filter(
        Q(finished_at__lt=OuterRef("finished_at"))
        | Q(finished_at=OuterRef("finished_at"), pk__lt=OuterRef("pk"))
    )
    rows = done.filter(~Exists(earlier), **_in_years(asked, "finished_at"))
    rows = _employed(rows, asked, "person", "finished_at", Value(Audience.MIGRANT.value))
    return dict(rows.order_by().values_list("cut").annotate(Count("pk")))


def _courses_for(audience: str) -> Any:
    from courses.models import CoursePage

    return CoursePage.objects.filter(audience=audience).values("pk")


def rotation(asked: Asked) -> dict[int, Rotation]:
    """Officials in office by the place of their posting, as of the year's report day: one statement."""
    on = day_of_report(asked.year, asked.today)
    done = Enrolment.objects.filter(
        person=OuterRef("officer"),
        course__in=_courses_for(Audience.OFFICIAL),
        finished_at__date__lte=on,
    )
    last = done.order_by().values("person").annotate(last=Max("finished_at")).values("last")
    rows = Posting.objects.filter(place__in=asked.places, officer__is_active=True)
    trained = rows.annotate(last=TruncDate(Subquery(last))).values_list("place", "officer", "last")
    found: dict[int, Rotation] = {}
    begins = rotation_begins(on)
    for place, officer, day in trained:
        one = found.setdefault(place, Rotation())
        one.people.add(officer)
        if day is not None and day > begins:
            one.trained.add(officer)
    return found


# -- Names of the cuts -----------------------------------------------------------------------------------


def names(asked: Asked, keys: Iterable[Any]) -> dict[Any, str]:
    """What each key of the cut is called; one query at most."""
    if asked.by == "year":
        return {year: f"{year}年" for year in asked.years}
    if asked.by == "audience":
        return dict(Employment.Position.choices) | dict(Audience.choices)
    model: Any = {"place": Jurisdiction, "sector": Sector, "firm": Enterprise}[asked.by]
    return dict(model.objects.filter(pk__in=list(keys)).values_list("pk", "name"))
