"""Sign in and out of a session, and credit the time between: the server's clock, bounded by the timetable.

The trainer's screen shows a code that changes every half minute. Who scans it gets a ticket in the own browser's
session, at the server's moment of the scan; a photo of the code leads nowhere soon after. What remains possible:
somebody in the hall sends the fresh code on within the half minute.
"""

from datetime import datetime
from io import BytesIO
from typing import Any, Final

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from courses.acts import taught
from courses.acts.class_reach import refuse, require_open, require_run
from courses.acts.turns import in_turn
from courses.models import (
    ClassMember,
    ClassSession,
    ClassSign,
    SessionCancelling,
    StudyEvent,
)
from courses.models.classes import CLASS_TAB
from courses.rules import classes as rules
from credit.acts import audit

SALT: Final = "courses.class"
CODE_LENGTH: Final = 24  # hex digits: 96 bits
Means = ClassSign.Means


# -- The code that changes ---------------------------------------------------------------------------------------


def code_of(session: int, way: str, now: datetime) -> str:
    """The code that the screen shows at ``now``."""
    return _code(session, way, rules.step(now))


def is_fresh(session: int, way: str, code: str, now: datetime) -> bool:
    """Whether it is a code of this session that is shown now, or was just before."""
    return any(
        constant_time_compare(code, _code(session, way, step)) for step in rules.steps_taken(now)
    )


def _code(session: int, way: str, step: int) -> str:
    said = f"{session}:{way}:{step}"
    return salted_hmac(SALT, said, algorithm="sha256").hexdigest()[:CODE_LENGTH]


def code_address(session: int, way: str, now: datetime) -> str:
    """Where the code on the screen leads, whole."""
    return whole(reverse("courses:class_scanned", args=[session, way, code_of(session, way, now)]))


def whole(path: str) -> str:
    """A path with the site's address before it."""
    return settings.BASE_URL.rstrip("/") + path


def qr(address: str) -> bytes:
    """An address as a QR in SVG, with the quiet zone that phones ask for."""
    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=4, scale=8)
    return picture.getvalue()


# -- Signing -----------------------------------------------------------------------------------------------------


@in_turn()
def sign(session: ClassSession, way: str, *, person: Any, at: datetime, now: datetime) -> ClassSign:
    """A member whose browser scanned the code at ``at``. Raises RefusedError."""
    member = _member(session, person)
    return _sign(session, way, member=member, at=at, now=now, means=Means.CODE)


@in_turn()
def sign_by_hand(
    session: ClassSession, way: str, *, member: ClassMember, by: Any, reason: str, now: datetime
) -> ClassSign:
    """Whoever runs the class signs for a learner without a phone, with the reason. Raises RefusedError."""
    require_run(by, session.training_class, timezone.localdate(now))
    if not reason.strip():
        raise refuse("请写明点名的原因，例如：手机没电")
    if member.person_id == by.pk:
        raise refuse("不能给自己点名，请扫码")
    made = _sign(
        session, way, member=member, at=now, now=now, means=Means.HAND, by=by,
        reason=reason.strip()[:200],
    )  # fmt: skip
    audit.log(
        "class.sign_by_hand", by=by, subject=made, enterprise=session.training_class.enterprise_id,
        way=rules.WAYS[way], reason=made.reason,
    )  # fmt: skip
    return made


def _member(session: ClassSession, person: Any) -> ClassMember:
    found = ClassMember.objects.filter(
        training_class=session.training_class_id, person=person
    ).first()
    if found is None:
        raise refuse("您还没有报名这个班，请先扫报名码")
    member: ClassMember = found
    return member


def _sign(
    session: ClassSession,
    way: str,
    *,
    member: ClassMember,
    at: datetime,
    now: datetime,
    means: str,
    by: Any = None,
    reason: str = "",
) -> ClassSign:
    require_open(session.training_class)
    if member.training_class_id != session.training_class_id:
        raise refuse("这名学员不在这个班里")
    if SessionCancelling.objects.filter(session=session).exists():
        raise refuse("这次课已经取消")
    signs = {one.way: one for one in ClassSign.objects.filter(session=session, member=member)}
    if way in signs:
        told = timezone.localtime(signs[way].at)
        raise refuse(f"已经{rules.WAYS[way]}了（{told:%H:%M}），不用再签")
    if way == rules.OUT and rules.IN not in signs:
        raise refuse("没有签到，不能签退。请找教员点名签到")
    if way == rules.IN and rules.OUT in signs:
        raise refuse("已经签退了")
    ruling = rules.may_sign(
        way, starts_at=timezone.localtime(session.starts_at),
        ends_at=timezone.localtime(session.ends_at), at=at, by_hand=means == Means.HAND,
    )  # fmt: skip
    if not ruling:
        raise refuse(ruling.reason)
    made: ClassSign = ClassSign.objects.create(
        session=session, member=member, way=way, means=means, at=at, by=by, reason=reason
    )
    if way == rules.OUT:
        _credit(signs[rules.IN], made, now)
    return made


# -- Hours -------------------------------------------------------------------------------------------------------


def _credit(came: ClassSign, left: ClassSign, now: datetime) -> None:
    """The time of the session in which somebody was there."""
    session = came.session
    taught.credit(
        came.member.enrolment, session.lesson, tab=CLASS_TAB, sequence=left.pk,
        kind=StudyEvent.Kind.CLASS, there=(came.at, left.at),
        within=(session.starts_at, session.ends_at),
        note=lambda more: _note(came, left, more), now=now,
    )  # fmt: skip


def _note(came: ClassSign, left: ClassSign, more: str) -> str:
    """What the learner reads in the own ledger."""
    signs = "，".join(
        f"{timezone.localtime(one.at):%H:%M} {one.get_means_display()}{one.get_way_display()}"
        for one in (came, left)
    )
    said = f"培训班《{came.session.training_class.title}》：{signs}"
    return "；".join(part for part in (said, more) if part)
