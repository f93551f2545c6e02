"""What the public sees of the plan, and what it may download; what editors may do in the admin."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from indicators.acts import Report, record
from indicators.models import Indicator, Observation, Plan

D = Decimal


def observe(indicator: Indicator, year: int, value: int, editor: Any, **more: Any) -> Observation:
    return record(indicator, Report(year, "统计年报", value=D(value), **more), editor=editor)


def test_every_indicator_is_a_card(client: Client, plan: Plan):
    page = client.get("/indicators/").content.decode()
    assert page.count('class="card h-100 indicator"') == 7
    assert "5年累计下降30%" in page
    assert "不高于 0.0521" in page
    assert page.count("style=") == 0


def test_the_base_may_be_reported_later(client: Client, accidents: Indicator, editor: Any):
    observe(accidents, 2015, 20, editor)
    observe(accidents, 2017, 19, editor)
    card = client.get("/indicators/").context["cards"][0]
    assert (card.target.base, card.goal) == (20, 18)
    assert card.standing.reason == "2017年为19，当年进度线不高于19.2"
    assert card.label == "进度正常"


def test_the_chart_has_words_for_those_who_do_not_see_it(
    client: Client, accidents: Indicator, editor: Any
):
    observe(accidents, 2016, 20, editor)
    page = client.get("/indicators/").content.decode()
    assert (
        '<title id="t-accidents">生产安全事故起数：2015年待填报，2016年20，2017年待填报，2018年待填报，'
        "2019年待填报，2020年待填报</title>"
    ) in page


def test_a_corrected_value_is_shown_with_its_reason(
    client: Client, accidents: Indicator, editor: Any
):
    observe(accidents, 2016, 20, editor)
    observe(accidents, 2016, 21, editor, note="补报一起")
    page = client.get("/indicators/").content.decode()
    assert "2016年：21" in page
    assert "已更正：补报一起" in page
    assert "2016年：20" not in page


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_asks_three_queries_however_many_indicators(
    client: Client, accidents: Indicator, editor: Any, count: int, django_assert_num_queries: Any
):
    plan = Plan.objects.create(name="另一规划", base_year=2020, first_year=2021, last_year=2025)
    for number in range(count):
        facts = {
            "number": number,
            "code": f"c{number}",
            "name": "起数",
            "unit": "起",
            "kind": "aim_zero",
        }
        observe(Indicator.objects.create(plan=plan, **facts), 2021, 0, editor)
    client.get("/indicators/")  # the menu is kept afterwards
    with django_assert_num_queries(3):  # plans, indicators, observations
        answer = client.get("/indicators/")
    assert len(answer.context["cards"]) == count


@pytest.mark.parametrize("asked", ["", "0", "x", "\x00", "9" * 30])
def test_an_unknown_plan_is_the_newest(client: Client, plan: Plan, asked: str):
    assert client.get("/indicators/", {"plan": asked}).context["plan"] == plan


def test_without_a_plan_the_page_says_so(client: Client, db: None):
    Indicator.objects.all().delete()
    Plan.objects.all().delete()
    assert "还没有发布规划" in client.get("/indicators/").content.decode()


def test_the_table_holds_the_same_and_runs_nothing(client: Client, gdp: Indicator, editor: Any):
    report = Report(2016, "=cmd()", deaths=30, divisor=D("450.5"))
    row = record(gdp, report, editor=editor)
    answer = client.get(f"/indicators/plans/{gdp.plan_id}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 7
    assert rows[3] == {
        "规划": "区安全生产“十三五”规划（2016—2020年）",
        "序号": "4",
        "指标": "亿元国内生产总值生产安全事故死亡率",
        "单位": "人/亿元",
        "目标": "5年累计下降30%",
        "基期年": "2015",
        "基期值": "0.0744",
        "期末目标值": "0.0521",
        "年份": "2016",
        "数值": "0.0666",
        "当年进度线": "0.0699",
        "数据来源": "'=cmd()",
        "填报日期": f"{row.recorded_at:%Y-%m-%d}",
        "状态": "进度正常",
        "说明": "2016年为0.0666，当年进度线不高于0.0699",
    }


def test_an_unknown_plan_has_no_table(client: Client, db: None):
    assert client.get("/indicators/plans/999.csv").status_code == 404


@pytest.fixture
def desk(client: Client, editor: Any, settings: Any) -> Client:
    """The editor at the admin, the second factor (tested with the accounts) taken for done."""
    guard = "accounts.middleware.StaffSecondFactor"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != guard]
    client.force_login(editor)
    return client


ADD = "/admin/observation/new/"


def test_an_editor_reports_and_corrects_in_the_admin(
    desk: Client, accidents: Indicator, editor: Any
):
    form = {
        "indicator": accidents.pk,
        "year": 2016,
        "value": "12",
        "source": "统计年报",
        "note": "",
    }
    assert desk.post(ADD, form).status_code == 302
    again = desk.post(ADD, form | {"value": "11"})
    assert "2016年已填报12，更正请写明原因" in again.content.decode()
    assert desk.post(ADD, form | {"value": "11", "note": "重复统计"}).status_code == 302
    [row] = Observation.objects.current()
    assert (row.value, row.recorded_by, row.note) == (11, editor, "重复统计")
    page = desk.get("/admin/observation/").content.decode()
    assert "生产安全事故起数" in page


def test_nobody_edits_or_deletes_in_the_admin(desk: Client, accidents: Indicator, editor: Any):
    row = observe(accidents, 2016, 20, editor)
    for action in ("edit", "delete"):
        assert desk.post(f"/admin/observation/{action}/{row.pk}/", {"value": 1}).status_code == 302
    assert [kept.value for kept in Observation.objects.all()] == [20]
