"""The fictional district of the demo: 云溪区, its places, sectors, enterprises and people.

Every name and number is invented; codes begin with 99, which no real division has.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

from credit.rules.uscc import make_uscc

DISTRICT = ("990001", "云溪区")
PLACES = [
    ("990001001", "河滨街道", "street"),
    ("990001002", "青石街道", "street"),
    ("990001003", "古渡街道", "street"),
    ("990001101", "东山镇", "town"),
    ("990001102", "南塘镇", "town"),
    ("990001103", "西桥镇", "town"),
    ("990001104", "北圩镇", "town"),
    ("990001105", "湖口镇", "town"),
    ("990001401", "云溪经济开发区", "zone"),
]
SECTORS = [
    ("chemicals", "危险化学品", True),
    ("construction", "建筑施工", True),
    ("fireworks", "烟花爆竹", True),
    ("metallurgy", "金属冶炼", True),
    ("transport", "交通运输", False),
    ("machinery", "机械制造", False),
    ("shipbuilding", "船舶修造", False),
    ("special-equipment", "特种设备", False),
    ("trade", "商贸服务", False),
]
TRADES = {
    "chemicals": ["精细化工", "涂料", "化工储运"],
    "construction": ["建筑工程", "市政工程", "装饰工程"],
    "fireworks": ["烟花销售", "日用烟花"],
    "metallurgy": ["金属冶炼", "铸造"],
    "transport": ["物流", "客运", "货运"],
    "machinery": ["机械制造", "精密模具", "电机"],
    "shipbuilding": ["船舶修造", "船用配件"],
    "special-equipment": ["电梯维保", "起重设备"],
    "trade": ["商贸", "超市", "酒店管理"],
}
FIRST = "安恒远明泰嘉华盛瑞和宏新长永立东海天金信"
SECOND = "青川源通达峰润景康辰程丰邦腾祥林"


class Firm(NamedTuple):
    """An invented enterprise."""

    name: str
    uscc: str
    place: str
    sector: str
    level: int
    address: str


def firms(count: int = 320) -> Iterator[Firm]:
    """The same ``count`` enterprises each time: names and codes are unique."""
    draw = random.Random(20170227)  # noqa: S311  # a demo's names need no secret
    names: set[str] = set()
    for serial in range(count):
        sector, _, _ = draw.choice(SECTORS)
        while (name := _name(draw, sector)) in names:
            pass
        names.add(name)
        code, place, _ = draw.choice(PLACES)
        uscc = make_uscc(f"91990001MADE{serial:04}")
        level = draw.choices([0, 1, 2, 3], weights=[5, 1, 3, 6])[0]
        yield Firm(name, uscc, code, sector, level, f"{place}示例路{serial + 1}号")


def _name(draw: random.Random, sector: str) -> str:
    trade = draw.choice(TRADES[sector])
    return f"云溪{draw.choice(FIRST)}{draw.choice(SECOND)}{trade}有限公司（虚构）"
