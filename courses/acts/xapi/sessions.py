"""What a unit's session may say, and what comes of it: results, the end, satisfied blocks and courses.

A result earns no time: hours are the ledger's, by the server's clock (docs/decisions/0039).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from courses.acts.xapi.identity import agent_of, unit_iri
from courses.acts.xapi.keeping import Draft
from courses.acts.xapi.satisfying import satisfy
from courses.models import AuSession, AuSessionEnd, Registration, UnitResult, XapiStatement
from courses.models.cmi5 import earned_in
from courses.xapi import cmi5
from courses.xapi.faults import FaultError, forbidden

RESULTS: Final = {
    cmi5.COMPLETED: UnitResult.Verb.COMPLETED,
    cmi5.PASSED: UnitResult.Verb.PASSED,
    cmi5.FAILED: UnitResult.Verb.FAILED,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """A session whose registration nobody else writes meanwhile, and what the rules know of it."""

    session: AuSession
    rules: cmi5.Session


def take_turn(session: AuSession) -> Turn:
    """Wait for the registration, then read how far the session is. Three queries. Raises FaultError."""
    Registration.objects.select_for_update().get(pk=session.registration_id)
    end = AuSessionEnd.objects.filter(session=session).first()
    if end is not None and end.how == AuSessionEnd.How.ABANDONED:
        raise forbidden("", "这次学习已被新打开的课件代替，请回到平台重新打开")
    said = XapiStatement.objects.filter(session=session, defined=True)
    unit, person = session.unit, session.registration.enrolment.person
    rules = cmi5.Session(
        actor=agent_of(person.learner_account),
        registration=str(session.registration.key),
        activity=unit_iri(unit),
        publisher=unit.publisher,
        session=str(session.key),
        mode=session.mode,
        mastery=unit.mastery,
        said={
            verb: at for verb, at in said.values_list("verb", "said_at") if verb not in cmi5.OF_US
        },
        earned=earned_in(session.registration.enrolment_id, [unit.pk]).get(unit.pk, set()),
        ended_at=end.at if end else None,
    )
    return Turn(session, rules)


def judge_all(drafts: Sequence[Draft], turn: Turn, now: datetime) -> None:
    """Every statement by the rules, in its order. Raises FaultError."""
    account = turn.session.registration.enrolment.person.learner_account
    for place, one in enumerate(drafts):
        try:
            defined = cmi5.judge(one.said, turn.rules, now)
        except FaultError as fault:
            if len(drafts) > 1:
                fault.where = f"[{place}] {fault.where}".strip()
            raise
        one.columns |= {"session": turn.session, "account": account, "defined": defined}


def earn(drafts: Sequence[Draft], turn: Turn, now: datetime) -> None:
    """Write what cmi5-defined statements mean; nothing for a batch without one."""
    session, defined = turn.session, [one for one in drafts if one.columns["defined"]]
    results = [one for one in defined if one.body["verb"]["id"] in RESULTS]
    UnitResult.objects.bulk_create(
        [
            UnitResult(
                registration_id=session.registration_id,
                unit_id=session.unit_id,
                verb=RESULTS[one.body["verb"]["id"]],
                session=session,
                statement_id=UUID(one.id),
                at=now,
            )
            for one in results
        ]
    )
    if any(one.body["verb"]["id"] == cmi5.TERMINATED for one in defined):
        end_session(session, AuSessionEnd.How.TERMINATED, now)
    if results:
        satisfy(session.registration, session.unit.structure, session=session, now=now)


def end_session(session: AuSession, how: str, now: datetime) -> None:
    """Write how it ended."""
    AuSessionEnd.objects.create(session=session, how=how, at=now)
