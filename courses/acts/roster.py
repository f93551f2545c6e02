"""The enterprise's roster: joins, leaves and moves from a workbook, all or nothing; mistakes undone by a new row.

An account is made for a phone that has none; of an account that there is, nothing is changed: its name and number
are its owner's to give, and a roster that contradicts them is a problem to be settled with the person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction

from courses.acts import obligations
from courses.acts.managing import RefusedError, require_manager
from courses.acts.roster_reading import Entry, Sheet, blame, read
from courses.models import RosterChange, RosterImport
from courses.models.roster import entered_by_mistake
from credit.acts import audit
from credit.importing.reading import Problem
from credit.models import Employment, Enterprise
from credit.sealing import fingerprints

BATCH: Final = 500
FIELDS: Final = ("position", "team", "trades", "began_on", "ended_on")
Action = RosterChange.Action


class ProblemsError(ValueError):
    """A file of which nothing was written; ``problems`` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems)


@dataclass(slots=True)
class Plan:
    """What a sheet would change."""

    people: dict[str, Any] = field(default_factory=dict)  # by phone, new ones without a key
    new: list[tuple[Entry, Employment]] = field(default_factory=list)
    changed: list[tuple[Entry, Employment, str, dict[str, Any]]] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)


def take(
    content: bytes, *, enterprise: Enterprise, file_name: str, by: Any, today: date
) -> RosterImport:
    """Take a roster's workbook as a whole. Raises ProblemsError with all of them, and RefusedError."""
    require_manager(by, enterprise, today)
    return _take(
        read(content, today=today), enterprise=enterprise, file_name=file_name, by=by, today=today
    )


@transaction.atomic
def _take(
    sheet: Sheet, *, enterprise: Enterprise, file_name: str, by: Any, today: date
) -> RosterImport:
    Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    plan = _plan(sheet.entries, enterprise)
    if problems := [*sheet.problems, *plan.problems]:
        raise ProblemsError(sorted(problems, key=lambda one: (one.row, one.position)))
    leaves = sum(action == Action.LEAVE for _, _, action, _ in plan.changed)
    made = RosterImport.objects.create(
        enterprise=enterprise, by=by, file_name=file_name[:200], sha256=sheet.sha256,
        joined=len(plan.new), left=leaves, moved=len(plan.changed) - leaves, same=plan.same,
    )  # fmt: skip
    _write(plan, made)
    audit.log(
        "roster.import", by=by, subject=made, enterprise=enterprise, sha256=made.sha256,
        joined=made.joined, left=made.left, moved=made.moved,
    )  # fmt: skip
    obligations.refresh([enterprise.pk], today=today)
    return made


# -- What a sheet would change -----------------------------------------------------------------------------


def _plan(entries: Sequence[Entry], enterprise: Enterprise) -> Plan:
    plan = Plan()
    known = _accounts(entries)
    owners = _owners_of_numbers(entries)
    works = _works(enterprise, [person.pk for person in known.values()])
    for entry in entries:
        person = known.get(entry.phone)
        if fault := _contradicted(entry, person, owners):
            plan.problems.append(fault)
            continue
        if person is None:
            person = plan.people.setdefault(entry.phone, _new_account(entry))
        _plan_entry(plan, entry, enterprise, person, works.get((person.pk, entry.position), []))
    return plan


def _plan_entry(
    plan: Plan, entry: Entry, enterprise: Enterprise, person: Any, works: list[Employment]
) -> None:
    said = {"team": entry.team or None, "trades": entry.trades or None, "ended_on": entry.ended_on}
    work = next((one for one in works if one.began_on == entry.began_on), None)
    running = next((one for one in works if one.ended_on is None), None)
    if work is None and running is not None:
        day = running.began_on
        advice = f"这个人已在岗，入职日期是{day}。写错了请先撤销那一行，再导入"
        plan.problems.append(blame(entry.row, "began_on", entry.began_on, advice, {}))
    elif work is None:
        made = Employment(
            person=person, enterprise=enterprise, position=entry.position, began_on=entry.began_on,
            **said,
        )  # fmt: skip
        plan.new.append((entry, made))
    elif all(getattr(work, name) == value for name, value in said.items()):
        plan.same += 1
    elif work.ended_on is not None and entry.ended_on != work.ended_on:
        advice = f"已登记在{work.ended_on}离职。写错了请先撤销那一行，再导入"
        plan.problems.append(blame(entry.row, "ended_on", entry.ended_on or "", advice, {}))
    else:
        before = as_said(work)
        for name, value in said.items():
            setattr(work, name, value)
        leaves = entry.ended_on is not None and before["ended_on"] is None
        plan.changed.append((entry, work, Action.LEAVE if leaves else Action.MOVE, before))


