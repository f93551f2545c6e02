"""Which articles a basis names: 《安全生产法》第二十八条、第九十七条；消防法第16条."""

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 80
_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_TOKEN: Final = re.compile(r"《([^《》]+)》|第\s*([零〇一二两三四五六七八九十百千]+|\d{1,4})\s*条")


@dataclass(frozen=True, slots=True)
class Cited:
    """A law or standard, and the number of its article; 0 where none is said."""

    law: str
    article: int


def articles_of(basis: str) -> list[Cited]:
    """Every article once, in order. A law without an article stands for itself; words alone are a law too."""
    found: list[Cited] = []
    law = ""
    for piece in re.split(r"[；;\n]", basis):
        law, cited = _of_piece(piece, law)
        found += cited
    return list(dict.fromkeys(found))


def _of_piece(piece: str, law: str) -> tuple[str, list[Cited]]:
    """The articles of one piece; a piece that begins with an article goes on with the law before."""
    found: list[Cited] = []
    named, behind = False, 0
    for token in _TOKEN.finditer(piece):
        plain = _law(piece[behind : token.start()])
        if token[1]:
            law, named = _law(token[1]), True
            found.append(Cited(law, 0))
        else:
            law = plain if plain and not named else law
            if law:
                found = [one for one in found if one != Cited(law, 0)]
                found.append(Cited(law, number_in(token[2])))
        behind = token.end()
    if not behind and (plain := _law(piece)):
        law, found = plain, [Cited(plain, 0)]
    return law, found


def _law(text: str) -> str:
    """A name without what joins it to its articles: 依据, 、, 款项, an issue's number in brackets."""
    bare = re.sub(r"第[零〇一二两三四五六七八九十\d]+[款项]", "", text)
    bare = re.sub(r"^(依据|根据|按照|见|和|及|与)", "", bare.strip(" 　、，,。.：:（）()《》"))
    return bare.strip()[:LONGEST]


def number_in(text: str) -> int:
    """A number in digits or in Chinese: 一百一十三 is 113."""
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for character in text:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit
