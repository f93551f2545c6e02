"""班组 mode: one phone, many workers; each by the own PIN, with the own answer and the own hours."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.acts import chain, detector, foremen, pins, study, team_lessons
from courses.acts.enrolment import enrol
from courses.acts.exams import RefusedError
from courses.acts.questions import add_question
from courses.models import (
    CoursePage,
    Foreman,
    LessonProgress,
    PinTry,
    QuestionBank,
    StudyEvent,
    TeamAnswer,
    TeamClosing,
    TeamLesson,
    TeamPresence,
    WorkerPin,
)
from courses.models.progress import is_used
from courses.models.teams import TEAM_TAB
from courses.rules import classes as rules
from courses.views.classes.team import TURN
from credit.models import AuditEntry, Enterprise, Message
from credit.models.locked import LockedError
from tests.courses.class_kit import MINUTE, NINE
from tests.courses.item_kit import SOUND
from tests.courses.obligation_kit import a_person, at_work
from tests.courses.roster_kit import a_manager

PIN = "280419"


@pytest.fixture
def manager(enterprise: Enterprise) -> Any:
    return a_manager(enterprise)


@pytest.fixture
def boss(enterprise: Enterprise, manager: Any) -> Any:
    """The foreman of 甲班, named by the manager."""
    person = a_person(70, real_name="赵班长")
    work = at_work(enterprise, person, team="甲班")
    foremen.name(enterprise, work.pk, by=manager, now=NINE - 60 * MINUTE)
    return person


def a_worker(enterprise: Enterprise, number: int, *, team: str = "甲班", pin: str = PIN) -> Any:
    person = a_person(number)
    at_work(enterprise, person, team=team)
    if pin:
        pins.set_own(person, pin, now=NINE - 60 * MINUTE)
    return person


@pytest.fixture
def worker(enterprise: Enterprise) -> Any:
    return a_worker(enterprise, 1)


def asks(course: CoursePage, *kinds: str) -> None:
    bank, _ = QuestionBank.objects.get_or_create(course=course, name="题库")
    for kind in kinds or ("single",):
        add_question(bank, SOUND[kind])


@pytest.fixture
def lesson(course: CoursePage, boss: Any) -> TeamLesson:
    """The first lesson, ten minutes, opened at nine."""
    page = course.lessons().first()
    page.min_minutes = 10
    page.save()
    return team_lessons.open_lesson(Foreman.objects.get(), page, by=boss, now=NINE)


def refused(act: Any, *args: Any, **said: Any) -> str:
    with pytest.raises(RefusedError) as caught:
        act(*args, **said)
    return caught.value.ruling.reason


def comes(lesson: TeamLesson, person: Any, minutes: float = 0, pin: str = PIN) -> TeamPresence:
    by = lesson.foreman.employment.person
    return team_lessons.come(lesson, person.pk, pin, by=by, now=NINE + minutes * MINUTE)


def answers(lesson: TeamLesson, person: Any, minutes: float, *, right: bool = True) -> TeamAnswer:
    by, now = lesson.foreman.employment.person, NINE + minutes * MINUTE
    presence, question = team_lessons.ask(lesson, person.pk, PIN, by=by, now=now)
    options = list(question.options.all()) if question else []
    chosen = [one.order for one in options if one.correct is right][: None if right else 1]
    return team_lessons.answer(presence, question, chosen, by=by, now=now)


def closes(lesson: TeamLesson, minutes: float) -> TeamClosing:
    by = lesson.foreman.employment.person
    return team_lessons.close(lesson, by=by, now=NINE + minutes * MINUTE)


# -- PINs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pin", "sound"),
    [("280419", True), ("12345", False), ("abcdef", False), ("111111", False), ("123456", False),
     ("987654", False), ("1234567", False), ("", False), ("２８０４１９", False), ("789012", False)],
)  # fmt: skip
def test_a_pin_is_six_digits_that_nobody_guesses_first(pin: str, sound: bool):
    assert (rules.pin_fault(pin) == "") is sound


def test_a_pin_is_kept_as_a_keyed_digest_of_this_person(worker: Any, enterprise: Enterprise):
    held = WorkerPin.objects.get()
    other = WorkerPin.objects.create(
        person=a_person(2), salt=held.salt, digest=held.digest, by=worker, at=NINE
    )
    assert PIN not in f"{held.digest}{held.salt}"
    pins.require(worker.pk, PIN, now=NINE)
    reason = refused(pins.require, other.person_id, PIN, now=NINE)
    assert reason == "学习密码不对，请再输一次"  # the digest of one is none of another
    with pytest.raises(LockedError):
        held.save()


def test_the_newest_pin_counts(worker: Any):
    pins.set_own(worker, "506172", now=NINE)
    assert "不对" in refused(pins.require, worker.pk, PIN, now=NINE)
    pins.require(worker.pk, "506172", now=NINE)
    assert PinTry.objects.count() == 0


def test_wrong_tries_are_counted_for_each_worker_and_hold_up_nobody_else(
    worker: Any, enterprise: Enterprise
):
    other = a_worker(enterprise, 2)
    for _ in range(5):
        assert "不对" in refused(pins.require, worker.pk, "000001", now=NINE)
    reason = refused(pins.require, worker.pk, PIN, now=NINE + 4 * MINUTE)
    assert reason == "密码错了太多次，请等 5 分钟再试。别的工友不受影响"
    pins.require(other.pk, PIN, now=NINE + 4 * MINUTE)
    pins.require(worker.pk, PIN, now=NINE + 5 * MINUTE)


def test_a_manager_hands_out_pins_once(enterprise: Enterprise, manager: Any, worker: Any):
    fresh = a_worker(enterprise, 2, pin="")
    a_worker(enterprise, 3, pin="", team="乙班")
    made = pins.hand_out(enterprise, team="甲班", by=manager, now=NINE)
    assert [name for name, _ in made] == [str(fresh)]
    pins.require(fresh.pk, made[0][1], now=NINE)
    said = {"team": "甲班", "by": manager, "now": NINE}
    assert "都有学习密码了" in refused(pins.hand_out, enterprise, **said)
    work = worker.employments.get().pk
    anew = pins.hand_out(enterprise, **said, anew=work)
    pins.require(worker.pk, anew[0][1], now=NINE)
    assert "不对" in refused(pins.require, worker.pk, PIN, now=NINE)
    said["by"] = worker
    assert refused(pins.hand_out, enterprise, **said) == "您不是这家企业的管理员"
    entry = AuditEntry.objects.filter(verb="pin.hand_out").first()
    assert entry is not None
    assert made[0][1] not in entry.said
    told = Message.objects.get(to=fresh)
    assert (told.title, made[0][1] in told.body) == ("单位给您发了新的学习密码", False)


# -- Foremen ---------------------------------------------------------------------------------------------------------


def test_a_foreman_leads_while_in_the_team(enterprise: Enterprise, manager: Any, boss: Any):
    foreman = Foreman.objects.get()
    assert list(foremen.led_by(boss, NINE)) == [foreman]
    work = foreman.employment
    assert "已经是这个班组的班组长" in refused(
        foremen.name, enterprise, work.pk, by=manager, now=NINE
    )
    work.team = "乙班"
    work.save()
    assert not foremen.led_by(boss, NINE).exists()
    work.team = "甲班"
    work.save()
    foremen.end(foreman, by=manager, now=NINE)
    assert not foremen.led_by(boss, NINE).exists()
    assert refused(foremen.end, foreman, by=manager, now=NINE) == "已经免去了"
    foremen.name(enterprise, work.pk, by=manager, now=NINE)
    assert foremen.led_by(boss, NINE).count() == 1


def test_only_the_manager_names_who_works_in_a_team(enterprise: Enterprise, manager: Any):
    work = at_work(enterprise, a_person(1))
    said = {"now": NINE}
    assert "写明班组" in refused(foremen.name, enterprise, work.pk, by=manager, **said)
    assert "不是这家企业的管理员" in refused(
        foremen.name, enterprise, work.pk, by=work.person, **said
    )


# -- The lesson --------------------------------------------------------------------------------------------------------


def test_each_worker_has_the_own_hours_and_answer(
    lesson: TeamLesson, worker: Any, enterprise: Enterprise
):
    asks(lesson.course, "single", "true_false", "multiple")
    second, gone = a_worker(enterprise, 2), a_worker(enterprise, 3)
    comes(lesson, worker, 0)
    comes(lesson, second, 4)
    comes(lesson, gone, 1)
    assert answers(lesson, worker, 12).correct is True
    assert answers(lesson, second, 13, right=False).correct is False
    assert closes(lesson, 15).people == 2
    events = {one.person_id: one for one in StudyEvent.objects.all()}
    assert set(events) == {worker.pk, second.pk}
    first = events[worker.pk]
    assert (first.kind, first.credited_ms, first.began_at, first.at, first.by_id) == (
        "team", 600_000, NINE, NINE + 10 * MINUTE, None,
    )  # fmt: skip
    assert first.note == "班组学习：甲班，班组长赵班长，答题对"
    assert events[second.pk].credited_ms == 540_000
    assert events[second.pk].note == "班组学习：甲班，班组长赵班长，答题错"
    assert not first.is_late
    assert list(chain.faults()) == []
    assert LessonProgress.objects.get(enrolment__person=worker).finished_at is not None
    assert len({one.question_id for one in TeamAnswer.objects.all()}) == 2  # not the same twice


def test_the_check_waits_until_the_lessons_time_has_passed(lesson: TeamLesson, worker: Any):
    comes(lesson, worker)
    assert refused(answers, lesson, worker, 8.5) == "课还没有上完，再过 2 分钟答题"
    assert answers(lesson, worker, 10).correct is None  # the course has no questions
    assert refused(answers, lesson, worker, 11) == "已经答过了"


def test_who_did_not_come_does_not_answer_and_who_came_twice_came_once(
    lesson: TeamLesson, worker: Any, enterprise: Enterprise
):
    assert refused(answers, lesson, worker, 11) == "开课时没有到场，这节课不能计入"
    comes(lesson, worker)
    assert refused(comes, lesson, worker, 1) == "已经到场了，不用再输"
    assert "不对" in refused(comes, lesson, a_worker(enterprise, 2), 1, "000001")
    stranger = a_worker(enterprise, 3, team="乙班")
    assert refused(comes, lesson, stranger, 1) == "请选一个本班组的人"
    without = a_worker(enterprise, 4, pin="")
    assert "还没有学习密码" in refused(comes, lesson, without, 1)


def test_nobody_else_works_the_foremans_lesson(lesson: TeamLesson, worker: Any):
    said = {"by": worker, "now": NINE + 11 * MINUTE}
    reason = "您现在不是这个班组的班组长"
    assert refused(team_lessons.come, lesson, worker.pk, PIN, **said) == reason
    assert refused(team_lessons.close, lesson, **said) == reason
    page = lesson.lesson
    assert refused(team_lessons.open_lesson, lesson.foreman, page, **said) == reason


def test_one_lesson_at_a_time_and_none_stays_open_for_ever(
    lesson: TeamLesson, worker: Any, boss: Any
):
    again = {"by": boss, "now": NINE + 60 * MINUTE}
    assert "请先下课" in refused(team_lessons.open_lesson, lesson.foreman, lesson.lesson, **again)
    assert "开课超过 6 小时" in refused(comes, lesson, worker, 360)
    late = {"by": boss, "now": NINE + 360 * MINUTE}
    assert team_lessons.open_lesson(lesson.foreman, lesson.lesson, **late).pk != lesson.pk


def test_nothing_comes_in_after_the_end(lesson: TeamLesson, worker: Any, enterprise: Enterprise):
    presence = comes(lesson, worker)
    closes(lesson, 20)
    assert refused(closes, lesson, 21) == "这节课已经下课"
    assert refused(answers, lesson, worker, 21) == "这节课已经下课"
    assert refused(comes, lesson, a_worker(enterprise, 2), 21) == "这节课已经下课"
    assert StudyEvent.objects.count() == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        TeamAnswer.objects.create(presence=presence, at=NINE + 21 * MINUTE)


def test_own_study_at_the_same_time_is_not_counted_twice(lesson: TeamLesson, worker: Any):
    enrolment = enrol(lesson.course, person=worker)
    page, tab = list(lesson.course.lessons())[1], UUID(int=5)
    study.report(enrolment, page, tab=tab, kind="open", now=NINE)
    for number in range(1, 7):
        study.report(enrolment, page, tab=tab, now=NINE + timedelta(seconds=20 * number))
    comes(lesson, worker)
    answers(lesson, worker, 10)
    closes(lesson, 11)
    assert StudyEvent.objects.get(kind="team").credited_ms == 480_000


def test_the_ledger_takes_no_hours_of_a_team_without_answer_and_end(
    lesson: TeamLesson, worker: Any
):
    presence = comes(lesson, worker, 2)
    said: dict[str, Any] = {
        "person": worker, "enrolment": presence.enrolment, "lesson": lesson.lesson, "kind": "team",
        "tab": TEAM_TAB, "sequence": presence.pk, "began_at": NINE + 2 * MINUTE,
        "at": NINE + 11 * MINUTE, "received_at": NINE + 60 * MINUTE, "credited_ms": 1000,
    }  # fmt: skip

    def fails(**other: Any) -> bool:
        try:
            with transaction.atomic():
                StudyEvent.objects.create(**{**said, **other})
                transaction.set_rollback(True)
        except DatabaseError:
            return True
        return False

    assert fails()
    TeamAnswer.objects.create(presence=presence, at=NINE + 11 * MINUTE)
    assert fails()
    TeamClosing.objects.create(team_lesson=lesson, people=1, by=worker, at=NINE + 12 * MINUTE)
    assert not fails()
    assert fails(began_at=NINE)
    assert fails(at=NINE + 12 * MINUTE)
    assert fails(credited_ms=601_000)
    assert fails(tab=UUID(int=3))


def test_a_team_that_learns_together_is_no_suspicion(
    lesson: TeamLesson, enterprise: Enterprise, boss: Any
):
    people = [a_worker(enterprise, number) for number in range(1, 7)]
    for page in lesson.course.lessons():  # far more text than anybody reads in its time
        page.body = [("text", f"<p>{'先通风，再检测。' * 4000}</p>")]
        page.save()
    second = list(lesson.course.lessons())[1]
    for number, one in enumerate((lesson, None)):
        begin = 30 * number
        now = NINE + begin * MINUTE
        held = one or team_lessons.open_lesson(lesson.foreman, second, by=boss, now=now)
        for person in people:
            comes(held, person, begin)
        for person in people:
            answers(held, person, begin + 12)
        closes(held, begin + 13)
    assert list(detector.findings(NINE.date(), NINE.date())) == []


def test_a_lesson_that_a_team_took_is_not_deleted_as_a_page(lesson: TeamLesson):
    assert is_used(lesson.lesson)
    assert is_used(lesson.course)


# -- Pages -------------------------------------------------------------------------------------------------------------


def at(name: str, *args: Any) -> str:
    return reverse(f"courses:{name}", args=args)


def text(answer: Any) -> str:
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert main
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group()))


def told(answer: Any) -> list[str]:
    return [str(one) for one in answer.context["messages"]]


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NINE, tick=False) as travelled:
        yield travelled


def test_the_way_through_the_pages(
    client: Client, clock: Any, enterprise: Enterprise, manager: Any, course: CoursePage
):
    asks(course)
    chief, worker = a_person(70, real_name="赵班长"), a_worker(enterprise, 1, pin="")
    at_work(enterprise, chief, team="甲班")
    office = Client()
    office.force_login(manager)

    def firm(name: str, *args: Any) -> str:
        return reverse(f"enterprise:{name}", args=[enterprise.pk, *args])

    page = office.get(firm("teams"))
    assert "甲班（2 人）" in text(page)
    work = chief.employments.get().pk
    assert told(office.post(firm("foreman"), {"employment": work}, follow=True)) == [
        "赵班长现在是甲班的班组长。"
    ]
    page = office.post(firm("pins"), {"team": "甲班"})
    pin = dict(page.context["pins"])[str(worker)]
    assert (pin in text(page), "no-store" in page["Cache-Control"]) == (True, True)
    assert pin not in text(office.get(firm("teams")))

    client.force_login(chief)
    first = course.lessons().first()
    assert "开一节课" in text(client.get(at("team")))
    said = {"course": course.pk, "foreman": Foreman.objects.get().pk, "lesson": first.pk}
    page = client.post(at("team"), said, follow=True)
    made = TeamLesson.objects.get()
    assert "还没有人到场" in text(page)
    who = {"person": worker.pk, "pin": pin}
    page = client.post(at("team_come", made.pk), {**who, "pin": "000001"}, follow=True)
    assert told(page) == ["学习密码不对，请再输一次"]
    page = client.post(at("team_come", made.pk), who, follow=True)
    assert told(page) == [f"{worker}到场，请把手机交给下一个人。"]
    assert "课还没有上完，再过 1 分钟答题" in text(page)
    clock.shift(MINUTE)
    page = client.post(at("team_turn", made.pk), who, follow=True)
    assert "先做什么？" in text(page)
    assert told(client.post(at("team_answer", made.pk), follow=True)) == ["请选一个答案"]
    page = client.post(at("team_answer", made.pk), {"chosen": "0"}, follow=True)
    assert told(page) == [f"{worker}答对了，请把手机交给下一个人。"]
    page = client.post(at("team_answer", made.pk), {"chosen": "0"}, follow=True)
    assert told(page) == ["请先选名字、输学习密码"]
    page = client.post(at("team_close", made.pk), follow=True)
    assert told(page) == ["下课了，1 人计入学时。"]
    mine = Client()
    mine.force_login(worker)
    hours = text(mine.get(at("hours", course.pk)))
    assert "班组学习：甲班，班组长赵班长，答题对" in hours
    assert "到场 1 人，1 人计入学时" in text(office.get(firm("teams")))
    office.post(firm("foreman_end", Foreman.objects.get().pk))
    assert "您现在不是班组长" in text(client.get(at("team")))


@pytest.mark.parametrize("held", ["x", [1], [1, 2, "soon"], None])
def test_a_damaged_turn_is_nobodys(client: Client, lesson: TeamLesson, boss: Any, held: Any):
    client.force_login(boss)
    session = client.session
    session[TURN] = held
    session.save()
    assert client.get(at("team_answer", lesson.pk)).status_code == 302


def test_a_turn_ends_by_itself(client: Client, lesson: TeamLesson, worker: Any, boss: Any):
    with time_machine.travel(NINE, tick=False) as clock:
        client.force_login(boss)
        comes(lesson, worker)
        clock.shift(11 * MINUTE)
        client.post(at("team_turn", lesson.pk), {"person": worker.pk, "pin": PIN})
        assert client.get(at("team_answer", lesson.pk)).status_code == 200
        clock.shift(11 * MINUTE)
        assert client.get(at("team_answer", lesson.pk)).status_code == 302


def test_others_see_nothing(
    client: Client, lesson: TeamLesson, worker: Any, enterprise: Enterprise
):
    client.force_login(worker)
    assert client.get(at("team_lesson", lesson.pk)).status_code == 404
    for name in ("team_come", "team_turn", "team_close"):
        assert (
            client.post(at(name, lesson.pk), {"person": worker.pk, "pin": PIN}).status_code == 404
        )
    for name in ("foreman", "pins"):
        assert client.post(reverse(f"enterprise:{name}", args=[enterprise.pk])).status_code == 404
    assert client.get(reverse("enterprise:teams", args=[enterprise.pk])).status_code == 404
    assert Client().get(at("team_lesson", lesson.pk)).status_code == 302
    assert "您现在不是班组长" in text(client.get(at("team")))


def test_a_worker_sets_the_own_pin(client: Client, worker: Any):
    client.force_login(worker)
    page = client.post(at("pin"), {"pin": "506172", "again": "506173"})
    assert "两次输的不一样" in text(page)
    page = client.post(at("pin"), {"pin": "123456", "again": "123456"})
    assert ("太容易猜" in text(page), 'value="123456"' in page.content.decode()) == (
        True, False,
    )  # fmt: skip
    assert client.post(at("pin"), {"pin": "506172", "again": "506172"}).status_code == 302
    pins.require(worker.pk, "506172", now=NINE)


@pytest.mark.parametrize("people", [1, 3, 30])
def test_pages_take_the_same_queries(
    client: Client, lesson: TeamLesson, enterprise: Enterprise, manager: Any, boss: Any, people: int
):
    for number in range(people):
        person = a_worker(enterprise, number + 100, pin="")
        TeamPresence.objects.create(
            team_lesson=lesson,
            person=person,
            at=NINE,
            enrolment=enrol(lesson.course, person=person),
        )
    counts = {}
    for name, address, who in (
        ("lesson", at("team_lesson", lesson.pk), boss),
        ("teams", reverse("enterprise:teams", args=[enterprise.pk]), manager),
    ):
        client.force_login(who)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts[name] = len(queries)
    assert counts == {"lesson": 9, "teams": 7}


def test_a_password_is_no_pin(worker: Any):
    worker.password = make_password("long-enough-9")
    worker.save()
    assert "不对" in refused(pins.require, worker.pk, "long-enough-9", now=NINE)
