"""One cell of one column as a value of its field, or the remedy."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from django.db import models

from credit.importing import cells
from credit.importing.column import Column
from credit.importing.columns import Found
from credit.importing.kind_columns import KIND_COLUMNS
from credit.importing.reading import shown
from credit.models import Enterprise, PermitChange, Violation
from credit.models.kinds import BY_KIND
from credit.rules.ruleset import load_ruleset

KEPT: Final = object()  # an empty cell of the register: what is known stays
_MODELS: Final[dict[str, Any]] = {"enterprises": Enterprise, **BY_KIND}


def read_cell(kind: str, found: Found, raw: Any, *, today: date) -> Any:
    """The value of a cell; KEPT where it says nothing and the register's word shall stay.

    Raises ValueError, whose message is the remedy.
    """
    column = found.column
    if _says_nothing(column, raw):
        if column.field == "number" and kind != "enterprises":
            return ""  # the name may tell: credit.importing.resolving
        if column.required:
            raise ValueError(f"必填，不能写“{raw}”" if shown(raw) else "必填，这一格是空的")
        if kind == "enterprises" and cells.text(raw) != "无":
            return KEPT
        raw = None
    parse = _PARSERS.get(column.field)
    if parse is not None:
        return parse(raw, today=today)
    if column.money:
        return cells.amount(raw, unit=found.unit)
    if kind in KIND_COLUMNS and column.field not in _NOT_OF_THE_FACT:
        return _by_model(_MODELS[kind]._meta.get_field(column.field), raw, today=today)
    return cells.text(raw, _longest(kind, column))


def _by_model(field: Any, raw: Any, *, today: date) -> Any:
    """What the model's field holds: a choice by its printed word, a day, a number of people, text."""
    if field.choices:
        words = {str(label): value for value, label in field.choices}
        return _choice(raw, today=today, choices=words, blank="" if field.blank else None)
    if isinstance(field, models.DateField):
        return _any_day_or_none(raw, today=today)
    if isinstance(field, models.PositiveIntegerField):
        return cells.count(raw) if shown(raw) else field.default
    return cells.text(raw, getattr(field, "max_length", None))


def _says_nothing(column: Column, raw: Any) -> bool:
    """无 is an answer where a number or 是/否 is asked, a placeholder elsewhere."""
    answer = column.field in _NONE_IS_AN_ANSWER and cells.text(raw) == "无"
    return cells.says_nothing(raw) and not answer


def _longest(kind: str, column: Column) -> int | None:
    """The model's own limit of a text."""
    if column.field in {"number", "place", "sector", "legacy_number", "penalty_kind_2", "state"}:
        return 60
    field_of = "name" if column.field == "name" else column.field
    model = Enterprise if field_of == "name" else _MODELS[kind]
    limit: int | None = getattr(model._meta.get_field(field_of), "max_length", None)
    return limit


def _day_or_none(raw: Any, *, today: date) -> date | None:
    return cells.day(raw, today=today) if shown(raw) else None


def _any_day_or_none(raw: Any, *, today: date) -> date | None:
    return cells.any_day(raw) if shown(raw) else None


def _flag(raw: Any, *, today: date, blank: bool = False) -> bool:
    return cells.flag(raw) if shown(raw) else blank


def _choice(raw: Any, *, today: date, choices: Mapping[str, Any], blank: Any = None) -> Any:
    said = cells.text(raw)
    if not said and blank is not None:
        return blank
    if said not in choices:
        labels = dict.fromkeys(choices[label] for label in choices if not label.isascii())
        first = [next(said for said in choices if choices[said] == value) for value in labels]
        raise ValueError(f"请填“{'”或“'.join(first)}”")
    return choices[said]


def _labels(choices: Any) -> dict[str, Any]:
    return {str(choice.label): choice.value for choice in choices} | {
        str(choice.value): choice.value for choice in choices
    }


def _grounds() -> dict[str, Any]:
    """Grounds by our short name, and by the name that the rule-set gives and lists print."""
    grounds = load_ruleset().grounds
    return _labels(Violation.Ground) | {
        grounds[code].name: code for code in Violation.Ground.values
    }


def _permit_action(raw: Any, *, today: date) -> str:
    """The words of our template; 双公示 only says 有效 (1 of 2018, 0 of 2016), never why a permit ended."""
    said = cells.text(raw)
    if said in {"1", "0", "有效", "正常"}:
        return PermitChange.Action.GRANTED.value
    words = {label: value for value, label in PermitChange.Action.choices}
    if said not in words:
        raise ValueError(f"没有说明许可怎么变了，请填“{'”或“'.join(words)}”")
    return words[said]


_NOT_OF_THE_FACT: Final = frozenset({"name", "number"})
_PARSERS: Final[dict[str, Callable[..., Any]]] = {
    "happened_on": lambda raw, *, today: cells.day(raw, today=today),
    "action": _permit_action,
    "promised_on": _day_or_none,
    "publish_until": _any_day_or_none,
    "deaths": lambda raw, *, today: cells.count(raw),
    "serious_injuries": lambda raw, *, today: cells.count(raw),
    "responsible": partial(_flag, blank=True),
    "concealed": _flag,
    "penalised": _flag,
    "multiplied_fine": _flag,
    "principal_fled": _flag,
    "status": partial(_choice, choices=_labels(Enterprise.Status)),
    "standardisation_level": partial(
        _choice,
        choices=_labels(Enterprise.Level) | {"无": 0, "1级": 1, "2级": 2, "3级": 3},
    ),
    "unit_kind": partial(_choice, choices=_labels(Enterprise.UnitKind)),
    "ground": partial(_choice, choices=_grounds(), blank=""),
}
_NONE_IS_AN_ANSWER: Final = frozenset(
    {"deaths", "serious_injuries", "standardisation_level", "people", "responsible", "concealed",
     "penalised", "multiplied_fine", "principal_fled"}
)  # fmt: skip
