"""Who must learn what, under which article. Sources: 3号令 (80号令修正), 建教〔1997〕83号, 30号令."""

from datetime import date
from itertools import product

import pytest

from courses.rules.hours import hours
from courses.rules.requirements import required_of, rows, trades

TODAY = date(2026, 11, 25)
MACHINERY = {"sector": "machinery", "high_risk": False, "today": TODAY}
CHEMICALS = {"sector": "chemicals", "high_risk": True, "today": TODAY}
SITE = {"sector": "construction", "high_risk": True, "today": TODAY}
TRADE = {"sector": "trade", "high_risk": False, "today": TODAY}


def said(position: str, **where: object) -> list[tuple[str, int]]:
    return [(one.code, one.hours) for one in required_of(position, **where)]


@pytest.mark.parametrize(
    ("position", "where", "codes"),
    [
        ("principal", MACHINERY, [("manager-initial", 32), ("manager-yearly", 12)]),
        ("safety_manager", MACHINERY, [("manager-initial", 32), ("manager-yearly", 12)]),
        ("principal", CHEMICALS, [("manager-initial-high", 48), ("manager-yearly-high", 16)]),
        ("principal", SITE, [("manager-initial-site", 32), ("principal-yearly-site", 30)]),
        ("safety_manager", SITE, [("manager-initial-site", 32), ("safety-yearly-site", 40)]),
        ("worker", MACHINERY, [("worker-plant", 8), ("worker-workshop", 8), ("worker-team", 8)]),
        ("worker", TRADE, [("worker-initial", 24)]),
        (
            "worker",
            CHEMICALS,
            [
                ("worker-plant-high", 24),
                ("worker-workshop-high", 24),
                ("worker-team-high", 24),
                ("worker-yearly-high", 20),
            ],
        ),
        (
            "worker",
            SITE,
            [
                ("worker-plant-site", 15),
                ("worker-workshop-site", 15),
                ("worker-team-site", 20),
                ("worker-yearly-site", 15),
            ],
        ),
    ],
)
def test_each_post_in_each_sector_has_its_hours(position, where, codes):
    assert said(position, **where) == codes


def test_a_special_operator_needs_the_states_certificate_of_each_trade():
    found = required_of("special_operator", trades_of=["welding", "electrical"], **MACHINERY)
    assert [(one.code, one.name, one.paper) for one in found if one.step == "certificate"] == [
        ("operator-certificate.welding", "特种作业操作证：焊接与热切割作业", True),
        ("operator-certificate.electrical", "特种作业操作证：电工作业", True),
    ]


def test_the_trade_of_an_operator_that_nobody_entered_is_asked_for_too():
    codes = [one.code for one in required_of("special_operator", **TRADE)]
    assert codes == ["worker-initial", "operator-certificate"]


@pytest.mark.parametrize(("where", "end"), [(MACHINERY, ""), (CHEMICALS, "-high"), (SITE, "-site")])
def test_the_three_levels_sum_to_the_hours_of_the_law(where, end):
    levels = {one.code: one.hours for one in required_of("worker", **where)}
    known = hours("worker", high_risk=where["high_risk"], sector=where["sector"])
    total = sum(levels[f"worker-{step}{end}"] for step in ("plant", "workshop", "team"))
    assert known is not None
    assert total == known.initial


def test_every_post_asks_for_each_step_once():
    posts = ("principal", "safety_manager", "special_operator", "worker")
    for post, where in product(posts, (MACHINERY, CHEMICALS, SITE, TRADE)):
        steps = [one.step for one in required_of(post, trades_of=["welding"], **where)]
        assert steps
        assert len(steps) == len(set(steps))


def test_every_row_names_its_article_and_says_why_in_plain_words():
    for row in rows():
        assert row.article
        assert row.why.endswith("。")
        assert "{hours}" not in row.why


def test_nothing_is_asked_before_a_row_takes_effect():
    assert required_of("principal", **{**MACHINERY, "today": date(2025, 12, 31)}) == []


def test_trades_are_those_of_the_catalogue():
    assert trades()["welding"] == "焊接与热切割作业"
    assert len(trades()) == 10
