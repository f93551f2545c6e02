"""Whether the party may still speak online in its case, and until when.

Source: 行政处罚法 第四十四条、第四十五条 (statement and defence), 第六十二条、第六十三条、第六十四条 (hearing).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from credit.rules.cases import ARTICLE, State, hearing_due
from credit.rules.ruleset import Ruleset
from credit.rules.ruling import Ruling
from credit.rules.terms import printed
from credit.rules.workdays import Exceptions

STATEMENT: Final = "statement"
HEARING: Final = "hearing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFacts:
    """What is known of a case when the party wants to speak; ``notice_on`` is the day of service."""

    colour: str
    state: str
    notice_on: date | None
    today: date
    hearing_asked: bool = False
    waived: bool = False
    calendar: Exceptions = field(default_factory=dict)


def may_speak(kind: str, facts: PartyFacts, ruleset: Ruleset | None = None) -> Ruling:
    """Whether a statement or a request for a hearing may be sent today; else why not."""
    if facts.colour == "red":
        return Ruling(False, "守信激励名单不需要陈述申辩，也没有听证", ARTICLE)
    if facts.state == State.PROPOSED or facts.notice_on is None:
        return Ruling(False, "告知书还没有送达，送达后才可以提交", ARTICLE)
    due = hearing_due(facts.notice_on, facts.calendar, ruleset).day
    if facts.state != State.NOTICE_SENT:
        return Ruling(False, f"听取意见已经结束（期限到{printed(due)}），不能再网上提交", ARTICLE)
    if facts.today > due:
        late = f"已过期限，最后一天是{printed(due)}。有正当理由的，请到办案机关书面说明"
        return Ruling(False, late, ARTICLE)
    if facts.waived:
        return Ruling(False, "你单位已书面放弃陈述、申辩和听证", ARTICLE)
    if kind == HEARING and facts.hearing_asked:
        return Ruling(False, "已经申请过听证，不用再申请", ARTICLE)
    return Ruling(True, f"最后一天：{printed(due)}", ARTICLE)
