"""Two rule-sets side by side, in words."""

import pytest

from credit.rules.differences import Change, differences
from credit.rules.ruleset import load_ruleset, parse_ruleset, shipped_text

OWN = "局规则集，待局里核定"
TERM = "应急管理部令第11号"
NEW_VETO = """
[[veto]]
code = "licence_lost"
kinds = ["violation.licence_revoked"]
at_least = 1
months = 24
grade = "D"
name = "24个月内被吊销许可证照"
article = "局务会议"
confirmed = true
"""


def changed(*edits: tuple[str, str]) -> list[Change]:
    text = shipped_text()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return differences(load_ruleset(), parse_ruleset(text))


def test_a_ruleset_does_not_differ_from_itself():
    assert differences(load_ruleset(), load_ruleset()) == []


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        (
            'kind = "violation.fine"\npoints = 5',
            'kind = "violation.fine"\npoints = 8',
            Change("扣分和加分", "罚款（10万元以下）：每次扣 5 分改为 8 分", OWN, False),
        ),
        (
            'kind = "violation.fine"\npoints = 5',
            'kind = "violation.fine"\npoints = -5',
            Change("扣分和加分", "罚款（10万元以下）：每次扣 5 分改为每次加 5 分", OWN, False),
        ),
        (
            'amount = 36\nunit = "months"\nname = "黑',
            'amount = 24\nunit = "months"\nname = "黑',
            Change("期限和数额", "黑名单管理期限：36 个月改为 24 个月", TERM, False),
        ),
        (
            "months = [6, 12, 24]",
            "months = [6, 12, 18]",
            Change(
                "时间系数",
                "24个月递减：6 个月内计 3/3、12 个月内计 2/3、24 个月内计 1/3"
                "改为 6 个月内计 3/3、12 个月内计 2/3、18 个月内计 1/3",
                "参照FMCSA SMS时间权重",
                True,
            ),
        ),
        (
            "factor = 0.5\n",
            "factor = 0.6\n",
            Change("情节系数", "从轻或次要责任：按 0.5 倍计改为 0.6 倍计", OWN, False),
        ),
        (
            "lowest = 85\n",
            "lowest = 88.5\n",
            Change("等级分数线", "A级：85 分起改为 88.5 分起", OWN, False),
        ),
        (
            "day = 2026-04-01",
            "day = 2026-05-01",
            Change(
                "新旧规定衔接",
                "信用修复管理办法施行，国家发展改革委令第58号废止：2026年4月1日起改为 2026年5月1日起",
                "国办发〔2025〕22号；信用修复管理办法",
                False,
            ),
        ),
    ],
)
def test_a_changed_figure_is_said_with_both_values(old, new, change):
    assert changed((old, new)) == [change]


def test_what_came_and_what_went_is_said_whole():
    came = changed(("# Grounds of the black", f"{NEW_VETO}\n# Grounds of the black"))
    assert came == [
        Change(
            "一票否决",
            "新增“24个月内被吊销许可证照”：计算范围：24 个月内，涉及吊销许可证照，达 1 次，最高评为 D 级",
            "局务会议",
            True,
        )
    ]
    with_it = parse_ruleset(shipped_text() + NEW_VETO)
    assert differences(with_it, load_ruleset())[0].words == (
        "删去“24个月内被吊销许可证照”（计算范围：24 个月内，涉及吊销许可证照，达 1 次，最高评为 D 级）"
    )


def test_a_source_that_was_checked_is_a_difference_too():
    entry = 'name = "未达标"\narticle = "局规则集，待局里核定"\nconfirmed = false'
    checked = 'name = "未达标"\narticle = "局务会议纪要3号"\nconfirmed = true'
    assert changed((entry, checked)) == [
        Change(
            "起始分",
            "未达标：依据由“局规则集，待局里核定”改为“局务会议纪要3号”；依据改为已核对",
            "局务会议纪要3号",
            True,
        )
    ]


def test_the_heading_is_compared_as_well():
    found = changed(('version = "1"', 'version = "2"'), ("highest = 100", "highest = 110"))
    assert [change.words for change in found] == [
        "版本：anxin-2026@1改为anxin-2026@2",
        "最高分：100 分改为 110 分",
    ]
