"""The procedure's own data: heavy grounds, meetings, repeats, conditions of an early removal.

Read from ``credit/rulesets/lists/procedure.toml``; each entry names its article and whether its text was
checked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final

from credit.rules.ruleset import Entry, RulesetError
from credit.rules.ruling import Ruling
from credit.rules.tables import by_code, read_tables
from credit.rules.terms import add_months, printed

FROM: Final = ("listing", "former_end")
ASKED_OF: Final = ("officer", "records")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heavy(Entry):
    """A ground on which the heads decide together."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Entry):
    """A figure of the meeting."""

    code: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat(Entry):
    """The term of one that is listed again."""

    code: str
    months: int
    counted_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Entry):
    """A condition of an early removal, and who says whether it is met."""

    code: str
    asked_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """All of it; mappings are by code."""

    heavy: Mapping[str, Heavy]
    members: Count
    repeats: Mapping[str, Repeat]
    early: Mapping[str, Condition]


@dataclass(frozen=True, slots=True)
class Term:
    """How long an entry runs: up to ``ends_on``, the first day on which it no longer stands, and why."""

    ends_on: date
    reason: str
    article: str


@cache
def load_procedure() -> Procedure:
    """The procedure in force. Raises RulesetError."""
    tables = read_tables(
        "lists/procedure.toml",
        {"heavy": Heavy, "meeting": Count, "repeat": Repeat, "early": Condition},
    )
    found = Procedure(
        heavy=by_code(tables["heavy"]),
        members=by_code(tables["meeting"])["members"],
        repeats=by_code(tables["repeat"]),
        early=by_code(tables["early"]),
    )
    wrong = [one.code for one in found.repeats.values() if one.counted_from not in FROM]
    wrong += [one.code for one in found.early.values() if one.asked_of not in ASKED_OF]
    if wrong:
        raise RulesetError.at("procedure.toml", ", ".join(wrong), "unknown word")
    return found


def is_heavy(codes: Iterable[str], procedure: Procedure | None = None) -> bool:
    """Whether a case on these grounds is decided by the heads together. Source: 行政处罚法 第五十七条."""
    return not (procedure or load_procedure()).heavy.keys().isdisjoint(codes)


def may_decide_together(votes: Iterable[str], procedure: Procedure | None = None) -> Ruling:
    """Whether a meeting with these votes ("for", "against", "abstain") carries a decision.

    Source: 行政处罚法 第五十七条; the number of members and the majority are the bureau's.
    """
    cast = list(votes)
    rule = (procedure or load_procedure()).members
    if not cast:
        return Ruling(False, "重大案件须经负责人集体讨论，请先登记讨论记录", rule.article)
    if len(cast) < rule.amount:
        return Ruling(False, f"集体讨论至少{rule.amount}人参加，现在{len(cast)}人", rule.article)
    agreed = cast.count("for")
    if agreed * 2 <= len(cast):
        return Ruling(False, f"集体讨论{len(cast)}人中{agreed}人同意，未过半数", rule.article)
    return Ruling(True, f"集体讨论{len(cast)}人参加，{agreed}人同意", rule.article)


def repeat_rule(listed_on: date, former_end: date, procedure: Procedure | None = None) -> Repeat:
    """Which rule holds for one that is listed again; ``former_end``: when the former entry ends or ended."""
    repeats = (procedure or load_procedure()).repeats
    return repeats["while_listed" if former_end > listed_on else "after_listing"]


def repeated_term(
    listed_on: date, former_end: date, months: int, procedure: Procedure | None = None
) -> Term:
    """The term of one that is listed again; ``months`` is what the decision fixed."""
    rule = repeat_rule(listed_on, former_end, procedure)
    start = former_end if rule.counted_from == "former_end" else listed_on
    reason = f"{rule.name}：自{printed(start)}起{months}个月"
    return Term(add_months(start, months), reason, rule.article)


def rest_of_term(listed_on: date, former_end: date, left_on: date) -> Term:
    """What was left of a term that ended early on false material runs again. Source: 应急管理部令第11号."""
    rest = former_end - left_on
    reason = f"恢复列入，执行原期限（至{printed(former_end)}）剩余的{rest.days}天"
    return Term(listed_on + rest, reason, "应急管理部令第11号（条文号待核对）")


def early_conditions(
    met: Iterable[str], procedure: Procedure | None = None
) -> Mapping[str, Ruling]:
    """Each condition of an early removal by code: is it met, in words."""
    said = set(met)
    rules = (procedure or load_procedure()).early
    return MappingProxyType(
        {
            code: Ruling(
                code in said, f"{'' if code in said else '尚未确认：'}{rule.name}", rule.article
            )
            for code, rule in rules.items()
        }
    )
