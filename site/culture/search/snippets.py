"""What a list of results shows of a page: the words around the first hit, hits marked, everything escaped."""

import re
from typing import NamedTuple

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from culture.search.text import fold, pieces, terms

RADIUS = 40
_WORD_PART = re.compile(r"\d+|[^\W\d_]+")


class Hits(NamedTuple):
    """What to mark: the question's pieces, and its pairs where a piece does not stand in the text as a whole."""

    whole: re.Pattern[str] | None
    pairs: re.Pattern[str] | None


def hits(question: str) -> Hits:
    """What ``question`` marks, made once for the list."""
    asked = pieces(question)
    pairs = {token for term in terms(question) for token in term.tokens if len(term.tokens) > 1}
    return Hits(_any([_pattern(piece) for piece in asked]), _any([re.escape(p) for p in pairs]))


def highlight(text: str, found: Hits) -> SafeString:
    """All of ``text``, hits marked."""
    return _marked(text, found.whole if _first(text, found.whole) else found.pairs)


def snippet(text: str, found: Hits, *, radius: int = RADIUS) -> SafeString:
    """``radius`` characters on both sides of the first hit, or the beginning of ``text`` when none is in it."""
    folded = fold(text)
    pattern = found.whole if _first(folded, found.whole) else found.pairs
    place = _first(folded, pattern)
    start = max(0, place.start() - radius) if place else 0
    end = (place.end() if place else radius) + radius
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return mark_safe(before + _marked(text[start:end], pattern) + after)  # noqa: S308  # escaped below


def _marked(text: str, pattern: re.Pattern[str] | None) -> SafeString:
    if pattern is None:
        return escape(text)
    out, last = mark_safe(""), 0
    for hit in pattern.finditer(fold(text)):
        out += escape(text[last : hit.start()])
        out += format_html("<mark>{}</mark>", text[hit.start() : hit.end()])
        last = hit.end()
    return out + escape(text[last:])


def _first(text: str, pattern: re.Pattern[str] | None) -> re.Match[str] | None:
    return pattern.search(fold(text)) if pattern else None


def _pattern(piece: str) -> str:
    if not piece[0].isascii():
        return re.escape(piece)
    parts = r"[\W_]*".join(re.escape(part) for part in _WORD_PART.findall(piece))
    first, last = (r"\d" if end.isdigit() else "[a-z]" for end in (piece[0], piece[-1]))
    return f"(?<!{first}){parts}(?!{last})"


def _any(patterns: list[str]) -> re.Pattern[str] | None:
    longest_first = sorted(set(patterns), key=len, reverse=True)
    return re.compile("|".join(longest_first)) if patterns else None
