"""The enterprise's pages: roster, progress by team, coverage, courses assigned, reminders, export; and the doors."""

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from courses.acts import obligations
from courses.models import (
    CourseAssignment,
    CourseFor,
    CoursePage,
    Enrolment,
    Obligation,
    OutsideProof,
    RosterChange,
    RosterImport,
)
from credit.models import Employment, Enterprise, Jurisdiction, Message, Sector
from tests.courses.obligation_kit import TODAY, a_person, at_work, counts, won
from tests.courses.roster_kit import a_manager, book, row
from tests.credit.officers import officer

NOON = "2026-11-25T12:00:00+08:00"
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def manager(enterprise: Enterprise) -> Any:
    return a_manager(enterprise)


@pytest.fixture
def boss(client: Client, manager: Any, noon: Any) -> Client:
    client.force_login(manager)
    return client


def at(name: str, *args: Any) -> str:
    return reverse(f"enterprise:{name}", args=args)


def text(answer: Any) -> str:
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert main
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group()))


def send(boss: Client, firm: Enterprise, *rows: tuple[str, ...]) -> Any:
    file = SimpleUploadedFile("花名册.xlsx", book(*rows))
    return boss.post(at("roster", firm.pk), {"file": file}, follow=True)


def test_a_roster_is_imported_and_a_line_undone(boss: Client, enterprise: Enterprise):
    answer = send(boss, enterprise, row(), row("钱二", "13900000002", team="乙班"))
    assert "已导入：入职 2 人，离职 0 人，变动 0 人，没有变化 0 人。" in answer.content.decode()
    assert "王大力 入职" in text(answer)
    made, change = RosterImport.objects.get(), RosterChange.objects.order_by("pk")[0]
    page = boss.post(
        at("undo", enterprise.pk, made.pk, change.pk), {"reason": "写错了人"}, follow=True
    )
    assert "已撤销：写错了人（周管理" in text(page)
    boss.post(at("undo_import", enterprise.pk, made.pk), {"reason": "全错"})
    assert RosterChange.objects.filter(action="undo").count() == 2


def test_all_problems_are_on_the_page_and_nothing_is_written(boss: Client, enterprise: Enterprise):
    answer = send(boss, enterprise, row("王", "123"), row(position="特种作业人员"))
    said = text(answer)
    assert (answer.status_code, Employment.objects.count()) == (422, 0)
    assert "有 3 处要改，什么都没有写入" in said
    assert "第 2 行 · 手机号 · “123” 请输入11位中国大陆手机号" in said
    assert "第 3 行 · 工种 特种作业人员请写明工种" in said


def test_the_template_comes_as_a_workbook(boss: Client, enterprise: Enterprise):
    found = openpyxl.load_workbook(io.BytesIO(boss.get(at("template", enterprise.pk)).content))
    assert found.sheetnames == ["花名册", "填写说明"]


def test_coverage_by_team_and_by_requirement(
    boss: Client, enterprise: Enterprise, course: CoursePage
):
    enterprise.sector = Sector.objects.create(code="trade", name="商贸服务")
    enterprise.save()
    counts(course, "worker-initial")
    for number, team in enumerate(("甲班", "甲班", "乙班", None)):
        person = a_person(number)
        at_work(enterprise, person, team=team, began_on=date(2026, 9, 1))
        if number == 0:
            won(course, person, on=date(2026, 11, 10), minutes=24 * 45)
    obligations.refresh([enterprise.pk], today=date(2026, 9, 2))
    obligations.refresh([enterprise.pk], today=TODAY)
    said = text(boss.get(at("overview", enterprise.pk)))
    assert "在岗 4 人次。法规要求 4 项，已完成 1 项（ 25% ），没到期 0 项，超期 3 项" in said
    assert "甲班 2 人，2 项要求，完成 1 项（50%）， 1 人超期 1 项" in said
    assert "（没有写班组） 1 人，1 项要求，完成 0 项（0%）" in said
    assert "上岗前安全培训 4 人要学，完成 1（25%），没到期 0， 超期 3" in said
    assert "依据：生产经营单位安全培训规定（3号令，80号令修正）第十三条" in said


@pytest.mark.parametrize("people", [1, 3, 30])
def test_pages_ask_the_same_number_of_queries(
    boss: Client, enterprise: Enterprise, people: int, django_assert_num_queries: Any
):
    for number in range(people):
        at_work(enterprise, a_person(number), team=f"{number}班")
    obligations.refresh([enterprise.pk], today=TODAY)
    boss.get(at("overview", enterprise.pk))
    with django_assert_num_queries(7):
        assert text(boss.get(at("overview", enterprise.pk))).count("班 1 人，4 项要求") == people
    with django_assert_num_queries(6):
        assert text(boss.get(at("people", enterprise.pk))).count("没到期 4 项") == people


