"""培训护照: codes with which a worker shows training to an employer, how long they open, what may count as proof.

Sources: 个人信息保护法 第十五条 (consent is taken back at any time), 第四十五条 (the person takes the data along);
生产经营单位安全培训规定 第十七条 (who comes anew is trained: the employer answers for what it counts).
"""

import unicodedata
from datetime import date, datetime
from typing import Final

from courses.rules.files import figure
from courses.rules.validity import ALPHABET
from credit.rules.ruling import Ruling
from credit.rules.terms import printed

ARTICLE: Final = "个人信息保护法第十五条、第四十五条；平台规则"
COUNTS: Final = "生产经营单位安全培训规定第十七条；平台规则"
LENGTH: Final = 10  # 32 ** 10: 50 bits, not to be guessed


class CodeError(ValueError):
    """A text that cannot be a code; the message says what to do."""


def parse_code(text: str) -> str:
    """The code from any usual writing. Raises CodeError."""
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(mark for mark in plain if mark.isalnum()).translate(str.maketrans("OIL", "011"))
    if len(plain) != LENGTH or set(plain) - set(ALPHABET):
        raise CodeError(f"分享码是 {LENGTH} 位字母和数字，请对照员工的手机再输入一次")
    return plain


def printed_code(code: str) -> str:
    """In two groups, as a person reads it aloud."""
    return f"{code[:5]}-{code[5:]}"


def may_share(*, chosen: int, days: int, standing: int) -> Ruling:
    """Whether a share of ``chosen`` rounds for ``days`` may be made beside ``standing`` others."""
    most, shares = figure("share_days_most"), figure("shares_most")
    if not chosen:
        return Ruling(False, "请至少选一门课", ARTICLE)
    if not 1 <= days <= most:
        return Ruling(False, f"有效期是 1 到 {most} 天", ARTICLE)
    if standing >= shares:
        return Ruling(False, f"同时最多 {shares} 个分享，请先停掉不用的", ARTICLE)
    return Ruling(True, "可以分享", ARTICLE)


def may_open(*, until: datetime, ended: bool, now: datetime) -> Ruling:
    """Whether a share opens at ``now``."""
    if ended:
        return Ruling(False, "员工已经停止分享，请向本人要新的分享码", ARTICLE)
    if now >= until:
        return Ruling(False, "分享码过期了，请向本人要新的分享码", ARTICLE)
    return Ruling(True, "可以查看", ARTICLE)


def may_count(
    *,
    works_here: bool,
    asked: bool,
    paper: bool,
    sound: bool,
    automatic: bool,
    counted: bool,
    done_on: date,
    from_on: date | None,
) -> Ruling:
    """Whether a shared round may count as proof for a requirement of an employment.

    ``sound``: finished, and its exam passed with a certificate that stands. ``automatic``: the platform counts the
    course for the requirement by itself. ``counted``: the round counts for this employment already.
    """
    if not works_here:
        return Ruling(False, "他还不是您单位的在岗员工，先登记入职再抵", COUNTS)
    if not asked or from_on is None:
        return Ruling(False, "这个岗位没有这项培训要求", COUNTS)
    if paper:
        return Ruling(False, "这项要求要国家证件，线上课程不能抵", COUNTS)
    if not sound:
        return Ruling(False, "这门课没有学完，或者没有有效的证书，不能抵", COUNTS)
    if automatic:
        return Ruling(False, "这门课平台会自动计入这项要求，不用再抵", COUNTS)
    if counted:
        return Ruling(False, "这次学习已经抵过一项要求了，不能再抵", COUNTS)
    if done_on < from_on:
        reason = f"这次学习是{printed(done_on)}完成的，这项要求从{printed(from_on)}起算，不能抵"
        return Ruling(False, reason, COUNTS)
    return Ruling(True, "可以抵", COUNTS)
