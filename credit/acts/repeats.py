"""How long an entry runs: the term of its list, that of one listed again, or the rest of one that was left by fraud.

Sources: 应急管理部令第11号; 苏安办〔2016〕47号 and 安委办〔2015〕14号 (listed again); the figures are the
rule-set's and the procedure's.
"""

from datetime import date

from credit.models import ListCase, ListEntry
from credit.models.rulesets import in_force
from credit.rules.procedure import Term, repeat_rule, repeated_term, rest_of_term
from credit.rules.terms import add_months


def former_of(case: ListCase) -> ListEntry | None:
    """The enterprise's earlier black entry that ends last, unless it turned out to be wrong."""
    if case.colour != "black":
        return None
    entries = ListEntry.objects.valid().filter(enterprise=case.enterprise_id, colour="black")
    return max(entries.exclude(case=case.pk), key=_last_day, default=None)


def _last_day(entry: ListEntry) -> date:
    return min(entry.removed_on or entry.ends_on, entry.ends_on)


def term_months(case: ListCase, today: date) -> int:
    """The months that a decision of ``today`` fixes."""
    former = former_of(case)
    if former is not None and case.restores_id is None:
        return repeat_rule(today, _last_day(former)).months
    return in_force(today).months(f"{case.colour}.term")


def former_and_term(case: ListCase, today: date) -> tuple[ListEntry | None, Term]:
    """The entry that this one follows, and how long it runs when it is published ``today``."""
    left = case.restores
    if left is not None:
        return left, rest_of_term(today, left.ends_on, left.removed_on or left.ends_on)
    former = former_of(case)
    rule = in_force(today).terms[f"{case.colour}.term"]
    months = case.term_months or rule.amount
    if former is None:
        term = Term(add_months(today, months), f"{rule.name}{months}个月", rule.article)
        return None, term
    return former, repeated_term(today, _last_day(former), months)
