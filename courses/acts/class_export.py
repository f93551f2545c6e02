"""The attendance sheet of a class as a workbook, to print and sign. Text cells only, so that nothing is ever run."""

import io
from datetime import datetime
from typing import Any, Final

import xlsxwriter
from django.utils import timezone

from courses.acts.class_facts import ClassFacts, Held, Participant, Sign, whole
from courses.rules.hours import periods
from credit.importing import cells

_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
MINUTE: Final = 60_000  # milliseconds


def workbook(training_class: Any) -> bytes:
    """Four sheets: attendance with place to sign, timetable, each signing by hand, evaluation. No whole phone."""
    told = whole(training_class)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    bold = book.add_format({"bold": True, "bg_color": "#e3efef", "text_wrap": True})
    _sheet(book, "签到表", bold, _attendance(told))
    _sheet(book, "课表", bold, _timetable(told))
    _sheet(book, "点名", bold, _by_hand(told))
    _sheet(book, "评价", bold, _evaluation(told))
    book.close()
    return out.getvalue()


def _attendance(told: ClassFacts) -> list[tuple[Any, ...]]:
    held = [one for one in told.sessions if not one.cancelled]
    heads = [f"{_moment(one.starts_at)} {name}" for one in held for name in ("签到", "签退")]
    first = ("姓名", "手机", "单位", *heads, "在课分钟", "计入学时", "参加完", "本人签名")
    return [first, *(_line(one, held) for one in told.participants)]


def _line(one: Participant, held: list[Held]) -> tuple[Any, ...]:
    signs = []
    for session in held:
        there = one.presences.get(session.pk)
        signs += [_time(there.came if there else None), _time(there.left if there else None)]
    done = "是" if one.completed else "否"
    minutes = int(one.present.total_seconds() // 60)
    return (
        one.name, one.phone, one.enterprise, *signs, minutes, periods(one.credited_ms), done, "",
    )  # fmt: skip


def _timetable(told: ClassFacts) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        ("培训班", told.title), ("课程", told.course), ("主办", told.organiser), ("地点", told.venue),
        ("结班", _moment(told.closed_at) if told.closed_at else "还没有结班"), ("小结", told.note), (),
        ("上课", "下课", "分钟", "课时", "教员", "地点", "取消的原因"),
    ]  # fmt: skip
    return rows + [
        (_moment(one.starts_at), _moment(one.ends_at), one.minutes, one.lesson, one.lecturer,
         one.venue, one.cancelled)
        for one in told.sessions
    ]  # fmt: skip


def _by_hand(told: ClassFacts) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [("姓名", "时间", "事项", "点名人", "原因")]
    for one in told.participants:
        for there in one.presences.values():
            for word, sign in (("签到", there.came), ("签退", there.left)):
                if sign and sign.by:
                    rows.append((one.name, _moment(sign.at), word, sign.by, sign.reason))
    return rows


def _evaluation(told: ClassFacts) -> list[tuple[Any, ...]]:
    found = told.evaluation
    if not found.shown:
        return [("评价人数", found.people), ("结班后、人数够了才显示结果",)]
    return [
        ("评价人数", found.people), *found.marks, ("想说的话",), *((words,) for words in found.words)
    ]  # fmt: skip


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%m-%d %H:%M}"


def _time(sign: Sign | None) -> str:
    return f"{timezone.localtime(sign.at):%H:%M}{'（点名）' if sign.by else ''}" if sign else ""


def _sheet(book: Any, name: str, bold: Any, rows: list[tuple[Any, ...]]) -> None:
    sheet = book.add_worksheet(name)
    for line, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(line, place, value)
            else:
                words = cells.safe(cells.printable(str(value)[:32_000]))
                sheet.write_string(line, place, words, bold if line == 0 else None)
    sheet.set_column(0, 20, 16)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
