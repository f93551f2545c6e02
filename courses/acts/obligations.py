"""What each employment owes, computed set by set: rows are added, the newest cycle is kept, earlier ones stay.

One partition is some enterprises in one transaction: their employments, the newest cycle of each obligation and
what was learned are read by a dozen queries, the rules are asked in memory, and what changed is written in
bulk. It may run again at any time, and two runs over the same enterprises take turns.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Count

from courses.acts import facts, learned
from courses.acts.learned import Learned, Ledger
from courses.models import Obligation
from courses.models.roster import at_work
from courses.rules.cycles import Cycle, first_cycle, next_cycle, reached
from courses.rules.requirements import Requirement, figure, required_of, version
from credit.models import Employment, Enterprise

PARTITION: Final = 5_000  # employments in one transaction
BATCH: Final = 500  # rows in one statement
KEPT: Final = ["minutes", "met_on", "certificate", "enrolment", "proof", "closed_on"]


@dataclass(slots=True)
class Changes:
    """What a run writes."""

    new: list[Obligation] = field(default_factory=list)
    changed: list[Obligation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Post:
    """An employment as the rules read it."""

    pk: int
    person: int
    position: str
    trades: tuple[str, ...]
    began_on: date
    ended_on: date | None
    sector: str
    high_risk: bool


def ranges() -> Iterator[tuple[int, int]]:
    """The register cut by the key of the enterprise, so that each part has some thousand employments."""
    counts = Employment.objects.order_by("enterprise").values_list("enterprise")
    first, last, held = 0, 0, 0
    for enterprise, people in counts.annotate(people=Count("pk")).iterator(chunk_size=2000):
        if held and held + people > PARTITION:
            yield first, last
            held = 0
        first, last, held = (first if held else enterprise), enterprise, held + people
    if held:
        yield first, last


def refresh_range(first: int, last: int, *, today: date) -> int:
    """Bring the obligations of the enterprises from key to key up to date; how many rows changed."""
    return _refresh({"enterprise_id__gte": first, "enterprise_id__lte": last}, today)


def refresh(enterprises: Iterable[int], *, today: date) -> int:
    """The same for some enterprises."""
    return _refresh({"enterprise_id__in": sorted(set(enterprises))}, today)


def refresh_people(people: Iterable[int], *, today: date) -> int:
    """The same for the employers of some people, after they learned something."""
    works = Employment.objects.filter(person__in=list(people))
    return refresh(works.values_list("enterprise_id", flat=True), today=today)


@transaction.atomic
def _refresh(where: dict[str, Any], today: date) -> int:
    employments = Employment.objects.filter(**where)
    firms = Enterprise.objects.filter(pk__in=employments.values("enterprise")).order_by("pk")
    list(firms.select_for_update(no_key=True).values_list("pk", flat=True))  # runs take turns
    posts = _posts(employments, today)
    newest = _newest(employments)
    ledger = learned.read(at_work(employments, today))
    changes = Changes()
    for post in posts:
        _bring_up_to_date(post, newest.pop(post.pk, {}), ledger, today, changes)
    for left in newest.values():  # of people who left
        for owed in left.values():
            _drop(owed, min(owed.employment.ended_on or today, today), changes)
    # First what stood: once a later cycle is there, the database lets nobody touch it.
    Obligation.objects.bulk_update(changes.changed, KEPT, batch_size=BATCH)
    Obligation.objects.bulk_create(changes.new, batch_size=BATCH)
    facts.follow(employments, today)
    return len(changes.new) + len(changes.changed)


def _posts(employments: Any, today: date) -> list[Post]:
    rows = at_work(employments, today).order_by("pk").values_list(
        "pk", "person_id", "position", "trades", "began_on", "ended_on",
        "enterprise__sector__code", "enterprise__sector__high_risk",
    )  # fmt: skip
    return [
        Post(pk, person, position, tuple((trades or "").split()), began, ended, sector, risk)
        for pk, person, position, trades, began, ended, sector, risk in rows
    ]


def _newest(employments: Any) -> dict[int, dict[str, Obligation]]:
    """The newest cycle of each obligation, by employment and requirement; of who left, what is still open."""
    rows = Obligation.objects.newest().filter(employment__in=employments.values("pk"))
    found: dict[int, dict[str, Obligation]] = {}
    for owed in rows.select_related("employment").defer("explanation", "article"):
        found.setdefault(owed.employment_id, {})[owed.requirement] = owed
    return found


# -- One employment --------------------------------------------------------------------------------------


def _bring_up_to_date(
    post: Post, held: dict[str, Obligation], ledger: Ledger, today: date, changes: Changes
) -> None:
    asked_now = required_of(
        post.position,
        sector=post.sector,
        high_risk=post.high_risk,
        trades_of=post.trades,
        today=today,
    )
    for asked in asked_now:
        owed = held.pop(asked.code, None)
        if owed is None:
            cycle = first_cycle(asked, began_on=post.began_on, known_on=today)
            owed = _opened(post, asked, cycle, today, changes)
        _follow(post, asked, owed, ledger, today, changes)
    for owed in held.values():
        _drop(owed, today, changes)


def _follow(
    post: Post,
    asked: Requirement,
    owed: Obligation,
    ledger: Ledger,
    today: date,
    changes: Changes,
) -> None:
    """See whether the newest cycle is met, and open the one after it, until one is open."""
    found = ledger.of(post.person, post.pk, asked.code)
    while True:
        if owed.met_on is None:
            _look(owed, asked, found, changes)
        if owed.met_on is None:
            return
        cycle = next_cycle(
            asked,
            number=owed.cycle,
            met_on=owed.met_on,
            revoked_on=_revoked_on(owed, ledger),
            known_on=today,
        )
        if cycle is None:
            return
        owed = _opened(post, asked, cycle, today, changes)


def _look(owed: Obligation, asked: Requirement, found: list[Learned], changes: Changes) -> None:
    """What was learned in this cycle so far, and what met it."""
    counted = [one for one in found if one.day >= owed.from_on and (one.proof or not asked.paper)]
    needed = 0 if asked.paper else asked.hours * figure("hour")
    minutes, at = reached(needed, [one.minutes for one in counted])
    before = (owed.minutes, owed.met_on, owed.closed_on)
    owed.minutes, owed.closed_on = minutes, None
    if at is not None:
        last = counted[at]
        owed.met_on = last.day
        owed.certificate_id = last.certificate
        owed.enrolment_id = last.enrolment
        owed.proof_id = last.proof
    if owed.pk and before != (owed.minutes, owed.met_on, owed.closed_on):
        changes.changed.append(owed)


def _revoked_on(owed: Obligation, ledger: Ledger) -> date | None:
    """When what met it was taken back; None while it stands."""
    keys = [("certificate", owed.certificate_id or 0), ("proof", owed.proof_id or 0)]
    return next((ledger.gone[key] for key in keys if key in ledger.gone), None)


def _opened(
    post: Post, asked: Requirement, cycle: Cycle, today: date, changes: Changes
) -> Obligation:
    owed = Obligation(
        employment_id=post.pk,
        requirement=asked.code,
        cycle=cycle.number,
        name=asked.name,
        step=asked.step,
        hours=asked.hours,
        paper=asked.paper,
        from_on=cycle.from_on,
        due_on=cycle.due_on,
        article=asked.article,
        explanation=cycle.explanation,
        confirmed=asked.confirmed,
        rules=version(),
        known_on=today,
    )
    changes.new.append(owed)
    return owed


def _drop(owed: Obligation, on: date, changes: Changes) -> None:
    """Nobody asks for it any more. What was met stays as it is."""
    if owed.met_on is None and owed.closed_on is None:
        owed.closed_on = on
        changes.changed.append(owed)
