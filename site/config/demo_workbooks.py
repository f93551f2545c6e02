"""Workbooks of the fictional district as offices hand them in: register, penalties, accidents, others, a bad one.

The same day gives the same bytes. What happened is in ``config.demo_records``.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from config.demo_district import PLACES, SECTORS, Firm
from config.demo_kinds import further_rows
from config.demo_records import (
    District,
    Happened,
    Penalty,
    accidents_of,
    by_decision,
    for_accidents,
    of_other_offices,
    ordinary,
)
from credit.importing.columns import COLUMNS
from credit.rules.uscc import make_uscc

_LEVELS: Final = ("未达标", "一级", "二级", "三级")
_SURNAMES: Final = "溪渡桥禾泽岚苇汀"
_GIVEN: Final = ("安宁", "知行", "守正", "致远", "若水", "长青", "思齐", "云开")
_BUREAU: Final = make_uscc("11990001MADE9999")
# The headings of the 双公示 standard of 2018, in its order.
DOUBLE_PUBLIC: Final = (
    "CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_XDR_GSZC", "CF_XDR_ZZJG", "CF_XDR_SWDJ", "CF_XDR_SYDW",
    "CF_XDR_SHZZ", "CF_FRDB", "CF_FR_ZJLX", "CF_FR_ZJHM", "CF_XDR_ZJLX", "CF_XDR_ZJHM", "CF_WSH", "CF_WFXW",
    "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_NR_FK", "CF_NR_WFFF", "CF_NR_ZKDX", "CF_JDRQ", "CF_YXQ",
    "CF_GSJZQ", "CF_CFJG", "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM", "BZ",
)  # fmt: skip


def write_workbooks(folder: Path, today: date) -> list[tuple[str, Path]]:
    """Write every file below ``folder``: (kind of record, path), in the order in which to import them.

    The last one, problems.xlsx, has three rows that an import must refuse and two that it takes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    district = District(today)
    accidents = list(accidents_of(district))
    emergency = [*ordinary(district), *for_accidents(district, accidents)]
    elsewhere = [*of_other_offices(district), *by_decision(district)]
    return [
        ("enterprises", _book(folder / "enterprises.xlsx", "企业登记", *_register(district))),
        ("violations", _book(folder / "violations.xlsx", "双公示", *_double_public(emergency))),
        (
            "violations",
            _csv(folder / "violations-gb18030.csv", *_template_rows(_numbered(elsewhere))),
        ),
        ("accidents", _book(folder / "accidents.xlsx", "事故", *_accident_rows(accidents))),
        *(
            (kind, _book(folder / f"{kind}.xlsx", kind, *rows))
            for kind, rows in further_rows(district)
        ),
        ("violations", _book(folder / "problems.xlsx", "行政处罚", *_problem_rows(district))),
    ]


# -- Rows ----------------------------------------------------------------------------------------------

Rows = tuple[Sequence[str], list[list[Any]]]


def _numbered(penalties: Iterable[Penalty]) -> list[Penalty]:
    """Each with its document number: a series per office and year, by day."""
    count: dict[tuple[str, int], int] = defaultdict(int)
    done = []
    for penalty in sorted(penalties, key=lambda one: (one.decided_on, one.firm.uscc, one.offence)):
        mark, year = penalty.office[0], penalty.decided_on.year
        count[mark, year] += 1
        # The emergency office's penalties of the second file were reported late: a series of its own.
        series = f"补{count[mark, year]}" if penalty.ground else str(count[mark, year])
        done.append(replace(penalty, number=f"{mark}〔{year}〕{series}号"))
    return done


def _template(kind: str) -> list[str]:
    return [column.heading for column in COLUMNS[kind]]


def _double_public(penalties: Iterable[Penalty]) -> Rows:
    rows = []
    for one in _numbered(penalties):
        known = {
            "CF_XDR_MC": one.firm.name, "CF_XDR_LB": "法人及非法人组织", "CF_XDR_SHXYM": one.firm.uscc,
            "CF_FRDB": _representative(one.firm), "CF_WSH": one.number, "CF_WFXW": one.offence,
            "CF_SY": one.facts, "CF_YJ": one.basis, "CF_CFLB": one.penalty_kind, "CF_NR": one.content,
            "CF_NR_FK": one.fine / 10_000, "CF_NR_WFFF": one.confiscated / 10_000 or None,
            "CF_NR_ZKDX": one.licence, "CF_JDRQ": one.decided_on, "CF_YXQ": "2099/12/31",
            "CF_GSJZQ": one.publish_until.strftime("%Y/%m/%d"), "CF_CFJG": one.office[1],
            "CF_CFJGDM": _BUREAU, "CF_SJLY": one.office[1], "BZ": "虚构演示数据",
        }  # fmt: skip
        rows.append([known.get(heading, "") for heading in DOUBLE_PUBLIC])
    return DOUBLE_PUBLIC, rows


