"""A few facts of the further kinds in the fictional district: hazards, permits, insurance, training and others."""

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
        "insurances": _insurances(district),
        "trainings": _trainings(district),
    }
    for kind, facts in said.items():
        columns = COLUMNS[kind]
        rows = [[fact.get(column.field, "") for column in columns] for fact in facts]
        yield kind, ([column.heading for column in columns], rows)


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
    ]  # fmt: skip


def _permits(district: District) -> list[dict[str, Any]]:
    firm, day = district.nth("machinery", 24), district.ago(300)
    return [
        _of(firm, "云应急许〔演〕1号", action="取得", permit_kind="普通", title="危险化学品经营许可证",
            permit_number="演A1", content="油漆、稀释剂", happened_on=day, valid_from=day,
            ended_on=day + timedelta(days=1095), authority="云溪区应急管理局"),
    ]  # fmt: skip


def _commendations(district: District) -> list[dict[str, Any]]:
    firm = district.nth("machinery", 25)
    return [
        _of(firm, "云安委〔演〕1号", title="安全生产先进单位", authority="云溪区安全生产委员会",
            happened_on=district.ago(150)),
    ]  # fmt: skip


def _insurances(district: District) -> list[dict[str, Any]]:
    return [
        _of(district.nth("machinery", n), f"演保{n}", insurer="云溪财产保险公司（虚构）",
            happened_on=district.ago(100), ended_on=district.ago(-265), insured=5_000_000, people=40 + n)
        for n in (24, 25, 26)
    ]  # fmt: skip


def _trainings(district: District) -> list[dict[str, Any]]:
    firm = district.nth("machinery", 26)
    return [
        _of(firm, "PX-演-1", event="培训班完成", title="主要负责人初训班", people=2,
            happened_on=district.ago(60)),
        _of(firm, "PX-演-2", event="未按期培训", title="安全管理人员再培训", people=1,
            happened_on=district.ago(40)),
    ]  # fmt: skip
