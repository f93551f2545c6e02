"""Names and identity numbers are read strictly, with advice; nothing is guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from accounts.identity import parse_id_number, parse_name

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" 张三 ", "张三"),
        ("㛃堃䶮𬍛", "㛃堃䶮𬍛"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("John  O'Neill", "John O'Neill"),
    ],
)
def test_names_as_on_the_card(text: str, name: str):
    assert parse_name(text) == name


@pytest.mark.parametrize(
    "text", ["", "张", "张3", "138", "张三!", "<b>张三</b>", "=张三", "·张三", "张_三"]
)
def test_other_names_are_refused_with_advice(text: str):
    with pytest.raises(ValueError, match="身份证上的姓名"):
        parse_name(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("360426199101010071", "360426199101010071"),
        (" 360426 19910101 0071 ", "360426199101010071"),
        ("３６０４２６１９９１０１０１００７１", "360426199101010071"),
        ("11010519491231002x", "11010519491231002X"),
    ],
)
def test_every_usual_writing_is_the_same_number(text: str, number: str):
    assert parse_id_number(text, TODAY) == number


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "18位"),
        ("36042619910101007", "18位"),
        ("360426910101007", "18位"),  # the 15 digits of before 1999 are no longer issued
        ("A60426199101010071", "18位"),
        ("360426199101010072", "写错了一位"),
        ("360426199102300070", "写错了一位"),
    ],
)
def test_other_numbers_are_refused_with_advice(text: str, advice: str):
    with pytest.raises(ValueError, match=advice):
        parse_id_number(text, TODAY)


def make(place: str, born: str) -> str:
    """A well-made number."""
    body = f"{place}{born}007"
    return body + ric.calc_check_digit(body + "0")


@pytest.mark.parametrize("place", ["360426", "810000", "830000", "932682"])
def test_people_from_everywhere_have_such_numbers(place: str):
    number = make(place, "19910101")
    assert parse_id_number(number, TODAY) == number


@pytest.mark.parametrize("born", ["20261125", "18991231", "19910230", "19911301"])
def test_nobody_is_born_tomorrow_or_on_no_day(born: str):
    with pytest.raises(ValueError, match="写错了一位"):
        parse_id_number(make("360426", born), TODAY)


@given(st.text(max_size=25))
def test_any_text_is_a_number_or_a_clear_error(text: str):
    try:
        answer = parse_id_number(text, TODAY)
    except ValueError as fault:
        answer = str(fault)
    assert len(answer) == 18 or answer.startswith("身份证号")
