"""When an entry may leave its list before its end, and who may say so. The end of the term needs nobody.

Sources: 应急管理部令第11号 (early removal); 行政处罚法 第四十八条 (a penalty that is annulled or changed is
taken back within 3 working days); the bureau's four eyes.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from credit.rules.cases import FOUR_EYES, RED
from credit.rules.listing import may_leave_early
from credit.rules.procedure import early_conditions
from credit.rules.ruleset import Ruleset, load_ruleset
from credit.rules.ruling import Ruling
from credit.rules.terms import printed
from credit.rules.workdays import DueDay, Exceptions, add_working_days


class Ground(StrEnum):
    """Why an entry may leave early."""

    EARLY = "early"
    ANNULLED = "annulled"
    WRONG = "wrong"
    UNFIT = "unfit"

    @property
    def label(self) -> str:
        """The printed name."""
        return _LABELS[self]


_LABELS: Final = {
    Ground.EARLY: "企业申请提前移出（义务已履行）",
    Ground.ANNULLED: "依据的处罚被撤销、变更或确认违法",
    Ground.WRONG: "异议、复议或诉讼后查明列入有误",
    Ground.UNFIT: "不再符合守信激励条件（只用于红名单）",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalFacts:
    """What is known when somebody asks for a removal, or grants it.

    ``annulled_on``: the day of the paper that annulled the penalty; ``asked_by``: who asked, None when
    nobody did; ``conditions``: the codes of an early removal's conditions that are met (see the procedure).
    """

    colour: str
    listed_on: date
    today: date
    actor: Hashable
    asked_by: Hashable = None
    annulled_on: date | None = None
    conditions: frozenset[str] = frozenset()
    calendar: Exceptions = field(default_factory=dict)


def annulment_due(
    annulled_on: date, calendar: Exceptions, ruleset: Ruleset | None = None
) -> DueDay:
    """The last day to take an entry back: 3 working days. Source: 行政处罚法 第四十八条."""
    term = (ruleset or load_ruleset()).terms["case.annulled"]
    return add_working_days(annulled_on, term.amount, calendar)


def may_ask(ground: Ground, facts: RemovalFacts, ruleset: Ruleset | None = None) -> Ruling:
    """Whether removal may be asked for on this ground, and until when it has to be done."""
    rules = ruleset or load_ruleset()
    if ground is Ground.EARLY:
        if facts.colour != "black":
            article = rules.terms["black.early_exit"].article
            return Ruling(False, "提前移出只适用于黑名单", article)
        return _early(facts, rules)
    if ground is Ground.ANNULLED:
        return _annulled(facts, rules)
    if ground is Ground.UNFIT:
        red = facts.colour == "red"
        reason = "不再符合条件，应当移出守信激励名单" if red else "这个原因只用于红名单"
        return Ruling(red, reason, RED)
    return Ruling(True, "列入有误，应当移出", FOUR_EYES)


def _early(facts: RemovalFacts, rules: Ruleset) -> Ruling:
    """Twelve months, and every condition of the procedure. Source: 应急管理部令第11号."""
    paid = "duties_performed" in facts.conditions
    ruling = may_leave_early(facts.listed_on, facts.today, penalty_paid=paid, ruleset=rules)
    missing = [one for one in early_conditions(facts.conditions).values() if not one]
    return missing[0] if ruling and missing else ruling


def _annulled(facts: RemovalFacts, rules: Ruleset) -> Ruling:
    article = rules.terms["case.annulled"].article
    if facts.annulled_on is None or facts.annulled_on > facts.today:
        return Ruling(False, "请填写处罚被撤销的日期，不能晚于今天", article)
    due = annulment_due(facts.annulled_on, facts.calendar, rules).day
    late = "，现在已超期，请立即办理" if facts.today > due else ""
    return Ruling(True, f"处罚已撤销，最迟{printed(due)}移出{late}", article)


def may_answer(facts: RemovalFacts) -> Ruling:
    """Whether this officer may grant or refuse what was asked: another one than who asked."""
    if facts.asked_by is None:
        return Ruling(False, "还没有移出申请，请先由专员登记申请", FOUR_EYES)
    if facts.actor == facts.asked_by:
        return Ruling(False, "登记申请的人员不得决定移出，应由另一名决定人员办理", FOUR_EYES)
    return Ruling(True, "由另一名决定人员决定移出", FOUR_EYES)
