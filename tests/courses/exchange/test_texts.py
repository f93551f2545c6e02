"""GIFT and Aiken: what they can hold comes back as it was; a broken question is named, with all others."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.exchange import aiken, gift, gift_out
from courses.rules.bodies import Blanks, Model, Number, Pairs
from courses.rules.items import Item
from tests.courses.exchange_kit import batch, different, names, told
from tests.courses.item_kit import SOUND, items, steady

GIFT_KINDS = ["single", "multiple", "true_false", "fill", "numeric", "matching", "short"]


@steady
@given(st.lists(items(GIFT_KINDS), min_size=1, max_size=5).map(different))
def test_gift_keeps_all_that_it_can_hold(found: list[Item]):
    written = gift_out.write(found, "题库")
    lost = {left.number for left in written.left_out}
    again = gift.read(written.content.decode(), batch())
    assert told(again) == []
    assert again.items == [item for number, item in enumerate(found, 1) if number not in lost]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("先做什么？{=通风 ~下井 ~点火}", ("single", ("通风", "下井", "点火"), {0})),
        (
            "::名::[html]<p>带什么&nbsp;?</p>{~%50%绳 ~%50%灯#对 ~%-100%酒}",
            ("multiple", ("绳", "灯", "酒"), {0, 1}),
        ),
        ("可以单独下井。{F#错在哪####解析}", ("true_false", ("正确", "错误"), {1})),
        ("a\\=b\\: 对吗？{TRUE}", ("true_false", ("正确", "错误"), {0})),
    ],
)
def test_gift_of_other_programs(text: str, content: Any):
    item = gift.read(text, batch()).items[0]
    assert (item.kind, item.options, set(item.right)) == content


@pytest.mark.parametrize(
    ("text", "kind", "body"),
    [
        ("先{=通风 =先通风}，再检测。", "fill", Blanks((("通风", "先通风"),))),
        ("多少？{#19.5:0.5}", "numeric", Number(*map(Decimal, ("19.5", "0.5")))),
        ("多少？{#19..20}", "numeric", Number(*map(Decimal, ("19.5", "0.5")))),
        (
            "连{=帽 -> 头 =镜 -> 眼 = -> 脚}",
            "matching",
            Pairs((("帽", "头"), ("镜", "眼")), ("脚",)),
        ),
        ("为什么？{####会死人}", "short", Model("会死人")),
    ],
)
def test_gift_of_other_kinds(text: str, kind: str, body: Any):
    found = gift.read(text, batch())
    assert told(found) == []
    assert (found.items[0].kind, found.items[0].body) == (kind, body)


BROKEN = """// 一道题坏了
$CATEGORY: 有限空间

第一问{=对 ~错}

第二问{=对 ~错

第三问{~甲 ~乙}

第四问没有答案

第五问{=对 ~错} 又{=对 ~错}

第六问{#十}

第七问{=对 ~错}
"""


def test_a_broken_gift_names_line_and_question_of_every_fault():
    found = gift.read(BROKEN, batch())
    assert [item.stem for item in found.items] == ["第一问", "第七问"]
    assert [(problem.where, problem.value, problem.advice[:14]) for problem in found.problems] == [
        ("第2题（第6行）", "第二问{=对 ~错", "大括号没有关上：答案后面缺少"),
        ("第3题（第8行）", "第三问{~甲 ~乙}", "没有正确答案：正确的选项前面"),
        ("第4题（第10行）", "第四问没有答案", "没有写答案：题干后面要有一对"),
        ("第5题（第12行）", "第五问{=对 ~错} 又{=对 ~错}", "答案的大括号后面又有一个 {"),
        ("第6题（第14行）", "第六问{#十}", "计算题的答案不是数字：十，请"),
    ]
    assert found.total == 7


def test_gift_leaves_out_what_it_has_no_kind_for():
    written = gift_out.write(list(SOUND.values()), "题库")
    assert names(written) == [
        "GIFT 的填空题只能有一个空",
        "GIFT 没有这种题型",
        "GIFT 不能带图片",
        "GIFT 没有这种题型",
    ]


@pytest.mark.parametrize("note", ["{", '{"tags": 1}', '{"tags": [1]}', "[]", '{"options": 5}'])
def test_a_broken_note_of_gift_is_told(note: str):
    found = gift.read(f"// anxin: {note}\n问{{T}}", batch())
    assert "// anxin:" in told(found)[0][2]


@steady
@given(st.text(alphabet="{}=~#%:\\->T\n a问/1.", max_size=60))
def test_no_gift_breaks_the_reader(text: str):
    found = gift.read(text, batch())
    assert found.total >= len(found.items)


@steady
@given(st.lists(items(["single"]), min_size=1, max_size=4).map(different))
def test_aiken_keeps_stem_options_and_answer(found: list[Item]):
    written = aiken.write(found, "题库")
    lost = {left.number for left in written.left_out}
    again = aiken.read(written.content.decode(), batch())
    assert told(again) == []
    bare = [
        Item(kind="single", stem=item.stem, options=item.options, right=item.right)
        for number, item in enumerate(found, 1)
        if number not in lost
    ]
    assert again.items == bare


AIKEN = """先做什么？
A) 通风
B. 下井
ANSWER: a

第二问
A. 甲
C. 丙
ANSWER: A

第三问
A. 甲
B. 乙

第四问
A. 甲
B. 乙
ANSWER: AB

第五问
A. 甲
乱写
ANSWER: A
第六问
A. 甲
B. 乙
ANSWER: C
"""


def test_a_broken_aiken_names_line_and_question_of_every_fault():
    found = aiken.read(AIKEN, batch())
    assert [item.stem for item in found.items] == ["先做什么？"]
    assert [(where, advice[:14]) for where, _, advice in told(found)] == [
        ("第2题（第8行）", "选项字母不连续，这里应为 B"),
        ("第3题（第13行）", "没有答案：选项后面要有一行 "),
        ("第4题（第18行）", "答案“AB”应为一个字母 A"),
        ("第5题（第22行）", "选项要以 A. 或 A) 开"),
        ("第6题（第27行）", "没有选项 C"),
    ]


def test_aiken_leaves_out_all_but_single_choice():
    written = aiken.write([*SOUND.values(), replace(SOUND["single"], stem="一\n\n二")], "题库")
    assert names(written)[-1] == "题干或选项分成了几行，Aiken 分不清"
    assert set(names(written)[:-1]) == {"Aiken 只有单选题"}


def test_a_question_twice_in_a_file_is_told():
    found = gift.read("问{T}\n\n问{T}", batch())
    assert told(found) == [("第2题（第3行）", "", "与第1题相同，请删除一题")]
