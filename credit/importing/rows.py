"""From a table to checked rows: every problem of the file at once, with row, column, value and remedy."""

import difflib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

from credit.importing import cells
from credit.importing.columns import COLUMNS, Column, Found, Headings, find_headings
from credit.importing.register import Register, look_up
from credit.importing.tables import Table
from credit.models import Accident, Enterprise, Violation
from credit.rules.accidents import classify
from credit.rules.uscc import Kind, read_uscc

SOURCES: Final = {"violations": "行政处罚", "accidents": "事故台账"}
_TOTALS: Final = ("合计", "总计", "小计")
_MODELS: Final = {"enterprises": Enterprise, "violations": Violation, "accidents": Accident}


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell (or a whole row, or the file: ``row`` 0) that cannot be taken, and what to do about it."""

    row: int
    column: str
    value: str
    advice: str
    position: int = 0  # column number from 1; 0 for the whole row

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Row:
    """A good row: its number in the sheet and the model's fields."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. ``present`` are the fields that it has columns for."""

    kind: str
    rows: list[Row]
    problems: list[Problem]
    notices: list[Problem]
    sha256: str
    rows_total: int = 0
    present: frozenset[str] = frozenset()
    heading_row: int = 0

    @property
    def bad_rows(self) -> int:
        """How many rows below the headings have a problem."""
        return len({problem.row for problem in self.problems if problem.row > self.heading_row})


@dataclass(slots=True)
class _Reader:
    """One reading on its way."""

    table: Table
    kind: str
    today: date
    headings: Headings
    register: Register
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    total: int = 0

    def cell(self, number: int, found: Found) -> Any:
        """The raw cell; None beyond the end of the row."""
        row = self.table.rows[number - 1]
        return row[found.position - 1] if found.position <= len(row) else None

    def blame(self, number: int, found: Found | None, value: Any, advice: str) -> None:
        """Remember a problem."""
        column, position = (found.column.heading, found.position) if found else ("", 0)
        self.problems.append(Problem(number, column, _shown(value), advice, position))

    def note(self, number: int, found: Found, value: Any, advice: str) -> None:
        """Remember what does not stop the row."""
        self.notices.append(
            Problem(number, found.column.heading, _shown(value), advice, found.position)
        )


def read_rows(table: Table, kind: str, *, today: date, officer: Any = None) -> Reading:
    """Check every row of ``table``. Without ``officer`` (the command line) every place is in reach."""
    headings = find_headings(table.rows, kind)
    notices = [Problem(0, "", "", text) for text in (*table.notices, *headings.notices)]
    if headings.faults:
        faults = [Problem(headings.row, *fault) for fault in headings.faults]
        return Reading(kind, [], faults, notices, table.sha256, heading_row=headings.row)
    numbers = _numbers(table, headings)
    reader = _Reader(table, kind, today, headings, look_up(numbers, officer), notices=notices)
    for number in range(headings.row + 1, _last_row(table) + 1):
        _read_row(reader, number)
    if not reader.total:
        reader.problems.append(Problem(0, "", "", "表头下面没有数据"))
    _refuse_contradictions(reader)
    return Reading(
        kind,
        reader.rows,
        sorted(reader.problems, key=lambda problem: (problem.row, problem.position)),
        reader.notices,
        table.sha256,
        reader.total,
        frozenset(headings.columns),
        headings.row,
    )


def _last_row(table: Table) -> int:
    """Formulas without a stored value make rows that the reader of values does not see."""
    return max([len(table.rows), *(row for row, _ in table.formulas)])


def _numbers(table: Table, headings: Headings) -> list[str]:
    found = headings.columns["number"]
    raw = (
        row[found.position - 1]
        for row in table.rows[headings.row :]
        if len(row) >= found.position and row[found.position - 1] is not None
    )
    return [read_uscc(_shown(value)).number for value in raw]


def _shown(value: Any) -> str:
    """A value as the person sees it, short, without damage."""
    try:
        return cells.text(value)[:100]
    except ValueError:
        return "".join(c if c.isprintable() else "\ufffd" for c in str(value))[:100]


