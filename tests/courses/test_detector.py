"""The detector finds every planted fake and no honest learner; an officer answers; nothing follows by itself."""

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client

from config.demo_seed import SEED
from courses.acts import detector, devices, study, workspans
from courses.acts.enrolment import enrol
from courses.acts.exams import RefusedError
from courses.models import (
    CourseIndexPage,
    CoursePage,
    DeviceDay,
    LessonPage,
    Suspicion,
    SuspicionAnswer,
    WorkSpan,
)
from courses.seeding import build_course
from courses.tasks import find_impossible
from credit.models import AuditEntry, Enterprise, Jurisdiction, Message
from tests.courses.conftest import make_course
from tests.courses.crowd import TEXT, booked, honest_class, marked, people, studies
from tests.courses.exam_kit import small_exam
from tests.courses.test_corrections import of_office
from tests.courses.test_study import NOON, TAB, lesson_of, post

TODAY = date(2026, 11, 25)


@pytest.fixture
def long_course(catalogue: CourseIndexPage) -> CoursePage:
    """Three lessons of 1,200 characters each."""
    course = make_course(catalogue)
    for lesson in course.lessons():
        lesson.body = [("text", f"<p>{TEXT}</p>")]
        lesson.save()
    return course


@pytest.fixture
def crowd(long_course: CoursePage, enterprise: Enterprise) -> list[Any]:
    """Honest learners with exams, work and shared phones."""
    learners = honest_class(long_course, enterprise)
    exam = small_exam(long_course)
    for number, person in enumerate(learners):
        marked(exam, person, (100, 95, 88, 76)[number % 4])
        WorkSpan.objects.create(
            person=person, began_at=NOON - timedelta(hours=5), ended_at=NOON, where="三号车间",
            source="考勤表", by=person,
        )  # fmt: skip
    return learners


def found() -> list[tuple[str, int]]:
    """Kind and number of people of each suspicion."""
    rows = Suspicion.objects.order_by("pk")
    return [(row.kind, row.people.count()) for row in rows]


def test_no_honest_learner_is_found(crowd: list[Any]):
    assert detector.search(TODAY) == 0
    assert found() == []


def test_a_long_honest_day_is_not_found(long_course: CoursePage):
    (person,) = people(1)
    lesson = lesson_of(enrolment := enrol(long_course, person=person))
    studies(enrolment, lesson, NOON - timedelta(hours=3), 500)
    assert study.studied_minutes(enrolment) == 480
    assert detector.search(TODAY) == 0


# -- Fakes among the honest ----------------------------------------------------------------------------------


def plant_hours_of_weeks_on_one_day(course: CoursePage, crowd: list[Any]) -> list[Any]:
    """27 workers whose 72 hours were all booked on one day."""
    fakes = people(27, first=500)
    for number, person in enumerate(fakes):
        enrolment = enrol(course, person=person)
        booked(enrolment, lesson_of(enrolment), NOON + timedelta(seconds=7 * number), 72)
    return fakes


def plant_study_at_work(course: CoursePage, crowd: list[Any]) -> list[Any]:
    fakes = people(1, first=500)
    enrolment = enrol(course, person=fakes[0])
    studies(enrolment, lesson_of(enrolment), NOON, 45)
    WorkSpan.objects.create(
        person=fakes[0], began_at=NOON - timedelta(hours=1), ended_at=NOON + timedelta(hours=7),
        where="六号塔吊", source="作业票", by=fakes[0],
    )  # fmt: skip
    return fakes


def plant_a_class_to_the_second(course: CoursePage, crowd: list[Any]) -> list[Any]:
    fakes = people(9, first=500)
    for person in fakes:
        enrolment = enrol(course, person=person)
        for number in (1, 2, 3):
            end = NOON + timedelta(hours=number)
            booked(enrolment, lesson_of(enrolment, number), end, 0.75, tab=number)
    return fakes


def plant_full_marks(course: CoursePage, crowd: list[Any]) -> list[Any]:
    fakes = people(11, first=500)
    for person in fakes:
        marked(course.exam, person, 100)
    return fakes


def plant_one_phone(course: CoursePage, crowd: list[Any]) -> list[Any]:
    fakes = people(8, first=500)
    for person in fakes:
        devices.note("the-foreman-s-phone", person=person, today=NOON.date())
    return fakes


