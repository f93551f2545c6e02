"""The demo's enterprise trains its people: a roster, courses that count, proofs on paper, what was missed.

Every name is invented; everything goes through the doors that a manager uses.
"""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.db import transaction

from courses.acts import assigning, coverage, facts, obligations, plans, proofs, roster
from courses.acts.roster_reading import COLUMNS
from courses.models import CourseFor, CoursePage, PlanFigure, RosterImport
from credit.models import Employment, Jurisdiction
from credit.models.managers import managed_by

# Which course counts for what; more of it the bureau settles under 考试与证书.
COUNTS: Final = {
    "site-induction": ["worker-plant-site", "worker-plant", "worker-plant-high", "worker-initial"],
    "confined-space": ["worker-workshop-high", "worker-yearly-high", "manager-yearly-high"],
}
# Name, phone, post, trade, team, days at work.
PEOPLE: Final = (
    ("演示负责人", "19900000101", "主要负责人", "", "厂部", 900),
    ("演示安全员", "19900000102", "安全生产管理人员", "", "厂部", 700),
    ("演示焊工", "19900000103", "特种作业人员", "焊接与热切割作业", "机修班", 500),
    ("演示炉前工甲", "19900000104", "其他从业人员", "", "熔炼甲班", 60),
    ("演示炉前工乙", "19900000105", "其他从业人员", "", "熔炼乙班", 45),
    ("演示学员", "19900000001", "其他从业人员", "", "熔炼甲班", 41),
    # They study in demo_learners: a team, and one whose records were made up.
    *(
        (f"演示浇铸工{serial}", f"19900000{end}", "其他从业人员", "", "浇铸班", 300 + end)
        for serial, end in zip("甲乙丙丁戊己庚辛", range(106, 114), strict=True)
    ),
    *(
        (f"演示清理工{serial}", f"19900000{end}", "其他从业人员", "", "清理班", 300 + end)
        for serial, end in zip("甲乙丙丁戊己", range(114, 120), strict=True)
    ),
)


@transaction.atomic
def seed_training(today: date, *, manager: Any) -> None:
    """The roster came in 39 days ago; some proved their training, some are late."""
    if RosterImport.objects.exists():
        return
    firm = managed_by(manager, today).get()
    for slug, codes in COUNTS.items():
        course = CoursePage.objects.get(slug=slug)
        CourseFor.objects.bulk_create(CourseFor(course=course, requirement=one) for one in codes)
    told = today - timedelta(days=39)
    roster.take(
        _workbook(today), enterprise=firm, file_name="花名册（演示）.xlsx", by=manager, today=told
    )
    for phone, code, hours, days, paper in (
        ("102", "manager-initial-high", 48, 30, "安全管理人员培训合格证（演示）"),
        ("103", "operator-certificate.welding", 0, 400, "特种作业操作证 演T990001"),
        ("104", "worker-plant-high", 24, 25, "厂级安全教育签到表（演示）"),
        ("104", "worker-workshop-high", 24, 24, "车间级安全教育签到表（演示）"),
        ("104", "worker-team-high", 24, 23, "班组级安全教育签到表（演示）"),
    ):
        work = Employment.objects.get(enterprise=firm, person__phone=f"+8619900000{phone}")
        proofs.tell(
            work, requirement=code, done_on=today - timedelta(days=days), hours=hours, paper=paper,
            by=manager, today=today,
        )  # fmt: skip
    assigning.assign(
        CoursePage.objects.get(slug="confined-space"), coverage.staff(firm, today),
        enterprise=firm, until=today + timedelta(days=30), by=manager, today=today,
    )  # fmt: skip
    obligations.refresh([firm.pk], today=today)
    facts.tell_due()


# What the district's plan of 2017 says of training, and the law. The plan names a past figure, not a target.
_PLAN: Final = "区安全生产“十三五”规划（2017年）"
PLANNED: Final = (
    ("coverage", "target", 100, "安全生产法第二十八条：未经教育培训合格不得上岗"),
    ("rotation", "target", 100, f"{_PLAN}第四部分（十）：用3年时间完成轮训（演示引用）"),
    ("migrants", "past", 10_000, f"{_PLAN}第一部分：近年来受教育农民工1万余人次（演示引用）"),
)


def seed_plan(today: date, *, officer: Any, district: Jurisdiction) -> None:
    """The plan's figures for this year, entered by the officer."""
    if PlanFigure.objects.exists():
        return
    for indicator, kind, amount, source in PLANNED:
        plans.enter(
            district, year=today.year, indicator=indicator, kind=kind, amount=Decimal(amount),
            source=source, reason="", by=officer,
        )  # fmt: skip


def _workbook(today: date) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("花名册")
    sheet.write_row(0, 0, [column.heading for column in COLUMNS])
    for line, (name, phone, post, trade, team, days) in enumerate(PEOPLE, start=1):
        began = today - timedelta(days=days)
        sheet.write_row(line, 0, [name, phone, "", post, trade, team, began.isoformat(), ""])
    book.close()
    return out.getvalue()
