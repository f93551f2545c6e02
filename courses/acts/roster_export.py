"""An enterprise's training as a workbook: people with what they owe. Text cells only, so that nothing is ever run."""

import io
from datetime import date
from typing import Any, Final

import xlsxwriter

from courses.acts.coverage import by_requirement, by_team, staff
from courses.acts.sheets import OPTIONS, write_sheet
from courses.models import Obligation
from courses.rules.cycles import NAMES, standing
from courses.rules.requirements import figure
from credit.models import Enterprise

PEOPLE: Final = (
    "姓名", "岗位", "班组", "入职日期", "培训要求", "第几期", "期限", "状态", "完成日期", "已学学时", "应学学时",
    "依据",
)  # fmt: skip
SUMS: Final = ("人数", "应完成项", "已完成项", "未到期项", "超期项", "完成比例（%）")


def workbook(firm: Enterprise, today: date) -> bytes:
    """Three sheets: each obligation of each person, by team, by requirement. No phone, no identity number."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    bold = book.add_format({"bold": True, "bg_color": "#e3efef"})
    write_sheet(book, "人员", bold, [PEOPLE, *_people(firm, today)])
    teams = [(line["team"] or "（没有写班组）", *_sums(line)) for line in by_team(firm, today)]
    write_sheet(book, "班组", bold, [("班组", *SUMS), *teams])
    asked = [
        (line["title"], line["law"] + ("" if line["sure"] else "（待核）"), *_sums(line))
        for line in by_requirement(firm, today)
    ]
    write_sheet(book, "培训要求", bold, [("培训要求", "依据", *SUMS), *asked])
    book.close()
    return out.getvalue()


def _people(firm: Enterprise, today: date) -> list[tuple[Any, ...]]:
    rows = Obligation.objects.filter(employment__in=staff(firm, today).values("pk"))
    rows = rows.select_related("employment__person").order_by(
        "employment__team", "employment", "requirement", "cycle"
    )
    return [_line(row, today) for row in rows.defer("explanation").iterator(chunk_size=2000)]


def _line(row: Obligation, today: date) -> tuple[Any, ...]:
    work = row.employment
    state = standing(due_on=row.due_on, met_on=row.met_on, closed_on=row.closed_on, today=today)
    return (
        str(work.person), work.get_position_display(), work.team or "", work.began_on, row.name,
        row.cycle, row.due_on, NAMES[state], row.met_on or "",
        round(row.minutes / figure("hour"), 1), row.hours,
        row.article + ("" if row.confirmed else "（待核）"),
    )  # fmt: skip


def _sums(line: dict[str, Any]) -> tuple[int, ...]:
    names = ("people", "asked", "covered", "waiting", "late", "part")
    return tuple(line[name] for name in names)
