"""When a hearing (听证) may be held: on the day of which the party was told in time.

Source: 行政处罚法 第六十四条第二项 (the party and those concerned are told the time and the place seven days
before it is held), 第八十五条 (these seven days are working days). The day of the notice is not counted, and
the hearing may be held on the seventh working day after it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.rules.ruleset import load_ruleset
from credit.rules.ruling import Ruling
from credit.rules.terms import printed
from credit.rules.timeline import Rules
from credit.rules.workdays import DueDay, Exceptions, add_working_days

ARTICLE: Final = "行政处罚法第六十四条第二项"


@dataclass(frozen=True, slots=True)
class Announced:
    """What the party was told, and when: the hearing is held on ``set_for``."""

    told_on: date
    set_for: date


def earliest_hearing(told_on: date, calendar: Exceptions, rules: Rules | None = None) -> DueDay:
    """The first day on which a hearing may be held of which the party was told on ``told_on``.

    The rule-set of the day of the notice says how many working days lie between.
    """
    term = (rules or load_ruleset()).on(told_on).terms["case.hearing_notice"]
    return add_working_days(told_on, term.amount, calendar)


def may_announce(
    notice: Announced, requested_on: date | None, calendar: Exceptions, rules: Rules | None = None
) -> Ruling:
    """Whether a hearing that was asked for on ``requested_on`` may be set for this day."""
    if requested_on is None:
        return Ruling(False, "当事人没有申请听证", ARTICLE)
    if notice.told_on < requested_on:
        return Ruling(False, "听证通知的送达日期不能早于当事人申请听证的日期", ARTICLE)
    return _in_time(notice, calendar, rules)


def was_told_of(notice: Announced | None, held_on: date) -> Ruling:
    """Whether the party was told of a hearing on ``held_on``.

    On another day, also a later one, the party could not know of it: it takes a new notice.
    """
    if notice is None:
        return Ruling(False, "听证的时间和地点还没有通知当事人", ARTICLE)
    if held_on != notice.set_for:
        day, told = printed(held_on), printed(notice.set_for)
        reason = f"通知当事人的听证日期是{told}，不是{day}；改期应重新通知"
        return Ruling(False, reason, ARTICLE)
    return Ruling(True, f"{printed(held_on)}的听证已通知当事人", ARTICLE)


def may_hold(
    notice: Announced | None, held_on: date, calendar: Exceptions, rules: Rules | None = None
) -> Ruling:
    """Whether a hearing of ``held_on`` is the one of which the party was told, and in time."""
    told = was_told_of(notice, held_on)
    return _in_time(notice, calendar, rules) if notice and told else told


def _in_time(notice: Announced, calendar: Exceptions, rules: Rules | None) -> Ruling:
    first = earliest_hearing(notice.told_on, calendar, rules)
    told, day = printed(notice.told_on), printed(notice.set_for)
    noted = f"（{first.warning}）" if first.warning else ""
    if notice.set_for < first.day:
        least = (rules or load_ruleset()).on(notice.told_on).terms["case.hearing_notice"].amount
        reason = (
            f"听证应提前{least}个工作日通知：{told}送达通知，最早{printed(first.day)}举行，"
            f"{day}过早{noted}"
        )
        return Ruling(False, reason, ARTICLE)
    return Ruling(True, f"{told}通知当事人，{day}举行听证{noted}", ARTICLE)
