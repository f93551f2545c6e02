"""Who calls the learning record store: a system by its key, or a unit by the token of its session."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from courses.acts.xapi.identity import agent_of, ourselves
from courses.models import AuSession, AuSessionEnd, LearnerAccount, LrsKey
from courses.models.cmi5 import open_session
from courses.models.xapi import StatementQuerySet, XapiStatement
from courses.xapi.cmi5 import GRACE
from courses.xapi.faults import FaultError, forbidden

KEY_PREFIX: Final = "lrs-"
LONGEST: Final = 400
Scope = LrsKey.Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """Exactly one of ``key`` and ``session``."""

    key: LrsKey | None = None
    session: AuSession | None = None

    @property
    def account(self) -> LearnerAccount:
        """The learner of the session."""
        assert self.session is not None  # noqa: S101  # asked of sessions alone
        found: LearnerAccount = self.session.registration.enrolment.person.learner_account
        return found

    @property
    def authority(self) -> dict[str, Any]:
        """In whose name its statements stand."""
        return agent_of(f"{KEY_PREFIX}{self.key.pk}") if self.key else ourselves()

    def require(self, *scopes: str) -> None:
        """One of ``scopes``; sessions have the rights of cmi5, which the acts look at. Raises FaultError."""
        if self.key is not None and not set(scopes) & set(self.key.scopes):
            labels = "、".join(Scope(one).label for one in scopes)
            raise forbidden("", f"这个密钥没有“{labels}”的权限，请联系系统管理员")

    def readable(self, now: datetime) -> StatementQuerySet:
        """The statements that it may read."""
        found: StatementQuerySet = XapiStatement.objects.all()
        if self.key is not None:
            return found.seen_by_key(self.key, timezone.localdate(now))
        assert self.session is not None  # noqa: S101
        return found.seen_in(self.session.registration, self.account)


def hashed(secret: str) -> str:
    """What is kept of a secret: it has 256 random bits, so a plain hash tells nobody the secret."""
    return hashlib.sha256(secret.encode("utf-8", errors="replace")).hexdigest()


def caller_of(header: str, now: datetime) -> Caller:
    """The caller of an ``Authorization`` header, in one query. Raises FaultError (401)."""
    name, secret = _basic(header)
    if name.startswith(KEY_PREFIX) and name[len(KEY_PREFIX) :].isdecimal():
        usable = LrsKey.objects.usable(timezone.localdate(now)).select_related("place")
        number = name[len(KEY_PREFIX) :][:18]
        key = usable.filter(pk=int(number), secret_hash=hashed(secret)).first()
        if key is not None:
            return Caller(key=key)
    elif len(name) == 36 and (session := open_session(name, hashed(secret), now)) is not None:
        _check_going_on(session, now)
        return Caller(session=session)
    raise _unknown()


def _check_going_on(session: AuSession, now: datetime) -> None:
    """A token is good for its session, and a moment more (cmi5 8.2.1, 9.3.8). Raises FaultError."""
    end: AuSessionEnd | None = getattr(session, "end", None)
    if end is not None and now > end.at + GRACE:
        raise forbidden("", "这次学习已经结束（terminated），不能再读写记录。请重新打开课件")


def _unknown() -> FaultError:
    return FaultError("Authorization", "没有带密钥，或密钥不对、已停用、已过期", 401)


def _basic(header: str) -> Sequence[str]:
    scheme, _, told = header.partition(" ")
    if scheme.lower() != "basic" or not 0 < len(told) <= LONGEST:
        raise _unknown()
    try:
        name, colon, secret = (
            base64.b64decode(told.strip(), validate=True).decode("ascii").partition(":")
        )
    except (binascii.Error, ValueError) as error:
        raise _unknown() from error
    if not colon:
        raise _unknown()
    return name, secret


def as_basic(name: str, secret: str) -> str:
    """The credentials as they stand behind ``Basic``."""
    return base64.b64encode(f"{name}:{secret}".encode()).decode()
