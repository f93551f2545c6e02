"""The text message's door: six digits, counted per phone from whichever session, and what happens
when a message does not leave.
"""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User

from .conftest import PASSWORD, is_in, last_code, log_in

Sent = list[tuple[str, str]]
SIGN_UP = {"phone": "13800000009", "password1": PASSWORD}


def wrong(code: str) -> str:
    """Another six digits."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def ask_for_code(client: Client, phone: str = "13800000000") -> None:
    answer = client.post("/accounts/login/code/", {"phone": phone})
    assert (answer.status_code, answer.url) == (302, "/accounts/login/code/confirm/")


def test_a_worker_signs_up_with_a_six_digit_code(client: Client, db: None, outbox: Sent):
    answer = client.post("/accounts/signup/", SIGN_UP)
    assert (answer.status_code, answer.url) == (302, "/accounts/phone/verify/")
    assert outbox[-1][0] == "+8613800000009"
    assert "10分钟内有效" in outbox[-1][1]
    answer = client.post("/accounts/phone/verify/", {"code": last_code(outbox)})
    assert (answer.status_code, answer.url) == (302, "/accounts/me/")
    worker = User.objects.get(phone="+8613800000009")
    assert worker.phone_verified
    assert [group.name for group in worker.groups.all()] == ["learner"]
    assert log_in(Client(), "13800000009") == 302


def test_a_code_opens_the_door_without_a_password(client: Client, db: None, outbox: Sent):
    User.objects.create_user("13800000000", phone_verified=True)
    ask_for_code(client)
    client.post("/accounts/login/code/confirm/", {"code": last_code(outbox)})
    assert is_in(client)


def test_full_width_digits_are_digits(client: Client, db: None, outbox: Sent):
    User.objects.create_user("13800000000", phone_verified=True)
    ask_for_code(client)
    wide = last_code(outbox).translate({48 + n: 0xFF10 + n for n in range(10)})
    client.post("/accounts/login/code/confirm/", {"code": wide})
    assert is_in(client)


def test_the_code_is_typed_on_a_number_pad_or_filled_in_by_the_phone(
    client: Client, db: None, outbox: Sent
):
    ask_for_code(client)
    page = client.get("/accounts/login/code/confirm/").content.decode()
    assert 'inputmode="numeric"' in page
    assert 'autocomplete="one-time-code"' in page


def test_wrong_codes_are_counted_across_new_sessions(db: None, outbox: Sent):
    User.objects.create_user("13800000000", phone_verified=True)
    sessions = [Client(), Client()]
    codes = []
    for session in sessions:
        ask_for_code(session)
        codes.append(last_code(outbox))
    for turn in range(5):
        which = turn % 2
        sessions[which].post("/accounts/login/code/confirm/", {"code": wrong(codes[which])})
    third = Client()
    ask_for_code(third)
    answer = third.post("/accounts/login/code/confirm/", {"code": last_code(outbox)})
    assert answer.context["form"].errors["code"] == ["验证码错误次数太多，请过5分钟再试。"]
    assert not is_in(third)


def test_wrong_sign_up_codes_count_for_the_login_code_too(db: None, outbox: Sent):
    first = Client()
    first.post("/accounts/signup/", SIGN_UP)
    for _ in range(5):
        first.post("/accounts/phone/verify/", {"code": wrong(last_code(outbox))})
    second = Client()
    ask_for_code(second, "13800000009")
    second.post("/accounts/login/code/confirm/", {"code": last_code(outbox)})
    assert not is_in(second)


def test_wrong_codes_leave_other_people_and_the_password_alone(db: None, outbox: Sent):
    User.objects.create_user("13800000000", PASSWORD, phone_verified=True)
    User.objects.create_user("13800000001", PASSWORD, phone_verified=True)
    guesser = Client()
    ask_for_code(guesser)
    for _ in range(5):
        guesser.post("/accounts/login/code/confirm/", {"code": wrong(last_code(outbox))})
    assert log_in(Client(), "13800000000") == 302
    other = Client()
    ask_for_code(other, "13800000001")
    other.post("/accounts/login/code/confirm/", {"code": last_code(outbox)})
    assert is_in(other)


def test_a_message_that_does_not_leave_is_said_and_logged(
    client: Client, db: None, dead_line: None, caplog: pytest.LogCaptureFixture
):
    User.objects.create_user("13800000000", phone_verified=True)
    answer = client.post("/accounts/login/code/", {"phone": "13800000000"}, follow=True)
    assert answer.redirect_chain == [("/accounts/login/code/", 302)]
    assert "短信发不出去，请稍后再试" in answer.content.decode()
    assert "text message to 138****0000 failed" in caplog.text
    assert "13800000000" not in "".join(
        r.getMessage() for r in caplog.records if r.name == "anxin.accounts"
    )
    assert client.get("/accounts/login/code/confirm/").url == "/accounts/login/code/"


def test_a_sign_up_without_message_leaves_nobody_behind(client: Client, db: None, dead_line: None):
    answer = client.post("/accounts/signup/", SIGN_UP, follow=True)
    assert answer.redirect_chain == [("/accounts/signup/", 302)]
    assert "短信发不出去，请稍后再试" in answer.content.decode()
    assert not User.objects.exists()
    assert "anxin_chosen_password" not in client.session


def test_a_second_message_that_does_not_leave_keeps_the_first_code(
    client: Client, db: None, outbox: Sent, monkeypatch: pytest.MonkeyPatch
):
    User.objects.create_user("13800000000", phone_verified=True)
    ask_for_code(client)
    monkeypatch.setattr("accounts.sms.send", _raise)
    answer = client.post("/accounts/login/code/confirm/", {"action": "resend"}, follow=True)
    assert "短信发不出去，请稍后再试" in answer.content.decode()
    client.post("/accounts/login/code/confirm/", {"code": last_code(outbox)})
    assert is_in(client)


def _raise(phone: str, text: str) -> None:
    raise OSError("no route to provider")


def test_one_phone_is_not_flooded(db: None, outbox: Sent):
    User.objects.create_user("13800000000", phone_verified=True)
    for _ in range(2):
        client = Client()
        ask_for_code(client)
        for _ in range(2):
            client.post("/accounts/login/code/confirm/", {"action": "resend"})
    assert len(outbox) == 6
    answer = Client().post("/accounts/login/code/", {"phone": "13800000000"}, follow=True)
    assert "请过10分钟再试" in answer.content.decode()
    assert len(outbox) == 6


def test_who_stopped_before_the_code_may_begin_again(db: None, outbox: Sent):
    Client().post("/accounts/signup/", SIGN_UP)
    client = Client()
    client.post("/accounts/signup/", {**SIGN_UP, "password1": "quite-another-9"})
    client.post("/accounts/phone/verify/", {"code": last_code(outbox)})
    assert is_in(client)
    assert log_in(Client(), "13800000009", "quite-another-9") == 302
    assert User.objects.count() == 1


def test_a_stranger_cannot_choose_my_password_first(db: None, outbox: Sent):
    stranger, me = Client(), Client()
    me.post("/accounts/signup/", SIGN_UP)
    mine = last_code(outbox)
    stranger.post("/accounts/signup/", {**SIGN_UP, "password1": "known-to-stranger-9"})
    me.post("/accounts/phone/verify/", {"code": mine})
    assert log_in(Client(), "13800000009", "known-to-stranger-9") == 200
    assert log_in(Client(), "13800000009") == 302


def test_a_sign_up_with_a_known_phone_tells_only_its_owner(client: Client, db: None, outbox: Sent):
    User.objects.create_user("13800000009", "an-older-one-9", phone_verified=True)
    answer = client.post("/accounts/signup/", SIGN_UP)
    assert (answer.status_code, answer.url) == (302, "/accounts/phone/verify/")
    assert "已经注册" in outbox[-1][1]
    assert User.objects.count() == 1


def test_a_forgotten_password_is_replaced_after_a_code(client: Client, db: None, outbox: Sent):
    User.objects.create_user("13800000000", "forgotten-one-9", phone_verified=True)
    ask_for_code(client)
    client.post("/accounts/login/code/confirm/", {"code": last_code(outbox)})
    assert "/accounts/password/new/" in client.get("/accounts/me/").content.decode()
    form = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/password/new/", form).url == "/accounts/me/"
    assert is_in(client)
    assert log_in(Client(), "13800000000") == 302


def test_a_new_password_without_a_code_needs_the_old_one(client: Client, db: None):
    client.force_login(User.objects.create_user("13800000000", PASSWORD, phone_verified=True))
    form = {"password1": "another-long-9", "password2": "another-long-9"}
    assert client.post("/accounts/password/new/", form).url == "/accounts/password/change/"


def test_a_learner_is_a_learner_even_where_the_group_was_lost(
    client: Client, db: None, outbox: Sent
):
    Group.objects.filter(name="learner").delete()
    client.post("/accounts/signup/", SIGN_UP)
    assert User.objects.get().groups.get().name == "learner"


@pytest.mark.parametrize("known", [True, False])
def test_a_code_asked_for_again_tells_nobody_who_has_an_account(
    client: Client, db: None, outbox: Sent, known: bool
):
    if known:
        User.objects.create_user("13800000000", phone_verified=True)
    ask_for_code(client)
    answer = client.post("/accounts/login/code/confirm/", {"action": "resend"})
    assert (answer.status_code, answer.url) == (302, "/accounts/login/code/confirm/")
    assert [phone for phone, _ in outbox] == ["+8613800000000"] * 2
    page = client.get("/accounts/login/code/confirm/").content.decode()
    assert 'value="/accounts/signup/"' in page


def test_no_code_is_right_for_a_phone_without_account(client: Client, db: None, outbox: Sent):
    ask_for_code(client)
    client.post("/accounts/login/code/confirm/", {"action": "resend"})
    for code in ("", "000000"):
        client.post("/accounts/login/code/confirm/", {"code": code})
    assert not is_in(client)
