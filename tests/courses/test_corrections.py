"""Corrections are visible entries by a named person; more time takes two; nobody reads beyond their right."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import DatabaseError, transaction
from django.test import Client

from courses.acts import chain, corrections, study
from courses.acts.exams import RefusedError
from courses.models import Correction, CorrectionLook, Enrolment, StudyEvent
from courses.models.corrections import OFFICE_TAB
from credit.models import AuditEntry, Employment, Enterprise, Jurisdiction, Posting
from credit.models.managers import EnterpriseManager
from tests.courses.test_study import NOON, lesson_of, post, study_for

REASON = "机房签到表显示中途离开"


def of_office(phone: str, name: str, *, role: str = "editor", place: Any = None) -> Any:
    from accounts.models import User

    person = User.objects.create_user(phone, "long-enough-9", phone_verified=True, real_name=name)
    person.groups.add(Group.objects.get(name=role))
    if place is not None:
        Posting.objects.create(officer=person, place=place)
    return User.objects.get(pk=person.pk)


@pytest.fixture
def editor(db: None) -> Any:
    return of_office("13900000001", "王编辑")


@pytest.fixture
def second(db: None) -> Any:
    return of_office("13900000002", "赵复核", role="reviewer")


@pytest.fixture
def studied(enrolment: Enrolment) -> Enrolment:
    """Ten minutes of the first lesson."""
    study_for(enrolment, lesson_of(enrolment), 600)
    return enrolment


def ask(enrolment: Enrolment, officer: Any, minutes: int) -> Correction:
    return corrections.ask(
        enrolment, lesson_of(enrolment), officer=officer, minutes=minutes, reason=REASON
    )


def test_time_is_taken_away_at_once_and_the_learner_reads_who_and_why(
    client: Client, studied: Enrolment, editor: Any
):
    ask(studied, editor, -4)
    assert study.studied_ms(studied) == 360_000
    assert list(chain.faults()) == []
    client.force_login(studied.person)
    page = client.get(f"/learn/courses/{studied.course_id}/hours/").content.decode()
    assert "更正：−4 分钟" in page
    assert f"原因：{REASON}" in page
    assert "王编辑 更正" in page
    assert "一共计入 <strong>6 分钟</strong>" in page
    entry = AuditEntry.objects.latest("number")
    assert (entry.verb, entry.actor) == ("hours.correct", editor)


def test_time_is_added_when_another_agrees(
    client: Client, studied: Enrolment, editor: Any, second: Any
):
    correction = ask(studied, editor, 30)
    assert study.studied_ms(studied) == 600_000
    client.force_login(studied.person)
    address = f"/learn/courses/{studied.course_id}/hours/"
    assert "等另一个人复核：加 30 分钟" in client.get(address).content.decode()
    with pytest.raises(RefusedError, match="加学时要由另一个人复核"):
        corrections.look(correction, officer=editor, agreed=True)
    corrections.look(correction, officer=second, agreed=True)
    assert study.studied_ms(studied) == 2_400_000
    with pytest.raises(RefusedError, match="已经有人复核"):
        corrections.look(correction, officer=second, agreed=True)
    page = client.get(address).content.decode()
    assert "更正：+30 分钟" in page
    assert "王编辑 更正，赵复核 复核" in page


def test_a_correction_that_is_refused_changes_nothing(studied: Enrolment, editor: Any, second: Any):
    correction = ask(studied, editor, 30)
    corrections.look(correction, officer=second, agreed=False, remark="没有凭据")
    assert study.studied_ms(studied) == 600_000
    assert not Correction.objects.waiting().exists()


def test_added_time_can_complete_a_course(studied: Enrolment, editor: Any, second: Any):
    for number in (1, 2, 3):
        begin = NOON + timedelta(hours=number)
        now = study_for(studied, lesson_of(studied, number), 60, begin)
        study.finish(studied, lesson_of(studied, number), tab=study_tab(), now=now)
    type(studied.course).objects.update(required_minutes=20)
    Enrolment.objects.update(finished_at=None)
    correction = ask(studied, editor, 10)
    corrections.look(correction, officer=second, agreed=True)
    studied.refresh_from_db()
    assert studied.finished_at is not None


def study_tab() -> Any:
    from tests.courses.test_study import TAB

    return TAB


def test_nobody_without_the_right_corrects(studied: Enrolment, django_user_model: Any):
    nobody = django_user_model.objects.create_user("13800000009", "long-enough-9")
    with pytest.raises(RefusedError, match="没有更正学时的权限"):
        ask(studied, nobody, -1)
    with pytest.raises(RefusedError, match="没有更正学时的权限"):
        ask(studied, studied.person, 1)


def event_of(correction: Correction, **change: Any) -> StudyEvent:
    one = StudyEvent(
        person=correction.enrolment.person, enrolment=correction.enrolment,
        lesson=correction.lesson, tab=OFFICE_TAB, sequence=correction.pk, kind="fix", at=NOON,
        credited_ms=correction.minutes * 60_000, note=REASON, by=correction.by,
    )  # fmt: skip
    for name, value in change.items():
        setattr(one, name, value)
    return one


def test_the_database_adds_no_time_that_one_person_alone_wants(
    studied: Enrolment, editor: Any, second: Any
):
    correction = ask(studied, editor, 30)
    with pytest.raises(DatabaseError, match="two people"), transaction.atomic():
        event_of(correction).save()
    for looker in (editor, studied.person):
        with pytest.raises(DatabaseError, match="two people"), transaction.atomic():
            CorrectionLook.objects.create(correction=correction, agreed=True, by=looker, at=NOON)
    CorrectionLook.objects.create(correction=correction, agreed=True, by=second, at=NOON)
    with pytest.raises(DatabaseError, match="corrected only by a correction"), transaction.atomic():
        event_of(correction, credited_ms=9_000_000).save()
    event_of(correction).save()
    with pytest.raises(DatabaseError), transaction.atomic():
        event_of(correction).save()  # once


def test_no_page_reports_in_the_office_s_name(client: Client, enrolment: Enrolment):
    client.force_login(enrolment.person)
    answer = post(client, lesson_of(enrolment), tab=str(OFFICE_TAB), open=True)
    assert answer.status_code == 400


# -- The pages ---------------------------------------------------------------------------------------------


def address_of(enrolment: Enrolment, side: str = "office/") -> str:
    return f"/learn/{side}people/{enrolment.person_id}/courses/{enrolment.course_id}/hours/"


def test_an_editor_corrects_on_the_learner_s_page(
    client: Client, studied: Enrolment, editor: Any, second: Any, as_staff: Any
):
    as_staff(client, editor)
    lesson = lesson_of(studied)
    said = {"lesson": lesson.pk, "change": "less", "minutes": 11, "reason": REASON}
    page = client.post(address_of(studied), said).content.decode()
    assert "这一课只记了 10 分钟，不能减 11 分钟" in page
    answer = client.post(address_of(studied), said | {"minutes": 2}, follow=True)
    assert "更正：−2 分钟" in answer.content.decode()
    answer = client.post(address_of(studied), said | {"change": "more"}, follow=True)
    page = answer.content.decode()
    assert "已经提交。另一个人复核同意后才加上。" in page
    assert "同意加上" not in page  # not one's own
    as_staff(client, second)
    assert "同意加上" in client.get(address_of(studied)).content.decode()
    look = f"/learn/office/corrections/{Correction.objects.waiting().get().pk}/look/"
    assert "请写明理由" in client.post(look, {"agreed": "no"}, follow=True).content.decode()
    page = client.post(look, {"agreed": "yes"}, follow=True).content.decode()
    assert "更正：+11 分钟" in page
    assert study.studied_ms(studied) == 19 * 60_000


@pytest.fixture
def worker(studied: Enrolment, enterprise: Enterprise) -> Enrolment:
    """The learner works for the enterprise."""
    Employment.objects.create(
        person=studied.person, enterprise=enterprise, position="worker", began_on=date(2026, 1, 1)
    )
    return studied


def test_officers_read_the_workers_of_their_places(
    client: Client, worker: Enrolment, enterprise: Enterprise, as_staff: Any
):
    there = Jurisdiction.objects.create(code="990002", name="远山区", kind="district")
    here = of_office("13900000003", "本区专员", role="credit_officer", place=enterprise.place)
    other = of_office("13900000004", "外区专员", role="credit_officer", place=there)
    as_staff(client, other)
    assert client.get(address_of(worker)).status_code == 404
    as_staff(client, here)
    assert "为什么李小明有 0.2 学时" in client.get(address_of(worker)).content.decode()
    with pytest.raises(RefusedError, match="不在您的辖区"):
        ask(worker, other, -1)


def test_the_employer_s_manager_reads_and_corrects_nothing(
    client: Client, worker: Enrolment, enterprise: Enterprise, editor: Any, django_user_model: Any
):
    manager = django_user_model.objects.create_user("13800000007", "long-enough-9")
    client.force_login(manager)
    address = address_of(worker, "")
    assert client.get(address).status_code == 404
    EnterpriseManager.objects.create(
        person=manager, enterprise=enterprise, paper="授权委托书", from_day=date(2026, 1, 1),
        appointed_by=editor,
    )  # fmt: skip
    page = client.get(address).content.decode()
    assert "为什么李小明有 0.2 学时" in page
    assert "写入更正" not in page
    assert client.post(address).status_code == 405
    assert client.get(address_of(worker)).status_code == 403


def test_a_stranger_reads_nobody_s_hours(client: Client, worker: Enrolment, django_user_model: Any):
    for side in ("", "office/"):
        assert client.get(address_of(worker, side)).status_code == 302
    client.force_login(django_user_model.objects.create_user("13800000009", "long-enough-9"))
    assert client.get(address_of(worker, "")).status_code == 404
    assert client.get(address_of(worker)).status_code == 403
    assert client.post("/learn/office/corrections/1/look/").status_code == 403


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_asks_the_same_queries_however_many_entries(
    client: Client, enrolment: Enrolment, editor: Any, count: int, django_assert_num_queries: Any
):
    for number in range(count):
        study_for(enrolment, lesson_of(enrolment), 120, NOON + timedelta(days=number))
    client.force_login(enrolment.person)
    address = f"/learn/courses/{enrolment.course_id}/hours/"
    client.get(address)
    # session, person, enrolment, its events and their second persons, sum, rounds, waiting, site
    with django_assert_num_queries(9):
        client.get(address)
    # session, person, enrolment, count and rows of the day
    with django_assert_num_queries(5):
        page = client.get(f"{address}?day=2026-11-24").content.decode()
    assert "2026年11月24日的每一条记录" in page
    assert "12:00:20 学习中 +20 秒" in page


def test_the_right_permissions_are_of_the_ledger_s_kinds(db: None):
    codes = {"correct_hours", "oversee_training"}
    assert Permission.objects.filter(codename__in=codes).count() == 2
