"""Every open deadline, from a handful of queries; reminders before it and escalation after it.

A clock is one entry in ``credit/rulesets/clocks/`` and one query here: a function that yields ``Started``
for every run that is open, and a line in ``SOURCES``. An entry
without a query is shown in the table of clocks but never runs. Due days are computed when they are read: a
change of the calendar moves every open one, and none that is closed: that one is a date in its case.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from credit.acts.casework import calendar
from credit.acts.evidence import LOST
from credit.acts.messages import tell
from credit.acts.removals import ASKED, awaiting
from credit.acts.withdrawals import resting_on_lost
from credit.models import (
    CaseEvent,
    Enterprise,
    HearingNotice,
    ListCase,
    Message,
    Objection,
    ObjectionStep,
    Posting,
    RepairApplication,
    RepairStep,
)
from credit.rules.cases import State
from credit.rules.clocks import Clock, Standing, due_day, load_clocks, reminder, standing
from credit.rules.terms import printed
from credit.rules.workdays import DueDay, Exceptions, working_days_between

Register = QuerySet[Enterprise] | None
_DECIDE: Final = "decide_case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A clock that runs: what started it and when, whose enterprise, who is in charge, where it is dealt with.

    ``subject`` names the row, such as "case:12". With ``officer`` None nobody is in charge yet, and those who
    have the permission ``right`` (a codename of credit) at the enterprise's place are told. ``until`` is the
    last day of a clock whose day was named, not counted.
    """

    code: str
    subject: str
    on: date
    enterprise: int
    officer: int | None
    link: str
    case: int | None = None
    right: str = _DECIDE
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A started clock with its last day, and how it stands."""

    clock: Clock
    started: Started
    due: DueDay
    standing: Standing
    left: int
    name: str = ""
    place: str = ""
    officer: str = ""


# -- What runs ------------------------------------------------------------------------------------------


def _rows(cases: QuerySet[ListCase], register: Register, day: str) -> Iterator[tuple[Any, ...]]:
    if register is not None:
        cases = cases.filter(enterprise__in=register)
    fields = ("pk", "enterprise_id", "opened_by_id", day)
    yield from cases.order_by().values_list(*fields).iterator(chunk_size=2000)


def _of_cases(
    code: str, cases: QuerySet[ListCase], register: Register, day: str
) -> Iterator[Started]:
    for pk, enterprise, officer, on in _rows(cases, register, day):
        yield Started(
            code=code, subject=f"case:{pk}", on=on, enterprise=enterprise, officer=officer,
            link=reverse("credit:case", args=[pk]), case=pk,
        )  # fmt: skip


def _hearing(register: Register, today: date) -> Iterator[Started]:
    told = ListCase.objects.filter(state=State.NOTICE_SENT, notice_served_on__isnull=False)
    waits = told.filter(hearing_requested_on__isnull=True, waived_on__isnull=True)
    return _of_cases("case.hearing", waits, register, "notice_served_on")


def _announce(register: Register, today: date) -> Iterator[Started]:
    """Hearings that were asked for: the notice of their day, then that day. Source: 行政处罚法 第六十四条."""
    newest = HearingNotice.objects.filter(case=OuterRef("pk")).order_by("-pk")
    waits = ListCase.objects.filter(
        state=State.NOTICE_SENT, hearing_requested_on__isnull=False, hearing_held_on__isnull=True
    ).annotate(
        told_on=Subquery(newest.values("told_on")[:1]),
        set_for=Subquery(newest.values("set_for")[:1]),
    )
    if register is not None:
        waits = waits.filter(enterprise__in=register)
    fields = ("pk", "enterprise_id", "opened_by_id", "hearing_requested_on", "told_on", "set_for")
    for pk, enterprise, officer, asked_on, told_on, set_for in waits.order_by().values_list(
        *fields
    ):
        yield Started(
            code="case.hearing_day" if told_on else "case.hearing_notice", subject=f"case:{pk}",
            on=told_on or asked_on, until=set_for, enterprise=enterprise, officer=officer,
            link=reverse("credit:case", args=[pk]), case=pk,
        )  # fmt: skip


def _decide(register: Register, today: date) -> Iterator[Started]:
    before = ListCase.objects.filter(colour="black", decided_on__isnull=True)
    return _of_cases("case.decide", before.exclude(state=State.DROPPED), register, "opened_on")


def _service(register: Register, today: date) -> Iterator[Started]:
    decided = ListCase.objects.filter(decided_on__isnull=False, served_on__isnull=True)
    return _of_cases("case.service", decided.exclude(state=State.DROPPED), register, "decided_on")


def _publish(register: Register, today: date) -> Iterator[Started]:
    decided = ListCase.objects.filter(colour="black", decided_on__isnull=False, entry__isnull=True)
    return _of_cases("case.publish", decided.exclude(state=State.DROPPED), register, "decided_on")


def _removal(register: Register, today: date) -> Iterator[Started]:
    """Both clocks of a request for removal: its answer, and the end of an annulled penalty."""
    asked = CaseEvent.objects.filter(action=ASKED, case__in=awaiting())
    if register is not None:
        asked = asked.filter(case__enterprise__in=register)
    rows = asked.order_by("pk").values_list(
        "case_id", "case__enterprise_id", "case__opened_by_id", "on", "snapshot"
    )
    newest = {row[0]: row for row in rows}
    for pk, enterprise, officer, on, snapshot in newest.values():
        annulled = snapshot.get("annulled_on") if snapshot.get("ground") == "annulled" else None
        yield Started(
            code="removal.annulled" if annulled else "removal.answer",
            subject=f"removal:{pk}",
            on=date.fromisoformat(annulled) if annulled else on,
            enterprise=enterprise, officer=officer, link=reverse("credit:case", args=[pk]), case=pk,
        )  # fmt: skip


def _lost(register: Register, today: date) -> Iterator[Started]:
    """Entries whose ground fell with a withdrawn record, and whose removal nobody asked for yet."""
    listed = resting_on_lost().filter(entry__removed_on__isnull=True, entry__ends_on__gt=today)
    flags = CaseEvent.objects.filter(
        action=LOST, case__in=listed.exclude(pk__in=awaiting().values("pk"))
    )
    if register is not None:
        flags = flags.filter(case__enterprise__in=register)
    rows = flags.order_by("pk").values_list(
        "case_id", "case__enterprise_id", "case__opened_by_id", "on"
    )
    for pk, enterprise, officer, on in {row[0]: row for row in rows}.values():
        yield Started(
            code="removal.annulled", subject=f"lost:{pk}", on=on, enterprise=enterprise,
            officer=officer, link=reverse("credit:case", args=[pk]), case=pk,
        )  # fmt: skip


def _objection(register: Register, today: date) -> Iterator[Started]:
    """Objections without an answer; in charge is the officer to whom it was handed last."""
    waits = Objection.objects.open()
    if register is not None:
        waits = waits.filter(enterprise__in=register)
    handed = ObjectionStep.objects.filter(objection=OuterRef("pk"), action="assign").order_by("-pk")
    rows = waits.annotate(to=Subquery(handed.values("to")[:1])).order_by()
    for pk, enterprise, officer, on in rows.values_list("pk", "enterprise_id", "to", "raised_on"):
        yield Started(
            code="objection.answer", subject=f"objection:{pk}", on=on, enterprise=enterprise,
            officer=officer, link=reverse("credit:objection", args=[pk]), right="answer_objection",
        )  # fmt: skip


def _repair(register: Register, today: date) -> Iterator[Started]:
    """Both clocks of an application; neither runs while the enterprise has to add papers."""
    waits = RepairApplication.objects.under_way().with_state()
    waits = waits.filter(Q(state=None) | Q(state__in=("supplement", "accept")))
    if register is not None:
        waits = waits.filter(enterprise__in=register)
    newest = RepairStep.objects.filter(application=OuterRef("pk")).order_by("-pk")
    since = Coalesce(Subquery(newest.values("on")[:1]), "applied_on")
    rows = waits.annotate(since=since).order_by()
    for pk, enterprise, state, on in rows.values_list("pk", "enterprise_id", "state", "since"):
        step = "decide" if state == "accept" else "accept"
        yield Started(
            code=f"repair.{step}", subject=f"repair:{pk}", on=on, enterprise=enterprise,
            officer=None, link=reverse("credit:repair", args=[pk]), right=f"{step}_repair",
        )  # fmt: skip


Source = Callable[[Register, date], Iterable[Started]]
SOURCES: Final[list[Source]] = [
    _hearing, _announce, _decide, _service, _publish, _removal, _lost, _objection, _repair,
]  # fmt: skip


def running(today: date, *, register: Register = None) -> list[Running]:
    """Every open clock (of the enterprises in ``register``), the soonest first; a constant count of queries."""
    clocks, days = load_clocks(), calendar()
    started = [one for source in SOURCES for one in source(register, today)]
    found = [_run(clocks[one.code], one, days, today) for one in started]
    found.sort(key=lambda one: (one.due.day, one.started.subject, one.clock.code))
    return found


def of_case(case: ListCase, today: date) -> list[Running]:
    """The open clocks of one case."""
    register = Enterprise.objects.filter(pk=case.enterprise_id)
    return [one for one in running(today, register=register) if one.started.case == case.pk]


def named(found: Iterable[Running]) -> list[Running]:
    """The same clocks with the names of enterprise, place and officer, for a page."""
    runs = list(found)
    firms = Enterprise.objects.filter(pk__in={one.started.enterprise for one in runs})
    names = {pk: rest for pk, *rest in firms.values_list("pk", "name", "place__name")}
    people = get_user_model()._default_manager.filter(pk__in={one.started.officer for one in runs})
    officers = {person.pk: str(person) for person in people}
    return [_with_names(one, names, officers) for one in runs]


def _with_names(
    one: Running, names: Mapping[int, list[str]], officers: Mapping[Any, str]
) -> Running:
    name, place = names.get(one.started.enterprise, ["", ""])
    return Running(
        clock=one.clock, started=one.started, due=one.due, standing=one.standing, left=one.left,
        name=name, place=place, officer=officers.get(one.started.officer, ""),
    )  # fmt: skip


def _run(clock: Clock, started: Started, days: Exceptions, today: date) -> Running:
    due = DueDay(started.until) if started.until else due_day(clock, started.on, days)
    return Running(
        clock=clock, started=started, due=due, standing=standing(clock, due.day, today),
        left=working_days_between(today, due.day, days),
    )  # fmt: skip


# -- Reminders and escalation ---------------------------------------------------------------------------


Holders = Mapping[tuple[str, int], frozenset[Any]]


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to say to some people, once."""

    people: frozenset[Any]
    kind: str
    key: str
    title: str
    body: str
    link: str
    enterprise: int