def _read_row(reader: _Reader, number: int) -> None:
    row = reader.table.rows[number - 1] if number <= len(reader.table.rows) else []
    computed = any((number, place + 1) in reader.table.formulas for place in range(len(row) + 1))
    if all(_shown(cell) == "" for cell in row) and not computed:
        return
    if any(_shown(cell).replace(" ", "").startswith(_TOTALS) for cell in row[:2]):
        reader.notices.append(Problem(number, "", _shown(row[0]), "合计行，没有读取"))
        return
    if number > len(reader.table.rows):
        reader.table.rows.extend([] for _ in range(number - len(reader.table.rows)))
    reader.total += 1
    before = len(reader.problems)
    values = _read_cells(reader, number)
    if len(reader.problems) == before:
        _resolve(reader, number, values)
    if len(reader.problems) == before:
        reader.rows.append(Row(number, values))


def _read_cells(reader: _Reader, number: int) -> dict[str, Any]:
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
                values[name] = _read_cell(reader, found, raw)
            except ValueError as fault:
                reader.blame(number, found, raw, str(fault))
    return values


def _read_cell(reader: _Reader, found: Found, raw: Any) -> Any:
    column = found.column
    if column.required and _shown(raw) == "":
        raise ValueError("必填，这一格是空的")
    parse = _PARSERS.get(column.field)
    if parse is not None:
        return parse(raw, today=reader.today)
    if column.money:
        return cells.amount(raw, unit=found.unit)
    return cells.text(raw, _longest(reader.kind, column))


def _longest(kind: str, column: Column) -> int | None:
    """The model's own limit of a text."""
    if column.field in {"number", "place", "sector"}:
        return 60
    field_of = "name" if column.field == "name" else column.field
    model = Enterprise if field_of == "name" else _MODELS[kind]
    limit: int | None = getattr(model._meta.get_field(field_of), "max_length", None)
    return limit


def _day_or_none(raw: Any, *, today: date) -> date | None:
    return cells.day(raw, today=today) if _shown(raw) else None


def _any_day_or_none(raw: Any, *, today: date) -> date | None:
    return cells.any_day(raw) if _shown(raw) else None


def _flag(raw: Any, *, today: date, blank: bool = False) -> bool:
    return cells.flag(raw) if _shown(raw) else blank


def _choice(raw: Any, *, today: date, choices: Mapping[str, Any], blank: Any) -> Any:
    said = cells.text(raw)
    if not said:
        return blank
    if said not in choices:
        labels = [label for label in choices if not label.isascii()]
        raise ValueError(f"请填：{'、'.join(labels)}")
    return choices[said]


def _labels(choices: Any) -> dict[str, Any]:
    return {str(choice.label): choice.value for choice in choices} | {
        str(choice.value): choice.value for choice in choices
    }


_PARSERS: Final[dict[str, Callable[..., Any]]] = {
    "happened_on": lambda raw, *, today: cells.day(raw, today=today),
    "promised_on": _day_or_none,
    "publish_until": _any_day_or_none,
    "deaths": lambda raw, *, today: cells.count(raw),
    "serious_injuries": lambda raw, *, today: cells.count(raw),
    "responsible": partial(_flag, blank=True),
    "concealed": _flag,
    "penalised": _flag,
    "multiplied_fine": _flag,
    "principal_fled": _flag,
    "status": partial(_choice, choices=_labels(Enterprise.Status), blank=Enterprise.Status.ACTIVE),
    "standardisation_level": partial(
        _choice,
        choices=_labels(Enterprise.Level) | {"无": 0, "1级": 1, "2级": 2, "3级": 3},
        blank=Enterprise.Level.NONE,
    ),
    "ground": partial(_choice, choices=_labels(Violation.Ground), blank=""),
}


# -- Against the register ------------------------------------------------------------------------------


