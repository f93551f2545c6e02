"""What a simulation found, as a page and as a workbook: numbers for all, names as far as one's reach."""

import io
from collections.abc import Iterable
from typing import Any, Final

import xlsxwriter
from django.db.models import QuerySet

from credit.importing.cells import printable
from credit.models import Enterprise, Simulation
from credit.rules.ruleset import GRADES

SHOWN: Final = 100  # names on the page; all of them are in the workbook
LISTS: Final = (
    ("black", "new", "新增建议列入黑名单"),
    ("black", "gone", "不再建议列入黑名单"),
    ("red", "new", "新增建议列入红名单"),
    ("red", "gone", "不再建议列入红名单"),
)
_AREA: Final = (
    ("name", "名称"), ("total", "企业数"), ("better", "等级变好"), ("worse", "等级变差"),
    ("black_new", "新增建议黑名单"), ("black_gone", "不再建议黑名单"),
    ("red_new", "新增建议红名单"), ("red_gone", "不再建议红名单"),
)  # fmt: skip
_COLOURS: Final = {"A": "#1a7f4b", "B": "#2f6fb3", "C": "#b7791f", "D": "#b3261e"}


def report(simulation: Simulation, register: QuerySet[Enterprise]) -> dict[str, Any]:
    """The result ready for the page; ``register``: the enterprises whose names this person may see."""
    result = simulation.result
    wanted = [row[0] for row in result["movers"]]
    wanted += [row[0] for rows in _listed(result) for row in rows[:SHOWN]]
    names = _names(wanted, register)
    return {
        "matrix": [(grade, row, sum(row)) for grade, row in zip(GRADES, result["matrix"], strict=True)],
        "after": _after(result),
        "grades": GRADES,
        "bars": bars(result),
        "better": sum(area["better"] for area in result["places"]),
        "worse": sum(area["worse"] for area in result["places"]),
        "areas": [("按属地", result["places"]), ("按行业领域", result["sectors"])],
        "movers": _named(result["movers"], names),
        "lists": [
            (title, result["lists"][colour][what], _named(result["lists"][colour][what][:SHOWN], names))
            for colour, what, title in LISTS
        ],
    }  # fmt: skip


def bars(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The chart: for each grade how many enterprises now and with the draft, as rectangles of an SVG."""
    before = [sum(row) for row in result["matrix"]]
    most = max([1, *before, *_after(result)])
    found = []
    for place, (grade, now, then) in enumerate(zip(GRADES, before, _after(result), strict=True)):
        top = 12 + place * 62
        found.append(
            {
                "grade": grade, "now": now, "then": then, "colour": _COLOURS[grade],
                "label_y": top + 30, "now_y": top, "then_y": top + 25,
                "now_text_y": top + 16, "then_text_y": top + 41,
                "now_width": round(220 * now / most, 1), "then_width": round(220 * then / most, 1),
                "now_x": round(52 + 220 * now / most, 1), "then_x": round(52 + 220 * then / most, 1),
            }
        )  # fmt: skip
    return found


def _after(result: dict[str, Any]) -> list[int]:
    return [sum(column) for column in zip(*result["matrix"], strict=True)]


def _listed(result: dict[str, Any]) -> Iterable[list[Any]]:
    return (result["lists"][colour][what] for colour, what, _ in LISTS)


def _names(keys: list[int], register: QuerySet[Enterprise]) -> dict[int, Enterprise]:
    return register.select_related("place", "sector").in_bulk(keys)


def _named(rows: list[Any], names: dict[int, Enterprise]) -> list[tuple[Enterprise, list[Any]]]:
    """Only those in reach: who looks after one street reads no names of another."""
    return [(names[pk], rest) for pk, *rest in rows if pk in names]


# -- Workbook --------------------------------------------------------------------------------------------


def workbook(simulation: Simulation, register: QuerySet[Enterprise]) -> bytes:
    """Every number and every name in reach as XLSX; texts are texts, never formulas."""
    result = simulation.result
    keys = {row[0] for rows in (result["changes"], *_listed(result)) for row in rows}
    names: dict[int, Enterprise] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), 500):
        names |= _names(wanted[start : start + 500], register)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    _sheet(book, "说明", ("项目", "内容"), _about(simulation))
    rows = zip(GRADES, result["matrix"], strict=True)
    _sheet(
        book, "等级变化", ("现行等级＼草案等级", *GRADES), [(grade, *row) for grade, row in rows]
    )
    for title, areas in (("按属地", result["places"]), ("按行业领域", result["sectors"])):
        cells = [[area[key] for key, _ in _AREA] for area in areas]
        _sheet(book, title, [label for _, label in _AREA], cells)
    changed = [(*_who(firm), *rest) for firm, rest in _named(result["changes"], names)]
    _sheet(book, "等级变化的企业", (*_WHO, "现行等级", "草案等级", "现行得分", "草案得分"), changed)
    for colour, what, title in LISTS:
        named = _named(result["lists"][colour][what], names)
        _sheet(book, title, (*_WHO, "情形"), [(*_who(firm), *rest) for firm, rest in named])
    book.close()
    return out.getvalue()


_WHO: Final = ("企业名称", "统一社会信用代码", "属地", "行业领域")


def _who(firm: Enterprise) -> tuple[str, str, str, str]:
    return firm.name, firm.uscc or firm.legacy_number or "", firm.place.name, firm.sector.name


def _about(simulation: Simulation) -> list[tuple[str, Any]]:
    result = simulation.result
    kept = len(result["changes"])
    note = "" if kept == result["changed"] else f"（逐一列出得分变化最大的 {kept} 家）"
    return [
        ("草案", simulation.draft.title),
        ("内容指纹（SHA-256）", simulation.sha256),
        ("对照的规则集", simulation.against),
        ("截至日期", simulation.as_of.isoformat()),
        (
            "方式",
            "全部记录按草案" if simulation.every_record else "施行首日，以前的记录按当时的规则",
        ),
        ("企业总数", result["total"]),
        ("等级有变化的企业", f"{result['changed']}{note}"),
        ("企业名称", "只列出您辖区内的企业，数字为全区"),
    ]


def _sheet(book: Any, title: str, heading: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "bg_color": "#e3efef"})
    for column, label in enumerate(heading):
        sheet.write_string(0, column, label, bold)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, (int, float)):
                sheet.write_number(line, column, value)
            else:
                sheet.write_string(line, column, printable(str(value))[:32_000])
    sheet.set_column(0, 8, 22)
    sheet.freeze_panes(1, 0)
