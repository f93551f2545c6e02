"""A few facts of every further kind in the fictional district, so that no page of the demo is empty."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from config.demo_district import Firm
from config.demo_records import District
from credit.importing.columns import COLUMNS

Rows = tuple[Sequence[str], list[list[Any]]]


def further_rows(district: District) -> Iterator[tuple[str, Rows]]:
    """(kind, headings and rows) for every kind of which the demo has some."""
    said = {
        "hazards": _hazards(district),
        "permits": _permits(district),
        "commendations": _commendations(district),
        "standardisations": _standardisations(district),
        "insurances": _insurances(district),
        "duty_reports": _duty_reports(district),
        "trainings": _trainings(district),
        "external_facts": _external_facts(district),
    }
    for kind, facts in said.items():
        columns = COLUMNS[kind]
        rows = [[fact.get(column.field, "") for column in columns] for fact in facts]
        yield kind, ([column.heading for column in columns], rows)


def _managed(district: District) -> Firm:
    """The enterprise of which the demo's manager reads the file: the worst accident happened there."""
    return district.nth("metallurgy", 2)


def _of(firm: Firm, key: str, **said: Any) -> dict[str, Any]:
    return {"name": firm.name, "number": firm.uscc, "source_key": key, **said}


def _hazards(district: District) -> list[dict[str, Any]]:
    """Open and supervised, overdue, and closed."""
    machines = [district.nth("machinery", n) for n in (21, 22, 23)]
    return [
        _of(machines[0], "YH-演-1", title="有限空间未上锁管理", happened_on=district.ago(90),
            supervision="区级", authority="云溪区安全生产委员会", deadline=district.ago(-30)),
        _of(machines[1], "YH-演-2", title="冲压设备未装双手启动", happened_on=district.ago(120),
            deadline=district.ago(20)),
        _of(machines[2], "YH-演-3", title="配电间堆放可燃物", happened_on=district.ago(200),
            deadline=district.ago(100), ended_on=district.ago(110)),
        _of(_managed(district), "YH-演-4", title="熔炼炉冷却水未设断水报警", happened_on=district.ago(600),
            supervision="市级", authority="云溪区安全生产委员会", deadline=district.ago(420),
            ended_on=district.ago(450)),
    ]  # fmt: skip


def _permits(district: District) -> list[dict[str, Any]]:
    firm, day = district.nth("machinery", 24), district.ago(300)
    until = day + timedelta(days=1095)
    return [
        _of(_managed(district), "云应急许〔演〕2号", action="变更", permit_kind="普通", title="安全生产许可证",
            permit_number="演B1", content="法定代表人变更", happened_on=day, valid_from=day, ended_on=until,
            authority="云溪区应急管理局"),
        _of(firm, "云应急许〔演〕1号", action="取得", permit_kind="普通", title="危险化学品经营许可证",
            permit_number="演A1", content="油漆、稀释剂", happened_on=day, valid_from=day,
            ended_on=until, authority="云溪区应急管理局"),
    ]  # fmt: skip


def _commendations(district: District) -> list[dict[str, Any]]:
    firm = district.nth("machinery", 25)
    return [
        _of(firm, "云安委〔演〕1号", title="安全生产先进单位", authority="云溪区安全生产委员会",
            happened_on=district.ago(150)),
        _of(_managed(district), "云安委〔演〕2号", title="应急演练优秀单位", authority="云溪区安全生产委员会",
            happened_on=district.ago(45)),
    ]  # fmt: skip


def _standardisations(district: District) -> list[dict[str, Any]]:
    """One in its term, one whose term is over."""
    day = district.ago(1200)
    return [
        _of(district.nth("machinery", 24), "云AQB-演-1", level="三级", authority="云溪区应急管理局",
            happened_on=district.ago(200), ended_on=district.ago(200) + timedelta(days=1095)),
        _of(_managed(district), "云AQB-演-2", level="三级", authority="云溪区应急管理局", happened_on=day,
            ended_on=day + timedelta(days=1095)),
    ]  # fmt: skip


def _insurances(district: District) -> list[dict[str, Any]]:
    firms = [*(district.nth("machinery", n) for n in (24, 25, 26)), _managed(district)]
    return [
        _of(firm, f"演保{n}", insurer="云溪财产保险公司（虚构）", happened_on=district.ago(100),
            ended_on=district.ago(-265), insured=5_000_000, people=40 + n)
        for n, firm in enumerate(firms, start=24)
    ]  # fmt: skip


def _duty_reports(district: District) -> list[dict[str, Any]]:
    return [
        _of(_managed(district), f"DB-演-{n}", leader="溪守正", happened_on=district.ago(n), shift=shift,
            content=seen)
        for n, shift, seen in (
            (1, "夜班", "检查熔炼炉冷却水和吊运通道，未见异常"),
            (2, "白班", "发现一处通道堆放钢包，当班清理"),
        )
    ]  # fmt: skip


def _trainings(district: District) -> list[dict[str, Any]]:
    firm = district.nth("machinery", 26)
    return [
        _of(firm, "PX-演-1", event="培训班完成", title="主要负责人初训班", people=2,
            happened_on=district.ago(60)),
        _of(firm, "PX-演-2", event="未按期培训", title="安全管理人员再培训", people=1,
            happened_on=district.ago(40)),
        _of(_managed(district), "PX-演-3", event="取得证书", title="安全管理人员再培训", people=3,
            happened_on=district.ago(70)),
    ]  # fmt: skip


def _external_facts(district: District) -> list[dict[str, Any]]:
    return [
        _of(_managed(district), "WB-演-1", category="消防检查", title="消防安全重点单位检查合格",
            authority="云溪区消防救援大队（虚构）", happened_on=district.ago(80)),
    ]  # fmt: skip
