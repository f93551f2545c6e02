"""Names of enterprises as people type them: width, brackets and letter case do not count."""

import difflib
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

ALIKE: Final = 0.5  # below it two names have little more in common than a place or a trade
LONG_ENOUGH: Final = 6  # characters; shorter names differ by one character as a matter of course
_BRACKETS: Final = str.maketrans("〔【〖[{", "(" * 5) | str.maketrans("〕】〗]}", ")" * 5)
_LEGAL_FORM: Final = re.compile(r"\([^()]*\)|股份有限公司|有限责任公司|有限公司|公司|\s+")


def fold(text: str) -> str:
    """Half width, round brackets, lower case; names that fold to the same are written the same."""
    return unicodedata.normalize("NFKC", text).translate(_BRACKETS).lower()


def alike(one: str, other: str) -> bool:
    """Whether two names may be one enterprise's: an abbreviation, a slip, a changed legal form."""
    one, other = core(one), core(other)
    if not one or not other or one in other or other in one:
        return True
    return difflib.SequenceMatcher(None, one, other).ratio() >= ALIKE


def core(name: str) -> str:
    """What tells a name apart: folded, without legal form and what stands in brackets."""
    return _LEGAL_FORM.sub("", fold(name))


def nearly_same(one: str, other: str) -> bool:
    """Whether people would take one name for the other: the same core, or one character apart."""
    return bool(nearly_same_among(one, [core(other)]))


def nearly_same_among(name: str, cores: Sequence[str]) -> list[int]:
    """The places in ``cores`` (of many names, each by ``core``) of names that people would take for this one."""
    mine = core(name)
    near = process.extract(mine, cores, scorer=Levenshtein.distance, score_cutoff=1, limit=None)
    return sorted(
        place
        for other, apart, place in near
        if not apart or min(len(mine), len(other)) >= LONG_ENOUGH
    )


def pieces(name: str) -> list[str]:
    """Parts of the folded name of which every nearly same name bears at least one."""
    parts = [part for part in _LEGAL_FORM.split(fold(name)) if part]
    longest = max(parts, key=len, default="")
    if len(parts) > 1 or len(longest) < LONG_ENOUGH:
        return [longest] if longest else []
    half = len(longest) // 2
    return [longest[:half], longest[half:]]