def test_people_are_found_by_team_and_name(boss: Client, enterprise: Enterprise):
    at_work(enterprise, a_person(1, real_name="张三"), team="甲班")
    at_work(enterprise, a_person(2, real_name="李四"))
    page = at("people", enterprise.pk)
    assert "李四" not in text(boss.get(page, {"team": "甲班"}))
    assert "张三" not in text(boss.get(page, {"team": ""}))
    assert "张三" not in text(boss.get(page, {"team": "*", "words": "李"}))
    assert boss.get(page, {"words": "\x00", "page": "x"}).status_code == 200


def test_a_proof_on_paper_meets_it_and_is_taken_back(boss: Client, enterprise: Enterprise):
    work = at_work(enterprise, a_person(1, real_name="张三"))
    obligations.refresh([enterprise.pk], today=TODAY)
    said = {"requirement": "worker-plant-high", "done_on": "2026-11-20", "hours": "24", "paper": ""}
    prove = at("prove", enterprise.pk, work.pk)
    assert boss.post(prove, said).status_code == 422
    late = boss.post(prove, {**said, "paper": "厂级培训签到表", "done_on": "2026-12-20"})
    assert "完成日期不能晚于今天" in text(late)
    page = boss.post(prove, {**said, "paper": "厂级培训签到表 2026-11"}, follow=True)
    assert "2026年11月20日 完成（单位登记：厂级培训签到表 2026-11）" in text(page)
    proof = OutsideProof.objects.get()
    back = at("take_back", enterprise.pk, work.pk, proof.pk)
    assert "重新学习" in text(boss.post(back, follow=True))
    assert Obligation.objects.filter(requirement="worker-plant-high").count() == 2


def test_a_course_is_assigned_to_a_team_once(
    boss: Client, enterprise: Enterprise, course: CoursePage
):
    at_work(enterprise, a_person(1), team="甲班")
    other = at_work(enterprise, a_person(2), team="乙班")
    asked = {"course": course.pk, "team": "甲班", "position": "", "until": "2026-12-25"}
    page = boss.post(at("assign", enterprise.pk), asked, follow=True)
    assert "已安排 1 人学习，并通知了他们。" in page.content.decode()
    assert "有限空间 安排 1 人，学完 0 人，拿到证书 0 人" in text(page)
    again = boss.post(at("assign", enterprise.pk), asked)
    assert "已经安排过这门课" in text(again)
    boss.post(at("assign", enterprise.pk), {**asked, "team": ""})
    assert (CourseAssignment.objects.count(), Enrolment.objects.count()) == (2, 2)
    told = Message.objects.get(to=other.person)
    assert told.title == "单位安排您学习：有限空间"
    assert told.body.endswith("请您在2026年12月25日前学完。")
    past = boss.post(at("assign", enterprise.pk), {**asked, "until": "2026-11-01"})
    assert "不能早于今天" in text(past)


def test_those_who_are_behind_are_reminded_once_a_day(boss: Client, enterprise: Enterprise):
    at_work(enterprise, a_person(1))
    at_work(enterprise, a_person(2), position="principal")
    obligations.refresh([enterprise.pk], today=TODAY)
    page = at("remind", enterprise.pk)
    assert "已提醒 2 人。" in boss.post(page, follow=True).content.decode()
    assert "今天提醒过的不再提醒" in boss.post(page, follow=True).content.decode()
    titles = Message.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == [
        "单位提醒您：还有 4 项安全培训没有完成",
        "单位提醒您：还有 2 项安全培训没有完成",
    ]


