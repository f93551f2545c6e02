"""Which scored kind a penalty is, by its printed category (行政处罚法 第九条), its fine and its licence."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from credit.rules.ruleset import Ruleset
from credit.rules.workdays import DueDay, Exceptions, add_working_days

_DONE: Final = "(?:暂扣|吊销|撤销)"
_NOT_DONE: Final = re.compile(
    f"(?:未|未被|无|没有|不予|不涉及|未涉及){_DONE}(?:[或、和及]{_DONE})*"
)


def kind_of(penalty_kind: str, fine: Decimal, ruleset: Ruleset, *, licence: str = "") -> str:
    """The deduction's kind in the rule-set; the gravest category that is named wins.

    ``fine`` is in yuan. ``licence`` is the column 暂扣或吊销证照: its words count, the mere name of
    a licence does not (nor 未暂扣 or 不涉及). A category that names nothing graver counts as
    a warning. Source: the categories of 行政处罚法 第九条; what is a large fine is the rule-set's.
    """
    licence = _NOT_DONE.sub("", licence)
    if "吊销" in penalty_kind and "暂扣" not in penalty_kind:
        return "violation.licence_revoked"
    if "吊销" in licence and "暂扣" not in licence:
        return "violation.licence_revoked"
    named = penalty_kind + licence
    if "降低资质" in penalty_kind or any(word in named for word in ("吊销", "暂扣", "撤销")):
        return "violation.licence_suspended"
    if any(word in penalty_kind for word in ("停产", "停业", "关闭", "限制")):
        return "violation.suspension"
    if fine >= ruleset.terms["violation.large_fine"].amount:
        return "violation.large_fine"
    if fine > 0 or any(word in penalty_kind for word in ("罚款", "没收")):
        return "violation.fine"
    return "violation.warning"


def publication_due(decided_on: date, calendar: Exceptions, ruleset: Ruleset) -> DueDay:
    """The last day to publish a penalty: seven working days after the decision. Source: 安全生产法 第七十八条."""
    days = ruleset.terms["violation.publish_within"].amount
    return add_working_days(decided_on, days, calendar)
