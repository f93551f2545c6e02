"""A roster's workbook as checked rows: every problem of the file at once, with row, column, value and remedy."""

import io
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import xlsxwriter

from courses.rules.names import LONGEST, parse_name
from courses.rules.people import parse_id_number, parse_phone
from courses.rules.requirements import trades
from credit.importing import cells
from credit.importing.column import Column
from credit.importing.columns import normal
from credit.importing.files import read_table
from credit.importing.reading import Problem, shown
from credit.importing.tables import GUIDE_SHEET, FileError, Table
from credit.models import Employment

MOST: Final = 20_000  # rows
HEADING_WITHIN: Final = 10
_POSTS: Final = {label: value for value, label in Employment.Position.choices} | {
    "安全员": "safety_manager", "安全管理人员": "safety_manager", "其他": "worker", "工人": "worker",
    "从业人员": "worker",
}  # fmt: skip
COLUMNS: Final = (
    Column("name", "姓名", ("员工姓名",), True, "李小明", "与身份证一致"),
    Column("phone", "手机号", ("手机", "手机号码", "联系电话"), True, "13800000000", "本人的，登录用"),
    Column("id_number", "身份证号", ("身份证号码", "公民身份号码"), False, "", "可以不填；填了加密保存"),
    Column("position", "岗位", ("岗位类别",), True, "其他从业人员", "从下拉列表中选",
           choices=tuple(label for _, label in Employment.Position.choices)),
    Column("trades", "工种", ("特种作业工种",), False, "", "特种作业人员必填；几个工种用顿号隔开："
           + "、".join(trades().values())),
    Column("team", "班组", ("部门", "车间班组"), False, "一车间甲班"),
    Column("began_on", "入职日期", ("到岗日期", "进厂日期"), True, "2026-11-02"),
    Column("ended_on", "离职日期", ("离厂日期",), False, "", "离职的才填：最后一天上班的日期"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One good row: who, in which post and team, since when, until when."""

    row: int
    name: str
    phone: str
    id_number: str
    position: str
    trades: str
    team: str
    began_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file says."""

    entries: list[Entry]
    problems: list[Problem]
    sha256: str = ""


def read(content: bytes, *, today: date) -> Sheet:
    """Check every row. A file that is no table is a sheet with one problem."""
    try:
        table = read_table(content)
    except FileError as fault:
        return Sheet([], [Problem(0, "", "", str(fault))])
    places, heading, faults = _headings(table)
    if faults:
        return Sheet([], faults, table.sha256)
    if len(table.rows) - heading > MOST:
        return Sheet([], [Problem(0, "", "", f"超过{MOST}行，请分成几个文件")], table.sha256)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for number in range(heading + 1, len(table.rows) + 1):
        if any(shown(cell) for cell in table.rows[number - 1]):
            _read_row(table, number, places, today, entries, problems)
    if not entries and not problems:
        problems.append(Problem(0, "", "", "表头下面没有数据"))
    problems += _contradictions(entries, places)
    problems.sort(key=lambda one: (one.row, one.position))
    return Sheet(entries, problems, table.sha256)


def blame(row: int, field: str, value: Any, advice: str, places: Mapping[str, int]) -> Problem:
    """A problem of a cell."""
    heading = next(one.heading for one in COLUMNS if one.field == field)
    return Problem(row, heading, shown(value), advice, places.get(field, 0))


def _headings(table: Table) -> tuple[dict[str, int], int, list[Problem]]:
    """Where each column stands (from 1), the heading row (from 1), and what is wrong with it."""
    known = {normal(t): one.field for one in COLUMNS for t in (one.heading, *one.others)}
    found: list[tuple[int, int, dict[str, int]]] = []
    for number, row in enumerate(table.rows[:HEADING_WITHIN], start=1):
        places: dict[str, int] = {}
        for position, cell in enumerate(row, start=1):
            if (field := known.get(normal(cell))) is not None:
                places.setdefault(field, position)
        found.append((-len(places), number, places))
    _, number, places = min(found, default=(0, 1, {}), key=lambda one: one[:2])
    missing = [one.heading for one in COLUMNS if one.required and one.field not in places]
    advice = "缺少“{0}”列，请补上这一列，或者下载我们的模板再填"
    return places, number, [Problem(number, name, "", advice.format(name)) for name in missing]


def _read_row(
    table: Table,
    number: int,
    places: Mapping[str, int],
    today: date,
    entries: list[Entry],
    problems: list[Problem],
) -> None:
    row, said, before = table.rows[number - 1], {}, len(problems)
    for column in COLUMNS:
        position = places.get(column.field, 0)
        raw = row[position - 1] if 0 < position <= len(row) else None
        try:
            _refuse_odd_cell(table, (number, position))
            if column.required and cells.says_nothing(raw):
                raise ValueError("必填，这一格是空的")
            said[column.field] = _PARSERS[column.field](raw, today)
        except ValueError as fault:
            problems.append(blame(number, column.field, raw, str(fault), places))
    if len(problems) == before:
        problems += _of_row(number, said, places)
    if len(problems) == before:
        entries.append(Entry(row=number, **said))


def _refuse_odd_cell(table: Table, place: tuple[int, int]) -> None:
    if place in table.formulas:
        raise ValueError("这一格是公式，请复制后“选择性粘贴为数值”")
    if place in table.merged:
        raise ValueError("这一格是合并单元格，请取消合并并逐行填写")


def _of_row(number: int, said: Mapping[str, Any], places: Mapping[str, int]) -> list[Problem]:
    """What the cells of a row say against each other."""
    found = []
    if said["ended_on"] and said["ended_on"] < said["began_on"]:
        advice = "离职日期不能早于入职日期，请核对"
        found.append(blame(number, "ended_on", said["ended_on"], advice, places))
    special = said["position"] == Employment.Position.SPECIAL_OPERATOR
    if special and not said["trades"]:
        found.append(blame(number, "trades", "", "特种作业人员请写明工种", places))
    if said["trades"] and not special:
        advice = "只有特种作业人员填工种：请改岗位，或者清空这一格"
        found.append(blame(number, "trades", said["trades"], advice, places))
    return found


def _contradictions(entries: list[Entry], places: Mapping[str, int]) -> list[Problem]:
    """The same person twice, or one number for two."""
    found: list[Problem] = []
    groups: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for one in entries:
        groups["phone", one.phone, one.position].append(one)
        if one.id_number:
            groups["id_number", one.id_number, one.position].append(one)
    for (field, _, _), rows in groups.items():
        lines = "、".join(str(one.row) for one in rows)
        advice = f"第{lines}行是同一个号码、同一个岗位，请只留一行"
        if len(rows) > 1:
            found += [blame(one.row, field, getattr(one, field), advice, places) for one in rows]
    names: dict[str, set[str]] = defaultdict(set)
    for one in entries:
        names[one.phone].add(one.name)
    advice = "同一个手机号写了两个姓名，请核对"
    found += [
        blame(one.row, "name", one.name, advice, places)
        for one in entries
        if len(names[one.phone]) > 1
    ]
    return found


def _trades(raw: Any) -> str:
    """Codes, from names in any usual separation."""
    by_name = {name: code for code, name in trades().items()}
    said = cells.text(raw)
    for mark in "，,；;/ ":
        said = said.replace(mark, "、")
    codes = []
    for name in filter(None, said.split("、")):
        code = by_name.get(name) or next((by_name[one] for one in by_name if name in one), None)
        if code is None:
            raise ValueError(f"不认识工种“{name}”，请从模板第二页的名单里选")
        codes.append(code)
    return " ".join(dict.fromkeys(codes))


def _post(raw: Any) -> str:
    said = cells.text(raw)
    if said not in _POSTS:
        raise ValueError("请填“" + "”或“".join(dict(Employment.Position.choices).values()) + "”")
    return str(_POSTS[said])


_PARSERS: Final[dict[str, Callable[[Any, date], Any]]] = {
    "name": lambda raw, today: parse_name(cells.text(raw, LONGEST)),
    "phone": lambda raw, today: parse_phone(cells.text(raw)),
    "id_number": lambda raw, today: (
        "" if cells.says_nothing(raw) else parse_id_number(cells.text(raw), today)
    ),
    "position": lambda raw, today: _post(raw),
    "trades": lambda raw, today: "" if cells.says_nothing(raw) else _trades(raw),
    "team": lambda raw, today: "" if cells.says_nothing(raw) else cells.text(raw, 60),
    "began_on": lambda raw, today: cells.any_day(raw),
    "ended_on": lambda raw, today: None if cells.says_nothing(raw) else cells.any_day(raw),
}


def template() -> bytes:
    """An empty roster with one example, and a sheet that explains each column."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    must = book.add_format({"bold": True, "bg_color": "#fbe9c6"})
    may = book.add_format({"bold": True, "bg_color": "#e3efef"})
    words = book.add_format({"num_format": "@"})
    sheet, guide = book.add_worksheet("花名册"), book.add_worksheet(GUIDE_SHEET)
    for place, title in enumerate(("列名", "必填", "示例", "说明")):
        guide.write_string(0, place, title, may)
    for place, column in enumerate(COLUMNS):
        sheet.write_string(0, place, column.heading, must if column.required else may)
        sheet.set_column(place, place, 20, words)
        if column.choices:
            offered = {"validate": "list", "source": list(column.choices)}
            sheet.data_validation(1, place, 5000, place, offered)
        told = (column.heading, "必填" if column.required else "", column.example, column.hint)
        for cell, value in enumerate(told):
            guide.write_string(place + 1, cell, str(value))
    guide.set_column(0, 2, 16)
    guide.set_column(3, 3, 90)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