def remind(today: date) -> int:
    """Remind before each deadline, escalate after it; how many messages are new. Harmless to run again.

    Before: the officer in charge, else all who have the right to act there. After: also every decision
    officer of the place. A due day that the calendar moved is a new occasion.
    """
    found = named(running(today))
    holders = _holders(found)
    notes = [note for one in found if (note := _note(one, holders)) is not None]
    keys = {note.key for note in notes}
    told = set(Message.objects.filter(key__in=keys).values_list("to", "key"))
    fresh = [note for note in notes if any((pk, note.key) not in told for pk in note.people)]
    return _tell(fresh)


@transaction.atomic
def _tell(notes: list[Note]) -> int:
    people = get_user_model()._default_manager.in_bulk({pk for note in notes for pk in note.people})
    firms = Enterprise.objects.in_bulk({note.enterprise for note in notes})
    return sum(
        tell(
            [people[pk] for pk in note.people if pk in people],
            kind=note.kind, key=note.key, title=note.title, body=note.body, link=note.link,
            enterprise=firms.get(note.enterprise),
        )
        for note in notes
    )  # fmt: skip


def _note(one: Running, holders: Holders) -> Note | None:
    """What is to be said of a clock today; None when nothing is."""
    firm, nobody = one.started.enterprise, frozenset[Any]()
    above = holders.get((_DECIDE, firm), nobody)
    own = frozenset({one.started.officer} - {None}) or holders.get(
        (one.started.right, firm), nobody
    )
    if one.standing is Standing.OVERDUE:
        return _worded(one, own | above, "clock-overdue", "over", f"已超期：{one.clock.name}")
    if one.standing is Standing.OVER:
        title = f"期限已届满，可以办理下一步：{one.clock.name}"
        return _worded(one, own, "clock-over", "over", title)
    days = reminder(one.clock, one.left)
    if days is None:
        return None
    when = "今天到期" if one.standing is Standing.TODAY else f"还有{one.left}个工作日"
    return _worded(one, own, "clock-reminder", str(days), f"{when}：{one.clock.name}")


