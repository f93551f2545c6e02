"""Questions of every kind: sound ones pass, JSON keeps them, each fault is named."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from courses.rules.bodies import (
    Area,
    Blanks,
    BodyError,
    Model,
    Number,
    Pairs,
    Spots,
    Steps,
    number_of,
    same_words,
)
from courses.rules.items import Item, Parts, content_of
from tests.courses.item_kit import SOUND


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_question_has_no_fault_and_survives_json(kind: str):
    item = SOUND[kind]
    assert item.faults() == []
    assert content_of(kind, item.body_json()) == item.body


@pytest.mark.parametrize(
    ("kind", "body", "faults"),
    [
        ("fill", None, ["题目内容是空的，请填写答案"]),
        (
            "fill",
            Blanks((("通风",),)),
            ["题干里有 2 个空（用 ____ 或（ ）表示），答案有 1 个，请改成一样多"],
        ),
        ("fill", Blanks((("通风",), (" 。",))), ["第2空的答案是空的，请填写"]),
        ("numeric", Number(Decimal("NaN")), ["答案应为数字，例如 19.5"]),
        ("numeric", Number(Decimal(1), Decimal(-1)), ["允许误差应为 0 或正数，例如 0.5"]),
        ("ordering", Steps(("甲",)), ["排序题应有 2 到 8 步，现有 1 步"]),
        (
            "ordering",
            Steps(("甲", "甲 ", "")),
            ["有步骤是空的，请填写或删除", "步骤“甲”出现了两次，请改成不同的"],
        ),
        ("matching", Pairs((("甲", "子"), ("乙", "子"))), ["连线题右边至少要有 2 项不同的"]),
        (
            "matching",
            Pairs((("甲", "子"), ("甲", "丑")), ("子",)),
            ["左边“甲”出现了两次，请改成不同的", "右边“子”出现了两次，请改成不同的"],
        ),
        ("hotspot", Spots(()), ["找隐患题应有 1 到 8 处隐患，现有 0 处"]),
        (
            "hotspot",
            Spots((Area("circle", (0, 0, 30), "甲"), Area("rect", (1, 1, 5, 5), "乙"))),
            [
                "隐患“甲”超出了图片（宽 400，高 300）",
                "隐患“乙”的范围太小，手机上点不准，请画大一些",
            ],
        ),
        (
            "hotspot",
            Spots((Area("star", (1,), "甲"),)),
            ["形状“star”不认识，应为 rect、circle、poly 之一"],
        ),
        ("hotspot", Spots((Area("poly", (1, 2), "甲"),)), ["隐患“甲”：多边形的坐标个数不对"]),
        ("short", Model(" "), ["简答题要写参考答案，阅卷时按它给分"]),
        ("case", Parts(()), ["案例题应有 1 到 8 道小题，现有 0 道"]),
        ("case", Parts((SOUND["short"],)), ["第1小题：案例题里不能有简答题，请单独出题"]),
        (
            "case",
            Parts((replace(SOUND["single"], right=frozenset()),)),
            ["第1小题：单选题应正好有 1 个正确选项，现有 0 个"],
        ),
    ],
)
def test_every_fault_of_a_body_is_named(kind: str, body: Any, faults: list[str]):
    assert replace(SOUND[kind], body=body).faults() == faults


def test_a_picture_is_described_and_a_hazard_is_looked_for_in_one():
    item = SOUND["hotspot"]
    assert replace(item, picture=None).faults() == ["找隐患题要有一张图片，请上传"]
    assert replace(item, picture_alt=" ").faults() == ["图片要写说明，看不见图的人靠它听懂题目"]


def test_what_is_too_long_or_of_no_level_is_told():
    item = replace(SOUND["single"], topic="字" * 41, level=7)
    assert item.faults() == ["知识点太长：最多 40 个字，现有 41 个字", "难度应为 易、中、难 之一"]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("fill", {}),
        ("numeric", {"value": "x"}),
        ("case", {"parts": [{}]}),
        ("hotspot", {"areas": 1}),
    ],
)
def test_json_that_is_no_body_is_refused(kind: str, data: dict[str, Any]):
    with pytest.raises(BodyError):
        content_of(kind, data)


@pytest.mark.parametrize(
    ("text", "number"),
    [("19.5", "19.5"), ("１９．５", "19.5"), (" 1,000 ", "1000"), ("-3", "-3"), (".5", ".5")],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str):
    assert number_of(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "十", "1e5", "nan", "1,00", "9" * 31, "1 2 x"])
def test_what_is_no_number_is_none(text: str):
    assert number_of(text) is None


def test_width_capitals_blanks_and_a_full_stop_make_no_difference():
    assert same_words(" ＣＯ 2。") == same_words("co2")


def test_a_polygon_holds_its_inside_and_its_edge():
    area = Area("poly", (0, 0, 100, 0, 100, 100), "三角")
    assert [area.holds(*point) for point in [(90, 10), (50, 50), (10, 90), (100, 100)]] == [
        True,
        True,
        False,
        True,
    ]


def test_an_unknown_kind_has_one_fault():
    assert Item(kind="essay", stem="?").faults()[0].startswith("题型“essay”不认识")


@pytest.mark.parametrize("text", ["\x00", "\x1b", "\ud800"])
def test_what_a_database_refuses_is_told(text: str):
    damage = "含有乱码或不可见字符，请重新输入"
    assert replace(SOUND["single"], stem=f"问{text}").faults() == [damage]
    assert replace(SOUND["short"], body=Model(f"答{text}")).faults() == [damage]
