"""What a case says to the placeholders of its papers; articles that were not checked are marked 待核."""

from datetime import date
from typing import Any

from credit.acts.casework import calendar
from credit.acts.drafts import grounds_text, heard_text
from credit.models import CaseDocument, ListCase, ListEntry
from credit.models.rulesets import in_force, timeline
from credit.rules.cases import hearing_due
from credit.rules.clocks import load_clocks
from credit.rules.papers import NOTICE_OF
from credit.rules.ruleset import Entry
from credit.rules.terms import printed

TO_CHECK = "（待核）"


def values_of(case: ListCase, today: date) -> dict[str, str]:
    """Name of a placeholder → its text; "" for what the case does not know yet."""
    terms = in_force(today).terms
    hearing = load_clocks()["case.hearing"]
    term, early = terms[f"{case.colour}.term"], terms["black.early_exit"]
    entry = ListEntry.objects.filter(case=case).first()
    notice = newest_notice(case)
    return {
        "企业名称": case.enterprise.name,
        "统一社会信用代码": case.enterprise.number,
        "属地": case.enterprise.place.name,
        "机关": authority(case),
        "名单": case.get_colour_display().partition("（")[0],
        "列入情形": grounds_text(case),
        "依据": "、".join(_articles(case)),
        "陈述申辩期限": hearing.length,
        "听证依据": _marked(hearing.article, hearing.confirmed),
        "期限届满日": _hearing_day(case),
        "告知书文号": notice.number if notice else "",
        "告知书送达日期": _day(case.notice_served_on),
        "陈述申辩内容": case.statement_text,
        "复核意见": case.statement_opinion,
        "听取意见情况": heard_text(case) if case.notice_served_on else "",
        "决定文号": case.decision_number or "",
        "决定日期": _day(case.decided_on),
        "决定理由": _reasons(case),
        "管理期限": f"{term.amount}个月",
        "管理期限依据": _cited(term),
        "提前移出条件": f"{early.amount}个月",
        "提前移出依据": _cited(early),
        "列入日期": _day(entry and entry.listed_on),
        "期满日期": _day(entry and entry.ends_on),
        "移出日期": _day(entry and entry.removed_on),
        "移出理由": entry.removal_reason if entry else "",
        "移出依据": _removal_basis(case) if entry and entry.removed_on else "",
        "撤回理由": case.drop_reason,
        "修复依据": _cited(terms["repair.serious.shortest"]),
        "今日": printed(today),
    }


def warnings_of(case: ListCase, text: str) -> list[str]:
    """What to look at before the paper is served: unchecked articles, years without a calendar."""
    found = []
    if TO_CHECK in text or "待核）" in text:
        found.append("文中标有“待核”的依据还没有核对原文，请核对后再送达")
    if case.notice_served_on and (due := hearing_due(case.notice_served_on, calendar())).warning:
        found.append(due.warning)
    return found


def authority(case: ListCase) -> str:
    """The bureau that acts: the district's."""
    return f"{case.enterprise.place.district.name}应急管理局"


def newest_notice(case: ListCase) -> CaseDocument | None:
    """The notice of the case, in its newest version."""
    made = CaseDocument.objects.filter(case=case, kind=NOTICE_OF[case.colour])
    return made.order_by("-version").first()


def _hearing_day(case: ListCase) -> str:
    if case.notice_served_on is None:
        return ""
    return printed(hearing_due(case.notice_served_on, calendar()).day)


def _reasons(case: ListCase) -> str:
    """The reasons of the decision without what the paper says by itself: how it was heard, the grounds."""
    words = case.decision_text
    for repeated in (heard_text(case), f"决定依据：\n{grounds_text(case)}"):
        words = words.replace(repeated, "")
    return words.strip() or ("见上述事实和听取意见的情况。" if case.decision_text else "")


def _removal_basis(case: ListCase) -> str:
    """The article of the ground on which removal was asked for."""
    terms = timeline().on(case.opened_on).terms
    asked = case.events.filter(action="ask_removal").last()
    code = {"early": "black.early_exit", "annulled": "case.annulled"}.get(
        asked.snapshot.get("ground", "") if asked else ""
    )
    return _cited(terms[code]) if code else "行政处罚法第五条、第四十八条" + TO_CHECK


def _articles(case: ListCase) -> list[str]:
    """Each article once; a ground that the rule-set does not know any more is to be checked too."""
    known = timeline().on(case.opened_on).grounds
    marked = []
    for ground in case.grounds:
        entry = known.get(ground["code"])
        marked.append(_marked(ground["article"], entry is not None and entry.confirmed))
    return list(dict.fromkeys(marked))


def _cited(entry: Entry) -> str:
    return _marked(entry.article, entry.confirmed)


def _marked(article: str, confirmed: bool) -> str:
    return article if confirmed else f"{article}{TO_CHECK}"


def _day(day: Any) -> str:
    return printed(day) if day else ""
