"""Opens a unit for a learner: a session of its own, what the unit may know of it, and a token that is given once.

Source: cmi5 sections 8 and 10.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.acts.exams import RefusedError
from courses.acts.xapi.callers import as_basic, hashed
from courses.acts.xapi.documents import Scope, put_launch_data
from courses.acts.xapi.identity import agent_of, home, registration_of, unit_iri
from courses.acts.xapi.keeping import keep
from courses.acts.xapi.satisfying import satisfy
from courses.acts.xapi.sessions import end_session
from courses.acts.xapi.telling import account_of, context_of, draft
from courses.models import (
    AuSession,
    AuSessionEnd,
    AuToken,
    Cmi5Unit,
    Enrolment,
    LearnerAccount,
    Registration,
    XapiStatement,
)
from courses.models.cmi5 import earned_in
from courses.xapi import cmi5
from credit.rules.ruling import Ruling

LASTS: Final = timedelta(hours=12)  # a session, at most
FETCH_WITHIN: Final = timedelta(minutes=15)
SALT: Final = "courses.cmi5.fetch"


@dataclass(frozen=True, slots=True)
class Launch:
    """A session that was opened, and the address that the learner's browser goes to."""

    session: AuSession
    url: str


def address_of(unit: Cmi5Unit) -> str:
    """Where a unit is opened, without launch parameters. Raises RefusedError for one that lies in a package."""
    if not urlsplit(unit.url).scheme:
        raise RefusedError(
            Ruling(False, "这个课件在课件包里，包里的课件还不能打开，请联系课程编辑", "")
        )
    return unit.url


@transaction.atomic
def launch(unit: Cmi5Unit, *, learner: Any, back: str, now: datetime | None = None) -> Launch:
    """A new session for ``learner``, who is enrolled; one that is still open is abandoned (9.3.6).

    ``back``: the address to which the unit leads on leaving. Raises RefusedError.
    """
    now = now or timezone.now()
    enrolment = _enrolment(unit, learner)
    base = address_of(unit)
    registration = registration_of(enrolment)
    Registration.objects.select_for_update().get(pk=registration.pk)
    account = account_of(registration)
    satisfy(
        registration, unit.structure, session=None, now=now
    )  # NotApplicable counts from the start
    for one in AuSession.objects.open().filter(registration=registration):
        _abandon(one, account, now)
    session = AuSession.objects.create(
        registration=registration,
        unit=unit,
        mode=_mode(enrolment, unit),
        at=now,
        expires_at=now + LASTS,
    )
    _tell_launched(session, account, base, now)
    put_launch_data(
        Scope.state(unit_iri(unit), agent_of(account), str(registration.key)),
        json.dumps(launch_data(session, back), ensure_ascii=False).encode(),
        now,
    )
    return Launch(session, launch_url(session, account, base))


def _enrolment(unit: Cmi5Unit, learner: Any) -> Enrolment:
    """The learner's newest round of the course; units of older imports cannot be opened."""
    found = Enrolment.objects.current().filter(person=learner, course=unit.structure.course_id)
    enrolment = found.select_related("person").first()
    if enrolment is None:
        raise RefusedError(Ruling(False, "您没有报名这门课，请先报名再打开课件", ""))
    if not Cmi5Unit.objects.in_force().filter(pk=unit.pk).exists():
        raise RefusedError(Ruling(False, "课件已经更新，请刷新页面再打开", ""))
    return enrolment


def _mode(enrolment: Enrolment, unit: Cmi5Unit) -> str:
    """Whoever met the unit's condition looks at it again without judgement (10.2.2)."""
    earned = earned_in(enrolment.pk, [unit.pk]).get(unit.pk, set())
    again = unit.move_on != "NotApplicable" and cmi5.is_satisfied(unit.move_on, earned)
    return cmi5.REVIEW if again else cmi5.NORMAL


