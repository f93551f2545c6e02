"""Tell agencies what entered, changed and left the lists: plan, send, take their confirmation, remind.

What an agency was told last is compared with what the public reads now, by the same ``diff`` as the open data:
however an entry came or went, the next plan finds it.
"""

import json
import time
from collections import defaultdict
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from credit.acts.open_rows import standing_rows
from credit.acts.outbound import post
from credit.acts.sealing import unseal
from credit.models import Agency, Delivery, ListEntry, OpenEntry
from credit.opendata.rows import Row, canonical, change_id, diff
from credit.rules.pushes import signature, wait_after

SALT: Final = "credit.acknowledge"
AT_A_TIME: Final = 200  # sent to one agency in one run
CLAIM: Final = timedelta(minutes=10)  # a worker that dies leaves its message to another after this
VERSION: Final = "anxin-push/1"


@transaction.atomic
def plan(today: date) -> int:
    """Write a delivery for every difference between what each agency knows and what is public; how many."""
    agencies = list(Agency.objects.select_for_update().filter(active=True))
    rows = standing_rows(today) if agencies else []
    return sum(_plan_for(agency, rows) for agency in agencies)


def _plan_for(agency: Agency, rows: list[Row]) -> int:
    public = {row["id"]: row for row in rows if row["list"] in agency.lists}
    told = Delivery.objects.filter(agency=agency, current=True).exclude(op="DEL")
    known: list[Row] = [
        {"id": identity, "sha": sha}
        for identity, sha in told.values_list("entry__public_id", "row_sha256")
    ]
    wanted: list[Row] = [
        {"id": identity, "sha": _sha(canonical(row))} for identity, row in public.items()
    ]
    changes = diff(known, wanted)
    if not changes:
        return 0
    ids = [change_id(change) for change in changes]
    entries = {one.public_id: one for one in OpenEntry.objects.filter(public_id__in=ids)}
    _supersede(agency, entries)
    now = timezone.now()
    Delivery.objects.bulk_create(
        [_delivery(agency, change, public, entries[change_id(change)], now) for change in changes]
    )
    return len(changes)


def _supersede(agency: Agency, entries: dict[str, OpenEntry]) -> None:
    """What was told before about these entries is history; what was not sent yet never is."""
    older = Delivery.objects.filter(agency=agency, entry__in=entries.values(), current=True)
    unsent = (Delivery.Status.WAITING, Delivery.Status.FAILED)
    older.filter(status__in=unsent).update(status=Delivery.Status.SUPERSEDED, body="", next_at=None)
    older.update(current=False)


def _delivery(
    agency: Agency, change: Row, public: dict[str, Row], entry: OpenEntry, now: datetime
) -> Delivery:
    event, op = uuid4(), change["op"]
    said: Row = {"row": public[entry.public_id]} if op != "DEL" else {"id": entry.public_id}
    body = canonical(
        {
            "version": VERSION, "event": str(event), "op": op,
            "made_at": now.isoformat(timespec="seconds"),
            "acknowledge": acknowledge_address(event), **said,
        }
    )  # fmt: skip
    return Delivery(
        event=event, agency=agency, entry=entry, op=op, body=body, body_sha256=_sha(body),
        row_sha256=change["row"]["sha"] if op != "DEL" else "", next_at=now, made_at=now,
    )  # fmt: skip


def send_due() -> int:
    """Send what is due; how many arrived. An agency that fails rests for this run: others need not wait."""
    resting: set[int] = set()
    counted: dict[int, int] = defaultdict(int)
    arrived = 0
    for delivery in _sendable()[:2000]:
        agency = delivery.agency_id
        if agency in resting or counted[agency] >= AT_A_TIME or not _claim(delivery):
            continue
        counted[agency] += 1
        if send(delivery):
            arrived += 1
        else:
            resting.add(agency)
    return arrived


def _sendable() -> QuerySet[Delivery]:
    """What is due. Nothing of an entry that left meanwhile but its DEL: the next plan takes the rest back."""
    public = ListEntry.objects.in_force(timezone.localdate()).values("pk")
    due = Delivery.objects.due(timezone.now()).filter(Q(op="DEL") | Q(entry__entry__in=public))
    found: QuerySet[Delivery] = due.select_related("agency")
    return found


def _claim(delivery: Delivery) -> bool:
    """Whether this worker, and no other, sends it now."""
    waiting = Delivery.objects.filter(
        pk=delivery.pk, status=Delivery.Status.WAITING, next_at=delivery.next_at
    )
    return bool(waiting.update(next_at=timezone.now() + CLAIM, attempts=F("attempts") + 1))


def send(delivery: Delivery) -> bool:
    """One call; whether it arrived. The row says what became of it. Not in a transaction: others wait on it."""
    agency, body = delivery.agency, delivery.body.encode()
    moment = int(time.time())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Anxin-Push/1",
        "X-Anxin-Event": str(delivery.event),
        "X-Anxin-Timestamp": str(moment),
        "X-Anxin-Signature": signature(unseal(agency.secret_sealed), moment, body),
    }
    answer = post(agency.url, body, headers)
    delivery.refresh_from_db(fields=["attempts"])
    still = Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.WAITING)
    if answer.arrived:
        still.update(
            status=Delivery.Status.SENT,
            sent_at=timezone.now(),
            next_at=None,
            body="",
            last_fault="",
        )
        return True
    wait = wait_after(delivery.attempts, delivery.op)
    still.update(
        status=Delivery.Status.WAITING if wait else Delivery.Status.FAILED,
        next_at=timezone.now() + wait if wait else None,
        last_fault=answer.fault[:200],
    )
    return False


@transaction.atomic
def send_again(delivery: Delivery) -> bool:
    """Put a message that failed, or waits, in front; whether there was one to put."""
    unsent = (Delivery.Status.WAITING, Delivery.Status.FAILED)
    again = Delivery.objects.filter(pk=delivery.pk, status__in=unsent, current=True)
    return bool(again.update(status=Delivery.Status.WAITING, next_at=timezone.now()))


# -- Confirmation ---------------------------------------------------------------------------------------


def acknowledge_address(event: UUID) -> str:
    """Where a person of the agency confirms with one press; signed, so that nobody guesses it."""
    token = signing.dumps(str(event), salt=SALT, compress=False)
    return f"{settings.BASE_URL.rstrip('/')}{reverse('credit:acknowledge', args=[token])}"


def of_token(token: str) -> Delivery | None:
    """The delivery that a signed address names."""
    try:
        event = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Delivery.objects.select_related("agency", "entry").filter(event=event).first()


@transaction.atomic
def acknowledge(delivery: Delivery, *, how: str, now: datetime) -> bool:
    """The agency says that it has done it; whether that is new. Said twice, the first time counts."""
    unconfirmed = Delivery.objects.filter(pk=delivery.pk, acknowledged_at__isnull=True)
    return bool(
        unconfirmed.update(
            status=Delivery.Status.ACKNOWLEDGED, acknowledged_at=now, acknowledged_how=how,
            next_at=None, body="",
        )
    )  # fmt: skip


def body_of(delivery: Delivery) -> Any:
    """What waits to be sent, for the page; None once it has arrived."""
    return json.loads(delivery.body) if delivery.body else None


def _sha(text: str) -> str:
    return sha256(text.encode()).hexdigest()
