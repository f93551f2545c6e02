"""Give another system a key of the learning record store, replace it, or take it away."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db import transaction

from courses.acts.exams import RefusedError
from courses.acts.xapi.callers import KEY_PREFIX, hashed
from courses.models import LrsKey
from credit.acts.audit import log
from credit.models import Jurisdiction, Posting
from credit.rules.ruling import Ruling

ISSUE: Final = "courses.issue_lrs_key"


def user_name(key: LrsKey) -> str:
    """The name with which it calls, beside its secret."""
    return f"{KEY_PREFIX}{key.pk}"


@transaction.atomic
def issue(
    name: str,
    *,
    scopes: Sequence[str],
    by: Any,
    place: Jurisdiction | None = None,
    expires_on: date | None = None,
) -> tuple[LrsKey, str]:
    """A new key and its secret, which is told this once. Raises RefusedError."""
    name = name.strip()
    _require(by, place)
    if not name or LrsKey.objects.filter(name=name).exists():
        raise _refused("系统名称没有填写，或已经有同名的系统")
    if not scopes or set(scopes) - set(LrsKey.Scope.values):
        raise _refused("没有选择权限，或没有这种权限")
    secret = secrets.token_urlsafe(32)
    key = LrsKey.objects.create(
        name=name, secret_hash=hashed(secret), scopes=sorted(set(scopes)), place=place, made_by=by,
        expires_on=expires_on,
    )  # fmt: skip
    where = place.code if place else ""
    log("lrs.issue_key", by=by, subject=key, name=name, scopes=key.scopes, place=where)
    return key, secret


@transaction.atomic
def replace_secret(key: LrsKey, *, by: Any) -> str:
    """A new secret; the old one is good for nothing from now on. Raises RefusedError."""
    _require(by, key.place)
    secret = secrets.token_urlsafe(32)
    LrsKey.objects.filter(pk=key.pk).update(secret_hash=hashed(secret), active=True)
    log("lrs.replace_key", by=by, subject=key, name=key.name)
    return secret


@transaction.atomic
def stop(key: LrsKey, *, by: Any) -> None:
    """The system writes and reads no more. Raises RefusedError."""
    _require(by, key.place)
    LrsKey.objects.filter(pk=key.pk).update(active=False)
    log("lrs.stop", by=by, subject=key, name=key.name)


def within_reach(by: Any) -> Any:
    """The places for which ``by`` gives out keys: those of a posting, without one all."""
    if Posting.objects.filter(officer=by.pk).exists():
        return Jurisdiction.objects.of_officer(by)
    return Jurisdiction.objects.all()


def visible(by: Any) -> Any:
    """The keys that ``by`` looks after."""
    keys = LrsKey.objects.select_related("place", "made_by")
    if Posting.objects.filter(officer=by.pk).exists():
        return keys.filter(place__in=within_reach(by))
    return keys


def _require(by: Any, place: Jurisdiction | None) -> None:
    if not by.has_perm(ISSUE):
        raise _refused("您没有发放密钥的权限")
    if not Posting.objects.filter(officer=by.pk).exists():
        return
    if place is None or not within_reach(by).filter(pk=place.pk).exists():
        raise _refused("这个属地不在您的辖区，请选择您辖区里的属地")


def _refused(words: str) -> RefusedError:
    return RefusedError(Ruling(False, words, "学习记录接口管理"))