def _extensions(session: AuSession, base: str) -> dict[str, Any]:
    """What a launched statement tells (9.6.3)."""
    unit = session.unit
    told: dict[str, Any] = {
        "launch_mode": session.mode,
        "launch_url": base,
        "launch_move_on": unit.move_on,
    }
    if unit.mastery is not None:
        told["mastery_score"] = float(unit.mastery)
    if unit.launch_parameters:
        told["launch_parameters"] = unit.launch_parameters
    return told


def unit_object(unit: Cmi5Unit) -> dict[str, Any]:
    """A unit as the object of a statement."""
    definition: dict[str, Any] = {"name": {"zh-CN": unit.title}}
    if ":" in unit.activity_type:
        definition["type"] = unit.activity_type
    return {"objectType": "Activity", "id": unit_iri(unit), "definition": definition}


def _tell_launched(session: AuSession, account: LearnerAccount, base: str, now: datetime) -> None:
    registration, unit = session.registration, session.unit
    context = context_of(registration, unit.publisher, session.key, **_extensions(session, base))
    keep(
        [
            draft(
                registration,
                account,
                cmi5.LAUNCHED,
                unit_object(unit),
                context,
                session=session,
                at=now,
            )
        ]
    )


def _abandon(session: AuSession, account: LearnerAccount, now: datetime) -> None:
    """The duration is from the launch to the last that the unit said (9.5.4.2)."""
    said = XapiStatement.objects.filter(session=session).order_by("-stored")
    last = said.values_list("stored", flat=True).first() or session.at
    seconds = max((last - session.at).total_seconds(), 0)
    unit = session.unit
    told = draft(
        session.registration,
        account,
        cmi5.ABANDONED,
        unit_object(unit),
        context_of(session.registration, unit.publisher, session.key),
        session=session,
        at=now,
        result={"duration": f"PT{seconds:.2f}S"},
    )
    keep([told])
    end_session(session, AuSessionEnd.How.ABANDONED, now)


def launch_data(session: AuSession, back: str) -> dict[str, Any]:
    """The LMS.LaunchData document (section 10)."""
    unit = session.unit
    template = context_of(session.registration, unit.publisher, session.key)
    del template["registration"], template["contextActivities"]["category"]
    data: dict[str, Any] = {
        "contextTemplate": template,
        "launchMode": session.mode,
        "moveOn": unit.move_on,
        "returnURL": back,
    }
    if unit.mastery is not None:
        data["masteryScore"] = float(unit.mastery)
    if unit.launch_parameters:
        data["launchParameters"] = unit.launch_parameters
    if unit.entitlement_key:
        data["entitlementKey"] = {"courseStructure": unit.entitlement_key}
    return data


def launch_url(session: AuSession, account: LearnerAccount, base: str) -> str:
    """The unit's address with the five parameters of 8.1; its own query stays in front."""
    key = signing.dumps(str(session.key), salt=SALT)
    parameters = {
        "endpoint": f"{home()}/xapi/",
        "fetch": f"{home()}/xapi/fetch?k={key}",
        "actor": json.dumps(agent_of(account), separators=(",", ":")),
        "registration": str(session.registration.key),
        "activityId": unit_iri(session.unit),
    }
    parts = urlsplit(base)
    query = "&".join(filter(None, [parts.query, urlencode(parameters)]))
    return urlunsplit(parts._replace(query=query))


class FetchError(Exception):
    """No token: with the code and the text that 8.2.3 asks for."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def fetch(key: str, now: datetime | None = None) -> str:
    """The token of a session, this once: it goes behind ``Basic``. Raises FetchError."""
    now = now or timezone.now()
    try:
        name = signing.loads(key, salt=SALT)
    except signing.BadSignature as error:
        raise FetchError("2", "领取令牌的地址不对，请回到平台重新打开课件") from error
    session = AuSession.objects.open().filter(key=name).first()
    if session is None or now > session.at + FETCH_WITHIN:
        raise FetchError("1", "课件打开太久或已经结束，请回到平台重新打开课件")
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            AuToken.objects.create(session=session, secret_hash=hashed(secret), at=now)
    except IntegrityError as error:
        raise FetchError("1", "令牌已经领过一次，请回到平台重新打开课件") from error
    return as_basic(name, secret)
