"""Around an exam: when it is open, more time for one person, appeals against marks, who the person is.

Source: 安全生产资格考试与证书管理暂行办法 (安监总培训〔2013〕104号) for the exam itself; window, extra time, appeal and
identity are the bureau's own terms, and their figures are data in ``courses/rulesets/exams-*.toml``.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from credit.rules.ruling import Ruling

ARTICLE: Final = "平台设定，待局里核定"
ROOM: Final = "考场规则（平台设定，待局里核定）"
LONGEST_REASON: Final = 300


def within_window(
    *, opens_at: datetime | None, closes_at: datetime | None, now: datetime, article: str
) -> Ruling:
    """Whether an attempt may begin at ``now``; none of the two bounds: always.

    The window bounds the start. Whoever has begun keeps the whole time.
    """
    if opens_at is not None and now < opens_at:
        return Ruling(False, f"考试还没有开放，{_when(opens_at, now)}起可以考", article)
    if closes_at is not None and now >= closes_at:
        text = f"考试在{_when(closes_at, now)}已经停止进场，请联系培训单位"
        return Ruling(False, text, article)
    return Ruling(True, "考试开放", article)


def may_grant(
    *, minutes: int, granted: int, most: int, reason: str, own: bool, over: bool
) -> Ruling:
    """Whether ``minutes`` more may be given to somebody who has ``granted`` already, ``most`` in all."""
    if own:
        return Ruling(False, "不能给自己延长考试时间", ARTICLE)
    if over:
        return Ruling(False, "这次考试已经结束，不能再延长", ARTICLE)
    if not reason:
        return Ruling(False, "请写明延长的原因", ARTICLE)
    if minutes < 1 or granted + minutes > most:
        left = max(most - granted, 0)
        return Ruling(False, f"一个人最多延长 {most} 分钟，还可以延长 {left} 分钟", ARTICLE)
    return Ruling(True, "可以延长", ARTICLE)


def may_appeal(
    *,
    marked_at: datetime | None,
    now: datetime,
    days: int,
    reason: str | None,
    raised: bool,
    sitting: bool,
    passed_elsewhere: bool,
) -> Ruling:
    """Whether a learner may appeal against the marks of an attempt; ``reason`` None asks before it is written."""
    if marked_at is None:
        return Ruling(False, "评完分才能申诉", ARTICLE)
    if raised:
        return Ruling(False, "这次考试已经申诉过，一次考试只能申诉一次", ARTICLE)
    if now > marked_at + timedelta(days=days):
        return Ruling(False, f"出成绩后 {days} 天内可以申诉，现在已经过期", ARTICLE)
    if sitting:
        return Ruling(False, "正在考试，交卷以后再申诉", ARTICLE)
    if passed_elsewhere:
        return Ruling(False, "后来的考试已经合格，不用再申诉", ARTICLE)
    if reason is not None and not reason:
        return Ruling(False, "请写明哪道题、为什么", ARTICLE)
    return Ruling(True, f"{_when(marked_at + timedelta(days=days), now)}前可以申诉", ARTICLE)


def may_decide(
    *, decider: int, learner: int, markers: Collection[int], decided: bool, reason: str
) -> Ruling:
    """Whether ``decider`` may decide an appeal: never the learner, never who marked the paper."""
    if decided:
        return Ruling(False, "这件申诉已经处理过", ARTICLE)
    if decider == learner:
        return Ruling(False, "不能处理自己的申诉", ARTICLE)
    if decider in markers:
        return Ruling(False, "您评过这份答卷，申诉要由另一个人处理", ARTICLE)
    if not reason:
        return Ruling(False, "请写明处理的理由，学员看得到", ARTICLE)
    return Ruling(True, "可以处理", ARTICLE)


def may_confirm(*, by: int, learner: int, sitting: bool) -> Ruling:
    """Whether ``by`` may say that the person before the exam is who is enrolled."""
    if by == learner:
        return Ruling(False, "不能核对自己的身份", ROOM)
    if sitting:
        return Ruling(False, "考试已经开始，身份要在开始前核对", ROOM)
    return Ruling(True, "可以核对", ROOM)


def _when(moment: datetime, now: datetime) -> str:
    here = moment.astimezone(now.tzinfo)
    return f"{here.year}年{here.month}月{here.day}日{here:%H:%M}"
