"""What people write into a table or the form's field, read and written again."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from courses.rules.bodies import Area, Blanks, Number, Pairs, Spots, Steps
from courses.rules.notes import NoteError, Notes, content_from, kind_of, notes_of
from courses.rules.texts import body_from_text, text_of
from tests.courses.item_kit import SOUND, items, steady


@steady
@given(items())
def test_every_question_survives_its_notes(item: Any):
    if item.kind != "case":
        content = content_from(item.kind, notes_of(item))
        assert replace(item, **content) == item


@pytest.mark.parametrize("kind", SOUND)
def test_the_form_s_text_is_read_again(kind: str):
    assert body_from_text(kind, text_of(SOUND[kind])) == SOUND[kind].body


@pytest.mark.parametrize(
    ("kind", "cells", "answer", "content"),
    [
        ("single", ["甲", "乙", ""], " ｂ ", {"options": ("甲", "乙"), "right": frozenset({1})}),
        ("multiple", ["甲", "乙"], "A、B", {"options": ("甲", "乙"), "right": frozenset({0, 1})}),
        ("true_false", [], "×", {"options": ("正确", "错误"), "right": frozenset({1})}),
        ("fill", [], "通风|先通风;检测", {"body": Blanks((("通风", "先通风"), ("检测",)))}),
        ("fill", [], r"a\|b；c\；d", {"body": Blanks((("a|b",), ("c；d",)))}),
        (
            "numeric",
            [],
            "１９.５ +/- 0.5 ℃",
            {"body": Number(Decimal("19.5"), Decimal("0.5"), "℃")},
        ),
        ("numeric", [], "-3", {"body": Number(Decimal(-3))}),
        ("ordering", ["验电", "断电"], "B A", {"body": Steps(("断电", "验电"))}),
        ("matching", ["帽|头", "|脚"], "", {"body": Pairs((("帽", "头"),), ("脚",))}),
        (
            "hotspot",
            ["矩形 1,2,3,4 没戴帽", "圆 5 6 7 裸 线"],
            "",
            {
                "body": Spots(
                    (Area("rect", (1, 2, 3, 4), "没戴帽"), Area("circle", (5, 6, 7), "裸 线"))
                )
            },
        ),
    ],
)
def test_notes_are_read_as_people_write_them(
    kind: str, cells: list[str], answer: str, content: dict[str, Any]
):
    assert content_from(kind, Notes(cells, answer)) == content


@pytest.mark.parametrize(
    ("kind", "cells", "answer", "column", "advice"),
    [
        ("single", ["甲"], "", "答案", "没有写答案，请写选项的字母"),
        ("single", ["甲", "乙"], "C", "答案", "没有选项 C"),
        ("single", ["甲"], "甲", "答案", "答案请写选项的字母"),
        ("true_false", [], "也许", "答案", "判断题的答案请写 对 或 错"),
        ("fill", ["通风"], "", "A", "填空题的答案写在“答案”一列"),
        ("fill", [], "", "答案", "没有写答案；有几个空就写几个"),
        ("numeric", [], "十", "答案", "计算题的答案请写数字"),
        ("ordering", ["甲", "乙"], "AC", "答案", "排序题的答案请写全部字母"),
        ("matching", ["甲|子", "乙"], "", "B", "连线题每格请写 左边|右边"),
        ("hotspot", ["圆 没戴帽"], "", "A", "请写 矩形"),
    ],
)
def test_what_cannot_be_read_names_its_column(
    kind: str, cells: list[str], answer: str, column: str, advice: str
):
    with pytest.raises(NoteError, match=advice.replace("|", r"\|")) as caught:
        content_from(kind, Notes(cells, answer))
    assert caught.value.column == column


def test_a_case_in_blocks_names_the_part_that_cannot_be_read():
    for text, advice in [
        ("先做什么？", "第1小题请以题型开头"),
        ("判断题：甲\n答案：对\n\n单选题：乙\nA. 子\nB. 丑\n答案：C", "第2小题：没有选项 C"),
        ("单选题：乙\nA. 子\n乱写", "第1小题这一行看不懂：乱写"),
    ]:
        with pytest.raises(NoteError, match=advice):
            body_from_text("case", text)


def test_kinds_have_more_names_than_one():
    assert [kind_of(name) for name in ("单选", " 判断题 ", "匹配题", "问答题", "fill", "作文")] == [
        "single", "true_false", "matching", "short", "fill", None,
    ]  # fmt: skip