def _resolve(reader: _Reader, number: int, values: dict[str, Any]) -> None:
    """Replace the number, place and sector by keys; derive what the law derives."""
    found = reader.headings.columns["number"]
    reading = read_uscc(values.pop("number"))
    if reading.kind is Kind.INVALID:
        reader.blame(number, found, reading.number, reading.reason)
        return
    if reader.kind == "enterprises":
        _resolve_enterprise(reader, number, values, reading.number, reading.kind is Kind.VALID)
        return
    known = reader.register.enterprises.get(reading.number)
    if known is None:
        advice = "登记库里没有这家企业：请先导入企业登记，或核对代码"
        reader.blame(number, found, reading.number, advice)
    elif not known.in_reach:
        reader.blame(number, found, reading.number, "这家企业不在您的辖区，请由属地导入")
    else:
        _take_fact(reader, number, values, known.pk, known.name)


def _take_fact(
    reader: _Reader, number: int, values: dict[str, Any], pk: int, registered: str
) -> None:
    name = values.pop("name")
    if name != registered:
        found = reader.headings.columns["name"]
        reader.note(number, found, name, f"与登记名称“{registered}”不同，按代码记到该企业名下")
    values |= {"enterprise_id": pk, "source": SOURCES[reader.kind]}
    if reader.kind == "accidents":
        loss = values.get("direct_loss", 0)
        people = {key: values[key] for key in ("deaths", "serious_injuries")}
        values["grade"] = classify(**people, direct_loss=loss).value


def _resolve_enterprise(
    reader: _Reader, number: int, values: dict[str, Any], code: str, valid: bool
) -> None:
    found = reader.headings.columns["number"]
    known = reader.register.enterprises.get(code)
    if known is not None and not known.in_reach:
        reader.blame(number, found, code, "这家企业不在您的辖区，请由属地导入")
    values |= (
        {"uscc": code, "legacy_number": None} if valid else {"uscc": None, "legacy_number": code}
    )
    if not valid:
        reader.note(number, found, code, read_uscc(code).reason)
    place = values.pop("place")
    if place in reader.register.places_out_of_reach:
        reader.blame(number, reader.headings.columns["place"], place, "这个属地不在您的辖区")
    else:
        values["place_id"] = _key(reader, number, "place", place, reader.register.places)
    sector = values.pop("sector")
    values["sector_id"] = _key(reader, number, "sector", sector, reader.register.sectors)


def _key(
    reader: _Reader, number: int, name: str, said: str, known: Mapping[str, int]
) -> int | None:
    if said in known:
        return known[said]
    near = difflib.get_close_matches(said, known, n=3, cutoff=0.4)
    names = near or [label for label in known if not label.isascii()][:12]
    found = reader.headings.columns[name]
    reader.blame(number, found, said, f"没有这个{found.column.heading}，可选：{'、'.join(names)}")
    return None


# -- Within the file ---------------------------------------------------------------------------------


def _refuse_contradictions(reader: _Reader) -> None:
    """The same key twice: identical rows count once, different ones are a problem on each."""
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in reader.rows:
        groups[_identity(row.values)].append(row)
    refused: set[int] = set()
    keyed = "number" if reader.kind == "enterprises" else "source_key"
    found = reader.headings.columns[keyed]
    for rows in groups.values():
        if len(rows) == 1:
            continue
        lines = "、".join(str(row.number) for row in rows)
        if all(row.values == rows[0].values for row in rows):
            for row in rows[1:]:
                reader.note(row.number, found, "", f"与第{rows[0].number}行完全相同，只记一次")
                refused.add(row.number)
            continue
        for row in rows:
            said = row.values.get("source_key") or row.values.get("uscc") or ""
            advice = f"第{lines}行{found.column.heading}相同而内容不同，请只留正确的一行"
            reader.blame(row.number, found, said, advice)
            refused.add(row.number)
    reader.rows = [row for row in reader.rows if row.number not in refused]


def _identity(values: Mapping[str, Any]) -> tuple[Any, ...]:
    if "source_key" in values:
        return values["source_key"], values["enterprise_id"]
    return (values["uscc"] or values["legacy_number"],)


__all__ = ["COLUMNS", "Problem", "Reading", "Row", "read_rows"]
