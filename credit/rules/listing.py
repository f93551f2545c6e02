"""Who is listed: 严重失信主体名单 (black) and 守信激励 (red), their terms and early removal.

Sources: 应急管理部令第11号 (since 2023-10-01) and 安监总办〔2017〕133号. Names, articles and
figures come from the rule-set. The rules propose; two officers decide.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from credit.rules.accidents import AccidentClass
from credit.rules.ruleset import Ground, Ruleset, load_ruleset
from credit.rules.ruling import Ruling
from credit.rules.terms import add_months, printed
from credit.rules.timeline import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class AccidentFact:
    """An accident for which the enterprise answers; ``penalised``: a penalty was imposed."""

    happened_on: date
    grade: AccidentClass
    penalised: bool
    concealed: bool = False
    multiplied_fine: bool = False
    principal_fled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BlackFacts:
    """What is known of one enterprise; the flags mean: and it was penalised for this."""

    accidents: Sequence[AccidentFact] = ()
    unlicensed: bool = False
    false_certificates: bool = False
    refuses_penalty: bool = False
    other_serious: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFacts:
    """What is known of an applicant; dates are the latest ones, None when there was none.

    ``dishonest_on`` covers the unit, its principal and the deputy in charge of safety.
    """

    promise_public: bool
    standardisation_level: int
    dishonest_on: date | None = None
    penalised_on: date | None = None
    fatal_accident_on: date | None = None
    occupational_disease_on: date | None = None
    listed_elsewhere: bool = False


def black_grounds(facts: BlackFacts, rules: Rules | None = None) -> dict[str, Ruling]:
    """Every ground of the black list by code, each with a ruling: does it hold, and why.

    Grounds from accidents need a penalty as well. An accident meets only the grounds that the rule-set of
    its day has; one that no rule-set has is not answered. Source: 应急管理部令第11号.
    """
    rules = rules or load_ruleset()
    penalised = sorted(
        (fact for fact in facts.accidents if fact.penalised), key=lambda fact: fact.happened_on
    )

    def on_day(code: str) -> list[AccidentFact]:
        return [fact for fact in penalised if code in rules.on(fact.happened_on).grounds]

    evidence = {
        "major_accident": _first(
            on_day("major_accident"), lambda a: a.grade.rank >= AccidentClass.MAJOR.rank
        ),
        "two_larger_accidents": _repeated_larger(on_day("two_larger_accidents"), rules),
        "multiplied_fine": _first(on_day("multiplied_fine"), lambda a: a.multiplied_fine),
        "concealment": _first(on_day("concealment"), lambda a: a.concealed),
        "principal_fled": _first(on_day("principal_fled"), lambda a: a.principal_fled),
        "unlicensed": _flag(facts.unlicensed),
        "false_certificates": _flag(facts.false_certificates),
        "refuses_penalty": _flag(facts.refuses_penalty),
        "other_serious": _flag(facts.other_serious),
    }
    answered = {code for one in rules.sets for code in one.grounds}
    return {
        code: _ground(ground_of(code, rules), text)
        for code, text in evidence.items()
        if code in answered
    }


def ground_of(code: str, rules: Rules) -> Ground:
    """The ground as the newest rule-set that has it words it. Raises KeyError when none has it."""
    having = [one for one in rules.sets if code in one.grounds]
    return (having or rules.sets)[-1].grounds[code]


def red_conditions(
    facts: RedFacts, today: date, ruleset: Ruleset | None = None
) -> dict[str, Ruling]:
    """Every condition of the red list by code; all must hold.

    Source: 安监总办〔2017〕133号.
    """
    rules = ruleset or load_ruleset()
    since = add_months(today, -rules.months("red.clean_period"))
    level = rules.terms["red.level"].amount
    shortfalls = {
        "promise": "" if facts.promise_public else "尚未公开承诺",
        "no_dishonesty": _recent(facts.dishonest_on, since, "有失信记录"),
        "no_penalty": _recent(facts.penalised_on, since, "受到行政处罚"),
        "no_fatal_accident": _recent(facts.fatal_accident_on, since, "发生死亡责任事故"),
        "no_occupational_disease": _recent(facts.occupational_disease_on, since, "发现新发职业病"),
        "standardisation": "" if facts.standardisation_level == level else "标准化等级未达要求",
        "not_listed_elsewhere": "已被列入其他失信名单" if facts.listed_elsewhere else "",
    }
    known = rules.grounds
    return {
        code: _condition(known[code], text) for code, text in shortfalls.items() if code in known
    }


def may_be_black(grounds: Mapping[str, Ruling]) -> Ruling:
    """Whether any ground holds; the reason joins those that do."""
    found = [ruling for ruling in grounds.values() if ruling]
    if not found:
        return Ruling(False, "不符合任何列入情形", "应急管理部令第11号")
    return Ruling(True, "；".join(r.reason for r in found), "；".join(r.article for r in found))


def may_be_red(conditions: Mapping[str, Ruling]) -> Ruling:
    """Whether every condition holds; otherwise the reason joins the shortfalls."""
    failed = [ruling for ruling in conditions.values() if not ruling]
    article = next(iter(conditions.values())).article
    if failed:
        return Ruling(False, "；".join(ruling.reason for ruling in failed), article)
    return Ruling(True, "符合守信激励名单全部条件", article)


def term_end(listed_on: date, colour: str = "black", ruleset: Ruleset | None = None) -> date:
    """The first day on which an entry no longer stands; ``colour`` is "black" or "red".

    Raises KeyError for another colour. Source: 应急管理部令第11号; 安监总办〔2017〕133号.
    """
    return add_months(listed_on, (ruleset or load_ruleset()).months(f"{colour}.term"))


def may_leave_early(
    listed_on: date, today: date, *, penalty_paid: bool, ruleset: Ruleset | None = None
) -> Ruling:
    """Whether early removal from the black list may be asked for on ``today``.

    ``penalty_paid``: every duty of the penalty decision is performed.
    Source: 应急管理部令第11号, at least 12 months after listing.
    """
    term = (ruleset or load_ruleset()).terms["black.early_exit"]
    opens_on = add_months(listed_on, term.amount)
    if today < opens_on:
        reason = f"列入未满{term.amount}个月，{printed(opens_on)}起可申请"
        return Ruling(False, reason, term.article)
    if not penalty_paid:
        return Ruling(False, "行政处罚决定规定的义务尚未履行完毕", term.article)
    return Ruling(True, f"列入已满{term.amount}个月且义务已履行，可申请提前移出", term.article)


def red_must_end(
    granted_on: date,
    *,
    accident_on: date | None,
    penalised_on: date | None,
    ruleset: Ruleset | None = None,
) -> Ruling:
    """Whether a red entry ends at once: an accident or a penalty on or after the grant.

    Source: 安监总办〔2017〕133号.
    """
    article = (ruleset or load_ruleset()).terms["red.term"].article
    for day, what in ((accident_on, "发生事故"), (penalised_on, "受到行政处罚")):
        if day is not None and day >= granted_on:
            return Ruling(True, f"{printed(day)}{what}，立即移出守信激励名单", article)
    return Ruling(False, "列入期间未发生事故、未受处罚", article)


def _first(accidents: Sequence[AccidentFact], holds: Callable[[AccidentFact], bool]) -> str:
    """Evidence from the first accident for which ``holds``; "" when there is none."""
    for accident in accidents:
        if holds(accident):
            return f"{printed(accident.happened_on)}{accident.grade.label}"
    return ""


def _repeated_larger(accidents: Sequence[AccidentFact], rules: Rules) -> str:
    """Evidence of enough larger accidents within the window; a graver one counts as well.

    How many within which window is what the rule-set of the last one's day says: it completes the ground.
    """
    larger = [a.happened_on for a in accidents if a.grade.rank >= AccidentClass.LARGER.rank]
    for place, last in enumerate(larger, start=1):
        then = rules.on(last)
        needed = max(then.terms["black.larger_count"].amount, 1)
        if place < needed:
            continue
        first = larger[place - needed]
        if last < add_months(first, then.months("black.larger_window")):
            return f"{printed(first)}至{printed(last)}较大及以上事故{needed}起"
    return ""


def _flag(known: bool) -> str:
    return "已受行政处罚" if known else ""


def _ground(ground: Ground, evidence: str) -> Ruling:
    reason = f"{ground.name}（{evidence}）" if evidence else f"未发现：{ground.name}"
    return Ruling(bool(evidence), reason, ground.article)


def _recent(day: date | None, since: date, what: str) -> str:
    """The shortfall when ``day`` is after ``since``; "" otherwise."""
    return f"{printed(day)}{what}，未满期限" if day is not None and day > since else ""


def _condition(ground: Ground, shortfall: str) -> Ruling:
    reason = f"不符合“{ground.name}”：{shortfall}" if shortfall else f"符合：{ground.name}"
    return Ruling(not shortfall, reason, ground.article)
