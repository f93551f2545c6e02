"""The pages of classes: from opening to closing, joining and signing by codes; and nobody beyond their right."""

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.acts import classes, signing
from courses.models import (
    ClassClosing,
    ClassMember,
    ClassSession,
    ClassSign,
    CoursePage,
    DeviceDay,
    Evaluation,
    Lecturer,
    StudyEvent,
    TrainingClass,
)
from courses.views.classes.learner import TICKET
from credit.models import Enterprise, Jurisdiction
from tests.courses.class_kit import (
    MINUTE,
    NINE,
    a_class,
    a_lecturer,
    a_session,
    an_officer,
    joins,
    was_there,
)
from tests.courses.obligation_kit import a_person, at_work
from tests.courses.roster_kit import a_manager


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NINE - 30 * MINUTE, tick=False) as travelled:
        yield travelled


@pytest.fixture
def officer(district: Jurisdiction, clock: Any) -> Any:
    return an_officer(district)


@pytest.fixture
def trainer(client: Client, officer: Any, as_staff: Any) -> Client:
    as_staff(client, officer)
    return client


@pytest.fixture
def found(course: CoursePage, officer: Any, street: Jurisdiction) -> TrainingClass:
    return a_class(course, officer, place=street)


@pytest.fixture
def session(found: TrainingClass) -> ClassSession:
    return a_session(found)


@pytest.fixture
def phone(learner: Any) -> Client:
    mine = Client()
    mine.force_login(learner)
    return mine


def at(name: str, *args: Any) -> str:
    return reverse(f"courses:{name}", args=args)


def text(answer: Any) -> str:
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert main
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group()))


def told(answer: Any) -> list[str]:
    return [str(one) for one in answer.context["messages"]]


def scan(session: ClassSession, way: str) -> str:
    """The address behind the code that the screen shows now."""
    from django.utils import timezone

    address = signing.code_address(session.pk, way, timezone.now())
    return "/" + address.split("/", 3)[3]


def test_from_opening_to_closing(
    trainer: Client, course: CoursePage, street: Jurisdiction, phone: Client, clock: Any
):
    said = {"title": "有限空间班", "course": course.pk, "place": street.pk, "venue": "一号教室"}
    page = trainer.post(at("new_class"), said, follow=True)
    assert "还没有排课" in text(page)
    made = TrainingClass.objects.get()
    lesson = {
        "day": "2026-11-25", "begin": "09:00", "end": "10:30", "lecturer": a_lecturer().pk,
        "lesson": course.lessons().first().pk,
    }  # fmt: skip
    page = trainer.post(at("class_session", made.pk), lesson, follow=True)
    assert "11月25日 09:00 至 10:30" in text(page)
    again = trainer.post(at("class_session", made.pk), lesson)
    assert (again.status_code, "和本班另一次课重叠" in text(again)) == (422, True)

    join = at("class_join", made.join_code)
    assert "11月25日 09:00 至 10:30，第1课" in text(phone.get(join))
    assert told(phone.post(join, follow=True)) == ["报名成功。上课时扫教员屏幕上的签到码。"]

    session = ClassSession.objects.get()
    for way, minutes in (("in", 0), ("out", 90)):
        clock.move_to(NINE + minutes * MINUTE)
        page = phone.get(scan(session, way), follow=True)
        assert "您是 李小明" in text(page)
        phone.post(at("class_sign", session.pk, way))
    assert StudyEvent.objects.get().credited_ms == 90 * 60_000
    assert DeviceDay.objects.count() == 1
    mine = phone.get(at("my_class", made.pk))
    assert "09:00 扫码签到 ， 10:30 扫码签退 ，计入 90 分钟" in text(mine)
    words = {"useful": 5, "clear": 5, "arranged": 4, "words": "讲得好"}
    page = phone.post(at("my_class", made.pk), words, follow=True)
    assert told(page) == ["谢谢您的评价。没有人能看到是谁写的。"]
    assert Evaluation.objects.get().marks == {"arranged": 4, "clear": 5, "useful": 5}

    page = trainer.post(at("class_close", made.pk), {"note": "好"}, follow=True)
    assert told(page) == ["已结班，1 人参加完。"]
    assert "1 人评价。结班后、至少 3 人评价才显示结果" in text(page)
    assert "参加完" in text(phone.get(at("my_class", made.pk)))