def _template_rows(penalties: Iterable[Penalty]) -> Rows:
    rows = []
    for one in penalties:
        said = asdict(one) | {
            "name": one.firm.name, "number": one.firm.uscc, "source_key": one.number, "content": one.content,
            "confiscated": one.confiscated or "", "happened_on": one.decided_on.isoformat(),
            "publish_until": one.publish_until.isoformat(), "authority": one.office[1],
        }  # fmt: skip
        rows.append([said.get(column.field, "") for column in COLUMNS["violations"]])
    return _template("violations"), rows


def _accident_rows(accidents: Iterable[Happened]) -> Rows:
    rows = []
    for one, firm, day, number in accidents:
        flags = (one.responsible, one.concealed, one.fine > 0, one.multiplied, one.fled)
        rows.append([
            firm.name, firm.uscc, number, f"“{day.month}·{day.day}”{one.grade.label.removesuffix('事故')}"
            f"{one.kind}事故", one.kind, day, one.deaths, one.injuries, one.loss,
            *("是" if flag else "否" for flag in flags),
        ])  # fmt: skip
    return _template("accidents"), rows


def _register(district: District) -> Rows:
    places = {code: name for code, name, _ in PLACES}
    sectors = {code: name for code, name, _ in SECTORS}
    promised = {firm.name: 60 + 45 * turn for turn, firm in enumerate(_promising(district))}
    rows: list[list[Any]] = []
    for firm in district.everybody:
        days = promised.get(firm.name)
        rows.append([
            firm.name, firm.uscc, places[firm.place], sectors[firm.sector], firm.address,
            _representative(firm), "在营", _LEVELS[firm.level], "" if days is None else district.ago(days),
        ])  # fmt: skip
    for serial, (name, place, sector) in enumerate(_OLD_NUMBERS, start=1):
        rows.append([
            name, f"99000000000{serial:04}", place, sector, f"{place}老街{serial}号", "溪守正", "在营",
            "三级", "",
        ])  # fmt: skip
    return _template("enterprises"), rows


_OLD_NUMBERS: Final = (
    ("云溪老渡口船用配件厂（虚构）", "古渡街道", "船舶修造"),
    ("云溪北圩农机修配厂（虚构）", "北圩镇", "机械制造"),
)


def _promising(district: District) -> list[Firm]:
    """Who promised in public: the clean ones, and five others of whom most will fall short."""
    others = [firm for rest in district.by_sector.values() for firm in rest if firm.level == 1]
    return [*district.clean, *others[:5]]


def _representative(firm: Firm) -> str:
    """An invented name: no such surname is common, and it follows from the code."""
    serial = int(firm.uscc[12:16])
    return _SURNAMES[serial % len(_SURNAMES)] + _GIVEN[serial // 8 % len(_GIVEN)]


def _problem_rows(district: District) -> Rows:
    """Two good rows and three bad ones: a mistyped code, no such day, no number and a vague amount."""
    firm = district.nth("machinery", 20)
    good = Penalty(
        firm=firm, decided_on=district.ago(30), offence="未采取措施消除事故隐患", facts="现场检查发现。",
        basis="《安全生产法》第一百零二条", penalty_kind="罚款", fine=15_000, number="云应急罚〔演〕1号",
    )  # fmt: skip
    rows = _template_rows([good, replace(good, number="云应急罚〔演〕2号", fine=18_000)])[1]
    place = {column.field: n for n, column in enumerate(COLUMNS["violations"])}
    for serial, wrong in enumerate(
        (
            {"number": firm.uscc[:-1] + ("0" if firm.uscc[-1] != "0" else "1")},
            {"happened_on": f"{district.today.year}-02-30"},
            {"source_key": "", "fine": "一万五千元左右"},
        ),
        start=3,
    ):
        row = list(rows[0])
        row[place["source_key"]] = f"云应急罚〔演〕{serial}号"
        for field, value in wrong.items():
            row[place[field]] = value
        rows.append(row)
    return _template("violations"), rows


# -- Files ---------------------------------------------------------------------------------------------


def _book(
    path: Path, sheet_name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Path:
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2026, 1, 1), "comments": "虚构演示数据"})
    bold = book.add_format({"bold": True, "bg_color": "#e3efef"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(sheet_name)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, 18)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(line, column, value, day)
            elif value not in ("", None):
                sheet.write(line, column, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return path


def _csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
    """As older office software saves it: GB18030 without a mark."""
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)
    return path
