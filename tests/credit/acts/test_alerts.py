"""Mail alerts: nobody is written to who did not confirm, and a digest tells each change once."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from credit import tasks
from credit.acts import alerts
from credit.models import Accident, Alert, Enterprise
from tests.credit.acts.test_scores import make
from tests.credit.casework import LATER, NEXT_DAY, hide_accident, published, removed

READER = "Reader@example.cn"
pytestmark = pytest.mark.django_db


def ask(target: Any = "black", address: str = READER) -> Alert | None:
    return alerts.subscribe(address, target, now=timezone.now())


def link(purpose: str) -> str:
    found = re.search(rf"/credit/alerts/{purpose}/(\S+)/", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def confirmed(target: Any = "black", address: str = READER, today: date = LATER) -> Alert:
    alert = ask(target, address)
    assert alert is not None
    tasks.send_alert_confirmation(alert.pk)
    found = alerts.confirm(link("confirm"), today=today)
    assert found is not None
    mail.outbox.clear()
    return found


def test_an_alert_counts_only_when_the_link_of_its_mail_was_opened(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    alert = ask()
    assert alert is not None
    tasks.send_alert_confirmation(alert.pk)
    assert [message.to for message in mail.outbox] == [[READER]]
    published(enterprise, opener, decider)
    assert alerts.send_digests(LATER) == 0
    assert alerts.confirm(link("confirm"), today=LATER) == alert
    assert alerts.send_digests(LATER) == 0  # what stood when it was confirmed is known


def test_the_address_is_sealed_and_found_in_any_case_of_letters(db: None):
    alert = ask()
    assert alert is not None
    assert READER not in alert.address_sealed
    assert Alert.objects.get().address == READER
    assert list(Alert.objects.of_address("reader@EXAMPLE.cn")) == [alert]
    assert "example" not in str(alert)


def test_a_digest_tells_each_change_once_and_a_removal_in_three_characters(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    confirmed()
    entry = published(enterprise, opener, decider)
    assert alerts.send_digests(NEXT_DAY) == 1
    assert alerts.send_digests(NEXT_DAY) == 0
    [added] = mail.outbox
    assert f"新增 {enterprise.name}：2026-11-16 列入黑名单" in added.body
    assert f"/credit/black/{entry.pk}/" in added.body
    removed(entry, opener, decider, today=NEXT_DAY)
    assert alerts.send_digests(NEXT_DAY) == 0  # one mail a day
    assert alerts.send_digests(NEXT_DAY + timedelta(days=1)) == 1
    [line] = [line for line in str(mail.outbox[1].body).splitlines() if enterprise.name in line]
    assert line == f"{enterprise.name}：已移出"
    for hidden in ("瞒报", "云应急列", "2026-11", "/credit/black/"):
        assert hidden not in mail.outbox[1].body


def test_one_address_gets_one_mail_for_all_that_it_asked_for(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    for target in ("black", enterprise.place, enterprise, enterprise.place.parent):
        confirmed(target)
    confirmed("red")
    published(enterprise, opener, decider)
    assert alerts.send_digests(NEXT_DAY) == 1
    [message] = mail.outbox
    assert str(message.body).count("新增") == 1
    assert str(message.body).count("/credit/alerts/stop/") == 4
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_link_of_any_mail_ends_the_alert_and_its_address(db: None):
    alert = ask()
    assert alert is not None
    tasks.send_alert_confirmation(alert.pk)
    alerts.stop(link("stop"))
    assert Alert.objects.count() == 0
    alerts.stop(link("stop"))
    assert alerts.confirm(link("confirm"), today=LATER) is None


@pytest.mark.parametrize("token", ["", "x", "1:2:3"])
def test_a_link_that_is_none_of_ours_does_nothing(db: None, token: str):
    confirmed()
    alerts.stop(token)
    assert alerts.confirm(token, today=LATER) is None
    assert Alert.objects.count() == 1


def test_a_link_to_end_does_not_confirm_and_none_confirms_after_three_days(db: None):
    with time_machine.travel("2026-11-16 09:00+08:00", tick=False):
        alert = ask()
        assert alert is not None
        tasks.send_alert_confirmation(alert.pk)
    with time_machine.travel("2026-11-19 09:00:02+08:00", tick=False):
        assert alerts.confirm(link("stop"), today=LATER) is None
        assert alerts.confirm(link("confirm"), today=LATER) is None
        tasks.send_alerts()
    assert Alert.objects.count() == 0


def test_a_stranger_fills_nobodys_box(enterprise: Enterprise):
    with time_machine.travel("2026-11-16 09:00+08:00", tick=False):
        assert ask() is not None
        assert ask() is None  # the same again
        others = make(enterprise.place, enterprise.sector, 6)
        assert [ask(firm) is not None for firm in others] == [True] * 4 + [False] * 2
        assert ask("black", "another@example.cn") is not None


def test_a_mail_that_does_not_leave_is_tried_again(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    confirmed()
    published(enterprise, opener, decider)
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", _refuse)
        assert alerts.send_digests(NEXT_DAY) == 0
    assert alerts.send_digests(NEXT_DAY) == 1


def _refuse(*_: Any) -> None:
    raise ConnectionRefusedError


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_nightly_question_does_not_grow_with_the_list(
    enterprise: Enterprise, opener: Any, decider: Any, count: int, django_assert_num_queries: Any
):
    confirmed()
    for place, firm in enumerate(make(enterprise.place, enterprise.sector, count)):
        hide_accident(firm, f"SG-{place}")
        published(firm, opener, decider, number=str(place))
    # entries, alerts; then for the one address: savepoint, who is free, what is known, release
    with django_assert_num_queries(6):
        assert alerts.send_digests(NEXT_DAY) == 1