def test_a_stale_code_leads_nowhere(phone: Client, session: ClassSession, clock: Any):
    joins(session.training_class, phone_owner(phone))
    address = scan(session, "in")
    clock.shift(timedelta(minutes=2))
    answer = phone.get(address)
    assert (answer.status_code, "照片不能用" in text(answer)) == (410, True)
    assert phone.post(at("class_sign", session.pk, "in")).status_code == 410
    assert ClassSign.objects.count() == 0


def phone_owner(phone: Client) -> Any:
    from django.contrib.auth import get_user

    class Carrier:
        session = phone.session

    return get_user(Carrier())  # type: ignore[arg-type]


def test_a_scan_outlasts_logging_in_and_signs_once(session: ClassSession, learner: Any, clock: Any):
    joins(session.training_class, learner)
    clock.move_to(NINE)
    stranger = Client()
    answer = stranger.get(scan(session, "in"), follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")
    clock.shift(timedelta(minutes=5))
    stranger.post("/accounts/login/", {"login": "13800000000", "password": "long-enough-9"})
    stranger.post(at("class_sign", session.pk, "in"))
    assert ClassSign.objects.get().at == NINE  # the moment of the scan
    assert stranger.post(at("class_sign", session.pk, "in")).status_code == 410


@pytest.mark.parametrize("minutes", [9, 11])
def test_a_scan_is_good_for_ten_minutes(
    phone: Client, learner: Any, session: ClassSession, clock: Any, minutes: int
):
    joins(session.training_class, learner)
    clock.move_to(NINE)
    phone.get(scan(session, "in"))
    clock.shift(timedelta(minutes=minutes))
    answer = phone.post(at("class_sign", session.pk, "in"))
    assert answer.status_code == (302 if minutes < 10 else 410)


def test_who_did_not_join_reads_how(phone: Client, session: ClassSession, clock: Any):
    clock.move_to(NINE)
    phone.get(scan(session, "in"))
    answer = phone.post(at("class_sign", session.pk, "in"))
    assert (answer.status_code, "您还没有报名这个班，请先扫报名码" in text(answer)) == (403, True)
    phone.session[TICKET] = "nonsense"


@pytest.mark.parametrize("ticket", ["x", [1], [1, "in", "soon"], None, {}])
def test_a_damaged_ticket_is_none(phone: Client, session: ClassSession, ticket: Any):
    held = phone.session
    held[TICKET] = ticket
    held.save()
    assert phone.get(at("class_sign", session.pk, "in")).status_code == 410


def test_the_screen_shows_who_is_there_and_a_code_that_changes(
    trainer: Client, session: ClassSession, learner: Any, clock: Any
):
    seat = joins(session.training_class, learner)
    clock.move_to(NINE)
    assert "已签到 0 人，已签退 0 人，报名 1 人" in text(trainer.get(at("class_hall", session.pk)))
    first = trainer.get(at("class_code", session.pk, "in"))
    assert (first["Content-Type"], "no-store" in first["Cache-Control"]) == ("image/svg+xml", True)
    clock.shift(timedelta(seconds=30))
    assert trainer.get(at("class_code", session.pk, "in")).content != first.content
    said = {"member": seat.pk, "reason": "没带手机"}
    page = trainer.post(at("class_by_hand", session.pk, "in"), said, follow=True)
    assert (told(page), "09:00 点名签到" in text(page)) == (["已替李小明签到。"], True)
    page = trainer.post(at("class_by_hand", session.pk, "out"), {"member": seat.pk}, follow=True)
    assert told(page) == ["请写明点名的原因，例如：手机没电"]
    for key in ("x", "", "9" * 30, "99999"):
        said = {"member": key, "reason": "没带手机"}
        assert trainer.post(at("class_by_hand", session.pk, "in"), said).status_code == 404


def test_the_sheet_comes_as_a_workbook_that_runs_nothing(
    trainer: Client, session: ClassSession, enterprise: Enterprise
):
    found = session.training_class
    for number, name in ((1, "王大力"), (2, "=1+1")):
        person = a_person(number, real_name=name)
        if name.startswith("="):
            seat = ClassMember(
                training_class=found, person=person, way="trainer", by=found.by, at=NINE
            )
            from courses.acts.class_joining import round_for

            seat.enrolment = round_for(found.course, person, NINE.date())
            seat.save()
        else:
            at_work(enterprise, person)
            joins(found, person)
        was_there(session, person, left=60)
    book = openpyxl.load_workbook(io.BytesIO(trainer.get(at("class_sheet", found.pk)).content))
    assert book.sheetnames == ["签到表", "课表", "点名", "评价"]
    rows = [[cell.value for cell in row] for row in book["签到表"].iter_rows()]
    assert rows[0] == [
        "姓名", "手机", "单位", "11-25 09:00 签到", "11-25 09:00 签退", "在课分钟", "计入学时", "参加完", "本人签名",
    ]  # fmt: skip
    assert rows[1][:8] == [
        "王大力", "138****0001", enterprise.name, "08:55", "10:00", 60, "1.3", "否",
    ]  # fmt: skip
    assert rows[2][0] == "'=1+1"


def test_a_session_is_cancelled_and_a_person_seated(
    trainer: Client, found: TrainingClass, learner: Any
):
    session = a_session(found)
    page = trainer.post(at("class_cancel", found.pk, session.pk), {"reason": "停电"}, follow=True)
    assert "取消的原因：停电" in text(page)
    page = trainer.post(at("class_member", found.pk), {"phone": "13800000000"}, follow=True)
    assert "李小明" in text(page)
    bad = trainer.post(at("class_member", found.pk), {"phone": "12"})
    assert (bad.status_code, "请输入11位中国大陆手机号" in text(bad)) == (422, True)


def test_a_manager_opens_a_class_and_sends_people(
    client: Client, enterprise: Enterprise, course: CoursePage, clock: Any, found: TrainingClass
):
    works = [at_work(enterprise, a_person(number)) for number in (1, 2)]
    client.force_login(a_manager(enterprise))
    said = {"title": "入职班", "course": course.pk, "venue": "食堂"}
    page = client.post(reverse("enterprise:new_class", args=[enterprise.pk]), said, follow=True)
    assert "只收本企业花名册里的人" in text(page)
    own = TrainingClass.objects.get(enterprise=enterprise)
    listed = text(client.get(reverse("enterprise:classes", args=[enterprise.pk])))
    assert ("入职班" in listed, "有限空间班" in listed) == (True, True)
    for one in (own, found):
        address = reverse("enterprise:class_send", args=[enterprise.pk, one.pk])
        assert "工人" in text(client.get(address))
        chosen = {"who": [works[0].pk, works[1].pk, "x"]}
        assert told(client.post(address, chosen, follow=True)) == ["已报名 2 人。"]
        assert told(client.post(address, chosen)) == ["选中的人都已经在班里，或者没有选到在岗的人"]
    assert client.get(at("class", own.pk)).status_code == 200
    assert client.get(at("class", found.pk)).status_code == 404  # its people, not its class


def test_the_pool_of_lecturers_is_kept_in_the_admin(office: Client):
    said = {
        "name": "孙专家", "organisation": "应急救援中心", "title": "", "speciality": "危险化学品",
        "paper": "专家证 12 号", "sector": "", "active": "on",
    }  # fmt: skip
    base = "/admin/snippets/courses/lecturer/"
    assert office.post(f"{base}add/", said).status_code == 302
    made = Lecturer.objects.get()
    assert (made.said(), "孙专家" in office.get(base).content.decode()) == (
        "孙专家，应急救援中心",
        True,
    )
    assert office.post(f"{base}delete/{made.pk}/").status_code == 302  # nobody may
    assert Lecturer.objects.count() == 1


def test_the_officers_desk_leads_here(trainer: Client, officer: Any, found: TrainingClass):
    officer.user_permissions.add(Permission.objects.get(codename="view_listcase"))
    page = trainer.get("/credit/office/").content.decode()
    assert at("classes") in page
    door = next(one for one in doors_of(trainer) if one.title == "培训班")
    assert (door.words, door.count) == ("还没有结班", 1)


def doors_of(trainer: Client) -> list[Any]:
    groups = dict(trainer.get("/credit/office/").context["groups"])
    return groups["培训"]


# -- Doors -----------------------------------------------------------------------------------------------------------


RUNS = [
    ("class_session", "post"), ("class_member", "post"), ("class_close", "post"), ("class_join_qr", "get"),
]  # fmt: skip


def everything(found: TrainingClass, session: ClassSession) -> list[tuple[str, str, bool]]:
    """Address, method, and whether who only looks may open it."""
    return [
        *((at(name, found.pk), method, False) for name, method in RUNS),
        (at("class_cancel", found.pk, session.pk), "post", False),
        (at("class_hall", session.pk), "get", False),
        (at("class_code", session.pk, "in"), "get", False),
        (at("class_by_hand", session.pk, "in"), "post", False),
        (at("class", found.pk), "get", True),
        (at("class_sheet", found.pk), "get", True),
    ]


def statuses(client: Client, found: TrainingClass, session: ClassSession) -> set[tuple[bool, int]]:
    return {
        (looks, getattr(client, method)(address).status_code)
        for address, method, looks in everything(found, session)
    }


def test_nobody_but_who_runs_it_opens_a_class(
    session: ClassSession, enterprise: Enterprise, learner: Any, as_staff: Any
):
    found = session.training_class
    away = Jurisdiction.objects.create(code="990002", name="别区", kind="district")
    joins(found, learner)
    for person in (learner, a_manager(enterprise), an_officer(away, 81), a_person(50)):
        other = Client()
        as_staff(other, person)
        assert statuses(other, found, session) == {(False, 404), (True, 404)}
    assert statuses(Client(), found, session) == {(False, 302), (True, 302)}
    assert ClassClosing.objects.count() == 0


def test_an_enterprises_class_is_its_managers_and_officers_of_the_place_look(
    enterprise: Enterprise, course: CoursePage, officer: Any, as_staff: Any
):
    found = a_class(course, a_manager(enterprise), enterprise=enterprise)
    session = a_session(found)
    other = Enterprise.objects.create(
        name="别家",
        legacy_number="320321000000001",
        place=enterprise.place,
        sector=enterprise.sector,
    )
    stranger, looker = Client(), Client()
    stranger.force_login(a_manager(other, 91))
    assert statuses(stranger, found, session) == {(False, 404), (True, 404)}
    for firm in (enterprise, other):  # neither through the one nor through the other
        address = reverse("enterprise:class_send", args=[firm.pk, found.pk])
        assert stranger.post(address, {"who": ["1"]}).status_code == 404
    as_staff(looker, officer)
    assert statuses(looker, found, session) == {(False, 404), (True, 200)}


def test_who_looks_on_reads_and_changes_nothing(
    client: Client, session: ClassSession, as_staff: Any
):
    auditor = a_person(60)
    auditor.user_permissions.add(Permission.objects.get(codename="view_trainingclass"))
    as_staff(client, auditor)
    assert statuses(client, session.training_class, session) == {(False, 404), (True, 200)}
    assert "有限空间班" in text(client.get(at("classes")))
    assert client.get(at("new_class")).status_code == 403


def test_a_learner_reads_the_own_seat_alone(phone: Client, found: TrainingClass, learner: Any):
    assert phone.get(at("my_class", found.pk)).status_code == 404
    joins(found, learner)
    joins(found, a_person(2, real_name="张三丰"))
    page = phone.get(at("my_class", found.pk))
    assert (page.status_code, "张三丰" in text(page)) == (200, False)
    assert "有限空间班" in text(phone.get(at("my_classes")))
    assert phone.get(at("classes")).status_code == 403


def test_a_join_code_that_nobody_gave_out_is_none(phone: Client, found: TrainingClass):
    assert phone.get(at("class_join", "0" * 20)).status_code == 404
    page = Client().get(at("class_join", found.join_code))
    assert (page.status_code, "/accounts/login/" in page.url) == (302, True)


def test_a_closed_class_takes_nobody(phone: Client, found: TrainingClass, officer: Any):
    classes.close_class(found, by=officer, now=NINE)
    join = at("class_join", found.join_code)
    assert "这个班已经结班，不能再报名" in text(phone.get(join))
    assert told(phone.post(join)) == ["这个班已经结班，不能再改"]


@pytest.mark.parametrize("people", [1, 3, 30])
def test_pages_take_the_same_queries(
    trainer: Client, session: ClassSession, enterprise: Enterprise, people: int
):
    found = session.training_class
    for number in range(people):
        person = a_person(number)
        at_work(enterprise, person)
        joins(found, person)
        was_there(session, person)
        a_class(found.course, found.by, place=found.place)
    counts = {}
    for name, key in (("class", found.pk), ("class_hall", session.pk), ("classes", None)):
        address = at(name, key) if key else at(name)
        trainer.get(address)
        with CaptureQueriesContext(connection) as queries:
            trainer.get(address)
        counts[name] = len(queries)
    assert counts == {"class": 19, "class_hall": 8, "classes": 11}
