"""How many text messages leave: for one phone, from one place, in a day; and none is used up by strangers."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as given
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import tasks
from accounts.models import User

from .conftest import PASSWORD, is_in, last_code, log_in

Sent = list[tuple[str, str]]
NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
LIMITS = given.ACCOUNT_RATE_LIMITS


def ask(client: Client, phone: str = "13800000000") -> str:
    """Ask for a code; what the page says."""
    answer = client.post("/accounts/login/code/", {"phone": phone}, follow=True)
    return str(answer.content.decode())


def test_a_phone_is_left_alone_for_ten_minutes_and_then_for_the_day(db: None, outbox: Sent):
    said = []
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(4):
            said.append([ask(Client()) for _ in range(7)][-1])
            clock.shift(timedelta(minutes=10))
        assert ["请过10分钟再试" in page for page in said] == [True] * 4
        assert "请用密码登录，或者明天再试" in ask(Client())
        assert len(outbox) == 20
        clock.shift(timedelta(days=1))
        ask(Client())
    assert len(outbox) == 21


def test_strangers_use_up_nothing_of_the_owners(db: None, outbox: Sent):
    User.objects.create_user("13800000000", PASSWORD, phone_verified=True)
    mine = Client()
    log_in(mine, "13800000000")
    mine.post("/accounts/logout/")
    for _ in range(8):
        ask(Client())
        log_in(Client(), "13800000000", "wrong")
    assert len(outbox) == 6
    ask(mine)
    mine.post("/accounts/login/code/confirm/", {"code": last_code(outbox)})
    assert is_in(mine)
    mine.post("/accounts/logout/")
    assert log_in(mine, "13800000000") == 302
    assert log_in(Client(), "13800000000") == 200


def test_a_browser_is_known_for_its_own_phones_and_by_our_hand_only(db: None, outbox: Sent):
    User.objects.create_user("13800000000", PASSWORD, phone_verified=True)
    mine = Client()
    log_in(mine, "13800000000")
    cookie = mine.cookies["anxin_known"]
    assert (cookie["httponly"], cookie["samesite"], "138" in cookie.value[:6]) == (
        True,
        "Lax",
        False,
    )
    forged = Client()
    forged.cookies["anxin_known"] = cookie.value[:-1] + ("A" if cookie.value[-1] != "A" else "B")
    for _ in range(6):
        ask(Client())
    assert "请过10分钟再试" in ask(forged)
    for _ in range(6):
        ask(Client(), "13800000001")
    mine.post("/accounts/logout/")
    assert "请过10分钟再试" in ask(mine, "13800000001")


def test_three_hundred_people_in_one_hall_get_their_codes(db: None, outbox: Sent):
    for n in range(300):
        Client().post("/accounts/login/code/", {"phone": f"139{n:08}"})
    assert len({phone for phone, _ in outbox}) == 300


def test_a_machine_that_tries_phone_after_phone_is_stopped(db: None, outbox: Sent, settings: Any):
    assert LIMITS["sms_too_many_here"] == "600/h/key"
    settings.ACCOUNT_RATE_LIMITS = {**LIMITS, "sms_too_many_here": "2/h/key"}
    said = [ask(Client(), f"139{n:08}") for n in range(3)]
    assert [phone for phone, _ in outbox] == ["+8613900000000", "+8613900000001"]
    assert "从您这个网络发出的短信太多了" in said[-1]
    assert (
        Client(REMOTE_ADDR="192.0.2.9").post("/accounts/login/code/", {"phone": "13900000009"}).url
        == "/accounts/login/code/confirm/"
    )


def test_the_days_budget_is_said_and_logged_once(
    db: None, outbox: Sent, settings: Any, caplog: pytest.LogCaptureFixture
):
    settings.SMS_DAILY_MAX = 2
    with time_machine.travel(NOON, tick=False) as clock:
        said = [ask(Client(), f"139{n:08}") for n in range(4)]
        assert len(outbox) == 2
        assert "今天的短信已经发完" in said[-1]
        errors = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
        assert errors == ["SMS_DAILY_MAX reached: no text message leaves until tomorrow"]
        clock.shift(timedelta(days=1))
        ask(Client(), "13900000009")
    assert len(outbox) == 3


def test_sign_ups_never_finished_are_gone_after_a_day(db: None, outbox: Sent):
    form = {"phone": "13800000009", "password1": PASSWORD}
    with time_machine.travel(NOON, tick=False) as clock:
        Client().post("/accounts/signup/", form)
        learner = Group.objects.get(name="learner")
        for n, fields in enumerate([{"real_name": "李四"}, {"phone_verified": True}, {}]):
            person = User.objects.create_user(f"1390000000{n}", **fields)
            if fields:
                person.groups.add(learner)
        clock.shift(timedelta(hours=24))
        assert tasks.forget_unfinished() == 0
        clock.shift(timedelta(seconds=1))
        assert tasks.forget_unfinished() == 1
    assert [person.phone[-2:] for person in User.objects.all()] == ["00", "01", "02"]


def test_both_kinds_of_leftovers_are_swept_every_day():
    swept = {entry["task"] for entry in given.CELERY_BEAT_SCHEDULE.values()}
    assert {"accounts.forget_unfinished", "accounts.clear_sessions"} <= swept


def test_sessions_that_ran_out_are_swept(client: Client, db: None):
    with time_machine.travel(NOON, tick=False):
        client.force_login(User.objects.create_user("13800000000"))
    assert Session.objects.count() == 1
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        tasks.clear_sessions()
    assert Session.objects.count() == 0
