"""Certificates: how long they are valid, what they are worth today, and their numbers."""

import unicodedata
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from courses.rules.exams import Figures
from credit.rules.ruling import Ruling
from credit.rules.terms import add_months, printed

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O, U: nobody mixes them up
PREFIX: Final = "AX"
RANDOM_LENGTH: Final = 10  # 32 ** 10 numbers a year: 50 bits, not to be guessed
LENGTH: Final = len(PREFIX) + 4 + RANDOM_LENGTH + 1
KIND_OF_AUDIENCE: Final = {
    "principal": "manager",
    "safety_manager": "manager",
    "special_operator": "special_operator",
}  # everybody else gets a worker's


class NumberError(ValueError):
    """A text that cannot be a certificate number; the message says what to do."""


class State(StrEnum):
    """What a certificate is worth on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


def valid_until(issued_on: date, kind: str, figures: Figures) -> date:
    """The last day on which a certificate of ``kind`` is valid.

    Sources by kind: 安监总培训〔2013〕104号 (managers), 生产经营单位安全培训规定 (workers, retrained
    each year). A special operator's is the platform's own: the state's 特种作业操作证 is another thing.
    """
    return add_months(issued_on, figures.amount(f"certificate.{kind}")) - timedelta(days=1)


def renew_by(until: date, kind: str, figures: Figures) -> date:
    """The last day to ask for renewal; sources as for ``valid_until``."""
    return until - timedelta(days=figures.amount(f"renewal.{kind}"))


def standing_of(
    *, until: date, revoked_on: date | None, today: date, article: str
) -> tuple[State, Ruling]:
    """What a certificate is worth on ``today``, with the words for a stranger who checks it."""
    if revoked_on is not None and revoked_on <= today:
        reason = f"这张证书已于{printed(revoked_on)}撤销，现在无效"
        return State.REVOKED, Ruling(False, reason, article)
    if today > until:
        reason = f"这张证书已于{printed(until)}到期，现在无效"
        return State.EXPIRED, Ruling(False, reason, article)
    return State.VALID, Ruling(True, f"这张证书真实有效，有效期至{printed(until)}", article)


def may_renew(
    *, until: date, due: date, revoked: bool, retrain: bool, today: date, article: str
) -> Ruling:
    """Whether the holder may take the course anew on ``today``; ``due`` is the day to ask for renewal.

    Source: 生产经营单位安全培训规定 (retrained each year); after a revocation the office decides.
    """
    if revoked and not retrain:
        return Ruling(False, "证书已撤销，能不能重新学习，请联系培训单位", article)
    if revoked:
        return Ruling(True, "证书已撤销，需要重新学习、重新考试", article)
    if today > until:
        return Ruling(True, f"证书已于{printed(until)}到期，可以重新学习、重新考试", article)
    if today >= due:
        return Ruling(True, f"证书{printed(until)}到期，现在可以开始再培训", article)
    return Ruling(False, f"已经考试合格，不用再考；{printed(due)}起可以再培训", article)


def may_reopen(
    *, taken: int, allowed: int, passed: bool, revoked: bool, writing: bool, article: str
) -> Ruling:
    """Whether the office may arrange another round: attempts used up in vain, or revoked.

    Source: 安监总培训〔2013〕104号 (one resit, then training anew).
    """
    if writing:
        return Ruling(False, "学员正在考试，请等考试结束", article)
    if passed and not revoked:
        return Ruling(False, "学员已经考试合格，不用重新安排", article)
    if not passed and taken < allowed:
        return Ruling(False, f"学员还有 {allowed - taken} 次考试机会，不用重新安排", article)
    return Ruling(True, "可以重新安排一轮学习和考试", article)


def make_number(year: int, secret: str) -> str:
    """The number from ``secret`` (ten characters of the alphabet), with its check character."""
    if len(secret) != RANDOM_LENGTH or set(secret) - set(ALPHABET):
        raise ValueError("the secret is ten characters of the alphabet")
    body = f"{year:04}{secret}"
    return f"{PREFIX}{body}{_check(body)}"


def parse_number(text: str) -> str:
    """The number from any usual writing: spaces, hyphens, small or full-width letters, O for 0.

    Raises NumberError.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(mark for mark in plain if mark.isalnum())
    body = plain.removeprefix(PREFIX).translate(str.maketrans("OIL", "011"))
    if len(plain) != LENGTH or not plain.startswith(PREFIX):
        raise NumberError(f"证书编号以 {PREFIX} 开头，共 {LENGTH} 位，请对照证书再输入一次")
    if set(body) - set(ALPHABET) or _check(body[:-1]) != body[-1]:
        raise NumberError("证书编号有错字，请对照证书再输入一次")
    return f"{PREFIX}{body}"


def printed_number(number: str) -> str:
    """In groups, as a person reads it aloud: AX2026-7K3QM-9ZT4D-H."""
    year, first, second, check = number[2:6], number[6:11], number[11:16], number[16:]
    return f"{PREFIX}{year}-{first}-{second}-{check}"


def masked(name: str) -> str:
    """The first character and one star for each other one: 张三丰 becomes 张**."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def _check(body: str) -> str:
    """Luhn's check over 32 characters: finds every wrong character and nearly every swap."""
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // len(ALPHABET) + value % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]
