"""Strict reading of the small tables beside the rule-sets: a wrong key or type is an error with its place."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from credit.rules.ruleset import FOLDER, RulesetError


def read_tables(name: str, kinds: Mapping[str, type[Any]]) -> dict[str, list[Any]]:
    """Every ``[[table]]`` of the file as rows of its kind. Raises RulesetError."""
    data = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
    if unknown := sorted(set(data) - set(kinds)):
        raise RulesetError.at(name, "", f"unknown {', '.join(unknown)}")
    return {
        table: [
            _row(row, kind, name, f"[[{table}]] {place}") for place, row in _numbered(data, table)
        ]
        for table, kind in kinds.items()
    }


def by_code(rows: Iterable[Any]) -> Mapping[str, Any]:
    """Rows by their code. Raises RulesetError when one comes twice."""
    found: dict[str, Any] = {}
    for row in rows:
        if row.code in found:
            raise RulesetError.at("rulesets", "", f"{row.code!r} comes twice")
        found[row.code] = row
    return MappingProxyType(found)


def _numbered(data: dict[str, Any], table: str) -> Iterable[tuple[int, dict[str, Any]]]:
    return enumerate(data.get(table, ()), start=1)


def _row(row: dict[str, Any], kind: type[Any], name: str, where: str) -> Any:
    wanted = {field.name: field.type for field in fields(kind)}
    if wanted.keys() != row.keys():
        raise RulesetError.at(name, where, ", ".join(sorted(wanted.keys() ^ row.keys())))
    for key, expected in wanted.items():
        if type(row[key]) is not expected:
            raise RulesetError.at(name, f"{where} {key}", f"{row[key]!r} is not {expected}")
    return kind(**row)
