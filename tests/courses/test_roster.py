"""A roster is taken whole or not at all, says every problem at once, and its mistakes are undone by new rows."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from courses.acts import roster, roster_undo
from courses.acts.managing import RefusedError
from courses.acts.roster_reading import read, template
from courses.models import Obligation, RosterChange, RosterImport
from courses.models.roster import at_work
from credit.models import AuditEntry, Employment, Enterprise, Sector
from tests.courses.obligation_kit import TODAY, a_person
from tests.courses.roster_kit import HEADINGS, a_manager, book, id_number, row

User = get_user_model()


@pytest.fixture
def manager(enterprise: Enterprise) -> Any:
    return a_manager(enterprise)


@pytest.fixture
def take(enterprise: Enterprise, manager: Any) -> Any:
    """Send a roster of these rows."""

    def send(*rows: tuple[str, ...], today: date = TODAY) -> RosterImport:
        return roster.take(
            book(*rows), enterprise=enterprise, file_name="花名册.xlsx", by=manager, today=today
        )

    return send


def works() -> list[tuple[Any, ...]]:
    rows = Employment.objects.order_by("pk")
    names = ("person__real_name", "position", "team", "trades", "began_on", "ended_on")
    return list(rows.values_list(*names))


def counts(made: RosterImport) -> tuple[int, int, int, int]:
    return made.joined, made.left, made.moved, made.same


def problems_of(take: Any, *rows: tuple[str, ...]) -> list[tuple[int, str, str]]:
    with pytest.raises(roster.ProblemsError) as caught:
        take(*rows)
    return [(one.row, one.column, one.advice) for one in caught.value.problems]


def test_who_joins_has_an_account_a_post_and_what_the_post_asks_for(take: Any, manager: Any):
    number = id_number()
    made = take(
        row(id_number=number),
        row(
            "赵焊工", "139 0000 0002", position="特种作业人员", trades="焊接、电工作业", team="乙班"
        ),
    )
    assert counts(made) == (2, 0, 0, 0)
    assert works() == [
        ("王大力", "worker", "甲班", None, date(2026, 11, 2), None),
        ("赵焊工", "special_operator", "乙班", "welding electrical", date(2026, 11, 2), None),
    ]
    person = User.objects.get(phone="+8613900000001")
    assert (person.id_number, person.has_usable_password(), person.phone_verified) == (
        number, False, False,
    )  # fmt: skip
    assert number not in person.id_number_sealed
    assert Obligation.objects.filter(employment__person=person).count() == 4
    certificates = Obligation.objects.filter(step="certificate").order_by("requirement")
    assert [one.requirement for one in certificates] == [
        "operator-certificate.electrical", "operator-certificate.welding",
    ]  # fmt: skip
    entry = AuditEntry.objects.get(verb="roster.import")
    assert (entry.actor, number in entry.said) == (manager, False)


def test_the_same_file_once_more_changes_nothing(take: Any):
    take(row())
    assert counts(take(row())) == (0, 0, 0, 1)
    assert RosterChange.objects.count() == 1


def test_who_leaves_and_who_moves_is_written_with_before_and_after(take: Any):
    take(row(), row("钱二", "13900000002"))
    made = take(row(ended_on="2026-11-20"), row("钱二", "13900000002", team="丙班"))
    assert counts(made) == (0, 1, 1, 0)
    changes = made.changes.values_list(
        "action", "before__ended_on", "after__ended_on", "after__team"
    )
    assert list(changes) == [
        ("leave", None, "2026-11-20", "甲班"),
        ("move", None, None, "丙班"),
    ]


def test_who_comes_back_is_a_new_employment(take: Any):
    take(row())
    take(row(ended_on="2026-11-20"))
    take(row(began_on="2026-11-24"))
    assert [(began, ended) for *_, began, ended in works()] == [
        (date(2026, 11, 2), date(2026, 11, 20)), (date(2026, 11, 24), None),
    ]  # fmt: skip


def test_every_problem_of_the_file_is_said_at_once_and_nothing_is_written(take: Any):
    a_person(5, real_name="孙别人")
    wrong = id_number()[:-1] + ("1" if id_number()[-1] != "1" else "2")
    found = problems_of(
        take,
        row("王", "12345", position="老板", began_on="2026-13-01"),
        row("孙六", "13800000005"),
        row(id_number=wrong),
        row("李七", "13900000007", position="特种作业人员"),
        row("李八", "13900000008", trades="焊接"),
        row("李九", "13900000009", ended_on="2026-01-01"),
        row("李十", "13900000010"),
        row("李十", "13900000010"),
        row("", "13900000011"),
        row("李甲", "13900000012", position="特种作业人员", trades="开飞机"),
    )
    assert [(number, column) for number, column, _ in found] == [
        (2, "姓名"), (2, "手机号"), (2, "岗位"), (2, "入职日期"), (3, "姓名"), (4, "身份证号"), (5, "工种"),
        (6, "工种"), (7, "离职日期"), (8, "手机号"), (9, "手机号"), (10, "姓名"), (11, "工种"),
    ]  # fmt: skip
    said = {advice for *_, advice in found}
    assert "这个手机号的账号是别的姓名。请和本人核对姓名、手机号" in said
    assert "第8、9行是同一个号码、同一个岗位，请只留一行" in said
    assert (Employment.objects.count(), RosterImport.objects.count()) == (0, 0)
    assert User.objects.filter(phone__startswith="+86139").count() == 0


def test_an_account_that_there_is_keeps_its_name_and_number(take: Any):
    own = a_person(5, real_name="王大力")
    take(row(phone="13800000005", id_number=id_number()))
    own.refresh_from_db()
    assert own.id_number == ""
    other = a_person(6, real_name="王大力")
    other.id_number = id_number(2)
    other.save()
    assert problems_of(take, row(phone="13800000006", id_number=id_number(3))) == [
        (2, "身份证号", "身份证号和账号里的对不上。请和本人核对身份证号、手机号")
    ]
    assert len(problems_of(take, row(phone="13900000077", id_number=id_number(2)))) == 1


def test_another_day_of_joining_asks_to_undo_first(take: Any):
    take(row())
    assert problems_of(take, row(began_on="2026-10-01")) == [
        (2, "入职日期", "这个人已在岗，入职日期是2026-11-02。写错了请先撤销那一行，再导入")
    ]


def test_a_mistake_is_undone_by_a_row_and_the_right_day_entered_anew(take: Any, manager: Any):
    made = take(row(began_on="2026-12-01"))
    change = made.changes.get()
    roster_undo.undo(change, by=manager, reason="日期写错", today=TODAY)
    assert not Obligation.objects.open().exists()
    assert not at_work(Employment.objects.all(), TODAY).exists()
    take(row(began_on="2026-11-01"))
    assert [began for *_, began, _ in works()] == [date(2026, 12, 1), date(2026, 11, 1)]
    undone = RosterChange.objects.get(action="undo")
    assert (undone.undoes, undone.reason, undone.by) == (change, "日期写错", manager)
    with pytest.raises(RefusedError, match="已经撤销过了"):
        roster_undo.undo(change, by=manager, reason="再一次", today=TODAY)


def test_a_leaving_that_was_none_is_undone_and_the_training_goes_on(take: Any, manager: Any):
    take(row())
    left = take(row(ended_on="2026-11-20"))
    assert Obligation.objects.open().count() == 0
    roster_undo.undo_import(left, by=manager, reason="人没走", today=TODAY)
    assert works()[0][-1] is None
    assert Obligation.objects.open().count() == 4


def test_what_was_changed_later_is_undone_in_its_turn(take: Any, manager: Any):
    first = take(row())
    take(row(team="丙班"))
    with pytest.raises(RefusedError, match="后来又改过"):
        roster_undo.undo_import(first, by=manager, reason="错了", today=TODAY)
    assert RosterChange.objects.filter(action="undo").count() == 0


def test_undoing_asks_for_a_reason(take: Any, manager: Any):
    made = take(row())
    with pytest.raises(RefusedError, match="理由"):
        roster_undo.undo_import(made, by=manager, reason=" ", today=TODAY)


def test_only_who_acts_for_the_enterprise_may(take: Any, enterprise: Enterprise):
    made, stranger = take(row()), a_person(66)
    with pytest.raises(RefusedError, match="不是这家企业的管理员"):
        roster.take(book(row()), enterprise=enterprise, file_name="x", by=stranger, today=TODAY)
    with pytest.raises(RefusedError, match="不是这家企业的管理员"):
        roster_undo.undo_import(made, by=stranger, reason="x", today=TODAY)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"", "文件是空的"),
        (book(), "没有数据"),
        (book(("王",), headings=("姓名",)), "缺少“手机号”列"),
    ],
)
def test_what_is_no_roster_is_said_in_words(content: bytes, words: str):
    sheet = read(content, today=TODAY)
    assert sheet.entries == []
    assert words in sheet.problems[0].advice


def test_the_template_is_read_back_as_a_roster_without_rows():
    sheet = read(template(), today=TODAY)
    assert [one.advice for one in sheet.problems] == ["表头下面没有数据"]


def test_a_formula_is_never_run():
    sheet = read(book(row(team="=1+1")), today=TODAY)
    assert [one.team for one in sheet.entries] == ["=1+1"]
    assert HEADINGS[5] == "班组"


@pytest.mark.parametrize("people", [1, 3, 30])
def test_the_count_of_statements_does_not_grow(take: Any, enterprise: Enterprise, people: int):
    enterprise.sector = Sector.objects.create(code="trade", name="商贸服务")  # asks for one thing
    enterprise.save()
    rows = [row("王大力", f"1390000{n:04}") for n in range(people)]
    with CaptureQueriesContext(connection) as asked:
        take(*rows)
    with CaptureQueriesContext(connection) as again:
        take(*[(*one[:5], "乙班", *one[6:]) for one in rows], today=TODAY + timedelta(days=1))
    turn = connection.vendor == "postgresql"  # a lock for the log
    assert (Employment.objects.count(), len(asked) - turn, len(again) - turn) == (people, 24, 22)


def test_the_database_keeps_every_change(take: Any):
    take(row())
    for table in ("courses_rosterchange", "courses_rosterimport"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET by_id = by_id"):  # noqa: S608
            with (
                pytest.raises(DatabaseError, match="never"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
