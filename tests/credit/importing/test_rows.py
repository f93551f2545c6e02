"""Rows against the register: every problem at once, with row, column, value and remedy."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from credit.importing import resolving, spool
from credit.importing.files import read_table
from credit.importing.rows import Reading, read_rows
from credit.models import Enterprise, Jurisdiction, Posting, Sector, Violation
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
            "identity": "云应急罚〔2026〕1号",
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
    assert problem.advice.endswith("。请补上这一列，或把对应的表头改成“处罚机关”")


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


def test_a_similar_name_is_a_notice_and_the_code_decides(enterprise: Enterprise):
    reading = read([HEADINGS, changed(企业名称="云溪长青化学有限责任公司")])
    assert len(reading.rows) == 1
    assert "与登记名称“云溪长青化工有限公司（虚构）”不同" in reading.notices[0].advice


def test_another_width_of_the_name_is_no_difference(enterprise: Enterprise):
    reading = read([HEADINGS, changed(企业名称="云溪长青化工有限公司(虚构)")])
    assert (len(reading.rows), reading.notices) == (1, [])


def test_a_wholly_different_name_is_a_problem(enterprise: Enterprise):
    reading = read([HEADINGS, changed(企业名称="东山红星烟花爆竹有限公司")])
    assert reading.rows == []
    assert told(reading) == [
        (
            2,
            "企业名称",
            "东山红星烟花爆竹有限公司",
            "代码与名称不是同一家企业，请核对：这个代码登记的是“云溪长青化工有限公司（虚构）”。"
            "企业改过名的，请先导入企业登记更新名称",
        )
    ]


@pytest.mark.parametrize(
    ("heading", "value", "yuan"),
    [
        ("罚款（万）", 2, 20_000),
        ("CF_NR_FK(万元)", 2, 20_000),
        ("CF_NR_FK(元)", 2, 2),
        ("CF_NR_FK", 2, 20_000),
        ("罚款数额(万元)", 2, 20_000),
        ("罚款金额（单位：元）", 2, 2),
        ("罚款（人民币万元）", 2, 20_000),
        ("罚款（元）", 0.1 + 0.2, "0.30"),
    ],
)
def test_every_usual_heading_of_a_fine(
    enterprise: Enterprise, heading: str, value: float, yuan: float
):
    headings = [heading if name == "罚款（元）" else name for name in HEADINGS]
    [row] = read([headings, changed(**{"罚款（元）": value})]).rows
    assert row.values["fine"] == Decimal(yuan)


@pytest.mark.parametrize(
    "heading", ["罚没款", "处罚金额（元）", "CF_NR_QT", "没收物品", "经济损失"]
)
def test_an_unknown_heading_that_looks_like_money_is_a_problem(
    enterprise: Enterprise, heading: str
):
    reading = read([[*HEADINGS, heading], [*ROW, 5]])
    assert told(reading) == [
        (
            1,
            heading,
            heading,
            "不认识这个表头，它像是金额。请改成“罚款（元）”、“没收（元）”（也可以写万元）；不需要这一列，就删去它",
        )
    ]


def test_other_unknown_headings_are_a_notice(enterprise: Enterprise):
    reading = read([[*HEADINGS, "处罚有效期", "承办人"], [*ROW, 5, "x"]])
    assert [note.advice for note in reading.notices] == ["没有使用这些列：处罚有效期、承办人"]


def test_a_fine_beyond_the_law_asks_for_the_unit(enterprise: Enterprise):
    headings = ["CF_NR_FK" if name == "罚款（元）" else name for name in HEADINGS]
    assert len(read([headings, changed(**{"罚款（元）": 10_000})]).rows) == 1
    [problem] = read([headings, ROW]).problems
    assert (problem.column, problem.value, problem.advice) == (
        "罚款（元）",
        "20000",
        "合200000000元，超过法定最高罚款100000000元（安全生产法（2021年修正）第一百一十四条：二千万元的五倍），"
        "请核对单位：这一列按万元读取",
    )


@pytest.mark.parametrize("nothing", ["-", "/", "无", "暂无", "N/A", "－", "—", "'-", ""])
def test_what_people_write_into_an_empty_cell_is_nothing(enterprise: Enterprise, nothing: str):
    headings = [*HEADINGS, "暂扣或吊销证照", "没收（元）", "公示截止日期"]
    [row] = read([headings, [*ROW, nothing, nothing, nothing]]).rows
    assert (row.values["licence"], row.values["confiscated"], row.values["publish_until"]) == (
        "", 0, None,
    )  # fmt: skip


def test_a_placeholder_in_a_required_cell_is_a_problem(enterprise: Enterprise):
    assert told(read([HEADINGS, changed(处罚机关="-")])) == [
        (2, "处罚机关", "-", "必填，不能写“-”")
    ]


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows in memory at once, and so many asked of the database."""
    monkeypatch.setattr(spool, "PIECE", 3)
    monkeypatch.setattr(spool, "IN_MEMORY", 1)
    monkeypatch.setattr(resolving, "CHUNK", 3)


