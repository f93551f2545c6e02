"""Give another system a key for sending records, replace it, or take it away."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db import transaction

from credit.acts import audit
from credit.acts.casework import refuse
from credit.models import Jurisdiction, Posting, SourceSystem
from credit.models.kinds import BY_KIND

ISSUE: Final = "credit.issue_source_key"
ARTICLE: Final = "数据报送管理"


def hashed(key: str) -> str:
    """What is kept of a key: it has 256 random bits, so a plain hash tells nobody the key."""
    return hashlib.sha256(key.encode("utf-8", errors="replace")).hexdigest()


@transaction.atomic
def issue(
    name: str,
    *,
    kinds: Sequence[str],
    place: Jurisdiction,
    by: Any,
    expires_on: date | None = None,
) -> tuple[SourceSystem, str]:
    """A new source system and its key, which is told this once. ``by`` None: the command line.

    Raises RefusedError for a name that is taken, unknown kinds, or one who may not.
    """
    name = name.strip()
    if by is not None:
        _require(by, place)
    if not name or SourceSystem.objects.filter(name=name).exists():
        raise refuse("系统名称没有填写，或已经有同名的系统", ARTICLE)
    unknown = sorted(set(kinds) - set(BY_KIND))
    if unknown or not kinds:
        raise refuse(f"没有选择类别，或没有这种类别：{'、'.join(unknown)}", ARTICLE)
    key = secrets.token_urlsafe(32)
    system = SourceSystem.objects.create(
        name=name, key_hash=hashed(key), kinds=sorted(set(kinds)), place=place, made_by=by,
        expires_on=expires_on,
    )  # fmt: skip
    said = {"name": name, "kinds": system.kinds, "place": place.code, "expires_on": expires_on}
    audit.log("source.issue_key", by=by, subject=system, **said)
    return system, key


@transaction.atomic
def replace_key(system: SourceSystem, *, by: Any) -> str:
    """A new key; the old one is good for nothing from now on."""
    _require(by, system.place)
    key = secrets.token_urlsafe(32)
    SourceSystem.objects.filter(pk=system.pk).update(key_hash=hashed(key), active=True)
    audit.log("source.replace_key", by=by, subject=system, name=system.name)
    return key


@transaction.atomic
def stop(system: SourceSystem, *, by: Any) -> None:
    """The system sends no more."""
    _require(by, system.place)
    SourceSystem.objects.filter(pk=system.pk).update(active=False)
    audit.log("source.stop", by=by, subject=system, name=system.name)


def _require(by: Any, place: Jurisdiction) -> None:
    if not by.has_perm(ISSUE):
        raise refuse("您没有发放密钥的权限", ARTICLE)
    posted = Posting.objects.filter(officer=by.pk).exists()
    reach = Jurisdiction.objects.of_officer(by)
    if posted and not reach.filter(pk=place.pk).exists():
        raise refuse("这个属地不在您的辖区", ARTICLE)
