"""The papers of a case (文书): their kinds, the placeholders that a template may use, how it is filled.

A template is plain text. What it may hold besides are placeholders such as ``{{企业名称}}``; it is
filled once, so that a value which looks like a placeholder stays what it is. Sources: 行政处罚法
第四十四条、第六十一条、第六十三条、第六十四条; 安监总办〔2017〕133号 (red list);
党政机关公文格式 GB/T 9704-2012 (numbers).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from credit.rules.ruling import Ruling

ARTICLE: Final = "行政处罚法第四十四条、第六十一条、第六十二条"
RED: Final = "安监总办〔2017〕133号"
LONGEST_TITLE: Final = 60
LONGEST_TEXT: Final = 20_000
_PLACEHOLDER: Final = re.compile(r"\{\{\s*([^{}\s][^{}\n]*?)\s*\}\}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class PaperKind(StrEnum):
    """What kind of paper; the value is the name of its default text in credit/papers/."""

    LISTING_NOTICE = "listing_notice"
    HEARING_NOTICE = "hearing_notice"
    LISTING_DECISION = "listing_decision"
    REPAIR_LETTER = "repair_letter"
    SERVICE_RECEIPT = "service_receipt"
    REMOVAL_DECISION = "removal_decision"
    NOT_LISTED = "not_listed"
    OBJECTION_ANSWER = "objection_answer"
    REPAIR_DECISION = "repair_decision"
    RED_ANNOUNCEMENT = "red_announcement"
    RED_GRANT = "red_grant"

    @property
    def label(self) -> str:
        """The printed name."""
        return _LABELS[self][0]

    @property
    def word(self) -> str:
        """What stands for it in a number: 列告 in 云应急列告〔2026〕1号."""
        return _LABELS[self][1]

    @property
    def repeatable(self) -> bool:
        """A case may have several of them, each with its own number."""
        return self in _REPEATABLE


_LABELS: Final = {
    PaperKind.LISTING_NOTICE: ("列入告知书", "列告"),
    PaperKind.HEARING_NOTICE: ("听证通知书", "列听"),
    PaperKind.LISTING_DECISION: ("列入决定书", "列决"),
    PaperKind.REPAIR_LETTER: ("信用修复告知书", "修告"),
    PaperKind.SERVICE_RECEIPT: ("送达回证", "送证"),
    PaperKind.REMOVAL_DECISION: ("移出决定书", "移决"),
    PaperKind.NOT_LISTED: ("不予列入（撤案）通知书", "撤案"),
    PaperKind.OBJECTION_ANSWER: ("异议答复书", "异答"),
    PaperKind.REPAIR_DECISION: ("信用修复决定书", "修决"),
    PaperKind.RED_ANNOUNCEMENT: ("守信激励名单公告", "红公"),
    PaperKind.RED_GRANT: ("授予守信激励决定书", "红决"),
}
_REPEATABLE: Final = {
    PaperKind.HEARING_NOTICE,
    PaperKind.SERVICE_RECEIPT,
    PaperKind.OBJECTION_ANSWER,
    PaperKind.REPAIR_DECISION,
}

# What tells of the case before the decision, and what is served with the decision, by list.
NOTICE_OF: Final[Mapping[str, PaperKind]] = {
    "black": PaperKind.LISTING_NOTICE,
    "red": PaperKind.RED_ANNOUNCEMENT,
}
SERVED_WITH: Final[Mapping[str, tuple[PaperKind, ...]]] = {
    "black": (PaperKind.LISTING_DECISION, PaperKind.REPAIR_LETTER),
    "red": (PaperKind.RED_GRANT,),
}
DECISIONS: Final = (PaperKind.LISTING_DECISION, PaperKind.RED_GRANT)  # bear the decision's number

# Name → what it stands for. The first group is known from the case; the second an officer writes.
FROM_THE_CASE: Final[Mapping[str, str]] = {
    "企业名称": "企业的登记名称",
    "统一社会信用代码": "18位代码；没有的，写原注册号",
    "属地": "企业所在街道、镇、开发区",
    "机关": "作出文书的机关全称",
    "名单": "严重失信主体名单或守信激励名单",
    "列入情形": "逐项列出的事实和证据",
    "依据": "列入情形所依据的条款",
    "陈述申辩期限": "例如：5个工作日",
    "听证依据": "陈述申辩和听证的条款",
    "期限届满日": "陈述申辩期限的最后一天（告知书送达以后才有）",
    "告知书文号": "列入告知书的文号",
    "告知书送达日期": "当事人签收告知书的日期",
    "陈述申辩内容": "当事人的陈述、申辩",
    "复核意见": "对陈述、申辩的复核意见",
    "听取意见情况": "告知、陈述申辩、听证的经过",
    "决定文号": "列入决定的文号",
    "决定日期": "列入决定的日期",
    "决定理由": "决定的理由",
    "管理期限": "例如：36个月",
    "管理期限依据": "管理期限的条款",
    "提前移出条件": "列入满多久可以申请提前移出",
    "提前移出依据": "提前移出的条款",
    "列入日期": "公示的第一天",
    "期满日期": "名单到期的日期",
    "移出日期": "移出名单的日期",
    "移出理由": "移出的理由",
    "移出依据": "移出所依据的条款",
    "撤回理由": "不予列入、撤案的理由",
    "修复依据": "信用修复的条款",
    "今日": "制作文书的日期",
}
BY_THE_OFFICER: Final[Mapping[str, str]] = {
    "听证时间": "年、月、日、时",
    "听证地点": "详细地点",
    "听证主持人": "姓名和职务",
    "联系人": "姓名",
    "联系电话": "办公电话",
    "异议内容": "企业提出的异议和理由",
    "答复结论": "核查的经过和结论",
    "修复申请": "申请的日期、事项和材料",
    "修复结论": "同意或者不同意，理由",
    "送达文书": "文书名称和文号",
    "受送达人": "姓名或者单位",
    "送达方式": "直接、留置、邮寄、电子、公告",
    "送达地点": "详细地点",
    "送达日期": "签收的日期",
    "送达人": "两名执法人员",
    "见证人": "姓名和单位；没有的写“无”",
}
PLACEHOLDERS: Final[Mapping[str, str]] = {**FROM_THE_CASE, **BY_THE_OFFICER}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """What is known of a case when somebody asks for a paper; the days are those of its steps."""

    colour: str
    opened: bool
    notice_served_on: date | None = None
    hearing_requested_on: date | None = None
    hearing_held_on: date | None = None
    decided_on: date | None = None
    served_on: date | None = None
    dropped: bool = False
    removed_on: date | None = None


def may_make(kind: PaperKind, facts: PaperFacts) -> Ruling:
    """Whether a paper of this kind can be made now. What was served is never made again."""
    of_red = kind in _RED_LIST
    if facts.colour == "red" and not of_red and kind not in _ANY_LIST:
        return Ruling(False, "红名单的公告和认定不用这种文书", RED)
    if facts.colour != "red" and of_red:
        return Ruling(False, "这种文书只用于红名单", RED)
    refuses = _REFUSALS.get(kind)
    refusal = refuses(facts) if refuses else ""
    article = RED if of_red else ARTICLE
    return Ruling(not refusal, refusal or f"可以制作{kind.label}", article)


def _notice(facts: PaperFacts) -> str:
    if facts.notice_served_on:
        return "告知书已经送达，不能重新制作"
    return "" if facts.opened else "案件已过告知这一步"


def _announcement(facts: PaperFacts) -> str:
    if facts.notice_served_on:
        return "公告已经发布，不能重新制作"
    return "" if facts.opened else "案件已过公告这一步"


def _hearing(facts: PaperFacts) -> str:
    if facts.hearing_requested_on is None:
        return "当事人没有申请听证"
    return "听证已经举行" if facts.hearing_held_on else ""


def _decision(facts: PaperFacts) -> str:
    if facts.decided_on is None or facts.dropped:
        return "还没有作出列入决定"
    return "决定已经送达，不能重新制作" if facts.served_on else ""


_REFUSALS: Final[Mapping[PaperKind, Callable[[PaperFacts], str]]] = {
    PaperKind.LISTING_NOTICE: _notice,
    PaperKind.HEARING_NOTICE: _hearing,
    PaperKind.LISTING_DECISION: _decision,
    PaperKind.REPAIR_LETTER: _decision,
    PaperKind.RED_ANNOUNCEMENT: _announcement,
    PaperKind.RED_GRANT: _decision,
    PaperKind.REMOVAL_DECISION: lambda facts: "" if facts.removed_on else "还没有移出名单",
    PaperKind.NOT_LISTED: lambda facts: "" if facts.dropped else "案件没有撤回",
}
_RED_LIST: Final = {PaperKind.RED_ANNOUNCEMENT, PaperKind.RED_GRANT}
_ANY_LIST: Final = {
    PaperKind.SERVICE_RECEIPT, PaperKind.OBJECTION_ANSWER, PaperKind.NOT_LISTED,
    PaperKind.REMOVAL_DECISION,
}  # fmt: skip


def named(text: str) -> list[str]:
    """The placeholders in a text, each once, in their order."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every placeholder that has a value replaced, in one pass; the others stay."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], text)


