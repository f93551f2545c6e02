"""The drafts of a case's papers name the documents and say what was said, with the words of its list."""

from typing import Any

from credit.acts import cases
from credit.acts.drafts import decision_draft, notice_draft
from credit.models import Accident, Enterprise
from tests.credit.acts.test_scores import penalise
from tests.credit.casework import LATER, TODAY, opened, promise, told

GROUND = (
    "1．瞒报、谎报生产安全事故（2026年3月5日一般事故）（应急管理部令第11号 第六条第四项），"
    "见：SG-1 瞒报的坠落事故"
)


def test_the_notice_names_the_number_of_each_record(enterprise: Enterprise, opener: Any):
    penalise(enterprise, "云应急罚〔2026〕7号", ground="unlicensed", offence="无证生产")
    assert "，见：云应急罚〔2026〕7号 无证生产\n" in notice_draft(opened(enterprise, opener))


def test_the_decision_says_what_the_party_said_with_one_full_stop(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = told(enterprise, opener)
    silent = f"告知书于2026年11月2日送达。\n当事人未提出陈述、申辩。\n\n决定依据：\n{GROUND}"
    assert decision_draft(case) == silent
    case = cases.record_statement(
        case, officer=opener, text="并非瞒报", received_on=LATER, today=LATER
    )
    case = cases.consider_statement(case, officer=opener, opinion="申辩不成立。", today=LATER)
    case = cases.waive(case, officer=opener, waived_on=LATER, reason="放弃书1号", today=LATER)
    assert decision_draft(case) == (
        "告知书于2026年11月2日送达。\n当事人提出：并非瞒报。\n复核意见：申辩不成立。\n"
        "2026年11月16日当事人书面放弃陈述、申辩和听证（放弃书1号）。\n\n"
        f"决定依据：\n{GROUND}"
    )


def test_the_decision_on_red_speaks_of_the_announcement(enterprise: Enterprise, opener: Any):
    promise(enterprise)
    case = told(enterprise, opener, "red")
    begin = "公告于2026年11月2日发布。\n公告期间没有收到意见。\n\n决定依据：\n"
    assert decision_draft(case).startswith(begin)
    case = cases.record_statement(
        case, officer=opener, text="有欠薪", received_on=TODAY, today=TODAY
    )
    case = cases.consider_statement(case, officer=opener, opinion="查无此事", today=TODAY)
    assert "\n收到意见：有欠薪。\n复核意见：查无此事。\n" in decision_draft(case)
