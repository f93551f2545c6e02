"""Which heading means which field: our own templates, and both 双公示 standards, of 2016 and of 2018.

A heading in 万元 or 元 carries its unit; a money column that names none is an error, never a guess, and so
is an unknown heading that looks like money: a fine that nobody reads would be 0.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from credit.importing.column import Column
from credit.importing.kind_columns import KIND_COLUMNS, NAME, NUMBER, UNIT_HINT, XK_UNUSED
from credit.models import Enterprise, Violation

HEADING_WITHIN: Final = 10  # titles above the headings may take up to nine rows


_KEEPS: Final = "空格不改动；填“无”清除"

COLUMNS: Final[Mapping[str, Sequence[Column]]] = {
    "enterprises": (
        NAME,
        NUMBER,
        Column("place", "属地", ("所属镇街", "镇街"), True, "河滨街道", "名称或区划代码"),
        Column("sector", "行业领域", ("行业",), True, "危险化学品", "名称或代码"),
        Column("address", "地址", ("注册地址", "生产经营地址"), hint=_KEEPS),
        Column("legal_representative", "法定代表人", ("法人代表",), hint=_KEEPS),
        Column("status", "状态", ("经营状态",), hint="从下拉列表中选；空格不改动",
               choices=tuple(Enterprise.Status.labels)),
        Column("standardisation_level", "标准化等级", ("安全生产标准化等级",),
               hint="从下拉列表中选；空格不改动", choices=tuple(Enterprise.Level.labels)),
        Column("promised_on", "公开承诺日期", hint=_KEEPS),
        Column("unit_kind", "单位类别", hint="从下拉列表中选；空格不改动",
               choices=tuple(Enterprise.UnitKind.labels)),
        Column("legacy_number", "原登记号", ("原注册号", "旧登记号", "工商注册号", "原工商注册号"),
               hint="以前用旧登记号登记的企业，填旧号即可并到现在的代码下；填“无”表示没有旧号"),
    ),
    "violations": (
        NAME,
        NUMBER,
        Column("source_key", "决定书文号", ("CF_WSH", "行政处罚决定书文号", "处罚决定书文号"), True,
               "云应急罚〔2026〕12号"),
        Column("offence", "违法行为", ("CF_WFXW", "违法行为类型", "CF_CFMC", "处罚名称"), True,
               "未如实记录安全生产教育和培训情况"),
        Column("facts", "违法事实", ("CF_SY",)),
        Column("basis", "处罚依据", ("CF_YJ",)),
        Column("penalty_kind", "处罚类别", ("CF_CFLB", "CF_CFLB1", "处罚类别1"), True, "罚款"),
        Column("penalty_kind_2", "处罚类别2", ("CF_CFLB2",), hint="同一决定还有第二种处罚时填"),
        Column("content", "处罚内容", ("CF_NR", "CF_JG", "处罚结果")),
        Column("fine", "罚款（元）", ("CF_NR_FK", "罚款金额（万元）", "罚款数额（万元）", "罚款额（万元）",
               "罚金（万元）"), example=20000, hint=UNIT_HINT, money=True),
        Column("confiscated", "没收（元）", ("CF_NR_WFFF", "没收金额（万元）", "没收数额（万元）",
               "没收违法所得（万元）", "没收违法所得金额（万元）",
               "没收违法所得、没收非法财物的金额（万元）", "没收违法所得、没收非法财物金额（万元）"),
               hint=UNIT_HINT, money=True),
        Column("licence", "暂扣或吊销证照", ("CF_NR_ZKDX", "暂扣或吊销证照名称及编号")),
        Column("happened_on", "处罚决定日期", ("CF_JDRQ",), True, "2026-03-12"),
        Column("publish_until", "公示截止日期", ("CF_GSJZQ", "公示截止期")),
        Column("authority", "处罚机关", ("CF_CFJG", "CF_XZJG"), True, "云溪区应急管理局"),
        Column("state", "当前状态", ("CF_ZT",), hint="0或留空：正常；1：撤销；2：异议；3：其他"),
        Column("ground", "列入情形", hint="符合应急管理部令第11号情形时，从下拉列表中选一种；没有就留空",
               choices=tuple(Violation.Ground.labels)),
    ),
    "accidents": (
        NAME,
        NUMBER,
        Column("source_key", "事故编号", required=True, example="SG-2026-001"),
        Column("title", "事故名称", required=True, example="“3·5”高处坠落事故"),
        Column("kind", "事故类型", required=True, example="高处坠落"),
        Column("happened_on", "发生日期", ("事故发生日期", "事故日期"), True, "2026-03-05"),
        Column("deaths", "死亡人数", ("死亡",), True, 0),
        Column("serious_injuries", "重伤人数", ("重伤",), True, 1),
        Column("direct_loss", "直接经济损失（元）", ("直接经济损失金额（万元）", "直接损失（万元）"), example=350000,
               hint=UNIT_HINT, money=True),
        Column("responsible", "责任事故", hint="是或否；空为是"),
        Column("concealed", "瞒报谎报", ("瞒报或谎报",), hint="是或否；空为否"),
        Column("penalised", "已受行政处罚", hint="是或否；空为否"),
        Column("multiplied_fine", "被处2至5倍罚款", hint="是或否；空为否"),
        Column("principal_fled", "主要负责人逃匿", ("主要负责人不组织抢救或逃匿",), hint="是或否；空为否"),
    ),
    **KIND_COLUMNS,
}  # fmt: skip
_IN_WAN: Final = frozenset({"CF_NR_FK", "CF_NR_WFFF"})  # where the heading itself names no unit
_UNIT: Final = re.compile(r"[(\[〔【]?(?:单位)?(?:人民币)?(万元|万|元)[)\]〕】]?$")
# 处罚 alone is no money: 处罚有效期.
_LIKE_MONEY: Final = re.compile(r"(?<!处)罚|没收|金额|损失|CF_NR")
# Columns of the 双公示 standard (and serial numbers) that we know and do not keep.
_UNUSED: Final = re.compile(
    r"CF_(XDR_(LB|GSZC|ZZJG|SWDJ|SYDW|SHZZ|ZJLX|ZJHM|ZDM|GSDJ|SFZ)|FRDB|FR|FR_ZJ(LX|HM)|YXQ|CFJGDM|SJLY(DM)?)"
    rf"|{XK_UNUSED}|DFBM|SJC|BZ|备注|序号"
)


Fault = tuple[str, str, str, int]  # column, value, advice, position from 1 (0: no place)


@dataclass(frozen=True, slots=True)
class Found:
    """A column of the file: where it stands (from 1), what it means, in which unit."""

    position: int
    column: Column
    title: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Headings:
    """The heading row (from 1) and its columns by field, or what is wrong with it."""

    row: int
    columns: Mapping[str, Found]
    faults: tuple[Fault, ...] = ()
    notices: tuple[str, ...] = ()


def normal(title: Any) -> str:
    """A heading without what people vary: spaces, width, stars, letter case."""
    plain = unicodedata.normalize("NFKC", "" if title is None else str(title))
    return re.sub(r"[\s*:]+", "", plain).upper()


def find_headings(rows: Sequence[Sequence[Any]], kind: str) -> Headings:
    """The heading row of a ``kind`` among the first ten: the one that names most of its columns."""
    known = _known(kind)
    best, most = 0, -1
    for place, row in enumerate(rows[:HEADING_WITHIN]):
        names = [_plain(normal(cell)) for cell in row]
        hits = len({known[name].field for name in names if name in known})
        if hits > most:
            best, most = place, hits
    return _read_headings(best + 1, rows[best] if rows else [], kind, known)


def _known(kind: str) -> dict[str, Column]:
    """Columns by their headings as ``_plain`` makes them."""
    return {
        _plain(normal(title)): column
        for column in COLUMNS[kind]
        for title in (column.heading, *column.others)
    }


def _plain(name: str) -> str:
    """A heading without its unit: 罚款(万), 罚款(元) and 罚款 are one column."""
    return _UNIT.sub("", name) or name


def _read_headings(
    row: int, titles: Sequence[Any], kind: str, known: Mapping[str, Column]
) -> Headings:
    columns: dict[str, Found] = {}
    faults: list[Fault] = []
    unknown: list[str] = []
    for position, title in enumerate(titles, start=1):
        name = normal(title)
        column = known.get(_plain(name))
        if column is None:
            if _has_money(kind) and _LIKE_MONEY.search(name) and not _UNUSED.fullmatch(name):
                faults.append(
                    (str(title).strip(), str(title).strip(), _unread_money(kind), position)
                )
            elif name and not _UNUSED.fullmatch(name):
                unknown.append(str(title).strip())
            continue
        if column.field in columns:
            advice = f"“{column.heading}”出现了两次，请只留一列"
            faults.append((column.heading, str(title).strip(), advice, position))
            continue
        unit = _unit(name) if column.money else ""
        if column.money and not unit:
            advice = f"请在表头写明单位：“{name}（元）”或“{name}（万元）”"
            faults.append((column.heading, str(title).strip(), advice, position))
        columns[column.field] = Found(position, column, str(title).strip(), unit)
    faults += _missing(kind, columns, titles)
    notices = (f"没有使用这些列：{'、'.join(unknown)}",) if unknown else ()
    return Headings(row, columns, tuple(faults), notices)


def _has_money(kind: str) -> bool:
    return any(column.money for column in COLUMNS[kind])


def _unread_money(kind: str) -> str:
    names = "、".join(f"“{column.heading}”" for column in COLUMNS[kind] if column.money)
    return f"不认识这个表头，它像是金额。请改成{names}（也可以写万元）；不需要这一列，就删去它"


def _unit(name: str) -> str:
    found = _UNIT.search(name)
    if found is None:
        return "万元" if name in _IN_WAN else ""
    return "万元" if found[1].startswith("万") else "元"


def _missing(kind: str, columns: Mapping[str, Found], titles: Sequence[Any]) -> list[Fault]:
    missing = [c for c in COLUMNS[kind] if c.required and c.field not in columns]
    seen = "、".join(str(title).strip() for title in titles if title is not None)[:200] or "（空）"
    advice = "缺少“{0}”列；文件里的表头是：{1}。请补上这一列，或把对应的表头改成“{0}”"
    return [(column.heading, "", advice.format(column.heading, seen), 0) for column in missing]