def test_the_export_holds_no_numbers_of_persons_and_runs_nothing(
    boss: Client, enterprise: Enterprise
):
    at_work(enterprise, a_person(1, real_name="张三"), team='=HYPERLINK("http://x")')
    obligations.refresh([enterprise.pk], today=TODAY)
    answer = boss.get(at("export", enterprise.pk))
    found = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert found.sheetnames == ["人员", "班组", "培训要求"]
    rows = [[cell.value for cell in line] for line in found["人员"].iter_rows()]
    assert rows[1][:5] == [
        "张三", "其他从业人员", "'=HYPERLINK(\"http://x\")", "2026-11-01", "上岗前厂级安全教育（高危行业）",
    ]  # fmt: skip
    cells = [cell for sheet in found for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any("138" in str(cell.value) for cell in cells)


def test_an_officer_of_the_place_looks_and_changes_nothing(
    client: Client, enterprise: Enterprise, district: Jurisdiction
):
    work = at_work(enterprise, a_person(1))
    obligations.refresh([enterprise.pk], today=TODAY)
    client.force_login(officer("13700000001", district, "open_case"))
    for name, args in (("overview", ()), ("people", ()), ("person", (work.pk,)), ("export", ())):
        answer = client.get(at(name, enterprise.pk, *args))
        assert answer.status_code == 200
        assert name == "export" or "提醒没学完的人" not in answer.content.decode()
    for name in ("roster", "assign", "template"):
        assert client.get(at(name, enterprise.pk)).status_code == 404
    for name, args in (("remind", ()), ("prove", (work.pk,))):
        assert client.post(at(name, enterprise.pk, *args)).status_code == 404


DOORS = [
    ("overview", 0), ("people", 0), ("person", 1), ("export", 0), ("assign", 0), ("remind", 0),
    ("roster", 0), ("template", 0), ("import", 1), ("undo_import", 1), ("undo", 2), ("prove", 1),
    ("take_back", 2),
]  # fmt: skip


@pytest.mark.parametrize(("name", "more"), DOORS)
def test_nobody_else_comes_in(
    client: Client, enterprise: Enterprise, district: Jurisdiction, name: str, more: int
):
    page = at(name, enterprise.pk, *[1] * more)
    for method in (client.get, client.post):
        assert method(page).status_code in (302, 405)
    elsewhere = Jurisdiction.objects.create(code="990002", name="另一区", kind="district")
    works = at_work(enterprise, a_person(3))
    for person in (works.person, officer("13700000002", elsewhere, "open_case")):
        client.force_login(person)
        for method in (client.get, client.post):
            assert method(page).status_code in (404, 405)


def test_a_manager_of_one_enterprise_touches_no_other(boss: Client, enterprise: Enterprise):
    other = Enterprise.objects.create(
        name="乙厂（虚构）", legacy_number="1", place=enterprise.place, sector=enterprise.sector
    )
    theirs = at_work(other, a_person(4))
    assert boss.get(at("overview", other.pk)).status_code == 404
    assert boss.get(at("person", enterprise.pk, theirs.pk)).status_code == 404
    assert boss.post(at("prove", enterprise.pk, theirs.pk), {}).status_code == 404


def test_who_manages_one_enterprise_goes_straight_there(boss: Client, enterprise: Enterprise):
    assert boss.get(at("choose")).headers["Location"] == at("overview", enterprise.pk)


@pytest.mark.parametrize("firms", [1, 3, 30])
def test_an_officer_sees_the_enterprises_of_the_places_the_late_first(
    client: Client,
    enterprise: Enterprise,
    district: Jurisdiction,
    firms: int,
    django_assert_num_queries: Any,
):
    elsewhere = Jurisdiction.objects.create(code="990002", name="另一区", kind="district")
    for number in range(firms + 1):
        place = enterprise.place if number < firms else elsewhere
        firm = Enterprise.objects.create(
            name=f"厂{number}号", legacy_number=str(number), place=place, sector=enterprise.sector
        )
        at_work(firm, a_person(number), began_on=date(2026, 9, 1))
        obligations.refresh([firm.pk], today=date(2026, 9, 1 + number // 2))
    client.force_login(officer("13700000001", district, "open_case"))
    client.get(at("choose"))
    with django_assert_num_queries(8):
        said = text(client.get(at("choose")))
    assert f"辖区企业（{firms}）" in said
    assert "厂0号 超期 3 项 河滨街道 · 法规要求 4 项（各期合计）" in said
    assert f"厂{firms}号" not in said


def test_an_editor_says_which_course_counts(course: CoursePage, client: Client, as_staff: Any):
    editor = a_person(8)
    editor.groups.add(Group.objects.get(name="editor"))
    as_staff(client, editor)
    add = reverse("wagtailsnippets_courses_coursefor:add")
    assert "特种作业操作证" not in client.get(add).content.decode()
    client.post(add, {"course": course.pk, "requirement": "operator-certificate"})
    assert CourseFor.objects.count() == 0
    asked = {"course": course.pk, "requirement": "worker-plant"}
    client.post(add, {**asked, "active": "on"})
    made = CourseFor.objects.get()
    assert (made.course, made.requirement, made.active) == (course, "worker-plant", True)
    listed = reverse("wagtailsnippets_courses_coursefor:list")
    assert "有限空间" in client.get(listed).content.decode()
    client.post(reverse("wagtailsnippets_courses_coursefor:edit", args=[made.pk]), asked)
    client.post(reverse("wagtailsnippets_courses_coursefor:delete", args=[made.pk]))
    assert list(CourseFor.objects.values_list("active", flat=True)) == [False]


def test_an_employment_with_training_is_ended_not_deleted(
    enterprise: Enterprise, client: Client, as_staff: Any
):
    work = at_work(enterprise, a_person(1))
    obligations.refresh([enterprise.pk], today=TODAY)
    boss = a_person(9)
    boss.is_staff = boss.is_superuser = True
    boss.save()
    as_staff(client, boss)
    answer = client.post(reverse("employments:delete", args=[work.pk]), follow=True)
    assert "不能删除。请改填离职日期" in answer.content.decode()
    assert Employment.objects.filter(pk=work.pk).exists()
