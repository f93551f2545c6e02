"""Codes are read as GB 32100-2015 says, and old numbers are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as reference

from credit.rules.uscc import (
    ALPHABET,
    Kind,
    UsccReading,
    check_character,
    make_uscc,
    organisation_check_character,
    read_uscc,
)

bodies = st.builds(
    lambda head, region, organisation: head + region + organisation,
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=8, max_size=8),
)


@pytest.mark.parametrize("number", ["91110000600037341L", "91320382MA1UUP3668"])
def test_worked_examples_are_valid(number):
    assert check_character(number[:17]) == number[17]
    assert organisation_check_character(number[8:16]) == number[16]
    assert make_uscc(number[:16]) == number
    assert read_uscc(number) == UsccReading(number, Kind.VALID)


def test_spaces_lower_case_and_full_width_are_cleaned():
    assert read_uscc(" ９１320382 ma1uup3668\n") == UsccReading("91320382MA1UUP3668", Kind.VALID)


@pytest.mark.parametrize("number", ["320321000012345", "320321NA000117X", "60003734-1"])
def test_old_numbers_are_kept_for_later(number):
    reading = read_uscc(number)
    assert (reading.number, reading.kind) == (number, Kind.LEGACY)
    assert "待核实" in reading.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "未填写统一社会信用代码"),
        ("123", "统一社会信用代码应为18位，现为3位"),
        ("9132038ZMA1UUP3668", "含有不允许的字符：Z（不使用 I、O、S、V、Z）"),
        ("9132038AMA1UUP3668", "第3至8位登记机关行政区划码应为数字"),
        ("91320382MA1UUP3678", "第17位组织机构代码校验码不符，请核对第9至17位"),
        ("91320382MA1UUP3669", "第18位校验码不符，请逐位核对"),
    ],
)
def test_faults_are_named(text, reason):
    assert read_uscc(text) == UsccReading(text, Kind.INVALID, reason)


@given(bodies)
def test_made_codes_are_valid_and_the_reference_agrees_where_it_reads_them(body):
    number = make_uscc(body)
    assert read_uscc(number) == UsccReading(number, Kind.VALID)
    if number[:8].isdigit():
        assert reference.is_valid(number)


@given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_found(body, place, other):
    number = make_uscc(body)
    changed = number[:place] + other + number[place + 1 :]
    expected = Kind.VALID if changed == number else Kind.INVALID
    assert read_uscc(changed).kind is expected


@given(st.text())
def test_any_text_is_read_without_an_exception(text):
    assert read_uscc(text).kind in Kind


@pytest.mark.parametrize("prefix", ["", "91320382MA1UUP3I", "91320382MA1UUP366"])
def test_making_a_code_from_a_wrong_prefix_is_refused(prefix):
    with pytest.raises(ValueError, match="expected 16 characters"):
        make_uscc(prefix)
