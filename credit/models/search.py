"""Which enterprises hold a text: an index of two-character pieces in the database, the same on both.

The database keeps the index itself (migration 0027), whoever writes the register: an FTS5 table with
triggers on SQLite, a GIN index on an expression on PostgreSQL. The pieces narrow, LIKE decides.
"""

from typing import Any, Final

from django.db import connections
from django.db.models.expressions import RawSQL

MOST_FOUND: Final = 1000  # so many enterprises answer one question; who wants others says more
MOST_ALIKE: Final = 5000  # so many are looked at for one part of a name

_HOLDS: Final = r"search_text LIKE %s ESCAPE '\'"
_SQLITE: Final = (
    "SELECT e.id FROM credit_enterprise_pieces p JOIN credit_enterprise e ON e.id = p.rowid"
    " WHERE p.credit_enterprise_pieces MATCH %s AND {holds} LIMIT {most}"
)
# The array keeps the planner from joining: it looks the found keys up, one by one.
_POSTGRESQL: Final = (
    "SELECT unnest(ARRAY(SELECT id FROM credit_enterprise"
    " WHERE credit_pieces(search_text) @> %s AND {holds} LIMIT {most}))"
)
_SCAN: Final = "SELECT id FROM credit_enterprise WHERE {holds} LIMIT {most}"


def holding(words: list[str], using: str) -> RawSQL:
    """SQL for the keys of enterprises whose search text holds every word: ``MOST_FOUND``, and one more.

    ``words`` are folded; at least one has two characters. ``using`` is the database.
    """
    return RawSQL(*_sql(words, using, MOST_FOUND + 1))  # noqa: S611  # own SQL


def holding_any(texts: list[str], using: str) -> RawSQL:
    """The same for enterprises that hold any of the folded ``texts``, ``MOST_ALIKE`` for each."""
    each = [_sql([text], using, MOST_ALIKE) for text in texts]
    union = " UNION ".join(f"SELECT * FROM ({sql}) AS found{n}" for n, (sql, _) in enumerate(each))  # noqa: S608
    return RawSQL(union, [value for _, values in each for value in values])  # noqa: S611  # own SQL


def _sql(words: list[str], using: str, most: int) -> tuple[str, list[Any]]:
    pieces = list(dict.fromkeys(piece for word in words for piece in _pieces(word)))
    holds = " AND ".join([_HOLDS] * len(words))
    like = [f"%{_literal(word)}%" for word in words]
    if not pieces:
        return _SCAN.format(holds=holds, most=most), [*like]
    sqlite = connections[using].vendor == "sqlite"
    quoted = (piece.replace('"', "") for piece in pieces)  # FTS5 takes a sign for nothing anyhow
    asked: Any = " AND ".join(f'"{piece}"' for piece in quoted) if sqlite else pieces
    sql = (_SQLITE if sqlite else _POSTGRESQL).format(holds=holds, most=most)
    return sql, [asked, *like]


def _pieces(word: str) -> list[str]:
    """Every two characters that stand together; pairs of signs alone are no words to the index."""
    pairs = (word[at : at + 2] for at in range(len(word) - 1))
    return [pair for pair in pairs if any(map(str.isalnum, pair))]


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