def _worded(one: Running, people: frozenset[Any], kind: str, mark: str, title: str) -> Note:
    due = one.due
    warning = f"（{due.warning}）" if due.warning else ""
    counted = "" if one.started.until else f"期限{one.clock.length}，"
    last = "日期是" if one.started.until else "最后一天"
    body = (
        f"{one.name}，{printed(one.started.on)}{one.clock.start}，{counted}"
        f"{last}{printed(due.day)}{warning}。依据：{one.clock.article}"
        f"{'' if one.clock.confirmed else '（待核）'}。"
    )
    key = f"clock:{one.clock.code}:{one.started.subject}:{due.day:%Y%m%d}:{mark}"
    return Note(people, kind, key, title, body, one.started.link, one.started.enterprise)


def _holders(found: Iterable[Running]) -> Holders:
    """Right and enterprise → the active officers who have it there: posted to its place or above it."""
    runs = list(found)
    firms = Enterprise.objects.filter(pk__in={one.started.enterprise for one in runs})
    paths = list(firms.values_list("pk", "place__path"))
    return {
        (right, pk): frozenset(officer for above, officer in posts if path.startswith(above))
        for right in {_DECIDE, *(one.started.right for one in runs)}
        for posts in [_posts(right)]
        for pk, path in paths
    }


def _posts(right: str) -> list[tuple[str, Any]]:
    """The places of the active officers who have this right."""
    held = Permission.objects.filter(codename=right, content_type__app_label="credit").values("pk")
    may = get_user_model()._default_manager.filter(
        Q(groups__permissions__in=held) | Q(user_permissions__in=held), is_active=True
    )
    posts = Posting.objects.filter(officer__in=may.values("pk"))
    return list(posts.values_list("place__path", "officer"))
