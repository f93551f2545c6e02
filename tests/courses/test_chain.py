"""The ledger's chains: each event is the next of its person, and what a hand changes is found."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from courses.acts import chain
from courses.acts.enrolment import enrol
from courses.models import Enrolment, LessonProgress, StudyEvent
from courses.models.ledger import BEGINNING
from tests.courses.test_study import NOON, TAB, lesson_of, study_for


def by_hand(statement: str, *values: Any) -> None:
    """Run a statement as somebody would who took the guards away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE courses_studyevent DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS courses_study_event_is_written_once")
            cursor.execute("DROP TRIGGER IF EXISTS courses_study_event_stays")
        cursor.execute(statement, values)
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE courses_studyevent ENABLE TRIGGER USER")


def test_each_person_has_a_chain_of_their_own(enrolment: Enrolment, django_user_model: Any):
    other = enrol(
        enrolment.course, person=django_user_model.objects.create_user("13800000008", "x")
    )
    for one in (enrolment, other):
        study_for(one, lesson_of(one), 40)
    for one in (enrolment, other):
        events = list(StudyEvent.objects.filter(person=one.person).order_by("number"))
        assert [event.number for event in events] == [1, 2, 3]
        assert [event.previous for event in events] == [
            BEGINNING, events[0].digest, events[1].digest,
        ]  # fmt: skip
        assert all(event.digest == event.computed_digest() for event in events)
    assert list(chain.faults()) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE courses_studyevent SET credited_ms = 19999 WHERE number = 2", "第 2 条的内容与指纹不符"),
        ("UPDATE courses_studyevent SET note = 'x' WHERE number = 3", "第 3 条的内容与指纹不符"),
        ("DELETE FROM courses_studyevent WHERE number = 2", "第 2 条到第 2 条缺失"),
    ],
)  # fmt: skip
def test_what_a_hand_changes_is_found(enrolment: Enrolment, statement: str, fault: str):
    study_for(enrolment, lesson_of(enrolment), 60)
    by_hand(statement)
    found = list(chain.faults(enrolment.person_id))
    assert found[0] == f"学员 {enrolment.person_id}：{fault}"
    with pytest.raises(CommandError, match="处不符"):
        call_command("verify_ledger", stdout=StringIO(), stderr=StringIO())


def test_a_sum_that_the_events_do_not_give_is_found(enrolment: Enrolment):
    study_for(enrolment, lesson_of(enrolment), 60)
    LessonProgress.objects.update(credited_ms=3_600_000)
    assert list(chain.faults()) == [
        f"学员 {enrolment.person_id}：《第1课》记为 3600000 毫秒，各条加起来是 60000 毫秒"
    ]


def test_a_whole_ledger_is_told_with_its_size(enrolment: Enrolment):
    study_for(enrolment, lesson_of(enrolment), 60)
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue() == "核对了 1 人的 4 条学习记录\n"


@pytest.mark.parametrize("change", [{"number": 9}, {"previous": "f" * 64}])
def test_the_database_takes_only_the_next_event(enrolment: Enrolment, change: dict[str, Any]):
    study_for(enrolment, lesson_of(enrolment), 20)
    last = StudyEvent.objects.latest("number")
    event = StudyEvent(
        person=enrolment.person, enrolment=enrolment, lesson=lesson_of(enrolment), tab=TAB,
        kind="open", at=NOON, received_at=NOON,
    )  # fmt: skip
    event.follow(last.number, last.digest)
    for name, value in change.items():
        setattr(event, name, value)
    with pytest.raises(DatabaseError, match="only as the next"), transaction.atomic():
        event.save()


def test_the_database_adds_up_the_lesson_by_itself(enrolment: Enrolment):
    StudyEvent.objects.create(
        person=enrolment.person, enrolment=enrolment, lesson=lesson_of(enrolment), tab=TAB,
        kind="beat", at=NOON, credited_ms=7000, position=31,
    )  # fmt: skip
    found = LessonProgress.objects.values_list("lesson__title", "credited_ms", "position")
    assert list(found) == [("第1课", 7000, 31)]