def still_open(text: str, values: Mapping[str, str]) -> list[str]:
    """Placeholders that a filled text still holds; one inside a value (an odd name) does not count."""
    bare = text
    for value in sorted(values.values(), key=len, reverse=True):
        bare = bare.replace(value, "") if value else bare
    return named(bare)


def template_problems(title: str, text: str) -> list[str]:
    """Everything that is wrong with a template, each with what to do; empty when it may be used."""
    found = list(text_problems(title, text))
    for name in named(f"{title}\n{text}"):
        if name not in PLACEHOLDERS:
            found.append(f"没有“{{{{{name}}}}}”这个填空，请从填空表里选")
    rest = _PLACEHOLDER.sub("", f"{title}\n{text}")
    if "{{" in rest or "}}" in rest:
        at = next(line for line in rest.splitlines() if "{{" in line or "}}" in line)
        found.append(f"大括号没有成对：“{at.strip()[:30]}”，填空要写成 {{{{企业名称}}}}")
    return found


def text_problems(title: str, text: str) -> list[str]:
    """What is wrong with a title and a text, of a template or of a paper."""
    found = []
    if not title.strip() or "\n" in title:
        found.append("标题要写一行")
    if len(title) > LONGEST_TITLE:
        found.append(f"标题有{len(title)}个字，最多{LONGEST_TITLE}个")
    if not text.strip():
        found.append("正文是空的")
    if len(text) > LONGEST_TEXT:
        found.append(f"正文有{len(text)}个字，最多{LONGEST_TEXT}个")
    if _CONTROL.search(f"{title}{text}".replace("\r\n", "\n")):
        found.append("正文里有看不见的控制字符，请删去后重新粘贴")
    return found


def paragraphs(text: str) -> list[str]:
    """One paragraph a line; empty lines part nothing."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def number(prefix: str, kind: PaperKind, year: int, place: int) -> str:
    """云应急列告〔2026〕1号. Source: GB/T 9704-2012 7.2.5."""
    return f"{prefix}{kind.word}〔{year}〕{place}号"
