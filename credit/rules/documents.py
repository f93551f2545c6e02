"""Numbers of official documents (文号): one number is printed in many ways."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 200
_BRACKETS: Final = str.maketrans("([{【〖「『《", "〔" * 8) | str.maketrans(
    ")]}】〗」』》", "〕" * 8
)
_DASHES: Final = str.maketrans("‐‑‒–—―−", "-" * 7)


def document_key(printed: str) -> str:
    """What makes a number the same: width, kind of bracket and dash, spaces and letter case do not count.

    审[2026]14号, 审〔2026〕 14 号 and 审（2026）14号 are 审〔2026〕14号.
    Source: 党政机关公文格式 GB/T 9704-2012 7.2.5, the year stands in 〔〕.
    """
    plain = unicodedata.normalize("NFKC", printed).translate(_BRACKETS).translate(_DASHES)
    joined = re.sub(r"\s+", "", plain).upper()
    return unicodedata.normalize("NFKC", joined)[:LONGEST]  # what now stands together may combine
