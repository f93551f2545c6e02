"""For whom a course is: which marks fit which audience, what must be learned before, in the words that we print.

Sources: 生产经营单位安全培训规定 第十二条 to 第十六条 (three levels of induction); 特种作业人员安全技术培训考核管理规定
(trades); the district's plan (officials, every three years).
"""

from collections.abc import Sequence
from typing import Final

from credit.rules.ruling import Ruling

LEVELS: Final = {"plant": "厂级（公司级）", "workshop": "车间级（项目级）", "team": "班组级"}
STAGES: Final = {
    "kindergarten": "幼儿园", "lower": "小学低年级（1至3年级）", "upper": "小学高年级（4至6年级）",
    "junior": "初中", "senior": "高中、中职", "college": "大学、高职",
}  # fmt: skip
_FIT: Final = {
    "trade": (("special_operator",), "工种只用于特种作业人员的课程"),
    "induction": (("worker", "migrant"), "三级教育只用于从业人员、农民工的课程"),
    "stage": (("student",), "学段只用于学生的课程"),
}


def mark_fault(mark: str, audience: str) -> str:
    """Why a course for ``audience`` cannot bear a ``mark`` (trade, induction, stage); empty when it can."""
    audiences, fault = _FIT[mark]
    return "" if audience in audiences else fault


def may_enrol(missing: Sequence[str]) -> Ruling:
    """Whether somebody may begin a course, who still lacks the courses with the titles ``missing``."""
    if not missing:
        return Ruling(True, "可以报名", "")
    names = "".join(f"《{title}》" for title in missing)
    return Ruling(False, f"学这门课以前，要先学完{names}", "")


def goes_round(course: int, needs: Sequence[int], known: dict[int, set[int]]) -> bool:
    """Whether ``course`` would, by these ``needs`` and what others need, have to be learned before itself."""
    seen: set[int] = set()
    ahead = list(needs)
    while ahead:
        one = ahead.pop()
        if one == course:
            return True
        if one not in seen:
            seen.add(one)
            ahead += known.get(one, ())
    return False
