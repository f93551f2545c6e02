"""Whether a text cites an article of a law, so that it is looked at when the article changes.

A text that names the law without an article is taken to rest on the whole law: to look once too often is safe.
"""

import re
from typing import Final

from courses.rules.basis import LONGEST, number_in

STATE: Final = "中华人民共和国"
_ARTICLE: Final = (
    r"第\s*([零〇一二两三四五六七八九十百千]+|\d{1,4})\s*条(?:第[^条，。；、]{1,6}[款项])*"
)
_MORE: Final = r"\s*[、，,和及与至]?\s*"
_AFTER: Final = re.compile(rf"》?\s*(?:（[^（）]{{0,40}}）)?((?:{_MORE}{_ARTICLE})*)")
_ONE: Final = re.compile(_ARTICLE)


def bare_name(law: str) -> str:
    """A law's name without brackets and without 中华人民共和国; at most as long as a citation keeps."""
    return law.strip().strip("《》").strip().removeprefix(STATE)[:LONGEST]


def names_of(law: str) -> tuple[str, str]:
    """How a citation may write the law."""
    return law, STATE + law


def cites(text: str, law: str, article: int) -> bool:
    """Whether ``text`` cites the ``article`` of ``law`` (a bare name), or the law as a whole; 0 asks for any."""
    behind = 0
    while (at := text.find(law, behind)) >= 0:
        behind = at + len(law)
        found = _AFTER.match(text, behind)
        said = {number_in(one[1]) for one in _ONE.finditer(found[1] if found else "")}
        if not article or not said or article in said:
            return True
    return False


def printed(law: str, article: int) -> str:
    """《安全生产法》第28条; the law alone for 0."""
    return f"《{law}》第{article}条" if article else f"《{law}》"
