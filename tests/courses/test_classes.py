"""A class in a hall: opened in one's own place, joined, signed, credited by the server's clock, closed for good."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from courses.acts import (
    chain,
    class_facts,
    class_joining,
    classes,
    detector,
    evaluations,
    facts,
    signing,
    study,
)
from courses.acts.exams import RefusedError
from courses.models import (
    ClassClosing,
    ClassMember,
    ClassSession,
    ClassSign,
    CoursePage,
    CreditFact,
    Evaluation,
    EvaluationGiven,
    LessonProgress,
    StudyEvent,
    TrainingClass,
)
from courses.models.classes import CLASS_TAB
from courses.models.entries import days_of
from credit.models import AuditEntry, Employment, Enterprise, Jurisdiction, TrainingFact
from credit.models.locked import LockedError
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

EVENING = NINE + timedelta(hours=9)


@pytest.fixture
def officer(district: Jurisdiction) -> Any:
    return an_officer(district)


@pytest.fixture
def found(course: CoursePage, officer: Any, street: Jurisdiction) -> TrainingClass:
    return a_class(course, officer, place=street)


@pytest.fixture
def session(found: TrainingClass) -> ClassSession:
    return a_session(found)


def refused(act: Any, *args: Any, **said: Any) -> str:
    with pytest.raises(RefusedError) as caught:
        act(*args, **said)
    return caught.value.ruling.reason


def sign(session: ClassSession, way: str, person: Any, minutes: int) -> ClassSign:
    at = session.starts_at + minutes * MINUTE
    return signing.sign(session, way, person=person, at=at, now=at)


# -- Opening and the timetable -----------------------------------------------------------------------------------


def test_an_officer_opens_a_class_in_the_own_place_alone(
    course: CoursePage, officer: Any, found: TrainingClass
):
    away = Jurisdiction.objects.create(code="990002", name="别区", kind="district")
    assert found.organiser == "河滨街道应急管理部门"
    reason = refused(a_class, course, officer, place=away)
    assert reason == "您不能在这个属地开班，请选您任职的属地"
    assert "您不能在这个属地开班" in refused(a_class, course, a_person(3), place=found.place)
    assert AuditEntry.objects.filter(verb="class.open").count() == 1


def test_a_manager_opens_one_for_the_own_enterprise(course: CoursePage, enterprise: Enterprise):
    manager = a_manager(enterprise)
    found = a_class(course, manager, enterprise=enterprise)
    assert (found.enterprise, found.place) == (enterprise, enterprise.place)
    assert refused(a_class, course, a_person(5), enterprise=enterprise) == "您不是这家企业的管理员"


def test_another_officer_changes_nothing(found: TrainingClass, course: CoursePage):
    away = Jurisdiction.objects.create(code="990002", name="别区", kind="district")
    assert refused(a_session, found, by=an_officer(away, 81)) == "您不管这个班"


def test_the_timetable_keeps_the_words_of_its_day(session: ClassSession):
    assert session.lecturer_said == "王教授，高级工程师，云溪安全学校"
    session.lecturer.name = "李教授"
    session.lecturer.save()
    session.refresh_from_db()
    assert session.lecturer_said.startswith("王教授")


def test_a_session_needs_a_lesson_of_the_course_and_a_lecturer_who_teaches(
    found: TrainingClass, session: ClassSession
):
    assert "重叠" in refused(a_session, found, begin=NINE + 30 * MINUTE)
    lecturer = a_lecturer()
    lecturer.active = False
    lecturer.save()
    assert "这位教员现在不授课" in refused(a_session, found, begin=NINE + 120 * MINUTE)


def test_a_session_is_cancelled_with_a_reason_until_somebody_signed(
    session: ClassSession, officer: Any, learner: Any
):
    now = NINE - 10 * MINUTE
    cancel = classes.cancel_session
    assert refused(cancel, session, reason=" ", by=officer, now=now) == "请写明取消的原因"
    joins(session.training_class, learner)
    sign(session, "in", learner, -5)
    reason = refused(cancel, session, reason="停电", by=officer, now=now)
    assert reason == "已经有人签到，这次课不能取消"
    other = a_session(session.training_class, begin=NINE + 120 * MINUTE)
    cancel(other, reason="停电", by=officer, now=now)
    assert refused(sign, other, "in", learner, 0) == "这次课已经取消"


# -- Joining -------------------------------------------------------------------------------------------------------


def test_who_reads_the_code_has_one_seat_and_the_round_of_the_course(
    found: TrainingClass, learner: Any, enterprise: Enterprise
):
    at_work(enterprise, learner)
    seat = joins(found, learner)
    assert joins(found, learner) == seat
    assert (seat.enterprise, seat.enrolment.course_id, seat.way) == (
        enterprise,
        found.course_id,
        "code",
    )


def test_seats_end(course: CoursePage, officer: Any, street: Jurisdiction, learner: Any):
    found = a_class(course, officer, place=street, seats=1)
    joins(found, learner)
    assert refused(joins, found, a_person(2)) == "这个班最多 1 人，只剩 0 个名额"


def test_who_has_no_name_gives_it_first(found: TrainingClass):
    assert "请先在“我的”里填写身份证上的姓名" in refused(joins, found, a_person(2, real_name=""))


def test_an_enterprises_class_takes_its_own_people_alone(
    course: CoursePage, enterprise: Enterprise, learner: Any
):
    found = a_class(course, a_manager(enterprise), enterprise=enterprise)
    assert "您不在这家企业的花名册里" in refused(joins, found, learner)
    at_work(enterprise, learner)
    assert joins(found, learner).enterprise == enterprise


def test_an_enterprise_sends_people_of_its_own(found: TrainingClass, enterprise: Enterprise):
    manager = a_manager(enterprise)
    works = [at_work(enterprise, a_person(n)).pk for n in (1, 2)]
    other = Enterprise.objects.create(
        name="别家",
        legacy_number="320321000000001",
        place=enterprise.place,
        sector=enterprise.sector,
    )
    foreign = at_work(other, a_person(3)).pk
    send = class_joining.send
    said = {"enterprise": enterprise, "by": manager, "now": NINE - 30 * MINUTE}
    assert send(found, [*works, foreign], **said) == 2
    assert "都已经在班里" in refused(send, found, works, **said)
    said["by"] = a_person(4)
    assert refused(send, found, works, **said) == "您不是这家企业的管理员"


def test_a_class_of_another_district_is_not_offered(course: CoursePage, enterprise: Enterprise):
    away = Jurisdiction.objects.create(code="990002", name="别区", kind="district")
    found = a_class(course, an_officer(away, 81), place=away)
    work = at_work(enterprise, a_person(1)).pk
    said = {"enterprise": enterprise, "by": a_manager(enterprise), "now": NINE}
    assert refused(class_joining.send, found, [work], **said) == "这个班不对您的企业开放"


def test_the_trainer_seats_who_has_no_phone_at_hand(
    found: TrainingClass, officer: Any, learner: Any
):
    said = {"by": officer, "now": NINE}
    class_joining.add(found, phone=learner.phone, **said)
    assert refused(class_joining.add, found, phone=learner.phone, **said) == "这名学员已经在班里"
    assert "没有这个手机号" in refused(class_joining.add, found, phone="+8613700000099", **said)
    said["by"] = a_person(6)
    assert refused(class_joining.add, found, phone=learner.phone, **said) == "您不管这个班"


# -- Codes ---------------------------------------------------------------------------------------------------------


def test_a_photo_of_the_code_is_useless_soon_after(session: ClassSession):
    code = signing.code_of(session.pk, "in", NINE)

    def fresh(seconds: int, key: int = session.pk, way: str = "in") -> bool:
        return signing.is_fresh(key, way, code, NINE + timedelta(seconds=seconds))

    assert [fresh(n) for n in (0, 29, 59, 60, 600, -1)] == [True, True, True, False, False, False]
    assert not fresh(0, key=session.pk + 1)
    assert not fresh(0, way="out")
    assert not signing.is_fresh(session.pk, "in", "", NINE)


# -- Signing and hours -----------------------------------------------------------------------------------------------


def test_the_time_between_is_credited_within_the_timetable(session: ClassSession, learner: Any):
    seat = joins(session.training_class, learner)
    was_there(session, learner, came=-10, left=100)
    event = StudyEvent.objects.get()
    assert (event.kind, event.credited_ms, event.began_at, event.at, event.by) == (
        "class",
        90 * 60_000,
        session.starts_at,
        session.ends_at,
        None,
    )
    assert event.note == "培训班《有限空间班》：08:50 扫码签到，10:40 扫码签退"
    assert not event.is_late
    assert list(chain.faults()) == []
    progress = LessonProgress.objects.get(enrolment=seat.enrolment)
    assert (progress.credited_ms, progress.finished_at) == (
        90 * 60_000,
        session.starts_at + 100 * MINUTE,
    )


def test_late_and_early_cost_their_time(session: ClassSession, learner: Any):
    joins(session.training_class, learner)
    was_there(session, learner, came=20, left=60)
    assert StudyEvent.objects.get().credited_ms == 40 * 60_000


def test_who_signs_twice_or_out_of_order_is_told(session: ClassSession, learner: Any):
    reason = refused(sign, session, "in", learner, 0)
    assert reason == "您还没有报名这个班，请先扫报名码"
    joins(session.training_class, learner)
    assert "没有签到，不能签退" in refused(sign, session, "out", learner, 90)
    sign(session, "in", learner, 0)
    assert refused(sign, session, "in", learner, 1) == "已经签到了（09:00），不用再签"
    assert "还没有开始签退" in refused(sign, session, "out", learner, -1)
    assert StudyEvent.objects.count() == 0


def test_study_on_the_web_at_the_same_time_is_not_counted_twice(
    session: ClassSession, learner: Any
):
    seat = joins(session.training_class, learner)
    lesson, tab = list(session.training_class.course.lessons())[1], UUID(int=7)
    study.report(seat.enrolment, lesson, tab=tab, kind="open", now=NINE)
    for n in range(1, 31):
        study.report(seat.enrolment, lesson, tab=tab, now=NINE + timedelta(seconds=20 * n))
    was_there(session, learner)
    assert StudyEvent.objects.get(kind="class").credited_ms == 80 * 60_000
    late = study.report(seat.enrolment, lesson, tab=tab, now=NINE + timedelta(seconds=620))
    assert late.counted == 600_000  # the hall covers it
    assert list(chain.faults()) == []


def test_the_trainer_signs_by_name_with_a_reason(session: ClassSession, officer: Any, learner: Any):
    seat = joins(session.training_class, learner)
    hand = signing.sign_by_hand

    def by_hand(way: str, minutes: int, reason: str = "手机没电", by: Any = officer) -> Any:
        at = session.starts_at + minutes * MINUTE
        return hand(session, way, member=seat, by=by, reason=reason, now=at)

    assert "请写明点名的原因" in refused(by_hand, "in", 0, " ")
    assert refused(by_hand, "in", 0, by=a_person(9)) == "您不管这个班"
    by_hand("in", 10)
    by_hand("out", 300)
    event = StudyEvent.objects.get()
    assert event.credited_ms == 80 * 60_000
    assert event.note == "培训班《有限空间班》：09:10 点名签到，14:00 点名签退"
    assert AuditEntry.objects.filter(verb="class.sign_by_hand", actor=officer).count() == 2


def test_nobody_signs_for_themselves_by_name(session: ClassSession, officer: Any):
    seat = joins(session.training_class, officer)
    said = {"member": seat, "by": officer, "reason": "手机没电", "now": NINE}
    assert refused(signing.sign_by_hand, session, "in", **said) == "不能给自己点名，请扫码"
    with pytest.raises(DatabaseError), transaction.atomic():
        ClassSign.objects.create(
            session=session, member=seat, way="in", means="hand", at=NINE, by=officer, reason="x"
        )


def test_the_learner_reads_each_session_on_a_line_of_its_own(session: ClassSession, learner: Any):
    seat = joins(session.training_class, learner)
    second = a_session(session.training_class, begin=NINE + 120 * MINUTE, minutes=45)
    was_there(session, learner)
    was_there(second, learner, left=45)
    lines = days_of(seat.enrolment)[0].lines
    assert [(f"{one.begin:%H:%M}", f"{one.end:%H:%M}", one.counted, one.late) for one in lines] == [
        ("09:00", "10:30", 90 * 60_000, 0),
        ("11:00", "11:45", 45 * 60_000, 0),
    ]


def test_the_course_is_finished_by_its_last_session(found: TrainingClass, learner: Any):
    seat = joins(found, learner)
    for number in (1, 2, 3):
        session = a_session(found, begin=NINE + 60 * number * MINUTE, minutes=45, lesson=number)
        was_there(session, learner, left=45)
    seat.enrolment.refresh_from_db()
    assert seat.enrolment.finished_at == session.ends_at


def test_a_class_that_begins_and_ends_together_is_no_suspicion(found: TrainingClass):
    people = [a_person(number) for number in range(6)]
    for person in people:
        joins(found, person)
    for number in (1, 2):
        session = a_session(found, begin=NINE + 60 * number * MINUTE, minutes=45, lesson=number)
        for person in people:
            was_there(session, person, left=50)
    assert StudyEvent.objects.values("began_at", "at").distinct().count() == 2
    day = NINE.date()
    assert [one.kind for one in detector.findings(day, day)] == []


# -- The database ---------------------------------------------------------------------------------------------------


def test_the_ledger_takes_no_hours_of_a_class_without_its_signing(
    session: ClassSession, learner: Any
):
    seat = joins(session.training_class, learner)
    sign(session, "in", learner, 10)
    came = ClassSign.objects.get()
    said: dict[str, Any] = {
        "person": learner, "enrolment": seat.enrolment, "lesson": session.lesson,
        "tab": CLASS_TAB, "kind": "class", "received_at": EVENING,
        "began_at": session.starts_at + 10 * MINUTE, "at": session.ends_at,
    }  # fmt: skip

    def fails(**other: Any) -> bool:
        try:
            with transaction.atomic():
                StudyEvent.objects.create(**{**said, "credited_ms": 1000, **other})
        except DatabaseError:
            return True
        return False

    assert fails(sequence=came.pk)
    left = ClassSign.objects.create(
        session=session, member=seat, way="out", means="code", at=session.ends_at + MINUTE
    )
    assert fails(sequence=left.pk, began_at=session.starts_at)
    assert fails(sequence=left.pk, at=session.ends_at + MINUTE)
    assert fails(sequence=left.pk, credited_ms=91 * 60_000)
    assert fails(sequence=left.pk, tab=UUID(int=9))
    assert fails(sequence=left.pk, person=a_person(7), number=None)
    assert not fails(sequence=left.pk)
    assert fails(sequence=left.pk)


def test_what_is_written_of_a_class_stays(session: ClassSession, learner: Any, officer: Any):
    joins(session.training_class, learner)
    was_there(session, learner)
    classes.close_class(session.training_class, by=officer, now=EVENING)
    rows = [TrainingClass, ClassSession, ClassMember, ClassSign, ClassClosing]
    for model in rows:
        row = model.objects.first()
        with pytest.raises(LockedError):
            row.save()
        for words in (
            f"UPDATE {model._meta.db_table} SET id = id",  # noqa: S608
            f"DELETE FROM {model._meta.db_table}",  # noqa: S608
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(words)


def test_nothing_comes_in_after_the_closing(
    found: TrainingClass, session: ClassSession, learner: Any, officer: Any
):
    seat = joins(found, learner)
    sign(session, "in", learner, 0)
    classes.close_class(found, by=officer, now=session.ends_at)
    assert refused(sign, session, "out", learner, 91) == "这个班已经结班，不能再改"
    assert "已经结班" in refused(joins, found, a_person(8))
    assert "已经结班" in refused(classes.close_class, found, by=officer, now=EVENING)
    assert "已经结班" in refused(a_session, found, begin=NINE + 300 * MINUTE)
    for row in (
        ClassSign(session=session, member=seat, way="out", means="code", at=EVENING),
        Evaluation(id=UUID(int=1), training_class=found, marks={}),
        ClassMember(
            training_class=found, person=officer, enrolment=seat.enrolment, way="code", by=officer,
            at=EVENING,
        ),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save()


# -- Closing ---------------------------------------------------------------------------------------------------------


def test_a_class_closes_after_its_last_session_and_credit_hears_of_who_completed_it(
    found: TrainingClass, session: ClassSession, officer: Any, enterprise: Enterprise
):
    early = refused(classes.close_class, found, by=officer, now=NINE)
    assert early == "最后一次课 11月25日 10:30 才下课，下课后再结班"
    for number, left in ((1, 95), (2, 80), (3, 40)):
        person = a_person(number)
        at_work(enterprise, person)
        joins(found, person)
        was_there(session, person, left=left)
    alone = a_person(4)
    joins(found, alone)
    was_there(session, alone)
    closing = classes.close_class(found, by=officer, now=EVENING, note="都会用气体检测仪")
    assert (closing.people, closing.note) == (3, "都会用气体检测仪")
    fact = CreditFact.objects.get()
    assert (fact.enterprise, fact.key, fact.event, fact.people, fact.happened_on) == (
        enterprise,
        f"PXB-{found.pk}",
        "completed",
        2,
        NINE.date(),
    )
    assert facts.tell_due() == 1
    told = TrainingFact.objects.get()
    assert (told.enterprise, told.event, told.people) == (enterprise, "completed", 2)


def test_an_empty_class_is_closed_and_tells_nobody(found: TrainingClass, officer: Any):
    assert classes.close_class(found, by=officer, now=NINE).people == 0
    assert CreditFact.objects.count() == 0


# -- Evaluation ------------------------------------------------------------------------------------------------------

MARKS = {"useful": 5, "clear": 4, "arranged": 3}


def evaluated(session: ClassSession, count: int) -> None:
    for number in range(count):
        person = a_person(20 + number)
        seat = joins(session.training_class, person)
        was_there(session, person)
        evaluations.evaluate(seat, marks=MARKS, words=f"找 1380000000{number} 张工" * (number == 0))


def test_who_was_there_evaluates_once(session: ClassSession, learner: Any):
    seat = joins(session.training_class, learner)
    early = refused(evaluations.evaluate, seat, marks=MARKS)
    assert early == "上完课（签退后）才能评价，每人评一次"
    was_there(session, learner)
    wrong = {**MARKS, "clear": 6}
    assert refused(evaluations.evaluate, seat, marks=wrong) == "请给每个问题都选一个答案"
    evaluations.evaluate(seat, marks=MARKS)
    assert refused(evaluations.evaluate, seat, marks=MARKS) == early


def test_nobody_can_tell_who_said_what(session: ClassSession, officer: Any):
    evaluated(session, 3)
    found = session.training_class
    assert evaluations.results(found) == evaluations.Results(3, shown=False)
    classes.close_class(found, by=officer, now=EVENING)
    told = evaluations.results(found)
    assert [mark for _, mark in told.marks] == [5.0, 4.0, 3.0]
    assert (told.people, "13800000000" in "".join(told.words)) == (3, False)
    fields = {one.name for one in Evaluation._meta.get_fields()}
    assert fields == {"id", "training_class", "marks", "words"}
    assert {one.name for one in EvaluationGiven._meta.get_fields()} == {"id", "member"}


def test_too_few_are_not_shown(session: ClassSession, officer: Any):
    evaluated(session, 2)
    classes.close_class(session.training_class, by=officer, now=EVENING)
    assert not evaluations.results(session.training_class).shown


# -- The whole -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 3, 30])
def test_the_whole_of_a_class_takes_the_same_queries(
    session: ClassSession, enterprise: Enterprise, people: int
):
    for number in range(people):
        person = a_person(number)
        at_work(enterprise, person)
        joins(session.training_class, person)
        was_there(session, person)
    found = TrainingClass.objects.select_related("course", "enterprise", "place", "by").get()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        told = class_facts.whole(found)
    assert len(queries) == 7
    assert (len(told.participants), told.people_completed) == (people, people)
    assert told.lecturers == ("王教授，高级工程师，云溪安全学校",)
    one = told.participants[0]
    assert (one.credited_ms, one.present, one.enterprise) == (
        90 * 60_000, 90 * MINUTE, enterprise.name,
    )  # fmt: skip
    assert one.presences[session.pk].came == class_facts.Sign(NINE - 5 * MINUTE, "扫码")


def test_an_employment_that_ended_is_no_employer(
    found: TrainingClass, learner: Any, enterprise: Enterprise
):
    at_work(enterprise, learner, ended_on=datetime(2026, 11, 10).date())
    assert joins(found, learner).enterprise is None
    assert Employment.objects.count() == 1
