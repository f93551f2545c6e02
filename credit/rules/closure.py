"""Whether an enterprise is to be proposed for closure (提请关闭).

Source: 安全生产法 第一百一十三条 第一项: a major hazard exists, and within 180 days three, or within a year four
penalties under that law. The bureau proposes, the local government decides; nothing is listed by it.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from credit.rules.ruleset import Ruleset, load_ruleset
from credit.rules.ruling import Ruling
from credit.rules.terms import add_months, printed


def may_propose_closure(
    *, hazard: bool, penalised_on: Iterable[date], today: date, ruleset: Ruleset | None = None
) -> Ruling:
    """``hazard``: a major hazard is open today; ``penalised_on``: the days of the penalties under that law.

    Only windows that end within the last year count. The day of the first penalty is not counted
    (民法典 第二百零一条).
    """
    rules = ruleset or load_ruleset()
    article = rules.terms["closure.short_window"].article
    if not hazard:
        return Ruling(False, "没有未销号的重大事故隐患", article)
    months = rules.months("closure.long_window")
    year = sorted(day for day in penalised_on if day <= today and add_months(day, months) > today)
    needed = rules.terms["closure.long_count"].amount
    if len(year) >= needed:
        reason = f"{printed(year[-needed])}至{printed(year[-1])}受到{needed}次行政处罚"
        return Ruling(True, reason, article)
    length = timedelta(days=rules.terms["closure.short_window"].amount)
    needed = rules.terms["closure.short_count"].amount
    for first, last in zip(year, year[needed - 1 :], strict=False):
        if last - first <= length:
            reason = f"{printed(first)}至{printed(last)}受到{needed}次行政处罚"
            return Ruling(True, reason, article)
    return Ruling(False, "处罚次数没有达到", article)
