"""Names of enterprises as people type them: width, brackets and letter case do not count."""

import difflib
import re
import unicodedata
from typing import Final

ALIKE: Final = 0.5  # below it two names have little more in common than a place or a trade
_BRACKETS: Final = str.maketrans("〔【〖[{", "(" * 5) | str.maketrans("〕】〗]}", ")" * 5)
_LEGAL_FORM: Final = re.compile(r"\([^()]*\)|股份有限公司|有限责任公司|有限公司|公司|\s+")


def fold(text: str) -> str:
    """Half width, round brackets, lower case; names that fold to the same are written the same."""
    return unicodedata.normalize("NFKC", text).translate(_BRACKETS).lower()


def alike(one: str, other: str) -> bool:
    """Whether two names may be one enterprise's: an abbreviation, a slip, a changed legal form."""
    one, other = (_LEGAL_FORM.sub("", fold(name)) for name in (one, other))
    if not one or not other or one in other or other in one:
        return True
    return difflib.SequenceMatcher(None, one, other).ratio() >= ALIKE
