"""From a table to checked rows: every problem of the file at once, with row, column, value and remedy.

A file may have a million rows: what is kept of each row lies in a ``Spool``, and only numbers, rows that come
twice and the enterprises spoken of are held in memory.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby, islice
from typing import Any, Final

from credit.importing.columns import COLUMNS, Headings, find_headings, normal
from credit.importing.fields import KEPT, read_cell
from credit.importing.reading import Problem, Reader, Reading, Row, shown
from credit.importing.register import look_up
from credit.importing.resolving import note_shared_numbers, refuse_twins, resolve
from credit.importing.spool import Spool, repeated
from credit.importing.tables import Table
from credit.rules.uscc import read_uscc

_TOTALS: Final = ("合计", "总计", "小计")


def read_rows(
    table: Table,
    kind: str,
    *,
    today: date,
    officer: Any = None,
    source: str = "",
    place: Any = None,
) -> Reading:
    """Check every row of ``table``. Without ``officer`` (the command line) every place is in reach.

    ``source`` names another system that tells, ``place`` the jurisdiction that it may speak of.
    """
    headings = find_headings(table.rows, kind)
    notices = [Problem(0, "", "", text) for text in (*table.notices, *headings.notices)]
    if headings.faults:
        faults = [Problem(headings.row, *fault) for fault in headings.faults]
        return Reading(kind, [], faults, notices, table.sha256, heading_row=headings.row)
    numbers = _numbers(table, headings)
    register = look_up(numbers, officer, place)
    reader = Reader(table, kind, today, headings, register, notices=Spool(notices), source=source)
    for number in range(headings.row + 1, _last_row(table) + 1):
        _read_row(reader, number)
    by_row, reader.problems = reader.problems, Spool()
    if not reader.total:
        reader.problems.append(Problem(0, "", "", "表头下面没有数据"))
    _refuse_contradictions(reader)
    if kind == "enterprises":
        refuse_twins(reader)
    if kind == "violations":
        note_shared_numbers(reader)
        _note_unread_fines(reader)
    return Reading(
        kind,
        reader.rows,
        Spool(heapq.merge(_in_order(by_row), sorted(reader.problems, key=_place), key=_place)),
        reader.notices,
        table.sha256,
        reader.total,
        frozenset(headings.columns),
        headings.row,
        today,
        tuple(reader.unknown),
    )


def _in_order(problems: Iterable[Problem]) -> Iterator[Problem]:
    """They come row by row, but within a row as the checks come."""
    for _, of_row in groupby(problems, key=lambda problem: problem.row):
        yield from sorted(of_row, key=_place)


def _place(problem: Problem) -> tuple[int, int]:
    return problem.row, problem.position


def _note_unread_fines(reader: Reader) -> None:
    """The standard of 2016 tells the fine only in words: nothing is guessed from them."""
    columns = reader.headings.columns
    if (
        "content" in columns
        and normal(columns["content"].title) == "CF_JG"
        and "fine" not in columns
    ):
        reader.notices.append(Problem(0, "", "", _NO_FINES))


_NO_FINES: Final = (
    "这是2016年的双公示格式，没有罚款金额列，罚款按0元记录、按“罚款”计分。"
    "要按金额区分，请加一列“罚款（元）”后再导入"
)


def _last_row(table: Table) -> int:
    """Formulas without a stored value make rows that the reader of values does not see."""
    return max([len(table.rows), *(row for row, _ in table.formulas)])


def _numbers(table: Table, headings: Headings) -> set[str]:
    """Every number of an enterprise that the file names, old ones too."""
    named = (headings.columns.get(name) for name in ("number", "legacy_number"))
    places = [found.position for found in named if found is not None]
    return {
        read_uscc(shown(row[place - 1])).number
        for row in islice(table.rows, headings.row, None)
        for place in places
        if len(row) >= place and row[place - 1] is not None
    }


def _read_row(reader: Reader, number: int) -> None:
    row = reader.row(number)
    computed = any((number, place + 1) in reader.table.formulas for place in range(len(row) + 1))
    if all(shown(cell) == "" for cell in row) and not computed:
        return
    totals = any(shown(cell).replace(" ", "").startswith(_TOTALS) for cell in row[:2])
    if totals and not reader.source:
        reader.notices.append(Problem(number, "", shown(row[0]), "合计行，没有读取"))
        return
    reader.total += 1
    before = len(reader.problems)
    values = _read_cells(reader, number)
    if len(reader.problems) == before:
        resolve(reader, number, values)
    if len(reader.problems) == before:
        reader.rows.append(Row(number, values))


def _read_cells(reader: Reader, number: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, found in reader.headings.columns.items():
        place = (number, found.position)
        raw = reader.cell(number, found)
        if place in reader.table.formulas:
            reader.blame(number, found, raw, "这一格是公式，请复制后“选择性粘贴为数值”")
        elif place in reader.table.merged:
            reader.blame(number, found, raw, "这一格是合并单元格，请取消合并并逐行填写")
        else:
            try:
                value = read_cell(reader.kind, found, raw, today=reader.today)
                if value is not KEPT:
                    values[name] = value
            except ValueError as fault:
                reader.blame(number, found, raw, str(fault))
    return values


# -- Within the file ---------------------------------------------------------------------------------


def _refuse_contradictions(reader: Reader) -> None:
    """The same key twice: identical rows count once, different ones are a problem on each."""
    twice = repeated(hash(_identity(row.values)) for row in reader.rows)
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in reader.rows if twice else ():
        key = _identity(row.values)
        if hash(key) in twice:
            groups[key].append(row)
    refused: set[int] = set()
    keyed = "number" if reader.kind == "enterprises" else "source_key"
    found = reader.headings.columns[keyed]
    for rows in groups.values():
        if len(rows) == 1:
            continue
        lines = "、".join(str(row.number) for row in rows)
        if all(_said(row) == _said(rows[0]) for row in rows):
            for row in rows[1:]:
                reader.note(row.number, found, "", f"与第{rows[0].number}行完全相同，只记一次")
                refused.add(row.number)
            continue
        for row in rows:
            said = row.values.get("source_key") or row.values.get("uscc") or ""
            advice = f"第{lines}行{found.column.heading}相同而内容不同，请只留正确的一行"
            reader.blame(row.number, found, said, advice)
            refused.add(row.number)
    reader.drop(refused)


def _said(row: Row) -> dict[str, Any]:
    """What a row says, but for how its number is printed."""
    return {name: value for name, value in row.values.items() if name != "source_key"}


def _identity(values: Mapping[str, Any]) -> tuple[Any, ...]:
    if "identity" in values:
        return values["identity"], values["enterprise_id"]
    return (values.get("uscc") or values["legacy_number"],)


__all__ = ["COLUMNS", "Problem", "Reading", "Row", "read_rows"]
