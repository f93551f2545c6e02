"""The supervision plan: which inspection is due where, found by the database, and a visit that is recorded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, TruncDate

from credit.acts import audit
from credit.acts.casework import RefusedError
from credit.acts.readers import register_of
from credit.models import Enterprise, ListEntry, SupervisionVisit
from credit.rules.ruling import Ruling
from credit.rules.supervision import Cell, Plan, due_on, latest_start, load_plan

RECORD: Final = "credit.record_visit"
LONGEST: Final = 2_000  # characters of a note
STATES: Final = {"overdue": "已逾期", "soon": "近期到期"}


@dataclass(frozen=True, slots=True)
class Due:
    """An enterprise in the plan: how often, by whom, the last visit, and the day of the next."""

    enterprise: Enterprise
    cell: Cell
    last: date | None
    due_on: date
    state: str  # "overdue", "soon", ""


def planned(register: QuerySet[Enterprise], today: date, plan: Plan) -> QuerySet[Enterprise]:
    """The active enterprises with a grade, with ``last``, ``since`` (from where counted) and ``listed``.

    Without a visit the count begins with the plan or with the registration, whichever is later.
    """
    entries = ListEntry.objects.in_force(today).filter(colour="black", enterprise=OuterRef("pk"))
    # A visit that met nobody is no inspection.
    visits = SupervisionVisit.objects.filter(enterprise=OuterRef("pk")).order_by("-visited_on")
    visits = visits.exclude(result=SupervisionVisit.Result.ABSENT)
    begins = Greatest(Value(plan.effective_from, output_field=DateField()), TruncDate("created_at"))
    return (
        register.filter(status=Enterprise.Status.ACTIVE, score__isnull=False)
        .annotate(last=Subquery(visits.values("visited_on")[:1]))
        .annotate(since=Coalesce(F("last"), begins), listed=Exists(entries))
    )


def _cells(plan: Plan) -> Iterator[tuple[Q, Cell]]:
    for grade, risk in plan.cells:
        for listed in (False, True):
            cell = plan.cell(grade, risk, listed)
            where = Q(score__grade=grade, sector__high_risk=risk, listed=listed)
            yield where, cell


def due_by(plan: Plan, day: date) -> Q:
    """Those whose next inspection is due on ``day`` or before: sixteen comparisons with a fixed day."""
    parts = [where & Q(since__lte=latest_start(cell, day)) for where, cell in _cells(plan)]
    return reduce(or_, parts)


def by_office(plan: Plan, office: str) -> Q:
    """Those whom an office ("district", "street") inspects."""
    return reduce(or_, (where for where, cell in _cells(plan) if cell.by == office), Q(pk__in=[]))


def narrowed(
    found: QuerySet[Enterprise], today: date, plan: Plan, *, state: str = "", office: str = ""
) -> QuerySet[Enterprise]:
    """Those overdue, or due soon, or all; of one office, or of both. The longest without a visit come first."""
    soon = today + timedelta(days=plan.soon.amount)
    overdue = due_by(plan, today - timedelta(days=1))
    if state == "overdue":
        found = found.filter(overdue)
    elif state == "soon":
        found = found.filter(due_by(plan, soon)).exclude(overdue)
    if office:
        found = found.filter(by_office(plan, office))
    return found.select_related("place", "sector", "score").order_by("since", "pk")


def told(found: Iterable[Any], today: date, plan: Plan) -> Iterator[Due]:
    """Each enterprise of ``planned`` with its cell and day."""
    for firm in found:
        cell = plan.cell(firm.score.grade, firm.sector.high_risk, firm.listed)
        day = due_on(firm.since, cell)
        soon = today + timedelta(days=plan.soon.amount)
        state = "overdue" if day < today else "soon" if day <= soon else ""
        yield Due(firm, cell, firm.last, day, state)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the summary; ``visits`` are the inspections of twelve months."""

    place: str
    sector: str
    grade: str
    count: int
    visits: int
    overdue: int
    soon: int


def summary(found: QuerySet[Enterprise], today: date, plan: Plan) -> list[Row]:
    """By street, sector and grade: how many, how many inspections a year, how many due. One query."""
    overdue = due_by(plan, today - timedelta(days=1))
    soon = due_by(plan, today + timedelta(days=plan.soon.amount))
    each = Case(
        *(When(where, then=Value(cell.per_year)) for where, cell in _cells(plan)),
        output_field=IntegerField(),
    )
    keys = ("place__name", "sector__name", "score__grade")
    rows = (
        found.order_by("place__path", *keys[1:])
        .values("place__path", *keys)
        .annotate(
            firms=Count("pk"),
            visits=Sum(each),
            late=Count("pk", filter=overdue),
            near=Count("pk", filter=soon & ~overdue),
        )
    )
    return [Row(*row) for row in rows.values_list(*keys, "firms", "visits", "late", "near")]


def record_ruling(
    enterprise: Enterprise, *, officer: Any, on: date, note: str, today: date
) -> Ruling:
    """Whether this officer may record this visit now. Source: the bureau's plan (局规则集)."""
    article = load_plan().name
    if not officer.has_perm(RECORD):
        return Ruling(False, "您没有登记监督检查的权限", article)
    if not register_of(officer).filter(pk=enterprise.pk).exists():
        return Ruling(False, "这家企业不在您的属地", article)
    if on > today:
        return Ruling(False, "检查日期不能晚于今天", article)
    if len(note) > LONGEST or "\x00" in note:
        return Ruling(False, f"检查情况最多 {LONGEST} 字，且不能有不可见的字符", article)
    return Ruling(True, "可以登记", article)


def record_visit(
    enterprise: Enterprise, *, officer: Any, on: date, result: str, note: str, today: date
) -> SupervisionVisit:
    """登记一次监督检查. Raises RefusedError; a second one of the same officer and day is refused."""
    ruling = record_ruling(enterprise, officer=officer, on=on, note=note, today=today)
    if not ruling.allowed:
        raise RefusedError(ruling)
    score = getattr(enterprise, "score", None)
    visit = SupervisionVisit(
        enterprise=enterprise, visited_on=on, officer=officer, result=result, note=note,
        grade=score.grade if score else "", plan=load_plan().label,
    )  # fmt: skip
    try:
        with transaction.atomic():
            visit.save()
            audit.log(
                "supervision.visit", by=officer, subject=visit, enterprise=enterprise, on=on,
                result=result,
            )  # fmt: skip
    except IntegrityError as fault:
        raise RefusedError(
            Ruling(False, "您这一天已经登记过对这家企业的检查", load_plan().name)
        ) from fault
    return visit
