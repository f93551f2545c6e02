"""Who may correct study time, and how far.

Source: 安全生产法 第二十八条 and 第九十七条 (training records are kept truthfully); that nothing is changed
silently, by whom and why, and that more time needs two people, are the platform's own rules.
"""

from typing import Final

from credit.rules.ruling import Ruling

ARTICLE: Final = "安全生产法第二十八条（培训记录如实）；平台规则"
MOST: Final = 480  # minutes: no more than a day of study at once


def may_correct(*, minutes: int, reason: str, had: int, own: bool, of_course: bool) -> Ruling:
    """Whether ``minutes`` (negative: less) may be written for a lesson that has ``had`` minutes."""
    if own:
        return Ruling(False, "不能更正自己的学时", ARTICLE)
    if not of_course:
        return Ruling(False, "这一课不属于这门课程", ARTICLE)
    if not reason:
        return Ruling(False, "请写明更正的原因", ARTICLE)
    if minutes == 0 or abs(minutes) > MOST:
        return Ruling(False, f"一次更正 1 到 {MOST} 分钟", ARTICLE)
    if minutes < -had:
        return Ruling(False, f"这一课只记了 {had} 分钟，不能减 {-minutes} 分钟", ARTICLE)
    return Ruling(True, "可以更正", ARTICLE)


def may_look(
    *, asked_by: int, looker: int, own: bool, waits: bool, agreed: bool, remark: str
) -> Ruling:
    """Whether ``looker`` may answer a correction that adds time."""
    if not waits:
        return Ruling(False, "这条更正不用复核，或者已经有人复核", ARTICLE)
    if looker == asked_by:
        return Ruling(False, "加学时要由另一个人复核", ARTICLE)
    if own:
        return Ruling(False, "不能复核自己的学时", ARTICLE)
    if not agreed and not remark:
        return Ruling(False, "不同意的，请写明理由", ARTICLE)
    return Ruling(True, "可以复核", ARTICLE)