def _accounts(entries: Sequence[Entry]) -> dict[str, Any]:
    people = get_user_model()._default_manager
    phones = sorted({one.phone for one in entries})
    return {
        person.phone: person
        for start in range(0, len(phones), BATCH)
        for person in people.filter(phone__in=phones[start : start + BATCH])
    }


def _owners_of_numbers(entries: Sequence[Entry]) -> dict[str, str]:
    """The phone of the account that holds an identity number, by its fingerprint."""
    people = get_user_model()._default_manager
    marks = sorted({m for one in entries if one.id_number for m in fingerprints(one.id_number)})
    found: dict[str, str] = {}
    for start in range(0, len(marks), BATCH):
        rows = people.filter(id_number_fingerprint__in=marks[start : start + BATCH])
        found |= dict(rows.values_list("id_number_fingerprint", "phone"))
    return found


def _contradicted(entry: Entry, person: Any, owners: Mapping[str, str]) -> Problem | None:
    if person is not None and person.real_name and person.real_name != entry.name:
        advice = "这个手机号的账号是别的姓名。请和本人核对姓名、手机号"
        return blame(entry.row, "name", entry.name, advice, {})
    if not entry.id_number:
        return None
    marks = fingerprints(entry.id_number)
    held = person.id_number_fingerprint if person is not None else ""
    others = {owners[mark] for mark in marks if mark in owners} - {entry.phone}
    if others or (held and held not in marks):
        advice = "身份证号和账号里的对不上。请和本人核对身份证号、手机号"
        return blame(entry.row, "id_number", "", advice, {})
    return None


def _works(
    enterprise: Enterprise, people: Sequence[int]
) -> dict[tuple[int, str], list[Employment]]:
    """The employments here of some people, by person and post; those that were undone are none."""
    found: dict[tuple[int, str], list[Employment]] = {}
    rows = Employment.objects.filter(enterprise=enterprise).exclude(pk__in=entered_by_mistake())
    wanted = set(people)
    for work in rows.order_by("pk"):
        if work.person_id in wanted:
            found.setdefault((work.person_id, work.position), []).append(work)
    return found


def _new_account(entry: Entry) -> Any:
    """An account that its owner opens with a code to the phone; nobody has a password of it."""
    person: Any = get_user_model()(phone=entry.phone, real_name=entry.name)
    person.password = make_password(None)
    person.id_number = entry.id_number
    return person


# -- Written ---------------------------------------------------------------------------------------------------


def as_said(work: Employment) -> dict[str, Any]:
    """What a change keeps of an employment, in plain values."""
    said = {name: getattr(work, name) for name in FIELDS}
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in said.items()}


def _write(plan: Plan, made: RosterImport) -> None:
    get_user_model()._default_manager.bulk_create(plan.people.values(), batch_size=BATCH)
    for _, work in plan.new:
        work.person_id = work.person.pk
    Employment.objects.bulk_create([work for _, work in plan.new], batch_size=BATCH)
    Employment.objects.bulk_update(
        [work for _, work, _, _ in plan.changed], ["team", "trades", "ended_on"], batch_size=BATCH
    )
    rows: Iterable[tuple[Entry, Employment, str, dict[str, Any]]] = [
        *((entry, work, Action.JOIN, {}) for entry, work in plan.new),
        *plan.changed,
    ]
    RosterChange.objects.bulk_create(
        [
            RosterChange(
                source=made, employment=work, action=action, row=entry.row, before=before,
                after=as_said(work), by=made.by,
            )
            for entry, work, action, before in rows
        ],
        batch_size=BATCH,
    )  # fmt: skip


__all__ = ["ProblemsError", "RefusedError", "as_said", "take"]
