"""Text as the index and the question see it: overlapping pairs of Chinese characters, words of everything else.

危险化学品 is indexed as 危险 险化 化学 学品 品; the question 化学品 becomes the phrase 化学 学品. The last
character stands alone too, so that a question of one character, which asks for a beginning, finds it as well.
Letters and digits are apart: GB30871, gb 30871 and ＧＢ３０８７１ are the same.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

MAX_QUESTION = 100  # characters; what follows is not read
# Characters of one field: a thick book. PostgreSQL refuses a vector above 1 MB.
MAX_INDEXED = 150_000

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_PIECE = re.compile(rf"[{_HAN}]+|(?:\d+|[^\W\d_{_HAN}]+)+")
_PART = re.compile(r"\d+|[^\W\d_]+")


class Term(NamedTuple):
    """Tokens that must follow one another; ``beginning``: the one token may be the beginning of a longer one."""

    tokens: tuple[str, ...]
    beginning: bool = False


def fold(text: str) -> str:
    """Half-width and lower case. The length never changes, so a place in the one is a place in the other."""
    plain = text.translate(_HALF_WIDTH)
    low = plain.lower()
    if len(low) == len(plain):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


def index_text(text: str) -> str:
    """The tokens of ``text``, separated by blanks, ready for the database's own parser."""
    return " ".join(_tokens(text[:MAX_INDEXED]))


def pieces(question: str) -> list[str]:
    """The folded runs that a question asks for: Chinese runs, and words with their digits."""
    return _PIECE.findall(fold(question[:MAX_QUESTION]))


def terms(question: str) -> list[Term]:
    """Each piece as a term. Empty when nothing in the question can be searched. One Chinese character is
    asked for as the beginning of a pair."""
    return [_term(piece) for piece in pieces(question)]


def _term(piece: str) -> Term:
    if not _HAN_RUN.match(piece):
        return Term(tuple(_PART.findall(piece)))
    if len(piece) == 1:
        return Term((_spelt(piece),), beginning=True)
    return Term(tuple(_pairs(piece)))


def _tokens(text: str) -> Iterator[str]:
    for piece in _PIECE.findall(fold(text)):
        if _HAN_RUN.match(piece):
            yield from _pairs(piece)
            yield _spelt(piece[-1])
        else:
            yield from _PART.findall(piece)


def _pairs(run: str) -> Iterator[str]:
    return (_spelt(first) + _spelt(second) for first, second in pairwise(run))


def _spelt(character: str) -> str:
    """Rare characters (𬍛) as their code: SQLite's and older systems' tables do not know them as letters."""
    return character if ord(character) < 0x10000 else f"u{ord(character):x}"
