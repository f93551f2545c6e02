"""The cmi5 statements that are ours to make: launched, abandoned, waived, satisfied (cmi5 9.3, 9.6)."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from courses.acts.xapi.identity import accounts_of, agent_of, ourselves
from courses.acts.xapi.keeping import Draft, completed
from courses.models import AuSession, LearnerAccount, Registration
from courses.xapi import cmi5

DISPLAY: Final = {
    cmi5.SATISFIED: "达成",
    cmi5.LAUNCHED: "打开",
    cmi5.ABANDONED: "中断",
    cmi5.WAIVED: "免学",
}


def account_of(registration: Registration) -> LearnerAccount:
    """The account of the learner of a registration."""
    person = registration.enrolment.person_id
    accounts_of([person])
    return LearnerAccount.objects.get(person=person)


def context_of(
    registration: Registration, publisher: str, session_id: UUID | str, **extensions: Any
) -> dict[str, Any]:
    """The context of a cmi5 statement; ``extensions`` by the names that ``courses.xapi.cmi5`` gives them."""
    named = {getattr(cmi5, name.upper()): value for name, value in extensions.items()}
    return {
        "registration": str(registration.key),
        "contextActivities": {
            "category": [{"objectType": "Activity", "id": cmi5.CMI5}],
            "grouping": [{"objectType": "Activity", "id": publisher}],
        },
        "extensions": {cmi5.SESSION_ID: str(session_id), **named},
    }


def draft(
    registration: Registration,
    account: LearnerAccount,
    verb: str,
    thing: dict[str, Any],
    context: dict[str, Any],
    *,
    session: AuSession | None,
    at: datetime,
    result: dict[str, Any] | None = None,
) -> Draft:
    """One of our statements. One with a result that counts has the moveOn category (9.6.2.2)."""
    said: dict[str, Any] = {
        "id": str(uuid4()),
        "actor": agent_of(account),
        "verb": {"id": verb, "display": {"zh-CN": DISPLAY[verb], "en": verb.rpartition("/")[2]}},
        "object": thing,
        "context": context,
    }
    if result is not None:
        said["result"] = result
        if {"success", "completion"} & result.keys():
            moves_on = {"objectType": "Activity", "id": cmi5.MOVE_ON}
            context["contextActivities"]["category"].append(moves_on)
    body = completed(said, authority=ourselves(), stored=at)
    return Draft(body, {"account": account, "session": session, "defined": True})