def plant_a_reader_who_does_not_read(course: CoursePage, crowd: list[Any]) -> list[Any]:
    long = "有限空间作业要先通风。" * 500
    for lesson in course.lessons():
        lesson.body = [("text", f"<p>{long}</p>")]
        lesson.save()
    (person,) = people(1, first=500)
    enrolment = enrol(course, person=person)
    begin = NOON + timedelta(days=1)
    for number in (1, 2):
        studies(enrolment, lesson_of(enrolment, number), begin + timedelta(hours=number), 1.4)
    return [person]


PLANTED = {
    "long_day": plant_hours_of_weeks_on_one_day,
    "elsewhere": plant_study_at_work,
    "same_times": plant_a_class_to_the_second,
    "all_full": plant_full_marks,
    "one_device": plant_one_phone,
}


@pytest.mark.parametrize("kind", PLANTED)
def test_every_planted_fake_is_found_and_nobody_else(
    crowd: list[Any], long_course: CoursePage, kind: str
):
    fakes = PLANTED[kind](long_course, crowd)
    detector.search(TODAY)
    rows = Suspicion.objects.all()
    assert {row.kind for row in rows} == {kind}
    concerned = {person for row in rows for person in row.people.values_list("person", flat=True)}
    assert concerned == {person.pk for person in fakes}


def test_who_does_not_read_is_found(long_course: CoursePage):
    fakes = plant_a_reader_who_does_not_read(long_course, [])
    detector.search(TODAY)
    row = Suspicion.objects.get()
    assert (row.kind, row.people.get().person) == ("too_fast", fakes[0])
    assert row.evidence[0].startswith("《第1课》5500 字，用了 1.")


def test_study_in_an_exam_is_found(long_course: CoursePage):
    (person,) = people(1)
    exam = small_exam(long_course)
    marked(exam, person, 90)
    enrolment = enrol(long_course, person=person)
    studies(enrolment, lesson_of(enrolment), NOON + timedelta(hours=5, minutes=10), 20)
    detector.search(TODAY)
    row = Suspicion.objects.get()
    assert row.kind == "elsewhere"
    assert f"在考试《{exam.title}》，同时又计入学习 20 分钟" in row.explanation


def test_a_second_night_finds_nothing_new(crowd: list[Any], long_course: CoursePage):
    plant_one_phone(long_course, crowd)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert (find_impossible(), find_impossible()) == (1, 0)
    assert detector.search(TODAY + timedelta(days=1)) == 0


def test_nothing_follows_and_nobody_is_told(crowd: list[Any], long_course: CoursePage):
    fakes = plant_hours_of_weeks_on_one_day(long_course, crowd)
    before = study.studied_ms(enrol(long_course, person=fakes[0]))
    detector.search(TODAY)
    assert study.studied_ms(enrol(long_course, person=fakes[0])) == before
    assert not Message.objects.exists()


@pytest.mark.parametrize(("count", "queries"), [(1, 15), (3, 15), (30, 18)])
def test_the_search_asks_the_same_queries_however_many_people(
    long_course: CoursePage, count: int, queries: int, django_assert_num_queries: Any
):
    """From five people on there is one device for many, and the people's times are the same: three more."""
    small_exam(long_course)
    for person in people(count):
        enrolment = enrol(long_course, person=person)
        booked(enrolment, lesson_of(enrolment), NOON - timedelta(days=1), 9)
        devices.note("one", person=person, today=NOON.date())
        studies(enrolment, lesson_of(enrolment, 2), NOON + timedelta(hours=2), 2)
    with django_assert_num_queries(queries):
        detector.search(TODAY)


