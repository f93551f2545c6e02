"""Templates are plain text with named placeholders; whatever else stands in them is printed as it is."""

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.acts.templates import FOLDER
from credit.rules.papers import (
    PLACEHOLDERS,
    PaperFacts,
    PaperKind,
    fill,
    may_make,
    named,
    number,
    paragraphs,
    still_open,
    template_problems,
)

DAY = date(2026, 11, 2)
HOSTILE = [
    '#read("/etc/passwd")', "*粗* _斜_ = 标题 $x$ `code`", "{{依据}}有限公司", "{{", "}}{{", "{% debug %}",
    "㛃堃䶮𬍛有限公司", "长" * 300, "<script>alert(1)</script>", "\\u{41} #let x = 1",
]  # fmt: skip


@pytest.mark.parametrize("kind", PaperKind)
def test_every_kind_has_words_of_its_own_that_may_be_used(kind: PaperKind) -> None:
    data = tomllib.loads((FOLDER / f"{kind.value}.toml").read_text(encoding="utf-8"))
    assert template_problems(data["title"], f"{data['text']}{data['addressee']}") == []
    assert set(named(data["text"])) <= set(PLACEHOLDERS)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_value_is_put_in_as_it_is_and_never_filled_again(hostile: str) -> None:
    values = {"企业名称": hostile, "依据": "条款"}
    filled = fill("{{企业名称}}依照{{ 依据 }}", values)
    assert filled == f"{hostile}依照条款"
    assert still_open(filled, values) == []


@given(st.text(), st.text())
def test_filling_replaces_one_placeholder_by_exactly_its_value(before: str, value: str) -> None:
    if "{" in before or "}" in before or not value:
        return
    assert fill(before + "{{企业名称}}", {"企业名称": value}) == before + value


def test_what_nobody_knows_stays_and_is_named() -> None:
    values = {"企业名称": "甲厂", "决定日期": ""}
    filled = fill("{{企业名称}}于{{决定日期}}在{{听证地点}}", values)
    assert filled == "甲厂于{{决定日期}}在{{听证地点}}"
    assert still_open(filled, values) == ["决定日期", "听证地点"]


def test_every_fault_of_a_template_is_named_at_once() -> None:
    assert template_problems("", "{{企业名字}}和{{企业名称}\n正文\x00") == [
        "标题要写一行",
        "正文里有看不见的控制字符，请删去后重新粘贴",
        "没有“{{企业名字}}”这个填空，请从填空表里选",
        "大括号没有成对：“和{{企业名称}”，填空要写成 {{企业名称}}",
    ]
    assert template_problems("标" * 61, "") == ["标题有61个字，最多60个", "正文是空的"]
    assert template_problems("题", "字" * 20_001) == ["正文有20001个字，最多20000个"]


def test_paragraphs_and_numbers() -> None:
    assert paragraphs("甲\n\n 乙 \r\n丙") == ["甲", "乙", "丙"]
    assert number("云应急", PaperKind.LISTING_NOTICE, 2026, 1) == "云应急列告〔2026〕1号"


@pytest.mark.parametrize(
    ("kind", "facts", "reason"),
    [
        ("listing_notice", {"opened": True}, "可以制作列入告知书"),
        ("listing_notice", {}, "案件已过告知这一步"),
        ("listing_notice", {"notice_served_on": DAY}, "告知书已经送达，不能重新制作"),
        ("listing_notice", {"opened": True, "colour": "red"}, "红名单的公告和认定不用这种文书"),
        ("hearing_notice", {}, "当事人没有申请听证"),
        ("hearing_notice", {"hearing_requested_on": DAY}, "可以制作听证通知书"),
        (
            "hearing_notice",
            {"hearing_requested_on": DAY, "hearing_held_on": DAY},
            "听证已经举行",
        ),
        ("listing_decision", {}, "还没有作出列入决定"),
        ("listing_decision", {"decided_on": DAY}, "可以制作列入决定书"),
        ("repair_letter", {"decided_on": DAY, "served_on": DAY}, "决定已经送达，不能重新制作"),
        ("repair_letter", {"decided_on": DAY, "dropped": True}, "还没有作出列入决定"),
        ("removal_decision", {}, "还没有移出名单"),
        ("removal_decision", {"removed_on": DAY}, "可以制作移出决定书"),
        ("not_listed", {}, "案件没有撤回"),
        ("not_listed", {"dropped": True}, "可以制作不予列入（撤案）通知书"),
        ("objection_answer", {"colour": "red"}, "可以制作异议答复书"),
        ("red_announcement", {"colour": "red", "opened": True}, "可以制作守信激励名单公告"),
        ("red_announcement", {"colour": "red"}, "案件已过公告这一步"),
        (
            "red_announcement",
            {"colour": "red", "opened": True, "notice_served_on": DAY},
            "公告已经发布，不能重新制作",
        ),
        ("red_announcement", {"opened": True}, "这种文书只用于红名单"),
        ("red_grant", {"colour": "red"}, "还没有作出列入决定"),
        ("red_grant", {"colour": "red", "decided_on": DAY}, "可以制作授予守信激励决定书"),
        (
            "red_grant",
            {"colour": "red", "decided_on": DAY, "served_on": DAY},
            "决定已经送达，不能重新制作",
        ),
        ("red_grant", {"decided_on": DAY}, "这种文书只用于红名单"),
        (
            "listing_decision",
            {"colour": "red", "decided_on": DAY},
            "红名单的公告和认定不用这种文书",
        ),
    ],
)
def test_a_paper_is_made_at_its_step(kind: str, facts: dict[str, object], reason: str) -> None:
    ruling = may_make(PaperKind(kind), PaperFacts(**{"colour": "black", "opened": False, **facts}))  # type: ignore[arg-type]
    assert (ruling.reason, ruling.allowed) == (reason, reason.startswith("可以"))
