"""One column of a template."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a template: the field, our heading, other headings, and what to write in it."""

    field: str
    heading: str
    others: tuple[str, ...] = ()
    required: bool = False
    example: Any = ""
    hint: str = ""
    money: bool = False
    choices: tuple[str, ...] = ()  # offered in a list; few and short enough for a workbook