def numbered(count: int) -> list[list[Any]]:
    return [changed(决定书文号=f"云应急罚〔2026〕{number}号") for number in range(count)]


@pytest.mark.usefixtures("small_pieces")
def test_rows_that_come_again_many_rows_later(enterprise: Enterprise):
    """Row 2 is repeated as it was, row 3 with another fine."""
    rows = numbered(10)
    reading = read([HEADINGS, *rows, rows[0], [*rows[1][:5], 7, *rows[1][6:]]])
    assert [row.number for row in reading.rows] == [2, *range(4, 12)]
    assert [(note.row, note.advice) for note in reading.notices] == [
        (12, "与第2行完全相同，只记一次")
    ]
    advice = "第3、13行决定书文号相同而内容不同，请只留正确的一行"
    assert [(p.row, p.advice) for p in reading.problems] == [(3, advice), (13, advice)]


@pytest.mark.usefixtures("small_pieces")
def test_one_number_under_two_enterprises_many_rows_later(enterprise: Enterprise):
    other = Enterprise.objects.create(
        name="东山红星烟花有限公司", uscc="91320382MA1UUP3668", place=enterprise.place,
        sector=enterprise.sector,
    )  # fmt: skip
    rows = numbered(10)
    reading = read([HEADINGS, *rows, [other.name, other.uscc, *rows[0][2:]]])
    assert [(note.row, note.advice[:10]) for note in reading.notices] == [
        (2, f"这个文号也记在“{other.name}"[:10]),
        (12, f"这个文号也记在“{enterprise.name}"[:10]),
    ]


@pytest.mark.usefixtures("small_pieces")
def test_problems_come_in_the_order_of_the_sheet_however_they_were_found(enterprise: Enterprise):
    """Those of cells while rows are read, contradictions when all are; within a row by column."""
    rows = numbered(8)
    twice = [[*rows[4][:5], 7, *rows[4][6:]], rows[4]]
    bad = [changed(处罚决定日期="昨天", 违法行为=""), changed(统一社会信用代码="1")]
    reading = read([HEADINGS, *rows, *twice, *bad])
    assert [(p.row, p.column) for p in reading.problems] == [
        (6, "决定书文号"), (10, "决定书文号"), (11, "决定书文号"), (12, "违法行为"),
        (12, "处罚决定日期"), (13, "统一社会信用代码"),
    ]  # fmt: skip
    assert (reading.bad_rows, reading.rows_total, len(reading.rows)) == (5, 12, 7)


def test_two_printings_of_one_number_are_one_row(enterprise: Enterprise):
    printings = ["审〔2026〕14号", "审[2026]14号", "审〔2026〕 14 号", "审（２０２６）14号"]
    reading = read([HEADINGS, *(changed(决定书文号=printed) for printed in printings)])
    assert ([row.number for row in reading.rows], told(reading)) == ([2], [])
    assert {note.advice for note in reading.notices} == {"与第2行完全相同，只记一次"}


