"""The unified social credit code (统一社会信用代码), GB 32100-2015, and older numbers.

A code has 18 characters: authority (1), kind of body (2), region (3-8), organisation code
by GB 11714 with its own check character (9-17), and a check character (18).
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ARTICLE: Final = "GB 32100-2015"
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH: Final = 18
_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_ORGANISATION_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_LEGACY: Final = (
    (re.compile(r"\d{15}"), "15位工商注册号，待核实为统一社会信用代码"),
    (re.compile(r"\d{6}N[AB]\d{6}X?"), "农民专业合作社等旧登记号，待核实为统一社会信用代码"),
    (re.compile(r"[0-9A-Z]{8}-[0-9X]"), "组织机构代码，待核实为统一社会信用代码"),
)


class Kind(StrEnum):
    """What a number turned out to be."""

    VALID = "valid"
    LEGACY = "legacy"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class UsccReading:
    """A number as read: cleaned, classified, with a printable Chinese reason ("" when valid)."""

    number: str
    kind: Kind
    reason: str = ""


def compact(text: str) -> str:
    """Upper case, half width, without white space; other characters stay as they were."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def check_character(first_seventeen: str) -> str:
    """The 18th character for the first seventeen.

    Source: GB 32100-2015, weights 3^(i-1) mod 31, check (31 - sum mod 31) mod 31.
    Raises ValueError when a character is outside the alphabet or the length is not 17.
    """
    _require(first_seventeen, LENGTH - 1, ALPHABET)
    pairs = zip(first_seventeen, _WEIGHTS, strict=True)
    return ALPHABET[-sum(_VALUE[character] * weight for character, weight in pairs) % 31]


def organisation_check_character(first_eight: str) -> str:
    """The ninth character of an organisation code: 10 is written X and 11 is written 0.

    Source: GB 11714. Raises ValueError for a wrong length or character.
    """
    _require(first_eight, 8, _ORGANISATION_ALPHABET)
    pairs = zip(first_eight, _ORGANISATION_WEIGHTS, strict=True)
    total = sum(_ORGANISATION_ALPHABET.index(character) * weight for character, weight in pairs)
    return "0123456789X0"[11 - total % 11]


def make_uscc(prefix: str) -> str:
    """A full code from the first 16 characters, both check characters computed.

    Meant for fictional enterprises: the number is well-formed, not registered.
    Raises ValueError for a wrong length or character.
    """
    _require(prefix, 16, ALPHABET)
    first_seventeen = prefix + organisation_check_character(prefix[8:])
    return first_seventeen + check_character(first_seventeen)


def read_uscc(text: str) -> UsccReading:
    """Clean and classify a number; never guesses at a repair.

    Source: GB 32100-2015, letters in the first two places included.
    """
    number = compact(text)
    for pattern, reason in _LEGACY:
        if pattern.fullmatch(number):
            return UsccReading(number, Kind.LEGACY, reason)
    reason = _fault(number)
    return UsccReading(number, Kind.INVALID if reason else Kind.VALID, reason)


def _fault(number: str) -> str:
    """The first thing wrong with a code, in Chinese; "" when nothing is."""
    if not number:
        return "未填写统一社会信用代码"
    if len(number) != LENGTH:
        return f"统一社会信用代码应为18位，现为{len(number)}位"
    wrong = sorted(set(number) - set(ALPHABET))
    if wrong:
        return f"含有不允许的字符：{'、'.join(wrong)}（不使用 I、O、S、V、Z）"
    if not number[2:8].isdigit():
        return "第3至8位登记机关行政区划码应为数字"
    if number[16] != organisation_check_character(number[8:16]):
        return "第17位组织机构代码校验码不符，请核对第9至17位"
    if number[17] != check_character(number[:17]):
        return "第18位校验码不符，请逐位核对"
    return ""


def _require(text: str, length: int, alphabet: str) -> None:
    if len(text) != length or not set(text) <= set(alphabet):
        raise ValueError(f"expected {length} characters of {alphabet}, got {text!r}")
