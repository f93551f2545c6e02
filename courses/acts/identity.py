"""Who sits the exam: before the start somebody who is not the learner says that it is the person enrolled.

The ways are backends that the setting ``EXAM_IDENTITY_BACKENDS`` names by dotted path. The two that come with the
house need no face: a look at the ID card, or a one-time code told to the person after that look. A way by face may be
added beside them, never instead (个人信息保护法; 人脸识别技术应用安全管理办法: another way must be there).
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from courses.acts.sitting import RefusedError, figures
from courses.models import Attempt, Enrolment, Exam, IdentityCheck, IdentityCode, IdentityUse
from courses.models.reach import INVIGILATE, learners_of_manager, learners_of_office
from courses.rules.rooms import ROOM, may_confirm
from credit.acts.audit import log
from credit.rules.ruling import Ruling


class Backend(Protocol):
    """One way to know who somebody is. ``by_learner``: the learner gives ``asks`` on the start page."""

    code: str
    label: str
    asks: str
    by_learner: bool
    face: bool

    def check(self, enrolment: Enrolment, *, given: str, by: Any, now: datetime) -> Any:
        """Who vouches for it (None: a machine). Raises RefusedError where it is not the person."""


class SeenCard:
    """看证件: an invigilator, or the employer's manager, saw the ID card and the person."""

    code = "card"
    label = "当面看身份证原件"
    asks = ""
    by_learner = False
    face = False

    def check(self, enrolment: Enrolment, *, given: str, by: Any, now: datetime) -> Any:
        """``by`` says so."""
        return by


class OneTimeCode:
    """口令: six digits that an invigilator gave after a look at the ID card; typed once, within minutes."""

    code = "code"
    label = "监考人给的一次性口令"
    asks = "一次性口令（6 位数字）"
    by_learner = True
    face = False

    def check(self, enrolment: Enrolment, *, given: str, by: Any, now: datetime) -> Any:
        """Whoever gave the code vouches. Wrong ones are counted outside the caller's transaction."""
        most = figures(now).amount("identity.tries")
        standing = IdentityCode.objects.filter(
            enrolment=enrolment, used_at=None, until__gt=now, tries__lt=most
        )
        newest = standing.select_related("by").first()
        if newest is None:
            raise RefusedError(Ruling(False, "没有可用的口令，请监考人再发一个", ROOM))
        if not check_password(given.strip(), newest.digest):
            IdentityCode.objects.filter(pk=newest.pk).update(tries=F("tries") + 1)
            raise RefusedError(Ruling(False, "口令不对，请看清楚再输", ROOM))
        # Two phones at once: one of them uses it.
        if not IdentityCode.objects.filter(pk=newest.pk, used_at=None).update(used_at=now):
            raise RefusedError(Ruling(False, "这个口令已经用过，请监考人再发一个", ROOM))
        return newest.by


def backends() -> dict[str, Backend]:
    """The ways of this installation, by code."""
    made = [import_string(path)() for path in settings.EXAM_IDENTITY_BACKENDS]
    return {one.code: one for one in made}


def people_of(by: Any, now: datetime) -> Any:
    """Whose exam ``by`` may look after: the office's learners, and the workers of the own enterprise."""
    today = timezone.localdate(now)
    mine = learners_of_manager(by, today)
    if by.is_superuser or by.has_perm(INVIGILATE):
        return mine | learners_of_office(by, today)
    return mine


def asked(exam: Exam) -> bool:
    """Whether a check may be needed: always, or for whoever does not agree to snapshots."""
    return exam.identity_check or exam.snapshots


def waits(enrolment: Enrolment, *, now: datetime) -> bool:
    """Whether a check could be needed and none is there."""
    return asked(enrolment.course.exam) and _unused(enrolment, now) is None


def confirm(enrolment: Enrolment, *, by: Any, now: datetime) -> IdentityCheck:
    """``by`` has seen the ID card and the person. Raises RefusedError."""
    _require(enrolment, by, now)
    with transaction.atomic():
        return _write(
            enrolment, SeenCard(), by=SeenCard().check(enrolment, given="", by=by, now=now), now=now
        )


def give_code(enrolment: Enrolment, *, by: Any, now: datetime) -> str:
    """A code to tell to the person whose card ``by`` has seen; only its digest is kept. Raises RefusedError."""
    _require(enrolment, by, now)
    code = f"{secrets.randbelow(1_000_000):06}"
    minutes = figures(now).amount("identity.code")
    with transaction.atomic():
        IdentityCode.objects.filter(enrolment=enrolment, used_at=None).update(until=now)
        row = IdentityCode.objects.create(
            enrolment=enrolment,
            digest=make_password(code),
            by=by,
            at=now,
            until=now + timedelta(minutes=minutes),
        )
        log("identity.code", by=by, subject=row)
    return code


def claim(enrolment: Enrolment, *, backend: str, given: str, now: datetime) -> IdentityCheck:
    """What the learner gives on the start page. Raises RefusedError."""
    way = backends().get(backend)
    if way is None or not way.by_learner:
        raise RefusedError(Ruling(False, "没有这种核对方式", ROOM))
    by = way.check(enrolment, given=given, by=None, now=now)
    with transaction.atomic():
        return _write(enrolment, way, by=by, now=now)


def require(
    enrolment: Enrolment, *, now: datetime, agreed: bool | None = None
) -> IdentityCheck | None:
    """The check that opens the next attempt; None where none is needed. Raises RefusedError.

    ``agreed``: what was said to snapshots; whoever does not agree is seen by a person instead.
    """
    if not enrolment.course.exam.identity_check and agreed is not False:
        return None
    found = _unused(enrolment, now)
    if found is None:
        raise RefusedError(Ruling(False, "请先请监考人或者单位管理员当面核对身份", ROOM))
    return found


def use(check: IdentityCheck | None, attempt: Attempt) -> None:
    """The check has opened its attempt; it opens no other."""
    if check is not None:
        IdentityUse.objects.create(check_of=check, attempt=attempt)


def _unused(enrolment: Enrolment, now: datetime) -> IdentityCheck | None:
    rows = IdentityCheck.objects.filter(enrolment=enrolment, until__gt=now, use__isnull=True)
    return rows.first()


def _require(enrolment: Enrolment, by: Any, now: datetime) -> None:
    if not people_of(by, now).filter(pk=enrolment.person_id).exists():
        raise RefusedError(Ruling(False, "这名考生不归您管", ROOM))
    sitting = Attempt.objects.running(now).filter(enrolment=enrolment).exists()
    ruling = may_confirm(by=by.pk, learner=enrolment.person_id, sitting=sitting)
    if not ruling:
        raise RefusedError(ruling)


def _write(enrolment: Enrolment, way: Backend, *, by: Any, now: datetime) -> IdentityCheck:
    minutes = figures(now).amount("identity.valid")
    row = IdentityCheck.objects.create(
        enrolment=enrolment,
        backend=way.code,
        by=by,
        at=now,
        until=now + timedelta(minutes=minutes),
    )
    log("identity.confirm", by=by, subject=row, way=way.label)
    return row
