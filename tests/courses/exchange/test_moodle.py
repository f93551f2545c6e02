"""Moodle XML: every kind comes back as it was, pictures too; what cannot be read is named."""

import base64
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.exchange import moodle, moodle_out
from courses.exchange.batch import UnreadableError
from courses.rules.bodies import Area, Blanks, Model, Number, Spots
from courses.rules.items import Item
from tests.courses.exchange_kit import batch, different, media_of, told
from tests.courses.item_kit import PICTURE, PICTURE_BYTES, items, steady


@steady
@given(st.lists(items(), min_size=1, max_size=5).map(different))
def test_moodle_keeps_every_kind_with_its_picture(found: list[Item]):
    written = moodle_out.write(found, media_of(found), "题库")
    again = moodle.read(written.content, batch())
    assert told(again) == []
    assert again.items == found
    assert again.media == media_of(found)
    assert written.left_out == []


def quiz(*questions: str) -> bytes:
    return f"<?xml version='1.0' encoding='UTF-8'?><quiz>{''.join(questions)}</quiz>".encode()


def question(kind: str, inner: str, stem: str = "<p>问</p>") -> str:
    text = f"<questiontext format='html'><text><![CDATA[{stem}]]></text></questiontext>"
    return f"<question type='{kind}'><name><text>名</text></name>{text}{inner}</question>"


def answer(text: str, fraction: str = "100") -> str:
    return f"<answer fraction='{fraction}' format='html'><text><![CDATA[{text}]]></text></answer>"


FILE = f"<file name='a.png' path='/' encoding='base64'>{base64.b64encode(PICTURE_BYTES).decode()}</file>"


@pytest.mark.parametrize(
    ("source", "facts"),
    [
        (
            question(
                "multichoice", f"<single>true</single>{answer('<p>甲</p>')}{answer('乙', '0')}"
            ),
            {"kind": "single", "stem": "问", "options": ("甲", "乙"), "right": frozenset({0})},
        ),
        (
            question(
                "multichoice", f"<single>false</single>{answer('甲', '50')}{answer('乙', '50')}"
            ),
            {"kind": "multiple", "right": frozenset({0, 1})},
        ),
        (question("truefalse", answer("false") + answer("true", "0")), {"right": frozenset({1})}),
        (
            question(
                "cloze", "", "先{1:SHORTANSWER:=通风~%100%先通风~%50%开门#半对}，再{:SA:=检测}。"
            ),
            {"stem": "先____，再____。", "body": Blanks((("通风", "先通风"), ("检测",)))},
        ),
        (
            question(
                "numerical",
                answer("19.5").replace("</answer>", "<tolerance>0.5</tolerance></answer>"),
            ),
            {"body": Number(Decimal("19.5"), Decimal("0.5"))},
        ),
        (
            question(
                "essay",
                "<generalfeedback format='html'><text>会&lt;br&gt;死人</text></generalfeedback>",
            ),
            {"kind": "short", "body": Model("会\n死人")},
        ),
        (
            question(
                "ddmarker",
                f"{FILE}<drag><no>1</no><text>裸线</text></drag>"
                "<drop><shape>rectangle</shape><coords>10,20;50,60</coords><choice>1</choice></drop>",
                "找<img src='@@PLUGINFILE@@/a.png' alt='工地'>",
            ),
            {
                "body": Spots((Area("rect", (10, 20, 60, 80), "裸线"),)),
                "picture": PICTURE,
                "picture_alt": "工地",
            },
        ),
        (
            question("truefalse", answer("true") + "<tags><tag><text>有限空间</text></tag></tags>"),
            {"topic": "有限空间"},
        ),
    ],
)
def test_moodle_of_other_hands(source: str, facts: dict[str, Any]):
    found = moodle.read(quiz("<question type='category'/>", source), batch())
    assert told(found) == []
    assert {name: getattr(found.items[0], name) for name in facts} == facts


def test_every_problem_of_a_moodle_file_at_once():
    found = moodle.read(
        quiz(
            question("truefalse", answer("true")),
            question("calculated", ""),
            question("truefalse", answer("maybe")),
            question("shortanswer", answer("通*")),
            question("cloze", "", "{1:MULTICHOICE:=甲~乙}"),
            question("numerical", answer("十")),
            question("multichoice", answer("甲", "全部")),
            question("essay", "", "看<img src='http://x/a.png'>"),
            question("essay", FILE.replace("iVBOR", "!!!!!")),
            question("essay", FILE + FILE),
            question("description", ""),
            question("ddmarker", f"{FILE}<drop><shape>star</shape></drop>"),
            question("essay", "<tags><tag><text>行业：煤炭</text></tag></tags>"),
        ),
        batch(),
    )
    assert [(where, advice[:10]) for where, _, advice in told(found)] == [
        ("第2题", "不收这种类型的题（c"),
        ("第3题", "判断题应正好有一个正"),
        ("第4题", "答案里用了星号通配符"),
        ("第5题", "完形填空题里只收填空"),
        ("第6题", "计算题的答案或误差不"),
        ("第7题", "得分比例不是数字：全"),
        ("第8题", "图片在别的网站上，请"),
        ("第9题", "图片的 base64"),
        ("第10题", "一道题只收一张图片"),
        ("第11题", "不收这种类型的题（d"),
        ("第12题", "图上的区域应为 ci"),
        ("第13题", "没有这个行业领域，请"),
        ("第13题", "简答题要写参考答案，"),
    ]
    assert len(found.items) == 1


def test_a_case_with_a_broken_part_is_told_once():
    case = question("description", "<tags><tag><text>题型：案例题</text></tag></tags>", "案例")
    part = "<tags><tag><text>小题</text></tag></tags>"
    found = moodle.read(
        quiz(case, question("truefalse", answer("true") + part), question("calculated", part)),
        batch(),
    )
    assert [(where, advice[:14]) for where, _, advice in told(found)] == [
        ("第1题", "第2小题：不收这种类型的题（")
    ]
    assert found.items == []


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"<quiz><question>", "Moodle XML 文件第1行第17列不是正确的 XML"),
        (b"<html/>", "这不是 Moodle XML 题库文件"),
        (b"<!DOCTYPE quiz SYSTEM 'http://x/y'><quiz/>", "有 DTD 或实体声明"),
        (b"<?xml version='1.0' encoding='klingon'?><quiz/>", "文字编码认不出来|不是正确的 XML"),
    ],
)
def test_a_file_that_is_no_moodle_is_told(content: bytes, advice: str):
    with pytest.raises(UnreadableError, match=advice):
        moodle.read(content, batch())
