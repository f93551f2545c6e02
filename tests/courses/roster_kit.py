"""Workbooks of a roster, and somebody who acts for the enterprise."""

import io
from datetime import date
from typing import Any, Final

import xlsxwriter
from stdnum.cn import ric

from credit.models import Enterprise, EnterpriseManager
from tests.courses.obligation_kit import a_person

HEADINGS: Final = ("姓名", "手机号", "身份证号", "岗位", "工种", "班组", "入职日期", "离职日期")


def book(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    """A workbook as a foreman writes it."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = made.add_worksheet("花名册")
    for number, row in enumerate([headings, *rows]):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell)
    made.close()
    return out.getvalue()


def row(name: str = "王大力", phone: str = "13900000001", **said: str) -> tuple[str, ...]:
    """One line; what is not said is usual."""
    usual = {"id_number": "", "position": "其他从业人员", "trades": "", "team": "甲班",
             "began_on": "2026-11-02", "ended_on": ""}  # fmt: skip
    return (name, phone, *{**usual, **said}.values())


def id_number(serial: int = 1) -> str:
    """A sound identity number of nobody."""
    body = f"99000019900101{serial:03}"
    return body + ric.calc_check_digit(body + "0")


def a_manager(enterprise: Enterprise, number: int = 90) -> Any:
    """Acts for the enterprise."""
    person = a_person(number, real_name="周管理")
    EnterpriseManager.objects.create(
        person=person, enterprise=enterprise, paper="授权委托书", from_day=date(2026, 1, 1),
        appointed_by=person,
    )  # fmt: skip
    return person
