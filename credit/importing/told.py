"""Records told as data (API, other parts of the platform) as the table that the reader of files checks.

One set of checks for files and data: the same problems, the same remedies.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from credit.importing.columns import COLUMNS, normal
from credit.importing.reading import Problem, shown
from credit.importing.tables import Table

_ALSO: Final = {"uscc": "number"}
FIRST_ROW: Final = 2  # the row of record 0: the headings are row 1


def table_of(kind: str, records: Sequence[Any]) -> tuple[Table, list[Problem]]:
    """The table, and the problems of records that make no row of it.

    Keys are the field names of ``credit.importing.columns`` or the headings of the template; money is in yuan.
    """
    columns = list(COLUMNS[kind])
    names = {name: place for place, column in enumerate(columns) for name in _names_of(column)}
    rows: list[list[Any]] = [[column.heading for column in columns]]
    problems: list[Problem] = []
    for number, record in enumerate(records, start=FIRST_ROW):
        row, faults = _row(record, number, names, len(columns))
        rows.append([None] * len(columns) if faults else row)
        problems += faults
    digest = hashlib.sha256(json.dumps(records, sort_keys=True, default=str).encode()).hexdigest()
    return Table(rows, sha256=digest), problems


def _names_of(column: Any) -> set[str]:
    titles = {normal(title) for title in (column.heading, *column.others)}
    also = {alias for alias, field in _ALSO.items() if field == column.field}
    return {column.field, *also, *titles}


def _row(
    record: Any, number: int, names: Mapping[str, int], width: int
) -> tuple[list[Any], list[Problem]]:
    row: list[Any] = [None] * width
    if not isinstance(record, Mapping) or not record:
        return row, [Problem(number, "", shown(record), "每条记录应是一个有内容的对象")]
    faults = []
    for key, value in record.items():
        place = names.get(str(key), names.get(normal(key)))
        if place is None:
            faults.append(Problem(number, shown(key), shown(value), "没有这个字段，请核对字段名"))
        elif not _is_plain(value):
            faults.append(Problem(number, shown(key), "", "应为文字、数字、是否或空"))
        else:
            row[place] = value
    if not faults and all(shown(cell) == "" for cell in row):
        faults.append(Problem(number, "", "", "这条记录没有内容"))
    return row, faults


def _is_plain(value: Any) -> bool:
    """A value that a cell could hold; half a character (a lone surrogate) is none."""
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)
    return value is None or isinstance(value, (bool, int, float))
