"""What happened in the fictional district: penalties and accidents, drawn the same way for the same day.

Everything is invented. Offences and accidents come from ``seed/``; fines stay within their articles.
"""

import random
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from config.demo_district import SECTORS, Firm, firms
from credit.rules.accidents import AccidentClass, classify
from credit.rules.terms import add_months

SEED: Final = Path(__file__).parent / "seed"
DAYS_BACK: Final = 912  # thirty months
CLEAN: Final = 8  # enterprises of the first level that never get a record: for the red list
ORDINARY, ELSEWHERE = 142, 46  # penalties of the emergency office and of the others
_EMERGENCY: Final = ("云应急罚", "云溪区应急管理局")
_OFFICES: Final = {
    "construction": ("云建罚", "云溪区住房和城乡建设局"),
    "transport": ("云交罚", "云溪区交通运输局"),
    "special-equipment": ("云市监罚", "云溪区市场监督管理局"),
}
_ITEMS: Final = {"general": "一", "larger": "二", "major": "三", "extraordinary": "四"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A penalty before it gets its document number; money in yuan."""

    firm: Firm
    decided_on: date
    offence: str
    facts: str
    basis: str
    penalty_kind: str
    fine: int
    confiscated: int = 0
    licence: str = ""
    ground: str = ""
    office: tuple[str, str] = _EMERGENCY
    number: str = ""

    @property
    def content(self) -> str:
        """What the decision orders, in words."""
        orders = [f"罚款{self.fine}元"] if self.fine else []
        if self.confiscated:
            orders.append(f"没收违法所得{self.confiscated}元")
        if self.licence:
            orders.append(f"暂扣{self.licence}30日")
        if "停产停业" in self.penalty_kind:
            orders.append("责令停产停业整顿")
        return "，".join(orders)

    @property
    def publish_until(self) -> date:
        """One year for an ordinary fine, three for what weighs more (信用修复管理办法, 2026)."""
        heavy = self.fine >= 100_000 or self.penalty_kind != "罚款"
        return add_months(self.decided_on, 36 if heavy else 12)


# -- The district, who is kept clean and whose turn it is ----------------------------------------------


class District:
    """The firms by sector without the clean ones, and one draw for all files."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.draw = random.Random(20260401)  # noqa: S311  # a demo needs no secret
        everybody = list(firms())
        self.clean = [firm for firm in everybody if firm.level == 1][:CLEAN]
        self.everybody = everybody
        self.by_sector: dict[str, list[Firm]] = defaultdict(list)
        for firm in everybody:
            if firm not in self.clean:
                self.by_sector[firm.sector].append(firm)

    def nth(self, sector: str, place: int) -> Firm:
        """The ``place``-th (from 1) enterprise of ``sector`` that may have records."""
        return self.by_sector[sector][place - 1]

    def ago(self, days: int) -> date:
        """The day so many days before today."""
        return self.today - timedelta(days=days)

    def some_day(self) -> date:
        """A working day of the last thirty months, not the very last days."""
        day = self.ago(self.draw.randrange(4, DAYS_BACK))
        return day - timedelta(days=max(0, day.weekday() - 4))

    def some_firm(self, sectors: Iterable[str]) -> Firm:
        """Anybody of ``sectors``; a third of the draws fall on few, so that some have several records."""
        pool = [firm for sector in sectors for firm in self.by_sector[sector]]
        few = pool[:: max(1, len(pool) // 12)]
        return self.draw.choice(few if self.draw.random() < 0.3 else pool)


@cache
def _seed(name: str) -> Mapping[str, Any]:
    return tomllib.loads((SEED / f"{name}.toml").read_text(encoding="utf-8"))


# -- Penalties -----------------------------------------------------------------------------------------


def ordinary(district: District) -> Iterator[Penalty]:
    """Penalties of the emergency office for what an inspection found."""
    own = [code for code, *_ in SECTORS if code not in _OFFICES]
    for _ in range(ORDINARY):
        yield _draw_penalty(district, district.some_firm(own), _EMERGENCY)


def of_other_offices(district: District) -> Iterator[Penalty]:
    """Penalties of the offices for building, transport and special equipment."""
    for _ in range(ELSEWHERE):
        firm = district.some_firm(_OFFICES)
        yield _draw_penalty(district, firm, _OFFICES[firm.sector])


def _draw_penalty(district: District, firm: Firm, office: tuple[str, str]) -> Penalty:
    known = [row for row in _seed("offences")["offences"] if _fits(row, firm.sector)]
    row = district.draw.choices(known, weights=[row["weight"] for row in known])[0]
    decided = district.some_day()
    seen = decided - timedelta(days=district.draw.randrange(25, 60))
    return Penalty(
        firm=firm,
        decided_on=decided,
        offence=row["offence"],
        facts=f"{seen.year}年{seen.month}月{seen.day}日现场检查发现：{row['facts']}。",
        basis=row["basis"],
        penalty_kind=row["penalty_kind"],
        fine=district.draw.randrange(row["low"], row["high"] + 1, 1000),
        office=office,
    )


def _fits(row: Mapping[str, Any], sector: str) -> bool:
    return sector in row.get("sectors", [sector])


def by_decision(district: District) -> Iterator[Penalty]:
    """Grounds of 应急管理部令第11号 that only the decision can tell."""
    yield Penalty(
        firm=district.nth("fireworks", 5), decided_on=district.ago(260),
        offence="未取得烟花爆竹经营许可从事经营活动", facts="仓库内存放并对外销售烟花爆竹，未能提供经营许可证。",
        basis="《烟花爆竹安全管理条例》第三十六条", penalty_kind="罚款；没收违法所得", fine=60_000,
        confiscated=18_600, ground="未取得许可或许可被暂扣、吊销期间从事生产经营",
    )  # fmt: skip
    yield Penalty(
        firm=district.nth("machinery", 14), decided_on=district.ago(95),
        offence="未采取措施消除事故隐患，拒不执行", facts="责令消除冲压设备无防护的隐患，经催告仍继续生产。",
        basis="《安全生产法》第一百零二条", penalty_kind="责令停产停业整顿；罚款", fine=50_000,
        ground="有能力履行而拒不履行处罚决定",
    )  # fmt: skip


# -- Accidents and the penalties for them --------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """An accident of the seed; ``fine`` 0: not penalised."""

    sector: str
    firm: int
    days_ago: int
    kind: str
    loss: int
    fine: int
    deaths: int = 0
    injuries: int = 0
    responsible: bool = True
    concealed: bool = False
    multiplied: bool = False
    fled: bool = False

    @property
    def grade(self) -> AccidentClass:
        """Its class by 国务院令第493号."""
        return classify(deaths=self.deaths, serious_injuries=self.injuries, direct_loss=self.loss)


Happened = tuple[Mishap, Firm, date, str]


def accidents_of(district: District) -> Iterator[Happened]:
    """Each accident with its enterprise, day and number, oldest first."""
    count: dict[int, int] = defaultdict(int)
    rows = (Mishap(**row) for row in _seed("accidents")["accidents"])
    for mishap in sorted(rows, key=lambda row: -row.days_ago):
        day = district.ago(mishap.days_ago)
        count[day.year] += 1
        firm = district.nth(mishap.sector, mishap.firm)
        yield mishap, firm, day, f"SG-{day.year}-{count[day.year]:03}"


def for_accidents(district: District, accidents: Iterable[Happened]) -> Iterator[Penalty]:
    """The penalties for accidents, by 安全生产法 第一百一十四条; a builder's licence is suspended besides."""
    for mishap, firm, day, _ in accidents:
        if not mishap.fine:
            continue
        basis = f"《安全生产法》第一百一十四条第一款第{_ITEMS[mishap.grade.value]}项"
        basis += "、第二款" if mishap.multiplied else ""
        basis += "；《生产安全事故报告和调查处理条例》第三十六条" if mishap.concealed else ""
        builder = mishap.sector == "construction" and mishap.deaths > 0
        yield Penalty(
            firm=firm,
            decided_on=min(day + timedelta(days=110), district.ago(3)),
            offence=f"对发生{mishap.grade.label}负有责任",
            facts=f"{day.year}年{day.month}月{day.day}日发生{mishap.kind}事故，经调查认定为责任事故。",
            basis=basis + ("；《安全生产许可证条例》第十四条" if builder else ""),
            penalty_kind="罚款；暂扣许可证" if builder else "罚款",
            fine=mishap.fine,
            licence="建筑施工企业安全生产许可证" if builder else "",
        )
