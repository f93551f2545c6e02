"""我的证件: a person's certificates, what they are worth, when to renew, and the state's papers with their reviews."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from courses.acts.certificates import public_address, qr_svg
from courses.acts.owed import Owed, owed_by
from courses.models import Certificate
from courses.rules.exams import figures_in_force
from courses.rules.validity import State, renew_by


@dataclass(frozen=True, slots=True)
class Held:
    """One certificate as it stands on a day; ``renew_on``: from then on the course may be taken anew."""

    row: Certificate
    state: State
    reason: str
    renew_on: date
    address: str
    qr: str


@dataclass(frozen=True, slots=True)
class Wallet:
    """Everything that is shown; ``papers`` are 特种作业操作证 and the like: the latest told, the next review."""

    held: tuple[Held, ...]
    papers: tuple[Owed, ...]


def wallet_of(person: Any, *, today: date) -> Wallet:
    """The wallet of ``person``: four queries."""
    rows = Certificate.objects.filter(enrolment__person=person.pk).select_related("revocation")
    papers = [one for one in owed_by(person, today=today) if one.row.paper]
    return Wallet(tuple(_held(row, today) for row in rows), tuple(papers))


def _held(row: Certificate, today: date) -> Held:
    state, ruling = row.standing(today)
    address = public_address(row)
    day = renew_by(row.valid_until, row.kind, figures_in_force(today))
    return Held(row, state, ruling.reason, day, address, qr_svg(address))
