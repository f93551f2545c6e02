"""Reminders at 60, 30 and 7 days, escalation after the day: message, text and mail, once for each occasion."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses import tasks
from courses.acts import mails, obligations, reminders
from courses.models import MailOrder, Obligation, ObligationNotice, OutsideProof
from credit.acts import texts
from credit.models import Enterprise, EnterpriseManager, Message, Sector, TextOrder
from tests.courses.obligation_kit import TODAY, a_person, at_work

DUE = date(2027, 2, 1)
EVERYBODY = (0, 2**40)


@pytest.fixture
def manager(enterprise: Enterprise) -> Any:
    person = a_person(90, real_name="周管理")
    EnterpriseManager.objects.create(
        person=person, enterprise=enterprise, paper="授权委托书", from_day=date(2026, 1, 1),
        appointed_by=person,
    )  # fmt: skip
    return person


@pytest.fixture
def owed(enterprise: Enterprise, learner: Any) -> Obligation:
    """One thing, due on the first of February."""
    enterprise.sector = Sector.objects.create(code="trade", name="商贸服务")
    enterprise.save()
    at_work(enterprise, learner, began_on=DUE)
    obligations.refresh([enterprise.pk], today=TODAY)
    return Obligation.objects.get()


def remind(day: date) -> int:
    return reminders.remind_range(*EVERYBODY, today=day)


def told() -> list[tuple[str, str, str]]:
    return list(Message.objects.order_by("pk").values_list("to__real_name", "kind", "title"))


def test_a_learner_hears_three_times_before_and_once_after_and_so_does_the_manager(
    owed: Obligation, manager: Any
):
    heard = {}
    for days in range(70, -10, -1):
        if new := remind(DUE - timedelta(days=days)):
            heard[days] = new
    assert heard == {60: 1, 30: 1, 7: 1, -1: 2}
    assert told() == [
        ("李小明", "training-due", "1 项安全培训要在 60 天内学完"),
        ("李小明", "training-due", "1 项安全培训要在 30 天内学完"),
        ("李小明", "training-due", "1 项安全培训要在 7 天内学完"),
        ("李小明", "training-overdue", "1 项安全培训已过期，请尽快补上"),
        ("周管理", "training-staff", "1 人的安全培训已过期，请安排补训"),
    ]
    last = Message.objects.get(kind="training-staff")
    assert last.body.startswith("李小明：上岗前安全培训，期限2027年2月1日\n")
    assert last.enterprise == owed.employment.enterprise
    marks = ObligationNotice.objects.order_by("pk").values_list("mark", flat=True)
    assert list(marks) == ["60", "30", "7", "overdue"]


def test_a_day_on_which_nothing_ran_is_caught_up_once(owed: Obligation):
    assert remind(DUE - timedelta(days=55)) == 1
    assert remind(DUE - timedelta(days=54)) == 0


def test_what_was_met_is_not_reminded_of(owed: Obligation, enterprise: Enterprise):
    OutsideProof.objects.create(
        employment=owed.employment, requirement=owed.requirement, done_on=TODAY, hours=24,
        paper="岗前培训记录", by=owed.employment.person,
    )  # fmt: skip
    obligations.refresh([enterprise.pk], today=TODAY)
    assert remind(DUE - timedelta(days=7)) == 0


def test_text_and_mail_leave_with_the_message(
    owed: Obligation, learner: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
):
    learner.email = "li@example.com"
    learner.save()
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr("accounts.sms.send", lambda phone, words: sent.append((phone, words)))
    remind(DUE - timedelta(days=7))
    assert (TextOrder.objects.count(), MailOrder.objects.count()) == (1, 1)
    texts.send_due()
    tasks.send_mails()
    tasks.send_mails()
    assert sent == [(learner.phone, "【安信】您有一条安全培训新消息，请登录查看。")]
    assert [(one.to, one.subject) for one in mail.outbox] == [
        (["li@example.com"], "【安信】1 项安全培训要在 7 天内学完")
    ]
    assert "上岗前安全培训，期限2027年2月1日，依据：生产经营单位安全培训规定" in str(
        mail.outbox[0].body
    )
    assert f"{settings.BASE_URL}/learn/obligations/" in str(mail.outbox[0].body)


def test_a_mail_that_fails_is_tried_again(
    owed: Obligation, learner: Any, monkeypatch: pytest.MonkeyPatch
):
    learner.email = "li@example.com"
    learner.save()
    remind(DUE - timedelta(days=7))

    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError("no route")

    with monkeypatch.context() as patch:
        patch.setattr(mails, "send_mail", broken)
        assert mails.send_due() == 0
    order = MailOrder.objects.get()
    assert (order.tries, order.fault) == (1, "OSError: no route")
    assert mails.send_due(order.next_at) == 1


@pytest.mark.parametrize("people", [1, 3, 30])
def test_many_are_told_with_the_same_statements(enterprise: Enterprise, manager: Any, people: int):
    enterprise.sector = Sector.objects.create(code="trade", name="商贸服务")
    enterprise.save()
    for number in range(people):
        at_work(enterprise, a_person(number), began_on=TODAY)
    obligations.refresh([enterprise.pk], today=TODAY)
    with CaptureQueriesContext(connection) as asked:
        assert remind(TODAY + timedelta(days=31)) == people + 1
    assert len(asked) == 15
    assert Message.objects.get(kind="training-staff").title.startswith(f"{people} 人的")


def test_the_tasks_cut_the_register_and_may_run_twice(
    enterprise: Enterprise, learner: Any, django_capture_on_commit_callbacks: Any, settings: Any
):
    at_work(enterprise, learner)
    parts = list(obligations.ranges())
    day = TODAY.isoformat()
    for _ in range(2):
        for first, last in parts:
            tasks.refresh_partition(first, last, day)
            tasks.remind_partition(first, last, day)
    assert (Obligation.objects.count(), Message.objects.count()) == (4, 1)
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"courses.refresh_obligations", "courses.remind", "courses.send_mails"} <= names
