"""Enter, pause and re-key agencies; remind the bureau of a removal that an agency has not confirmed."""

import secrets
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from credit.acts import audit
from credit.acts.casework import calendar, refuse
from credit.acts.messages import tell
from credit.acts.pushing import acknowledge
from credit.acts.sealing import seal
from credit.models import Agency, Delivery
from credit.rules.pushes import fault_in_address
from credit.rules.workdays import working_days_between

MANAGE: Final = "credit.manage_agencies"
LISTS: Final = ("black", "red")


@transaction.atomic
def enter_agency(
    *, name: str, url: str, lists: Iterable[str], officer: Any
) -> tuple[Agency, str, str]:
    """A new agency, its secret and its key: both are shown this once. Raises RefusedError."""
    name, wanted = name.strip(), [one for one in LISTS if one in set(lists)]
    _require(officer)
    if not name or Agency.objects.filter(name=name).exists():
        raise refuse("请填写名称；这个名称不能已经登记过")
    if not wanted:
        raise refuse("请至少选一个名单")
    if fault := fault_in_address(url.strip(), local=settings.PUSH_TO_LOCAL):
        raise refuse(fault)
    secret, key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    agency = Agency.objects.create(
        name=name, url=url.strip(), lists=wanted, secret_sealed=seal(secret),
        key_sha256=_digest(key), made_by=officer,
    )  # fmt: skip
    audit.log("agency.enter", by=officer, subject=agency, name=name, lists=wanted)
    return agency, secret, key


@transaction.atomic
def renew_secrets(agency: Agency, *, officer: Any) -> tuple[str, str]:
    """A new secret and a new key; the old ones are worth nothing from now on."""
    _require(officer)
    secret, key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    Agency.objects.filter(pk=agency.pk).update(secret_sealed=seal(secret), key_sha256=_digest(key))
    audit.log("agency.renew_secrets", by=officer, subject=agency)
    return secret, key


@transaction.atomic
def set_active(agency: Agency, active: bool, *, officer: Any) -> None:
    """Pause, or go on: what happened in between is sent then."""
    _require(officer)
    Agency.objects.filter(pk=agency.pk).update(active=active)
    audit.log("agency.set_active", by=officer, subject=agency, active=active)


def of_key(key: str) -> Agency | None:
    """Whose key it is."""
    return Agency.objects.filter(key_sha256=_digest(key)).first()


def awaiting(today: date) -> list[tuple[Delivery, int]]:
    """Every DEL that its agency has not confirmed, with the days that it waits."""
    open_ones = Delivery.objects.unacknowledged_removals().select_related(
        "agency", "entry__entry__enterprise"
    )
    return [(one, (today - timezone.localdate(one.made_at)).days) for one in open_ones[:500]]


def remind(today: date) -> int:
    """Tell those who keep the agencies of each DEL unconfirmed for too many working days; once each."""
    holidays, told = calendar(), 0
    people = list(_keepers())
    for delivery, days in awaiting(today):
        since = timezone.localdate(delivery.made_at)
        if working_days_between(since, today, holidays) < settings.PUSH_REMINDER_DAYS:
            continue
        told += tell(
            people,
            kind="push-unconfirmed",
            key=f"push:{delivery.event}",
            title=f"{delivery.agency.name}还没有确认移出（已 {days} 天）",
            body="移出名单后，对方应停止展示并删除。请电话联系对方，办好后在推送页面确认。",
            link=reverse("credit:agencies"),
        )
    return told


def _keepers() -> Iterable[Any]:
    name = MANAGE.partition(".")[2]
    mine = Q(user_permissions__codename=name) | Q(groups__permissions__codename=name)
    return get_user_model().objects.filter(mine, is_active=True).distinct()


def _require(officer: Any) -> None:
    if not officer.has_perm(MANAGE):
        raise refuse("您没有登记推送机构的权限")


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


@transaction.atomic
def confirm_by_hand(delivery: Delivery, *, officer: Any) -> bool:
    """The agency confirmed by telephone or letter; whether that was still open."""
    _require(officer)
    done = acknowledge(delivery, how="office", now=timezone.now())
    if done:
        event = str(delivery.event)
        audit.log("push.confirm_by_hand", by=officer, subject=delivery, event=event)
    return done
