"""Training facts flow to credit: certificates, trainings that were missed, classes that were completed.

What is to be told is written in the transaction of what happened, and told by a task through credit's one door
(``intake.tell``): the same key is the same fact, a changed one is a correction, a failure is tried again.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from courses.models import Certificate, CreditFact, Obligation
from courses.models.roster import at_work
from courses.rules.requirements import THREE_POSTS
from credit.acts import intake
from credit.models import Employment, Enterprise, TrainingFact

SOURCE: Final = "安信在线培训"
MOST: Final = 500  # told at once
# Minutes to the next try after each failed one; the last one again and again.
_WAITS: Final = (1, 5, 30, 120, 720)
_DAY: Final = timedelta(days=1)
Event = TrainingFact.Event
log = structlog.get_logger(__name__)


# -- What happened -------------------------------------------------------------------------------------------


def note_certificate(certificate: Certificate) -> None:
    """Each employer of that day has one more certificate, for as long as it is valid."""
    day = certificate.issued_on
    works = at_work(Employment.objects.filter(began_on__lte=day), day)
    works = works.filter(person=certificate.enrolment.person_id)
    firms = works.order_by("enterprise").values_list("enterprise", flat=True).distinct()
    CreditFact.objects.bulk_create(
        [
            CreditFact(
                key=certificate.number,
                enterprise_id=firm,
                event=Event.CERTIFICATE,
                title=certificate.course_title[:200],
                happened_on=day,
                ended_on=certificate.valid_until,
                certificate=certificate,
            )
            for firm in firms
        ],
        ignore_conflicts=True,
    )


def note_revocation(certificate: Certificate, on: date) -> None:
    """It ends on the day on which it was taken back."""
    told = CreditFact.objects.filter(certificate=certificate)
    told.update(ended_on=max(on, certificate.issued_on), **_again())


def note_class(
    enterprise: Enterprise | int, *, key: str, title: str, people: int, on: date
) -> CreditFact:
    """A class of an enterprise was completed by ``people``; the same ``key`` once more changes nothing."""
    firm = enterprise.pk if isinstance(enterprise, Enterprise) else enterprise
    said = {"event": Event.COMPLETED, "title": title[:200], "people": people, "happened_on": on}
    fact, _ = CreditFact.objects.get_or_create(enterprise_id=firm, key=key, defaults=said)
    return fact


def follow(employments: QuerySet[Employment], today: date) -> int:
    """Missed trainings of some employments, and those that were made up for; how many changed.

    Only the posts that the score's rule-set names (三项岗位人员); what workers missed is on the coverage pages.
    """
    here = Obligation.objects.filter(employment__in=employments.values("pk"))
    missed = here.open().filter(
        due_on__lt=today, told=None, employment__position__in=sorted(THREE_POSTS)
    )
    rows = missed.order_by("pk").values_list(
        "pk", "employment__enterprise_id", "employment__position", "name", "due_on"
    )
    posts = dict(Employment.Position.choices)
    fresh = [
        CreditFact(
            key=f"PXYW-{pk}",
            enterprise_id=firm,
            event=Event.MISSED,
            title=f"{posts[position]}：{name}",
            happened_on=due_on + _DAY,
            obligation_id=pk,
        )
        for pk, firm, position, name, due_on in rows
    ]
    CreditFact.objects.bulk_create(fresh, batch_size=MOST)
    return len(fresh) + _follow_ends(here)


def _follow_ends(here: QuerySet[Obligation]) -> int:
    over = Q(obligation__met_on__isnull=False) | Q(obligation__closed_on__isnull=False)
    moved = CreditFact.objects.filter(
        Q(over, ended_on__isnull=True) | Q(~over, ended_on__isnull=False),
        obligation__in=here.values("pk"),
    )
    changed = []
    for fact in moved.select_related("obligation"):
        owed = fact.obligation
        end = (owed.met_on or owed.closed_on) if owed else None
        fact.ended_on = max(end, fact.happened_on) if end else None
        fact.told_at, fact.tries, fact.next_at = None, 0, timezone.now()
        changed.append(fact)
    names = ["ended_on", "told_at", "tries", "next_at"]
    CreditFact.objects.bulk_update(changed, names, batch_size=MOST)
    return len(changed)


def _again() -> dict[str, Any]:
    return {"told_at": None, "tries": 0, "next_at": timezone.now()}


# -- Told ------------------------------------------------------------------------------------------------------


def learners_of_news(now: datetime) -> list[int]:
    """The people whose certificates are not told yet: what they owe changes too."""
    news = CreditFact.objects.due(now).filter(certificate__isnull=False).order_by()
    return list(news.values_list("certificate__enrolment__person_id", flat=True).distinct()[:MOST])


def tell_due(now: datetime | None = None) -> int:
    """Tell credit what is due; how many were taken. What credit refuses or cannot take is tried again."""
    now = now or timezone.now()
    facts = list(CreditFact.objects.due(now).select_related("enterprise").order_by("pk")[:MOST])
    if not facts:
        return 0
    _claim(facts, now)
    try:
        results = intake.tell(
            "trainings", [_as_told(one) for one in facts], source=SOURCE,
            today=timezone.localdate(now),
        )  # fmt: skip
    except Exception as fault:  # whatever breaks there, the certificate stands here
        log.exception("credit_not_told", facts=len(facts))
        keys = [one.pk for one in facts]
        CreditFact.objects.filter(pk__in=keys).update(fault=type(fault).__name__)
        return 0
    return _write_down(facts, results)


def _claim(facts: Sequence[CreditFact], now: datetime) -> None:
    """The next try is later, whatever becomes of this one."""
    for tries in {one.tries for one in facts}:
        wait = timedelta(minutes=_WAITS[min(tries, len(_WAITS) - 1)])
        keys = [one.pk for one in facts if one.tries == tries]
        CreditFact.objects.filter(pk__in=keys).update(tries=F("tries") + 1, next_at=now + wait)


def _as_told(fact: CreditFact) -> dict[str, Any]:
    return {
        "number": fact.enterprise.number,
        "name": fact.enterprise.name,
        "source_key": fact.key,
        "event": fact.get_event_display(),
        "title": fact.title,
        "people": fact.people,
        "happened_on": fact.happened_on.isoformat(),
        "ended_on": fact.ended_on.isoformat() if fact.ended_on else "",
    }


def _write_down(facts: Sequence[CreditFact], results: Sequence[Mapping[str, Any]]) -> int:
    """What was taken as it stands; a fact that changed meanwhile is told again."""
    taken = 0
    for end in {one.ended_on for one in facts}:
        keys = [
            fact.pk
            for fact, result in zip(facts, results, strict=True)
            if result["result"] != "problem" and fact.ended_on == end
        ]
        same = CreditFact.objects.filter(pk__in=keys, ended_on=end)
        taken += same.update(told_at=timezone.now(), fault="")
    refused = [
        (fact, result["problems"])
        for fact, result in zip(facts, results, strict=True)
        if result["result"] == "problem"
    ]
    for fact, problems in refused:
        fact.fault = "；".join(one["remedy"] for one in problems)[:300]
    if refused:
        first = refused[0][0]
        log.warning("credit_refused_facts", facts=len(refused), key=first.key, fault=first.fault)
    CreditFact.objects.bulk_update([fact for fact, _ in refused], ["fault"], batch_size=MOST)
    return taken
