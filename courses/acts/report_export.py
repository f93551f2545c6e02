"""The training report as a workbook: the same rows as the page, no names of persons."""

import io
from typing import Any, Final

import xlsxwriter

from courses.acts.report import Line, Report
from courses.acts.reporting import BY
from courses.acts.sheets import OPTIONS, write_sheet

COVERAGE: Final = ("应完成项", "已完成项", "其中按期完成", "超期项", "未到期项", "完成率（%）")
EXAMS: Final = (
    "参加（人·课）", "合格（人·课）", "合格率（%）", "首考人次", "首考合格", "首考合格率（%）",
)  # fmt: skip
PLAN: Final = (
    "指标",
    "属地",
    "年份",
    "性质",
    "计划数",
    "实际",
    "达到",
    "来源",
    "登记人",
    "登记日期",
)


def workbook(report: Report) -> bytes:
    """Four sheets: coverage, exams and migrant workers, officials, the plan."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    bold = book.add_format({"bold": True, "bg_color": "#e3efef"})
    head = BY[report.asked.by]
    rows = [*report.lines, report.total]
    write_sheet(book, "培训完成率", bold, [(head, *COVERAGE), *map(_coverage, rows)])
    write_sheet(book, "考试和农民工", bold, [(head, *EXAMS, "受训农民工"), *map(_exams, rows)])
    turned = [(one.name, one.people, one.trained, _or(one.part)) for one in report.officials]
    write_sheet(book, "干部轮训", bold, [("属地", "干部", "已轮训", "轮训率（%）"), *turned])
    write_sheet(book, "计划指标", bold, [PLAN, *(_plan(one) for one in report.plan)])
    book.close()
    return out.getvalue()


def _coverage(line: Line) -> tuple[Any, ...]:
    one = line.coverage
    return (line.name, one.owed, one.met, one.in_time, one.late, one.waiting, _or(one.part))


def _exams(line: Line) -> tuple[Any, ...]:
    one = line.exams
    return (
        line.name, one.sat, one.passes, _or(one.part), one.first, one.at_once, _or(one.first_part),
        line.migrants,
    )  # fmt: skip


def _plan(one: Any) -> tuple[Any, ...]:
    figure = one.figure
    told = "" if not one.is_target else {True: "是", False: "否", None: "没有数"}[one.reached]
    return (
        figure.get_indicator_display(), figure.place.name, figure.year, figure.get_kind_display(),
        figure.printed, _or(one.actual), told, figure.source, str(figure.by), figure.at.date(),
    )  # fmt: skip


def _or(part: int | None) -> int | str:
    """A dash where there is nothing to count."""
    return "—" if part is None else part
