"""Statements of our own facts: each once, none forgotten, no name in them; and who reads whose."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.acts import exams
from courses.acts.certificates import revoke
from courses.acts.corrections import ask
from courses.acts.enrolment import enrol
from courses.acts.study import finish, report
from courses.acts.xapi import deriving
from courses.acts.xapi.identity import accounts_of, agent_of, registrations_of
from courses.models import Certificate, CoursePage, DerivedUpTo, Enrolment, XapiStatement
from courses.tasks import tell_of_learning
from credit.models import Employment, Enterprise, Jurisdiction
from tests.courses.exam_kit import places_of, right_of, small_exam
from tests.courses.xapi_kit import administrator, statement, system

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    """The facts that have statements, with the last part of the verb."""
    rows = XapiStatement.objects.exclude(fact="").order_by("stored", "id")
    return [(one.fact, one.verb.replace(":", "/").rpartition("/")[2]) for one in rows]


def study_all(enrolment: Enrolment) -> None:
    """Three lessons of a minute."""
    now = timezone.now() - timedelta(hours=2)
    for place, lesson in enumerate(enrolment.course.lessons()):
        tab, begin = uuid4(), now + timedelta(minutes=10 * place)
        report(enrolment, lesson, tab=tab, kind="open", now=begin)
        for half in range(1, 4):
            report(enrolment, lesson, tab=tab, now=begin + timedelta(seconds=30 * half))
        finish(enrolment, lesson, tab=tab, now=begin + timedelta(minutes=2))


def test_what_was_learned_is_told_once(enrolment: Enrolment) -> None:
    """Enrolled, opened, finished; the second run finds nothing, and the third what is new."""
    study_all(enrolment)
    enrolment.refresh_from_db()
    assert enrolment.finished_at is not None
    assert deriving.derive() == 8
    assert told() == [
        ("enrolled", "registered"),
        *[("opened", "launched")] * 3,
        *[("lesson finished", "completed")] * 3,
        ("course finished", "completed"),
    ]
    assert deriving.derive() == 0
    lesson = enrolment.course.lessons().first()
    ask(enrolment, lesson, officer=administrator(), minutes=-1, reason="李小明当时不在场")
    assert tell_of_learning() == 1
    row = XapiStatement.objects.get(fact="hours corrected")
    assert json.loads(row.body)["result"] == {
        "extensions": {"urn:anxin:xapi:extension:minutes": -1}
    }
    assert "李小明" not in row.body


def test_a_row_that_was_committed_late_is_not_forgotten(
    course: CoursePage, enrolment: Enrolment
) -> None:
    """Numbers are given before transactions end: the rows before the last one are looked at again."""
    DerivedUpTo.objects.create(fact="enrolled", last=enrolment.pk + 3)
    enrol(course, person=administrator())
    assert deriving.derive() == 2


def test_statements_name_nobody(enrolment: Enrolment, learner: Any) -> None:
    """An account with a number that says nothing; the same in every statement."""
    study_all(enrolment)
    deriving.derive()
    bodies = [json.loads(one) for one in XapiStatement.objects.values_list("body", flat=True)]
    name = accounts_of([learner.pk])[learner.pk]
    assert {json.dumps(one["actor"]) for one in bodies} == {json.dumps(agent_of(name))}
    assert {one["context"]["registration"] for one in bodies} == {
        str(registrations_of([enrolment.pk])[enrolment.pk])
    }
    for body in XapiStatement.objects.values_list("body", flat=True):
        assert learner.real_name not in body
        assert "13800000000" not in body


def test_exams_and_certificates(enrolment: Enrolment, learner: Any) -> None:
    """Attempted, passed or failed with the score, earned, revoked."""
    study_all(enrolment)
    small_exam(enrolment.course)
    enrolment.refresh_from_db()
    now = timezone.now()
    attempt = exams.start(enrolment, learner=learner, now=now)
    deriving.derive()
    assert told()[-1] == ("attempted", "attempted")
    answers = {place.position: right_of(place) for place in places_of(attempt)}
    exams.save_page(attempt, learner=learner, answers=answers, now=now)
    exams.submit(attempt, learner=learner, now=now + timedelta(minutes=1))
    deriving.derive()
    assert told()[-2:] == [("judged", "passed"), ("certificate earned", "earned")]
    body = json.loads(XapiStatement.objects.get(fact="judged").body)
    assert body["result"]["score"] == {"raw": 100, "min": 0, "max": 100, "scaled": 1.0}
    certificate = Certificate.objects.get()
    revoke(
        certificate, officer=administrator(), reason="考试作弊，经核实", today=timezone.localdate()
    )
    deriving.derive()
    assert told()[-1] == ("certificate revoked", "revoked")
    assert deriving.derive() == 0


def test_a_run_costs_the_same_whatever_the_number(course: CoursePage) -> None:
    """Set-based: the same statements to the database for one enrolment and for thirty."""
    counts = []
    for many in (1, 3, 30):
        for _ in range(many):
            person = get_user_model().objects.create_user(
                f"137{uuid4().int % 10**8:08}", "long-enough-9", real_name="王工"
            )
            enrol(course, person=person)
        with CaptureQueriesContext(connection) as asked:
            assert deriving.derive() == many
        counts.append(len(asked))
    # The first run also writes down where it began; PostgreSQL asks for a lock.
    once = 35 + (connection.vendor == "postgresql")
    assert counts[1:] == [once, once], counts


def test_facts_of_ours_are_told_by_us_alone(enrolment: Enrolment) -> None:
    """Two statements of one fact, or one by a key, are refused by the database."""
    from django.db import IntegrityError, transaction

    deriving.derive()
    row = XapiStatement.objects.get()
    columns = {"stored": row.stored, "said_at": row.said_at, "verb": row.verb, "body": "{}"}
    with pytest.raises(IntegrityError), transaction.atomic():
        XapiStatement.objects.create(fact="enrolled", fact_id=row.fact_id, **columns)
    key_caller = system()
    key_caller.post(statement())
    key = XapiStatement.objects.exclude(key=None).get().key
    with pytest.raises(IntegrityError), transaction.atomic():
        XapiStatement.objects.create(fact="enrolled", fact_id=999, key=key, **columns)


# -- Who reads and writes about whom ---------------------------------------------------------------------------


@pytest.fixture
def other_street(district: Jurisdiction) -> Jurisdiction:
    """A second street."""
    return Jurisdiction.objects.create(
        code="990001002", name="山前街道", kind="street", parent=district
    )


def test_a_key_of_a_place_reaches_who_works_there(
    enrolment: Enrolment, learner: Any, enterprise: Enterprise, other_street: Jurisdiction
) -> None:
    """Another street, and another person, are not there for it."""
    Employment.objects.create(
        person=learner, enterprise=enterprise, position="worker", began_on=timezone.localdate()
    )
    deriving.derive()
    here, there, all_over = system(place=enterprise.place), system(place=other_street), system()
    [mine] = here.found()
    assert there.found() == []
    assert all_over.found() == [mine]
    assert there("GET", "statements", statementId=mine).status_code == 404
    actor = agent_of(accounts_of([learner.pk])[learner.pk])
    said = statement(actor=actor)
    assert here.post(said).status_code == 200
    refused = there.post(said)
    assert (refused.status_code, "属地" in refused.json()["error"]) == (403, True)
    scope = {"activityId": "https://example.com/a", "agent": json.dumps(actor), "stateId": "s"}
    assert here("PUT", "activities/state", {}, **scope).status_code == 204
    assert there("GET", "activities/state", **scope).status_code == 403
    assert there("PUT", "activities/state", {}, **scope).status_code == 403


def test_a_key_speaks_of_nobody_unknown_and_of_no_registration_of_another(
    course: CoursePage, enrolment: Enrolment, learner: Any
) -> None:
    """Forged actors and registrations are refused; other systems' registrations stay their own matter."""
    other = enrol(course, person=administrator())
    keys = registrations_of([enrolment.pk, other.pk])
    actor = agent_of(accounts_of([learner.pk])[learner.pk])
    lrs = system()
    unknown = statement(actor=agent_of(str(uuid4())))
    assert lrs.post(unknown).status_code == 403
    assert lrs.post(statement(actor=agent_of("no-uuid"))).status_code == 403
    mine = {"registration": str(keys[enrolment.pk])}
    assert lrs.post(statement(actor=actor, context=mine)).status_code == 200
    for registration in (str(keys[other.pk]), str(uuid4())):
        forged = statement(actor=actor, context={"registration": registration})
        answer = lrs.post(forged)
        assert (answer.status_code, "报名" in answer.json()["error"]) == (403, True)
    stranger = statement(context=mine)
    assert lrs.post(stranger).status_code == 403
    assert lrs.post(statement(context={"registration": str(uuid4())})).status_code == 200
