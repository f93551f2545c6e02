"""Many certificates in one file: at once while they are few, else by a task whose file only the orderer takes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from courses.acts.certificates import print_many
from courses.acts.managing import RefusedError, refuse
from courses.models import Certificate, PrintOrder
from courses.rules.files import figure
from credit.acts import audit
from credit.models import Enterprise

__all__ = ["RefusedError", "Wanted", "few", "forget", "lost", "make", "order", "wanted"]
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which certificates: whose (a queryset of users), of which course (None: any), issued from day to day."""

    people: Any
    course: int | None
    first: date
    last: date
    standing: bool = True

    def certificates(self) -> Any:
        """In the order of names; with ``standing`` without those that were taken back."""
        rows = Certificate.objects.filter(
            enrolment__person__in=self.people.order_by().values("pk"),
            issued_on__range=(self.first, self.last),
        )
        if self.course is not None:
            rows = rows.filter(enrolment__course=self.course)
        if self.standing:
            rows = rows.filter(revocation=None)
        return rows.select_related("revocation").order_by("course_title", "person_name", "pk")


def wanted(asked: Wanted) -> list[Certificate]:
    """The certificates. Raises RefusedError: none, or more than one order may have."""
    most = figure("print_most")
    found = list(asked.certificates()[: most + 1])
    if not found:
        raise refuse("没有符合条件的证书")
    if len(found) > most:
        raise refuse(f"一次最多打印 {most} 张，请选一门课或把日期分成几段")
    return found


def few(found: Sequence[Certificate]) -> bool:
    """Whether they are printed while somebody waits."""
    return len(found) <= figure("print_at_once")


@transaction.atomic
def order(
    found: Sequence[Certificate], *, by: Any, title: str, firm: Enterprise | None, now: datetime
) -> PrintOrder:
    """Write the order; whoever calls sends the task."""
    made = PrintOrder.objects.create(
        by=by,
        enterprise=firm,
        title=title[:200],
        certificates=[one.pk for one in found],
        made_at=now,
    )
    audit.log(
        "certificate.print_many",
        by=by,
        subject=made,
        enterprise=firm,
        count=len(found),
        title=title,
    )
    return made


def make(key: int, *, now: datetime) -> bool:
    """Print an order, once; whether it is there now. A failure is told to the orderer and raised."""
    row = PrintOrder.objects.filter(pk=key).first()
    if row is None or row.done_at is not None:
        return row is not None
    rows = Certificate.objects.select_related("revocation").in_bulk(row.certificates)
    try:
        content = print_many([rows[pk] for pk in row.certificates], today=timezone.localdate(now))
    except Exception:
        PrintOrder.objects.filter(pk=key).update(fault="没有做成，请过一会儿再打印一次")
        raise
    path = f"prints/{now:%Y/%m}/{secrets.token_hex(16)}.pdf"
    file = storages["private"].save(path, ContentFile(content))
    mine = PrintOrder.objects.filter(pk=key, done_at=None).update(done_at=now, file=file, fault="")
    if not mine:  # another worker was first
        storages["private"].delete(file)
    return True


def lost(now: datetime) -> list[int]:
    """Orders that nobody has printed for ten minutes: their task went lost."""
    since, until = now - timedelta(days=1), now - timedelta(minutes=10)
    rows = PrintOrder.objects.filter(done_at=None, made_at__range=(since, until), fault="")
    return list(rows.values_list("pk", flat=True))


def forget(now: datetime) -> int:
    """Delete the files that have lain long enough; how many."""
    past = PrintOrder.objects.past(now - timedelta(days=figure("print_days")))
    count = 0
    for row in past.iterator():
        storages["private"].delete(row.file)
        PrintOrder.objects.filter(pk=row.pk).update(file="")
        count += 1
    log.info("prints_forgotten", count=count)
    return count
