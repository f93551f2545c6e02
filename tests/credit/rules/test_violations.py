"""Which scored kind a penalty is."""

from decimal import Decimal

import pytest

from credit.rules.ruleset import load_ruleset
from credit.rules.violations import kind_of


@pytest.mark.parametrize(
    ("printed", "fine", "licence", "kind"),
    [
        ("警告", 0, "", "warning"),
        ("通报批评", 0, "无", "warning"),
        ("罚款", 0, "", "fine"),
        ("警告；罚款", Decimal("99999.99"), "/", "fine"),
        ("罚款", 100_000, "", "large_fine"),
        ("没收违法所得", 0, "", "fine"),
        ("责令停产停业整顿", 200_000, "", "suspension"),
        ("责令关闭", 0, "", "suspension"),
        ("暂扣许可证件", 0, "", "licence_suspended"),
        ("降低资质等级", 0, "", "licence_suspended"),
        ("罚款", 20_000, "安全生产许可证", "fine"),
        ("罚款", 20_000, "-", "fine"),
        ("罚款", 20_000, "'-", "fine"),
        ("罚款", 20_000, "未暂扣或吊销证照", "fine"),
        ("罚款", 20_000, "暂扣安全生产许可证30日", "licence_suspended"),
        ("罚款", 20_000, "撤销安全生产许可证", "licence_suspended"),
        ("罚款", 20_000, "安全条件不合格，吊销许可证", "licence_revoked"),
        ("吊销许可证件", 0, "", "licence_revoked"),
        ("罚款", 20_000, "吊销安全生产许可证", "licence_revoked"),
        # The printed category of the national form names both: what was done, it does not say.
        ("暂扣许可证件、降低资质等级、吊销许可证件", 0, "", "licence_suspended"),
        ("暂扣许可证件、降低资质等级、吊销许可证件", 0, "吊销许可证", "licence_revoked"),
    ],
)
def test_the_gravest_category_that_is_named_wins(printed, fine, licence, kind):
    found = kind_of(printed, Decimal(fine), load_ruleset(), licence=licence)
    assert found == f"violation.{kind}"
    assert found in load_ruleset().deductions
