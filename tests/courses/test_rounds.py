"""A course is taken again: when the certificate runs out or was revoked, or when the office says so."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client

from courses.acts import certificates, exams, study
from courses.acts import enrolment as enrolments
from courses.models import Certificate, Enrolment, LessonProgress
from courses.templatetags.courses_tags import exam_card
from tests.courses.exam_kit import NOON, User, places_of, wrong_of
from tests.courses.exam_kit import enrol as studied
from tests.courses.test_certificates import certificate  # noqa: F401  # a passed exam
from tests.courses.test_exams_views import enrolment, learner  # noqa: F401
from tests.courses.test_office import as_role, snippet, told  # noqa: F401

EXPIRED = date(2027, 11, 24)
DUE = date(2027, 10, 24)


def fail(enrolment: Enrolment, times: int) -> None:  # noqa: F811
    """Sit the exam and get every answer wrong."""
    for number in range(times):
        now = NOON + timedelta(days=2 * number)
        attempt = exams.start(enrolment, learner=enrolment.person, now=now)
        for place in places_of(attempt):
            wrong = {"position": place.position, "chosen": wrong_of(place)}
            exams.save_answer(attempt, learner=enrolment.person, now=now, **wrong)
        exams.submit(attempt, learner=enrolment.person, now=now)


@pytest.mark.parametrize(
    ("today", "may"), [(DUE - timedelta(days=1), False), (DUE, True), (EXPIRED, True)]
)
def test_a_learner_trains_anew_when_the_certificate_is_due(
    certificate: Certificate,  # noqa: F811
    today: date,
    may: bool,
):
    first = certificate.enrolment
    if not may:
        with pytest.raises(exams.RefusedError, match="已经考试合格，不用再考；2027年10月24日起"):
            enrolments.renew(first, learner=first.person, today=today)
        return
    second = enrolments.renew(first, learner=first.person, today=today)
    assert (second.round, second.opened_by, bool(second.reason)) == (2, first.person, True)
    assert enrolments.renew(first, learner=first.person, today=today) == second
    assert enrolments.enrol(first.course, person=first.person) == second
    assert list(Enrolment.objects.current()) == [second]


def test_a_new_round_begins_empty_and_the_old_one_stays(certificate: Certificate):  # noqa: F811
    first = certificate.enrolment
    before = (study.studied_ms(first), first.attempts.count(), certificate.valid_until)
    type(first.course).objects.update(required_minutes=0)  # the new round has the new version
    first = Enrolment.objects.get(pk=first.pk)
    second = enrolments.renew(first, learner=first.person, today=EXPIRED)
    assert (study.studied_ms(second), second.attempts.count()) == (0, 0)
    assert not exams.readiness(second, now=NOON)
    LessonProgress.objects.create(
        enrolment=second, lesson=second.course.lessons().get(), finished_at=NOON
    )
    attempt = exams.start(second, learner=second.person, now=NOON + timedelta(days=366))
    assert attempt.number == 1
    with pytest.raises(exams.RefusedError, match="新一轮学习已经开始"):
        exams.start(first, learner=first.person, now=NOON + timedelta(days=366))
    certificate.refresh_from_db()
    after = (study.studied_ms(first), first.attempts.count(), certificate.valid_until)
    assert after == before


@pytest.mark.parametrize("retrain", [True, False])
def test_after_a_revocation_the_office_s_word_decides(
    certificate: Certificate,  # noqa: F811
    retrain: bool,
):
    first, today = certificate.enrolment, NOON.date()
    certificates.revoke(
        certificate, officer=first.person, reason="替考", today=today, retrain=retrain
    )
    ruling = enrolments.renewal(first, today=today)
    assert ruling is not None
    assert (bool(ruling), ruling.reason) == (
        (True, "证书已撤销，需要重新学习、重新考试")
        if retrain
        else (False, "证书已撤销，能不能重新学习，请联系培训单位")
    )
    assert exams.readiness(first, now=NOON).reason == ruling.reason


def test_the_learner_finds_the_button_on_the_pages(client: Client, certificate: Certificate):  # noqa: F811
    first = certificate.enrolment
    client.force_login(first.person)
    button = f'action="/learn/enrolments/{first.pk}/again/"'
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        assert button not in client.get("/learn/").content.decode()
    with time_machine.travel(NOON + timedelta(days=365), tick=False):
        client.force_login(first.person)
        page = client.get("/learn/").content.decode()
        assert "证书已于2027年11月23日到期，可以重新学习、重新考试" in page
        assert button in page
        card = exam_card({"csrf_token": "x"}, first)
        assert button in render_to_string("courses/_exam_card.html", card)
        answer = client.post(f"/learn/enrolments/{first.pk}/again/", follow=True)
        assert "新一轮学习开始了" in answer.content.decode()
        page = client.get(f"/learn/courses/{first.course_id}/hours/?round=1").content.decode()
    assert "一共计入 <strong>60 分钟</strong>" in page
    assert Enrolment.objects.count() == 2


def test_nobody_opens_a_round_for_somebody_else(client: Client, certificate: Certificate):  # noqa: F811
    client.force_login(User.objects.create_user("13800000077", "long-enough-9"))
    address = f"/learn/enrolments/{certificate.enrolment_id}/again/"
    assert client.post(address).status_code == 404


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_the_office_arranges_another_round_after_two_fails(
    as_role: Any,  # noqa: F811
    enrolment: Enrolment,  # noqa: F811
    role: str,
):
    client = as_role(role)
    address = snippet("enrolment", "edit", enrolment.pk)
    fail(enrolment, 1)
    page = client.post(address, {"reason": "再给一次"}).content.decode()
    assert "学员还有 1 次考试机会，不用重新安排" in page
    later = NOON + timedelta(days=2)
    attempt = exams.start(enrolment, learner=enrolment.person, now=later)
    exams.submit(attempt, learner=enrolment.person, now=later)
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.get(snippet("enrolment", "list")).status_code == 200
    page = told(client, client.post(address, {"reason": "补学后再考"}))
    assert "已安排新一轮。学员在“我的学习”里可以重新学习、考试；以前的记录都在。" in page
    second = Enrolment.objects.get(round=2)
    officer = User.objects.get(phone__endswith="13900000009")
    assert (second.person, second.reason, second.opened_by) == (
        enrolment.person,
        "补学后再考",
        officer,
    )
    assert "已经安排了新一轮" in client.post(address, {"reason": "又一次"}).content.decode()


def test_the_database_keeps_one_row_a_round_with_its_reason(enrolment: Enrolment):  # noqa: F811
    again = {"person": enrolment.person, "course": enrolment.course}
    with pytest.raises(IntegrityError), transaction.atomic():
        studied(enrolment.person, enrolment.course)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(**again, round=2)
    Enrolment.objects.create(**again, round=2, opened_by=enrolment.person, reason="到期")
