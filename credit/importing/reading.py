"""A reading: good rows, problems, notices; and the same on its way, while rows are added."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from credit.importing import cells
from credit.importing.columns import Found, Headings
from credit.importing.register import Known, Register
from credit.importing.spool import Spool
from credit.importing.tables import Table


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
    rows: Sequence[Row]
    problems: Sequence[Problem]
    notices: Sequence[Problem]
    sha256: str
    rows_total: int = 0
    present: frozenset[str] = frozenset()
    heading_row: int = 0
    today: date | None = None
    unknown: tuple[tuple[str, str], ...] = ()  # (name, number said) of rows without a valid code

    @property
    def bad_rows(self) -> int:
        """How many rows below the headings have a problem."""
        return len({problem.row for problem in self.problems if problem.row > self.heading_row})


@dataclass(slots=True)
class Reader:
    """One reading on its way."""

    table: Table
    kind: str
    today: date
    headings: Headings
    register: Register
    rows: Spool[Row] = field(default_factory=Spool)
    problems: Spool[Problem] = field(default_factory=Spool)
    notices: Spool[Problem] = field(default_factory=Spool)
    total: int = 0
    source: str = ""  # the system that tells, where it is not a file of ours
    unknown: dict[tuple[str, str], None] = field(default_factory=dict)  # a set in order
    linked: dict[tuple[str, str], Known] | None = None  # asked for when the first such row comes
    distinct: set[int] = field(default_factory=set)  # rows that say: not the firm of the same name

    def cell(self, number: int, found: Found) -> Any:
        """The raw cell; None beyond the end of the row."""
        row = self.row(number)
        return row[found.position - 1] if found.position <= len(row) else None

    def row(self, number: int) -> list[Any]:
        """The raw row; empty beyond the end of the table."""
        return self.table.rows[number - 1] if number <= len(self.table.rows) else []

    def drop(self, numbers: set[int]) -> None:
        """Take rows out of the good ones."""
        if numbers:
            self.rows = Spool(row for row in self.rows if row.number not in numbers)

    def blame(self, number: int, found: Found | None, value: Any, advice: str) -> None:
        """Remember a problem."""
        column, position = (found.column.heading, found.position) if found else ("", 0)
        self.problems.append(Problem(number, column, shown(value), advice, position))

    def note(self, number: int, found: Found, value: Any, advice: str) -> None:
        """Remember what does not stop the row."""
        self.notices.append(
            Problem(number, found.column.heading, shown(value), advice, found.position)
        )


def shown(value: Any) -> str:
    """A value as the person sees it, short, without damage."""
    try:
        return cells.text(value)[:100]
    except ValueError:
        return "".join(c if c.isprintable() else "\ufffd" for c in str(value))[:100]
