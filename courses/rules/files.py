"""Training files 一人一档, 一期一档, and checks on the spot: figures, and what is allowed.

Sources: 安全生产法 第二十八条 (training is recorded truthfully), 第六十五条 (officers may look at the papers and ask
the people); AQ 8011-2023 4.7 (files of training; its text was not to be had, so what a file holds is the platform's
own list). Figures are data (``courses/rulesets/files-2026.toml``).
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from courses.rules.questions import CHOICES
from credit.rules.ruling import Ruling

FILE: Final = Path(__file__).resolve().parent.parent / "rulesets" / "files-2026.toml"
ARTICLE: Final = "安全生产法第六十五条（查阅资料、了解情况）"
# Kinds that a person answers on somebody else's phone in a minute, and that the machine marks.
ON_THE_SPOT: Final = CHOICES


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, with its source."""

    amount: int
    name: str
    article: str
    confirmed: bool


@cache
def figures() -> dict[str, Figure]:
    """The figures in force."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["figure"]
    return {
        row["code"]: Figure(row["amount"], row["name"], row["article"], row["confirmed"])
        for row in rows
    }


def figure(code: str) -> int:
    """The bare number. Raises KeyError."""
    return figures()[code].amount


def may_inspect(*, permitted: bool, own: bool, within: bool) -> Ruling:
    """Whether an officer may open a person's file on the spot."""
    if not permitted:
        return Ruling(False, "您没有现场检查培训档案的权限", ARTICLE)
    if own:
        return Ruling(False, "不能检查自己", ARTICLE)
    if not within:
        return Ruling(False, "这名学员不在您的辖区，请联系当地应急管理部门检查", ARTICLE)
    return Ruling(True, "可以检查", ARTICLE)


def may_ask(*, mine: bool, asked: bool, pool: int) -> Ruling:
    """Whether questions may be drawn now. ``pool``: how many there are that the person has passed."""
    if not mine:
        return Ruling(False, "只有打开这次检查的人可以抽问", ARTICLE)
    if asked:
        return Ruling(False, "这次检查已经抽过题了，一次检查只抽一次", ARTICLE)
    if pool < figure("spot_questions"):
        reason = "这名学员还没有考试合格的课程，或者题库里能当场判分的题不够，不能抽问"
        return Ruling(False, reason, ARTICLE)
    return Ruling(True, "可以抽问", ARTICLE)