def test_devices_are_known_by_a_digest_and_forgotten(client: Client, long_course: CoursePage):
    (person,) = people(1)
    enrolment = enrol(long_course, person=person)
    with time_machine.travel(NOON, tick=False):
        client.force_login(person)
        answer = post(client, lesson_of(enrolment), tab=str(TAB), open=True)
        post(client, lesson_of(enrolment), tab=str(TAB), open=True)
    cookie = answer.cookies[devices.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/learn/")
    kept = DeviceDay.objects.get()
    assert cookie.value not in kept.device
    assert len(kept.device) == 64
    detector.forget_devices(NOON.date() + timedelta(days=90))
    assert DeviceDay.objects.exists()
    detector.forget_devices(NOON.date() + timedelta(days=91))
    assert not DeviceDay.objects.exists()


def test_only_what_is_read_counts_as_text(long_course: CoursePage):
    from courses.models.patterns import characters_of

    lesson = LessonPage.objects.child_of(long_course).first()
    lesson.body = [("heading", "通 风"), ("text", "<p>先<b>通风</b>。</p>"), ("warning", "别下井"),
                   ("checklist", ["带气体检测仪", "两人在场"])]  # fmt: skip
    assert characters_of(lesson) == 2 + 4 + 3 + 6 + 4


# -- Work elsewhere ----------------------------------------------------------------------------------------------


def test_an_officer_registers_work_from_a_paper_all_or_nothing(
    client: Client, crowd: list[Any], enterprise: Enterprise, as_staff: Any
):
    as_staff(
        client, of_office("13900000003", "专员", role="credit_officer", place=enterprise.place)
    )
    phone = crowd[0].phone.removeprefix("+86")
    right = f"{phone}，2026-11-20 08:00，2026-11-20 17:00，二号井"
    said = {
        "source": "某厂11月考勤表",
        "text": f"{right}\n13612345678，2026-11-20 08:00，2026-11-20 17:00，x",
    }
    before = WorkSpan.objects.count()
    page = client.post("/learn/office/work/", said).content.decode()
    assert "第 2 行：您辖区的学员里没有 13612345678 这个手机号" in page
    assert WorkSpan.objects.count() == before
    for _ in range(2):  # once more adds nothing
        page = client.post(
            "/learn/office/work/", said | {"text": right}, follow=True
        ).content.decode()
        assert "二号井（某厂11月考勤表，专员 登记）" in page
    assert WorkSpan.objects.count() == before + 1
    assert workspans.register(right, source=" ", officer=crowd[0])[0] == 0


# -- The office's pages ------------------------------------------------------------------------------------------


@pytest.fixture
def case(crowd: list[Any], long_course: CoursePage) -> Suspicion:
    """One phone for three honest people and five of nowhere."""
    for person in (strangers := people(5, first=500)):
        enrol(long_course, person=person)
    for person in [*crowd[:3], *strangers]:
        devices.note("the-foreman-s-phone", person=person, today=NOON.date())
    detector.search(TODAY)
    return Suspicion.objects.get()


def test_an_officer_reads_and_answers(
    client: Client, case: Suspicion, enterprise: Enterprise, as_staff: Any
):
    officer = of_office("13900000003", "张专员", role="credit_officer", place=enterprise.place)
    as_staff(client, officer)
    page = client.get("/learn/office/suspicions/").content.decode()
    assert "一台设备多人学" in page
    assert "待核实" in page
    address = f"/learn/office/suspicions/{case.pk}/"
    page = client.get(address).content.decode()
    assert "有 8 名学员在同一台设备上学习" in page
    assert "学员100" in page
    assert "学员500" not in page
    assert "另有 5 人不在您的辖区" in page
    assert "请选结论" in client.post(address, {"outcome": "explained"}).content.decode()
    said = {"outcome": "look_into", "text": "已电话问过培训单位，等机房登记表"}
    assert "还要再查" in client.post(address, said, follow=True).content.decode()
    assert Suspicion.objects.open().count() == 1
    said = {"outcome": "explained", "text": "机房公用电脑，登记表已看"}
    page = client.post(address, said, follow=True).content.decode()
    assert "情况正常，已说明" in page
    assert "等机房登记表" in page  # what was said before stays
    assert Suspicion.objects.open().count() == 0
    assert "没有这样的记录" in client.get("/learn/office/suspicions/").content.decode()
    assert "一台设备多人学" in client.get("/learn/office/suspicions/?state=all").content.decode()
    assert AuditEntry.objects.filter(verb="suspicion.answer", actor=officer).count() == 2


def test_others_read_none(
    client: Client, case: Suspicion, crowd: list[Any], as_staff: Any, long_course: CoursePage
):
    pages = ["/learn/office/", "/learn/office/suspicions/", "/learn/office/work/",
             f"/learn/office/suspicions/{case.pk}/"]  # fmt: skip
    for address in pages:
        assert client.get(address).status_code == 302
    client.force_login(crowd[0])
    assert {client.get(address).status_code for address in pages} == {403}
    as_staff(client, of_office("13900000004", "编辑"))
    assert "同一台设备" not in client.get(pages[1]).content.decode()
    assert client.get(pages[3]).status_code == 404
    there = Jurisdiction.objects.create(
        code="990002001", name="远山镇", kind="town",
        parent=Jurisdiction.objects.create(code="990002", name="远山区", kind="district"),
    )  # fmt: skip
    as_staff(client, of_office("13900000005", "外区", role="credit_officer", place=there))
    assert client.get(pages[3]).status_code == 404
    as_staff(client, of_office("13900000006", "审计", role="auditor"))
    page = client.get(pages[3]).content.decode()
    assert "学员500" in page
    assert "记下" not in page


def test_nobody_answers_for_themselves_or_without_the_right(
    case: Suspicion, crowd: list[Any], enterprise: Enterprise
):
    with pytest.raises(RefusedError, match="没有处理可疑记录的权限"):
        detector.answer(case, officer=crowd[0], outcome="explained", text="x")
    officer = of_office("13900000003", "专员", role="credit_officer", place=enterprise.place)
    devices.note("two", person=officer, today=NOON.date())
    for person in crowd[:5]:
        devices.note("two", person=person, today=NOON.date())
    detector.search(TODAY)
    with pytest.raises(RefusedError, match="不能处理涉及自己的记录"):
        detector.answer(
            Suspicion.objects.latest("pk"), officer=officer, outcome="explained", text="x"
        )


def test_the_database_edits_and_deletes_no_case_and_no_answer(case: Suspicion, crowd: list[Any]):
    SuspicionAnswer.objects.create(
        suspicion=case, outcome="look_into", text="x", by=crowd[0], at=NOON
    )
    statements = [
        "DELETE FROM courses_suspicionanswer", "UPDATE courses_suspicionanswer SET text = 'y'",
        "UPDATE courses_suspicion SET explanation = ''", "DELETE FROM courses_suspectedperson",
        "UPDATE courses_workspan SET source = ''",
    ]  # fmt: skip
    for statement in statements:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_asks_the_same_queries_however_many_cases(
    client: Client, crowd: list[Any], enterprise: Enterprise, as_staff: Any, count: int,
    django_assert_num_queries: Any,
):  # fmt: skip
    for number in range(count):
        for person in crowd[:5]:
            day = NOON.date() - timedelta(days=number % 6)
            devices.note(f"phone-of-{number}", person=person, today=day)
    detector.search(TODAY)
    as_staff(
        client, of_office("13900000003", "专员", role="credit_officer", place=enterprise.place)
    )
    client.get("/learn/office/suspicions/")
    with django_assert_num_queries(9):
        client.get("/learn/office/suspicions/")


@pytest.mark.parametrize("name", ["confined-space", "site-induction"])
def test_the_quickest_honest_learner_of_the_demo_s_courses_is_not_too_fast(
    catalogue: CourseIndexPage, name: str
):
    data = tomllib.loads((SEED / "courses" / f"{name}.toml").read_text())
    data.pop("cover", None)
    kept = {"heading", "text", "warning", "checklist"}
    for row in data["lessons"]:
        row["body"] = [block for block in row["body"] if block["type"] in kept]
    course = build_course(catalogue, data)
    (person,) = people(1)
    enrolment, now = enrol(course, person=person), NOON
    for lesson in course.lessons():
        now = studies(enrolment, lesson, now, lesson.min_minutes) + timedelta(seconds=30)
    assert detector.search(TODAY) == 0


def test_the_officers_desk_leads_to_the_training_office(
    client: Client, case: Suspicion, enterprise: Enterprise, as_staff: Any
):
    as_staff(
        client, of_office("13900000003", "专员", role="credit_officer", place=enterprise.place)
    )
    page = client.get("/credit/office/")
    found = {door.title: door.count for _, group in page.context["groups"] for door in group}
    assert (found["培训监督"], found["可疑学习记录"]) == (0, 1)
    page = client.get("/learn/office/?q=学员100").content.decode()
    assert "学员100，有限空间" in page
    as_staff(client, of_office("13900000004", "编辑"))
    assert "/learn/office/" in client.get("/admin/").content.decode()
