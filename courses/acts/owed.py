"""What a person owes, for the page that says why: state, day, article, and the course that meets it. Reads only."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from courses.models import CourseFor, CoursePage, Obligation
from courses.rules.cycles import NAMES, State, standing
from courses.rules.requirements import figure
from credit.models import Employment

# What asks for something comes first.
ORDER: Final = (
    State.OVERDUE, State.SOON, State.OPEN, State.MET_LATE, State.MET, State.CLOSED,
)  # fmt: skip
TO_DO: Final = frozenset({State.OVERDUE, State.SOON, State.OPEN})
COLOURS: Final = {
    State.OVERDUE: "text-bg-danger",
    State.SOON: "text-bg-warning",
    State.OPEN: "text-bg-light border",
    State.MET: "text-bg-success",
    State.MET_LATE: "text-bg-success",
    State.CLOSED: "text-bg-secondary",
}


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation as it stands on a day, with the courses that count for it."""

    row: Obligation
    state: State
    courses: tuple[CoursePage, ...] = ()

    @property
    def label(self) -> str:
        """The state in words."""
        return NAMES[self.state]

    @property
    def colour(self) -> str:
        """The badge's classes."""
        return COLOURS[self.state]

    @property
    def to_do(self) -> bool:
        """Whether something is still to be learned."""
        return self.state in TO_DO

    @property
    def learned(self) -> str:
        """Hours (学时) learned so far, a tenth rounded down."""
        tenths = self.row.minutes * 10 // figure("hour")
        return f"{tenths / 10:g}"


def owed_by(person: Any, *, today: date) -> list[Owed]:
    """Everything that a person owes or owed in the employments of today, what asks first: three queries."""
    works = Employment.objects.filter(person=person.pk).exclude(ended_on__lt=today)
    return owed_in(works, today)


def owed_in(works: QuerySet[Employment], today: date) -> list[Owed]:
    """The same in some employments."""
    rows = list(
        Obligation.objects.filter(employment__in=works.order_by().values("pk")).select_related(
            "employment__enterprise", "certificate", "proof"
        )
    )
    courses = courses_for({row.requirement for row in rows if row.met_on is None})
    found = [stands(row, today, courses) for row in rows]
    return sorted(found, key=_order)


def stands(row: Obligation, today: date, courses: dict[str, list[CoursePage]]) -> Owed:
    """How one stands, with its courses while it is open."""
    state = standing(due_on=row.due_on, met_on=row.met_on, closed_on=row.closed_on, today=today)
    offered = courses.get(row.requirement, []) if state in TO_DO and not row.paper else []
    return Owed(row, state, tuple(offered))


def courses_for(codes: set[str]) -> dict[str, list[CoursePage]]:
    """The live courses that count for some requirements."""
    found: dict[str, list[CoursePage]] = defaultdict(list)
    rows = CourseFor.objects.filter(active=True, requirement__in=codes, course__live=True)
    for one in rows.select_related("course").order_by("pk"):
        found[one.requirement].append(one.course)
    return found


def _order(one: Owed) -> tuple[int, date, int]:
    day = one.row.due_on
    return ORDER.index(one.state), day, one.row.pk
