"""Mail alerts: asked for, confirmed by the link in a mail, told once a day, ended by the link in every mail.

A mail about an entry that left says 已移出 and no more: the reader knew of it, and the law lets it be
forgotten (信用修复管理办法; docs/decisions/0019).
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from credit.models import Alert, Enterprise, Jurisdiction, ListEntry

log = logging.getLogger(__name__)
CONFIRM, STOP = "credit.alert.confirm", "credit.alert.stop"  # what a link is good for
CONFIRM_WITHIN: Final = timedelta(days=3)
PENDING_A_DAY: Final = (
    5  # unconfirmed requests of one address: nobody's box is filled by a stranger
)
PENDING_AN_HOUR: Final = 300  # of all addresses
LISTS: Final = {"black": "黑名单", "red": "红名单"}
Target = str | Jurisdiction | Enterprise


@transaction.atomic
def subscribe(address: str, target: Target, *, now: datetime) -> Alert | None:
    """A request that waits for its confirmation; None where none is needed or too many wait.

    The caller tells the asker the same in every case: nobody learns who subscribes to what.
    """
    code = _code(target)
    pending = Alert.objects.filter(confirmed_at__isnull=True)
    if (old := Alert.objects.of_address(address).filter(target=code).first()) is not None:
        waited = now - old.asked_at
        if old.confirmed_at or waited < timedelta(minutes=10):
            return None
        Alert.objects.filter(pk=old.pk).update(asked_at=now)
        return old
    mine = pending.of_address(address).filter(asked_at__gt=now - timedelta(days=1))
    if mine.count() >= PENDING_A_DAY:
        return None
    if pending.filter(asked_at__gt=now - timedelta(hours=1)).count() >= PENDING_AN_HOUR:
        log.warning("more than %s alerts wait for confirmation", PENDING_AN_HOUR)
        return None
    alert = Alert(
        target=code, asked_at=now,
        place=target if isinstance(target, Jurisdiction) else None,
        enterprise=target if isinstance(target, Enterprise) else None,
    )  # fmt: skip
    alert.address = address
    try:
        with transaction.atomic():
            alert.save()
    except IntegrityError:  # asked twice at the same moment
        return None
    return alert


def _code(target: Target) -> str:
    if isinstance(target, Jurisdiction):
        return f"place:{target.code}"
    if isinstance(target, Enterprise):
        return f"enterprise:{target.pk}"
    return f"list:{target}"


def confirm(token: str, *, today: date) -> Alert | None:
    """The reader said yes; what stands now counts as known. None for a link that is old or none of ours."""
    alert = read(token, CONFIRM)
    if alert is None or alert.confirmed_at:
        return alert
    known = sorted(_standing(today).of(alert))
    Alert.objects.filter(pk=alert.pk, confirmed_at__isnull=True).update(
        confirmed_at=timezone.now(), known=known
    )
    return alert


def stop(token: str) -> None:
    """End an alert; ended twice is ended."""
    alert = read(token, STOP)
    if alert is not None:
        alert.delete()


def read(token: str, purpose: str) -> Alert | None:
    """The alert of a link, for what the link is good for."""
    age = CONFIRM_WITHIN if purpose == CONFIRM else None
    try:
        key = signing.loads(token, salt=purpose, max_age=age)
    except signing.BadSignature:
        return None
    return Alert.objects.filter(pk=key).select_related("place", "enterprise").first()


def forget_unconfirmed(now: datetime) -> int:
    """Addresses of which nobody confirmed that they want this are not kept; how many went."""
    old = Alert.objects.filter(confirmed_at__isnull=True, asked_at__lt=now - CONFIRM_WITHIN)
    return old.delete()[0]


def named(alert: Alert) -> str:
    """What it is about, in words."""
    if alert.enterprise:
        return alert.enterprise.name
    if alert.place:
        return f"{alert.place.name}的黑名单和红名单"
    return LISTS[alert.target.partition(":")[2]]


# -- Mails ---------------------------------------------------------------------------------------------------


def send_confirmation(alert: Alert) -> None:
    """The mail with the link that makes it count. Raises OSError when the mail server does not answer."""
    link = _link("credit:confirm_alert", alert, CONFIRM)
    body = (
        f"有人用这个邮箱在安信订阅“{named(alert)}”的变化。\n\n"
        f"如果是您，请在3天内打开这个链接确认：\n{link}\n\n"
        "如果不是您，不用理会，3天后我们会删掉这个邮箱。"
    )
    _mail(alert, "请确认订阅", body)


def _mail(alert: Alert, subject: str, body: str) -> None:
    link = _link("credit:stop_alert", alert, STOP)
    headers = {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    text = f"{body}\n\n不想再收到这类邮件，请打开：\n{link}\n"
    EmailMessage(f"安信：{subject}", text, to=[alert.address], headers=headers).send()


def _link(name: str, alert: Alert, purpose: str) -> str:
    token = signing.dumps(alert.pk, salt=purpose)
    return f"{settings.BASE_URL}{reverse(name, args=[token])}"


# -- Once a day --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands on a day, by what an alert may be about."""

    entries: Mapping[int, ListEntry]
    by_target: Mapping[str, set[int]]

    def of(self, alert: Alert) -> set[int]:
        """The keys of the entries that it is about."""
        return self.by_target.get(alert.target, set())


