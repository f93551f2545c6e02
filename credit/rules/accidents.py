"""Classes of production-safety accidents (国务院令第493号 生产安全事故报告和调查处理条例)."""

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from credit.rules.ruleset import Ruleset, load_ruleset
from credit.rules.ruling import Ruling


class AccidentClass(StrEnum):
    """From the lightest to the gravest; the values are those of the database."""

    GENERAL = "general"
    LARGER = "larger"
    MAJOR = "major"
    EXTRAORDINARY = "extraordinary"

    @property
    def rank(self) -> int:
        """0 for 一般 to 3 for 特别重大, for comparing."""
        return tuple(AccidentClass).index(self)

    @property
    def label(self) -> str:
        """The printed name."""
        return ("一般事故", "较大事故", "重大事故", "特别重大事故")[self.rank]


class WindowKind(StrEnum):
    """Which window for changed casualty counts an accident falls under."""

    ORDINARY = "ordinary"
    TRAFFIC = "traffic"
    FIRE = "fire"


def classify(
    *,
    deaths: int,
    serious_injuries: int,
    direct_loss: Decimal | int,
    ruleset: Ruleset | None = None,
) -> AccidentClass:
    """The class of an accident: any one trigger suffices, the highest wins, bounds inclusive.

    ``direct_loss`` is in yuan (元). Raises ValueError for negative figures.
    Source: 国务院令第493号 第三条; the bounds are the rule-set's.
    """
    if deaths < 0 or serious_injuries < 0 or direct_loss < 0:
        raise ValueError("deaths, serious injuries and direct loss cannot be negative")
    for bounds in reversed((ruleset or load_ruleset()).accident_bounds):
        if (
            deaths >= bounds.deaths
            or serious_injuries >= bounds.serious_injuries
            or direct_loss >= bounds.direct_loss
        ):
            return AccidentClass(bounds.grade)
    return AccidentClass.GENERAL


def trigger(
    *,
    deaths: int,
    serious_injuries: int,
    direct_loss: Decimal | int,
    ruleset: Ruleset | None = None,
) -> str:
    """Which figures make the class, in words ready to print; "" for 一般. Source: 国务院令第493号 第三条."""
    figures = {"deaths": deaths, "serious_injuries": serious_injuries, "direct_loss": direct_loss}
    grade = classify(**figures, ruleset=ruleset)  # type: ignore[arg-type]
    for bounds in (ruleset or load_ruleset()).accident_bounds:
        if bounds.grade == grade:
            met = {
                f"死亡{bounds.deaths}人": deaths >= bounds.deaths,
                f"重伤{bounds.serious_injuries}人": serious_injuries >= bounds.serious_injuries,
                f"直接经济损失{bounds.direct_loss // 10_000}万元": direct_loss
                >= bounds.direct_loss,
            }
            return f"达到{'、'.join(words for words, holds in met.items() if holds)}"
    return ""


def casualties_open_until(
    happened_on: date, kind: WindowKind = WindowKind.ORDINARY, ruleset: Ruleset | None = None
) -> date:
    """The last day on which a changed number of casualties reclassifies the accident.

    30 days from the accident; 7 for road traffic and fire. Source: 国务院令第493号 第十三条.
    """
    window = (ruleset or load_ruleset()).terms[f"accident.window.{kind}"]
    return happened_on + timedelta(days=window.amount)


def window_of(kind: str) -> WindowKind:
    """Which window an accident of a printed kind has. Source: 国务院令第493号 第十三条."""
    if "道路" in kind or "交通" in kind:
        return WindowKind.TRAFFIC
    return WindowKind.FIRE if "火灾" in kind else WindowKind.ORDINARY


def may_reclassify(
    happened_on: date, today: date, kind: str, ruleset: Ruleset | None = None
) -> Ruling:
    """Whether changed casualties that we learn ``today`` change the class without a further decision.

    The last day of the window counts. Source: 国务院令第493号 第十三条.
    """
    rules = ruleset or load_ruleset()
    window = window_of(kind)
    last = casualties_open_until(happened_on, window, rules)
    term = rules.terms[f"accident.window.{window}"]
    if today <= last:
        return Ruling(True, f"在事故发生{term.amount}日内（到{last}）", term.article)
    words = f"事故发生已超过{term.amount}日（到{last}），伤亡人数变更须由第二人决定"
    return Ruling(False, words, term.article)