def test_one_number_under_two_enterprises_is_a_notice(enterprise: Enterprise):
    other = Enterprise.objects.create(
        name="东山红星烟花有限公司", uscc="91320382MA1UUP3668", place=enterprise.place,
        sector=enterprise.sector,
    )  # fmt: skip
    theirs = changed(企业名称=other.name, 统一社会信用代码=other.uscc)
    reading = read([HEADINGS, ROW, theirs])
    assert len(reading.rows) == 2
    assert [(note.row, note.advice) for note in reading.notices] == [
        (2, f"这个文号也记在“{other.name}”名下，请核对是不是记错了企业"),
        (3, f"这个文号也记在“{enterprise.name}”名下，请核对是不是记错了企业"),
    ]
    Violation.objects.create(
        enterprise=other, source="行政处罚", source_key="云应急罚[2026]1号", happened_on=TODAY,
        offence="x", penalty_kind="罚款", authority="y",
    )  # fmt: skip
    [note] = read([HEADINGS, ROW]).notices
    assert note.advice == f"这个文号也记在“{other.name}”名下，请核对是不是记错了企业"


FIRM = ["企业名称", "统一社会信用代码", "属地", "行业领域", "原登记号"]
OLD = "320100000012345"


def firm(name: str, number: str, old: str = "") -> list[str]:
    return [name, number, "河滨街道", "危险化学品", old]


@pytest.fixture
def unresolved(street: Jurisdiction, sector: Sector) -> Enterprise:
    return Enterprise.objects.create(
        name="甲厂（虚构）", legacy_number=OLD, place=street, sector=sector
    )


def test_a_new_code_for_a_name_with_an_old_number_asks_whether_it_is_the_same(
    unresolved: Enterprise,
):
    reading = read([FIRM, firm("甲厂(虚构)", CODE)], "enterprises")
    assert reading.rows == []
    assert told(reading) == [
        (
            2,
            "统一社会信用代码",
            CODE,
            f"同一属地已有同名企业，旧登记号是{OLD}。是同一家：请在“原登记号”列填这个旧号；"
            "不是同一家：请在“原登记号”列填“无”",
        )
    ]


def test_a_row_that_says_which_it_is_passes(unresolved: Enterprise):
    [same] = read([FIRM, firm("甲厂", CODE, OLD)], "enterprises").rows
    assert (same.values["uscc"], same.values["legacy_number"]) == (CODE, OLD)
    [another] = read([FIRM, firm("甲厂（虚构）", CODE, "无")], "enterprises").rows
    assert (another.values["uscc"], another.values.get("legacy_number")) == (CODE, None)


def test_an_old_number_for_a_name_with_a_code_asks_too(enterprise: Enterprise):
    reading = read([FIRM, firm("云溪长青化工有限公司(虚构)", OLD)], "enterprises")
    assert [problem.advice for problem in reading.problems] == [
        f"同一属地已有同名企业，统一社会信用代码是{CODE}。是同一家：请改填这个代码；"
        "不是同一家：请在“原登记号”列填“无”"
    ]


def test_both_numbers_of_one_firm_in_one_file_ask_too(street: Jurisdiction, sector: Sector):
    reading = read([FIRM, firm("乙厂", OLD), firm("乙厂", CODE)], "enterprises")
    assert [(row.number, row.values.get("uscc")) for row in reading.rows] == [(2, None)]
    assert [problem.row for problem in reading.problems] == [3]


def test_two_enterprises_are_never_merged_by_a_row(unresolved: Enterprise, enterprise: Enterprise):
    reading = read([FIRM, firm("甲厂", CODE, OLD)], "enterprises")
    assert [problem.advice for problem in reading.problems] == [
        "旧登记号和这个代码在登记库里是两家企业（旧号：甲厂（虚构）），不能自动合并，请核对号码；确是同一家，请告诉管理员"
    ]


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


@pytest.mark.parametrize(
    "said", ["有能力履行而拒不履行处罚决定", "有能力履行而拒不履行行政处罚决定", "refuses_penalty"]
)
def test_a_ground_is_understood_as_the_template_and_as_the_lists_print_it(
    enterprise: Enterprise, said: str
):
    [row] = read([[*HEADINGS, "列入情形"], [*ROW, said]]).rows
    assert row.values["ground"] == "refuses_penalty"


def test_another_ground_is_refused_with_every_choice_in_quotes(enterprise: Enterprise):
    [problem] = read([[*HEADINGS, "列入情形"], [*ROW, "别的"]]).problems
    choices = "”或“".join(Violation.Ground.labels)
    assert (problem.column, problem.advice) == ("列入情形", f"请填“{choices}”")