def _standing(day: date) -> _Standing:
    """Every entry on the lists, filed under its list, its enterprise and each place above it."""
    entries = ListEntry.objects.in_force(day).select_related("enterprise__place")
    by_target: dict[str, set[int]] = defaultdict(set)
    found = {entry.pk: entry for entry in entries}
    for entry in found.values():
        above = entry.enterprise.place.path.strip("/").split("/")
        targets = [f"list:{entry.colour}", f"enterprise:{entry.enterprise_id}"]
        for target in [*targets, *(f"place:{code}" for code in above)]:
            by_target[target].add(entry.pk)
    return _Standing(found, by_target)


def send_digests(today: date) -> int:
    """One mail to each address for which something changed since its last one; how many were sent.

    May be run again: what was told is written down with the mail, and an address gets one mail a day.
    """
    standing = _standing(today)
    changed: dict[str, list[Alert]] = defaultdict(list)
    alerts = Alert.objects.filter(confirmed_at__isnull=False).exclude(told_on=today)
    for alert in alerts.select_related("place", "enterprise").iterator(chunk_size=1000):
        if set(alert.known) != standing.of(alert):
            changed[alert.address_fingerprint].append(alert)
    gone = {pk for mine in changed.values() for alert in mine for pk in alert.known}
    left = _names(gone - set(standing.entries))
    return sum(_send(mine, standing, left, today) for mine in changed.values())


def _names(keys: Iterable[int]) -> dict[int, str]:
    """Names of the enterprises whose entries left."""
    wanted = sorted(keys)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 500):
        asked = ListEntry.objects.filter(pk__in=wanted[start : start + 500])
        found |= dict(asked.values_list("pk", "enterprise__name"))
    return found


def _send(alerts: list[Alert], standing: _Standing, left: Mapping[int, str], today: date) -> bool:
    """One digest for one address; a mail that does not leave is tried again the next time."""
    lines = dict.fromkeys(line for alert in alerts for line in _lines(alert, standing, left))
    try:
        with transaction.atomic():
            told = [alert.pk for alert in alerts]
            free = Alert.objects.select_for_update().filter(pk__in=told).exclude(told_on=today)
            if free.count() < len(alerts):  # another worker was faster, or an alert was ended
                return False
            for alert in alerts:
                known = sorted(standing.of(alert))
                Alert.objects.filter(pk=alert.pk).update(known=known, told_on=today)
            _mail(alerts[0], f"{len(lines)} 项变化", _digest(alerts, lines))
    except OSError:
        log.exception("a digest of alerts did not leave")
        return False
    return True


def _digest(alerts: list[Alert], lines: Iterable[str]) -> str:
    more = [
        f"退订“{named(alert)}”：{_link('credit:stop_alert', alert, STOP)}" for alert in alerts[1:]
    ]
    about = "、".join(named(alert) for alert in alerts)
    return "\n".join([f"您订阅的{about}有变化：", "", *lines, "", *more]).rstrip()


def _lines(alert: Alert, standing: _Standing, left: Mapping[int, str]) -> list[str]:
    now, known = standing.of(alert), set(alert.known)
    added = [
        f"新增 {entry.enterprise.name}：{entry.listed_on} 列入{LISTS[entry.colour]}，"
        f"{settings.BASE_URL}{reverse(f'credit:{entry.colour}_entry', args=[entry.pk])}"
        for entry in (standing.entries[pk] for pk in sorted(now - known))
    ]
    removed = [f"{left[pk]}：已移出" for pk in sorted(known - now) if pk in left]
    return added + removed
