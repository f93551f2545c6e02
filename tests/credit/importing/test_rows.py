"""Rows against the register: every problem at once, with row, column, value and remedy."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from credit.importing.files import read_table
from credit.importing.rows import Reading, read_rows
from credit.models import Enterprise, Jurisdiction, Posting, Sector
from tests.credit.importing.makers import CODE, HEADINGS, ROW, changed, text, xlsx

TODAY = date(2026, 11, 24)


def read(rows: list[list[Any]], kind: str = "violations", **options: Any) -> Reading:
    return read_rows(read_table(xlsx(rows)), kind, today=TODAY, **options)


def told(reading: Reading) -> list[tuple[int, str, str, str]]:
    return [(p.row, p.column, p.value, p.advice) for p in reading.problems]


def test_a_good_row_becomes_the_fields_of_a_penalty(enterprise: Enterprise):
    reading = read([HEADINGS, ROW])
    assert told(reading) == []
    [row] = reading.rows
    assert (row.number, row.values) == (
        2,
        {
            "enterprise_id": enterprise.pk, "source": "行政处罚", "source_key": "云应急罚〔2026〕1号",
            "offence": "未培训上岗", "penalty_kind": "罚款", "fine": Decimal("20000.00"),
            "happened_on": date(2026, 3, 12), "authority": "区应急局",
        },
    )  # fmt: skip


def test_the_public_standard_of_2018_counts_in_wan(enterprise: Enterprise):
    headings = ["CF_XDR_MC", "CF_XDR_SHXYM", "CF_WSH", "CF_WFXW", "CF_CFLB", "CF_NR_FK", "CF_NR_WFFF", "CF_JDRQ",
                "CF_CFJG", "CF_XDR_ZZJG", "BZ"]  # fmt: skip
    [row] = read([headings, [*ROW[:5], 2.5, 1, "20260312", "区应急局", "", ""]]).rows
    assert (row.values["fine"], row.values["confiscated"]) == (Decimal(25000), Decimal(10000))


def test_every_problem_of_the_file_comes_at_once(enterprise: Enterprise):
    reading = read(
        [
            HEADINGS,
            changed(
                **{"统一社会信用代码": "123", "处罚决定日期": "2017-02-30", "罚款（元）": "-1"}
            ),
            changed(统一社会信用代码="91320382MA1UUP3668"),
            changed(决定书文号="", 违法行为="长" * 301),
        ]
    )
    assert told(reading) == [
        (2, "罚款（元）", "-1", "金额不能是负数"),
        (2, "处罚决定日期", "2017-02-30", "没有2017年2月30日这一天，请核对"),
        (
            3,
            "统一社会信用代码",
            "91320382MA1UUP3668",
            "登记库里没有这家企业：请先导入企业登记，或核对代码",
        ),
        (4, "决定书文号", "", "必填，这一格是空的"),
        (4, "违法行为", "长" * 100, "太长：最多300个字，现有301个字"),
    ]
    assert reading.rows == []


def test_a_missing_column_is_named_with_what_was_found(enterprise: Enterprise):
    [problem] = read([HEADINGS[:-1], ROW[:-1]]).problems
    assert problem.advice.startswith("缺少“处罚机关”列；文件里的表头是：企业名称、")


def test_headings_below_a_title_and_a_total_row(enterprise: Enterprise):
    reading = read([["2026年处罚台账"], [], HEADINGS, ROW, ["合计", "", "", "", "", 20000]])
    assert ([row.number for row in reading.rows], told(reading)) == ([4], [])
    assert [note.advice for note in reading.notices] == ["合计行，没有读取"]


def test_money_without_a_unit_is_asked_back(enterprise: Enterprise):
    headings = ["罚款" if heading == "罚款（元）" else heading for heading in HEADINGS]
    [problem] = read([headings, ROW]).problems
    assert problem.advice == "请在表头写明单位：“罚款（元）”或“罚款（万元）”"


def test_a_heading_twice_is_a_problem(enterprise: Enterprise):
    [problem] = read([[*HEADINGS, "处罚机关"], [*ROW, "x"]]).problems
    assert problem.advice == "“处罚机关”出现了两次，请只留一列"


def test_formulas_and_merged_cells_are_problems_of_their_cell(enterprise: Enterprise):
    table = read_table(xlsx([HEADINGS, changed(**{"罚款（元）": "=1+1"}), ROW], merge="D2:D3"))
    reading = read_rows(table, "violations", today=TODAY)
    assert [(p.row, p.column, p.advice[:9]) for p in reading.problems] == [
        (2, "违法行为", "这一格是合并单元格"),
        (2, "罚款（元）", "这一格是公式，请复"),
        (3, "违法行为", "这一格是合并单元格"),
    ]


def test_the_same_number_with_other_content_is_refused_on_both_rows(enterprise: Enterprise):
    reading = read([HEADINGS, ROW, changed(**{"罚款（元）": 1}), changed(决定书文号="2号")])
    assert [(p.row, p.advice) for p in reading.problems] == [
        (2, "第2、3行决定书文号相同而内容不同，请只留正确的一行"),
        (3, "第2、3行决定书文号相同而内容不同，请只留正确的一行"),
    ]
    assert [row.number for row in reading.rows] == [4]


def test_the_same_row_twice_counts_once(enterprise: Enterprise):
    reading = read([HEADINGS, ROW, ROW])
    assert ([row.number for row in reading.rows], told(reading)) == ([2], [])
    assert reading.notices[0].advice == "与第2行完全相同，只记一次"


def test_another_name_is_a_notice_and_the_code_decides(enterprise: Enterprise):
    reading = read([HEADINGS, changed(企业名称="别的名字")])
    assert len(reading.rows) == 1
    assert "与登记名称“云溪长青化工有限公司（虚构）”不同" in reading.notices[0].advice


def test_an_officer_records_only_in_the_own_place(
    enterprise: Enterprise, district: Jurisdiction, django_user_model: Any
):
    town = Jurisdiction.objects.create(
        code="990001101", name="东山镇", kind="town", parent=district
    )
    officer = django_user_model.objects.create_user("13800000000")
    Posting.objects.create(officer=officer, place=town)
    [problem] = read([HEADINGS, ROW], officer=officer).problems
    assert problem.advice == "这家企业不在您的辖区，请由属地导入"


def test_an_accident_gets_its_class_from_the_law(enterprise: Enterprise):
    headings = ["企业名称", "统一社会信用代码", "事故编号", "事故名称", "事故类型", "发生日期", "死亡人数",
                "重伤人数", "直接经济损失（万元）", "瞒报谎报"]  # fmt: skip
    line = [ROW[0], CODE, "SG-1", "坍塌", "坍塌", "2026年3月5日", "3人", "无", 120, "是"]
    [row] = read([headings, line], "accidents").rows
    assert (row.values["grade"], row.values["direct_loss"], row.values["concealed"]) == (
        "larger", Decimal(1_200_000), True,
    )  # fmt: skip


def test_enterprises_name_what_is_unknown_and_keep_old_numbers(
    street: Jurisdiction, sector: Sector
):
    headings = ["企业名称", "统一社会信用代码", "属地", "行业领域", "标准化等级"]
    reading = read(
        [
            headings,
            ["甲厂", "320100000012345", "河滨街道", "chemicals", "三级"],
            ["乙厂", CODE, "河边街道", "危险化学品", "五级"],
        ],
        "enterprises",
    )
    assert [
        (row.values["legacy_number"], row.values["standardisation_level"]) for row in reading.rows
    ] == [("320100000012345", 3)]
    assert [(p.row, p.column) for p in reading.problems] == [(3, "标准化等级")]
    assert [n.advice for n in reading.notices] == ["15位工商注册号，待核实为统一社会信用代码"]


@pytest.mark.parametrize("damage", ["\x07", "\ufffd"])
def test_damage_in_a_cell_is_named(enterprise: Enterprise, damage: str):
    rows = [HEADINGS, changed(**{"违法行为": f"未{damage}培训", "罚款（元）": "1"})]
    table = read_table(text([[str(cell) for cell in row] for row in rows]))
    reading = read_rows(table, "violations", today=TODAY)
    assert [(p.row, p.column) for p in reading.problems] == [(2, "违法行为")]


def test_a_table_without_rows_says_so(enterprise: Enterprise):
    assert told(read([HEADINGS])) == [(0, "", "", "表头下面没有数据")]
