"""Certificates expire, can be revoked, and have numbers that survive being read aloud."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rules.exams import figures_in_force
from courses.rules.validity import (
    ALPHABET,
    NumberError,
    State,
    make_number,
    masked,
    parse_number,
    printed_number,
    renew_by,
    standing_of,
    valid_until,
)

ISSUED = date(2026, 11, 24)
secrets = st.text(ALPHABET, min_size=10, max_size=10)


@pytest.mark.parametrize(
    ("kind", "until"),
    [
        ("worker", date(2027, 11, 23)),
        ("manager", date(2029, 11, 23)),
        ("special_operator", date(2027, 11, 23)),
    ],
)
def test_each_kind_has_its_term(kind, until):
    assert valid_until(ISSUED, kind, figures_in_force(ISSUED)) == until


def test_renewal_is_asked_thirty_days_before():
    assert renew_by(date(2029, 11, 23), "manager", figures_in_force(ISSUED)) == date(2029, 10, 24)


@pytest.mark.parametrize(
    ("today", "revoked_on", "state", "reason"),
    [
        (date(2027, 11, 23), None, State.VALID, "这张证书真实有效，有效期至2027年11月23日"),
        (date(2027, 11, 24), None, State.EXPIRED, "这张证书已于2027年11月23日到期，现在无效"),
        (
            date(2027, 1, 2),
            date(2027, 1, 2),
            State.REVOKED,
            "这张证书已于2027年1月2日撤销，现在无效",
        ),
        (
            date(2027, 1, 1),
            date(2027, 1, 2),
            State.VALID,
            "这张证书真实有效，有效期至2027年11月23日",
        ),
    ],
)
def test_what_a_certificate_is_worth_on_a_day(today, revoked_on, state, reason):
    found, ruling = standing_of(
        until=date(2027, 11, 23), revoked_on=revoked_on, today=today, article="x"
    )
    assert (found, ruling.reason, ruling.allowed) == (state, reason, state is State.VALID)


@given(st.integers(2026, 2099), secrets)
def test_a_number_is_found_in_any_usual_writing(year, secret):
    number = make_number(year, secret)
    spoken = printed_number(number).lower().replace("0", "o").replace("1", "l")
    assert len(number) == 17
    assert parse_number(number) == parse_number(printed_number(number)) == number
    assert parse_number(f"  {spoken} ") == number
    assert parse_number("".join(chr(ord(mark) + 0xFEE0) for mark in number)) == number


@given(secrets, st.integers(2, 16), st.sampled_from(ALPHABET))
def test_every_single_slip_is_noticed(secret, place, other):
    number = make_number(2026, secret)
    slip = number[:place] + other + number[place + 1 :]
    if slip == number:
        return
    with pytest.raises(NumberError, match="有错字"):
        parse_number(slip)


@given(st.text(max_size=40))
def test_any_other_text_is_a_clear_error(text):
    if "AX" in text.upper() and len(text) >= 17:
        return
    with pytest.raises(NumberError, match="请对照证书再输入一次"):
        parse_number(text)


def test_only_ten_characters_of_the_alphabet_make_a_number():
    with pytest.raises(ValueError, match="ten characters"):
        make_number(2026, "short")


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("欧阳小明", "欧***"), ("张", "张*"), ("𬍛明", "𬍛*")]
)
def test_names_show_their_first_character(name, shown):
    assert masked(name) == shown
