"""Which scored kind a penalty is, by its printed category (行政处罚法 第九条), its fine and its licence."""

from decimal import Decimal

from credit.rules.ruleset import Ruleset


def kind_of(penalty_kind: str, fine: Decimal, ruleset: Ruleset, *, licence: str = "") -> str:
    """The deduction's kind in the rule-set; the gravest category that is named wins.

    ``fine`` is in yuan. ``licence`` is the column 暂扣或吊销证照: what is filled in there was at
    least suspended, unless its words say revoked. A category that names nothing graver counts as
    a warning. Source: the categories of 行政处罚法 第九条; what is a large fine is the rule-set's.
    """
    licence = licence if _says_something(licence) else ""
    if "吊销" in penalty_kind and "暂扣" not in penalty_kind:
        return "violation.licence_revoked"
    if "吊销" in licence and "暂扣" not in licence:
        return "violation.licence_revoked"
    if licence or any(word in penalty_kind for word in ("吊销", "暂扣", "降低资质")):
        return "violation.licence_suspended"
    if any(word in penalty_kind for word in ("停产", "停业", "关闭", "限制")):
        return "violation.suspension"
    if fine >= ruleset.terms["violation.large_fine"].amount:
        return "violation.large_fine"
    if fine > 0 or any(word in penalty_kind for word in ("罚款", "没收")):
        return "violation.fine"
    return "violation.warning"


def _says_something(licence: str) -> bool:
    """Offices fill the empty column with 无, / or a dash."""
    return licence.strip() not in {"", "无", "/", "-", "—", "——", "0", "未涉及", "不涉及"}
