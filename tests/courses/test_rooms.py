"""Around an exam: its window, more time for one person, late answers, who the person is, leaving the page."""

import json
import threading
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.acts import exams, extra_time, identity, leaving
from courses.checks import identity_without_a_face
from courses.models import (
    Answer,
    Attempt,
    Certificate,
    Enrolment,
    Exam,
    ExtraTime,
    IdentityCheck,
    IdentityCode,
    IdentityUse,
    LeaveEvent,
    RefusedAnswer,
)
from courses.tasks import close_due_attempts
from credit.models import AuditEntry, Employment, Enterprise
from credit.models.managers import EnterpriseManager
from tests.courses.exam_kit import (
    NOON,
    enrol,
    exam_of_every_kind,
    make_course,
    make_learner,
    places_of,
    right_of,
    small_exam,
    wrong_of,
)

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def learner(db: None) -> Any:
    return make_learner()


@pytest.fixture
def enrolment(learner: Any) -> Enrolment:
    course = make_course()
    small_exam(course)
    return Enrolment.objects.select_related("course__exam", "person").get(
        pk=enrol(learner, course).pk
    )


@pytest.fixture
def attempt(enrolment: Enrolment, learner: Any) -> Attempt:
    return exams.start(enrolment, learner=learner, now=NOON)


def office(role: str = "editor", serial: int = 90) -> Any:
    person = make_learner("王考官", serial)
    person.groups.add(Group.objects.get(name=role))
    return person


@pytest.fixture
def officer(db: None) -> Any:
    return office()


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOON + 5 * MINUTE, tick=False) as clock:
        yield clock


def change(enrolment: Enrolment, **terms: Any) -> None:
    Exam.objects.filter(course=enrolment.course_id).update(**terms)
    enrolment.course.exam.refresh_from_db()


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def post(client: Client, address: str, message: Any) -> Any:
    return client.post(address, json.dumps(message), content_type="application/json")


# -- The window --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opens", "closes", "reason"),
    [
        (MINUTE, None, "考试还没有开放，2026年11月24日12:01起可以考"),
        (None, timedelta(), "考试在2026年11月24日12:00已经停止进场，请联系培训单位"),
        (-HOUR, HOUR, None),
        (timedelta(), SECOND, None),
    ],
)
def test_an_exam_begins_within_its_window(
    enrolment: Enrolment, learner: Any, opens: Any, closes: Any, reason: str | None
):
    change(
        enrolment,
        opens_at=None if opens is None else NOON + opens,
        closes_at=None if closes is None else NOON + closes,
    )
    if reason is None:
        assert exams.start(enrolment, learner=learner, now=NOON).number == 1
        return
    with pytest.raises(exams.RefusedError, match=reason):
        exams.start(enrolment, learner=learner, now=NOON)
    assert Attempt.objects.count() == 0


def test_whoever_has_begun_keeps_the_whole_time(enrolment: Enrolment, learner: Any):
    change(enrolment, closes_at=NOON + SECOND)
    attempt = exams.start(enrolment, learner=learner, now=NOON)
    late = NOON + 90 * MINUTE
    exams.save_answer(attempt, learner=learner, position=1, chosen=[0], now=late)
    assert exams.start(enrolment, learner=learner, now=late) == attempt
    assert attempt.deadline == NOON + 120 * MINUTE


def test_a_window_that_closes_before_it_opens_is_refused(enrolment: Enrolment):
    with pytest.raises(IntegrityError, match="exam_closes_after_it_opens"), transaction.atomic():
        change(enrolment, opens_at=NOON, closes_at=NOON)
    exam = enrolment.course.exam
    exam.opens_at, exam.closes_at = NOON, NOON - SECOND
    with pytest.raises(ValidationError, match="exam_closes_after_it_opens"):
        exam.validate_constraints()


# -- More time ---------------------------------------------------------------------------------------


def test_more_time_during_an_attempt_moves_its_deadline(
    attempt: Attempt, enrolment: Enrolment, learner: Any, officer: Any
):
    row = extra_time.grant(
        enrolment, minutes=30, reason=" 机房停电  半小时 ", by=officer, now=NOON + HOUR
    )
    attempt.refresh_from_db()
    assert attempt.deadline == NOON + 150 * MINUTE
    assert (row.attempt, row.reason, row.by) == (attempt, "机房停电 半小时", officer)
    assert (row.deadline_before, row.deadline_after) == (
        NOON + 120 * MINUTE,
        NOON + 150 * MINUTE,
    )
    kept = exams.save_answer(
        attempt, learner=learner, position=1, chosen=[1], now=NOON + 149 * MINUTE
    )
    assert (kept.chosen, kept.deadline) == ([1], NOON + 150 * MINUTE)
    entry = AuditEntry.objects.latest("number")
    assert (entry.verb, entry.actor) == ("exam.extra_time", officer)


def test_more_time_before_an_attempt_is_in_its_deadline(
    enrolment: Enrolment, learner: Any, officer: Any
):
    extra_time.grant(enrolment, minutes=20, reason="视力障碍", by=officer, now=NOON)
    extra_time.grant(enrolment, minutes=10, reason="视力障碍", by=officer, now=NOON)
    attempt = exams.start(enrolment, learner=learner, now=NOON)
    assert attempt.deadline == NOON + 150 * MINUTE


@pytest.mark.parametrize(
    ("minutes", "reason", "told"),
    [
        (0, "停电", "一个人最多延长 60 分钟，还可以延长 60 分钟"),
        (61, "停电", "一个人最多延长 60 分钟，还可以延长 60 分钟"),
        (10, "  ", "请写明延长的原因"),
    ],
)
def test_odd_grants_are_refused(
    attempt: Attempt, enrolment: Enrolment, officer: Any, minutes: int, reason: str, told: str
):
    with pytest.raises(exams.RefusedError, match=told):
        extra_time.grant(enrolment, minutes=minutes, reason=reason, by=officer, now=NOON)
    assert ExtraTime.objects.count() == 0


def test_grants_are_summed_against_the_most(enrolment: Enrolment, learner: Any, officer: Any):
    extra_time.grant(enrolment, minutes=40, reason="视力障碍", by=officer, now=NOON)
    exams.start(enrolment, learner=learner, now=NOON)
    with pytest.raises(exams.RefusedError, match="还可以延长 20 分钟"):
        extra_time.grant(enrolment, minutes=21, reason="停电", by=officer, now=NOON)
    extra_time.grant(enrolment, minutes=20, reason="停电", by=officer, now=NOON)


def test_no_more_time_after_the_end_for_oneself_or_by_anybody(
    attempt: Attempt, enrolment: Enrolment, learner: Any, officer: Any
):
    with pytest.raises(exams.RefusedError, match="您没有管考场的权限"):
        extra_time.grant(enrolment, minutes=5, reason="停电", by=learner, now=NOON)
    with pytest.raises(exams.RefusedError, match="这次考试已经结束"):
        extra_time.grant(
            enrolment, minutes=5, reason="停电", by=officer, now=attempt.deadline + 11 * SECOND
        )
    own = Enrolment.objects.get(pk=enrol(officer, make_course("动火")).pk)
    with pytest.raises(exams.RefusedError, match="不能给自己延长考试时间"):
        extra_time.grant(own, minutes=5, reason="停电", by=officer, now=NOON)
    elsewhere = office("credit_officer", 91)
    with pytest.raises(exams.RefusedError, match="这名考生不归您管"):
        extra_time.grant(enrolment, minutes=5, reason="停电", by=elsewhere, now=NOON)


def test_the_database_moves_a_deadline_with_its_row_only(
    attempt: Attempt, enrolment: Enrolment, learner: Any, officer: Any
):
    for wrong in ({"deadline": NOON + 5 * HOUR}, {"started_at": NOON + SECOND}, {"pass_mark": 1}):
        with pytest.raises(DatabaseError, match="terms of an attempt stay"), transaction.atomic():
            Attempt.objects.filter(pk=attempt.pk).update(**wrong)
    row = {
        "enrolment": enrolment,
        "attempt": attempt,
        "minutes": 5,
        "reason": "停电",
        "deadline_before": attempt.deadline,
        "deadline_after": attempt.deadline + 5 * MINUTE,
        "at": NOON,
    }
    with pytest.raises(DatabaseError, match="given by another person"), transaction.atomic():
        ExtraTime.objects.create(**row, by=learner)
    ExtraTime.objects.create(**row, by=officer)
    with pytest.raises(DatabaseError, match="terms of an attempt stay"), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(deadline=attempt.deadline + 6 * MINUTE)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=attempt.deadline + 5 * MINUTE)
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        connection.cursor().execute("UPDATE courses_extratime SET minutes = 9")


def test_the_task_leaves_an_attempt_that_was_given_more_time(
    attempt: Attempt, enrolment: Enrolment, officer: Any
):
    extra_time.grant(enrolment, minutes=30, reason="停电", by=officer, now=NOON)
    with time_machine.travel(NOON + 121 * MINUTE, tick=False):
        assert close_due_attempts() == 0
        # somebody read the attempt before the deadline moved
        assert (
            exams.close_if_due(Attempt.objects.get(pk=attempt.pk), now=NOON + 121 * MINUTE) is False
        )
        assert exams.close_if_due(attempt, now=NOON + 121 * MINUTE) is False
    with time_machine.travel(NOON + 151 * MINUTE, tick=False):
        assert (close_due_attempts(), close_due_attempts()) == (1, 0)
    attempt.refresh_from_db()
    assert (attempt.ended_by, attempt.submitted_at) == ("clock", NOON + 150 * MINUTE)


def test_one_attempt_that_cannot_be_marked_holds_up_no_other(
    attempt: Attempt, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
):
    other = make_learner("李四", 2)
    second = exams.start(enrol(other, enrolment.course), learner=other, now=NOON + SECOND)
    settle = exams.settle

    def breaks(one: Attempt, at: Any) -> bool:
        if one.pk == attempt.pk:
            raise ValueError("broken paper")
        return settle(one, at)

    monkeypatch.setattr(exams, "settle", breaks)
    assert exams.close_due_attempts(now=NOON + 3 * HOUR) == 1
    assert list(Attempt.objects.open()) == [attempt]
    second.refresh_from_db()
    assert second.ended_by == "clock"


def test_a_page_whose_clock_ran_out_is_told_of_the_new_deadline(
    client: Client, attempt: Attempt, enrolment: Enrolment, learner: Any, officer: Any, noon: Any
):
    extra_time.grant(enrolment, minutes=30, reason="停电", by=officer, now=NOON)
    noon.move_to(NOON + 121 * MINUTE)
    client.force_login(learner)
    milliseconds = int(NOON.timestamp() * 1000)
    assert client.get(f"/learn/attempts/{attempt.pk}/state").json() == {
        "now": milliseconds + 121 * 60_000,
        "deadline": milliseconds + 150 * 60_000,
        "ended": False,
    }
    page = client.post(f"/learn/attempts/{attempt.pk}/submit/", {"over": "1"}, follow=True)
    assert page.redirect_chain[-1][0] == f"/learn/attempts/{attempt.pk}/"
    assert "考试时间延长了，可以接着答" in text_of(page)
    told = post(
        client,
        f"/learn/attempts/{attempt.pk}/answer",
        {"position": 1, "chosen": [0], "sequence": 9},
    )
    assert told.json()["deadline"] == milliseconds + 150 * 60_000
    noon.move_to(NOON + 150 * MINUTE)
    client.post(f"/learn/attempts/{attempt.pk}/submit/", {"over": "1"})
    attempt.refresh_from_db()
    assert attempt.ended_by == "clock"


def test_the_clock_of_somebody_else_is_not_told(client: Client, attempt: Attempt):
    address = f"/learn/attempts/{attempt.pk}/state"
    assert client.get(address).status_code == 401
    client.force_login(make_learner("李四", 2))
    assert client.get(address).status_code == 404


# -- Answers that come too late ----------------------------------------------------------------------


def test_a_late_answer_does_not_count_and_is_kept_from_sight_of_nobody(
    client: Client, attempt: Attempt, learner: Any, noon: Any
):
    client.force_login(learner)
    first, second = places_of(attempt)[:2]
    address = f"/learn/attempts/{attempt.pk}/answer"
    post(client, address, {"position": 1, "chosen": right_of(first), "sequence": 1000})
    noon.move_to(attempt.deadline + 11 * SECOND)
    late = {"position": 2, "chosen": right_of(second), "sequence": 2000}
    for _ in range(2):  # sent twice, kept once
        told = post(client, address, late)
        assert (told.status_code, told.json()["state"]) == (409, "closed")
        assert told.json()["message"] == "考试时间已到，这个答案没有保存；之前保存的答案照常评分"
    # the answer that counts already is no loss
    post(client, address, {"position": 1, "chosen": right_of(first), "sequence": 1000})
    kept = RefusedAnswer.objects.get()
    assert (kept.paper_question, kept.chosen, kept.sequence) == (second, right_of(second), 2000)
    assert Answer.objects.count() == 1
    page = text_of(client.get(f"/learn/attempts/{attempt.pk}/result/"))
    assert "有 1 个答案在考试结束以后才传到，没有算分" in page
    assert "<strong>20</strong> 分" in page
    told = post(client, address, {**late, "sequence": 3000})
    assert told.json()["message"] == "已经交卷，不能再改答案"


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ({"position": 99, "chosen": [0], "sequence": 1}, 400),
        ({"position": 1, "chosen": [9], "sequence": 1}, 400),
        ({"position": 1, "chosen": [0], "sequence": 0}, 400),
    ],
)
def test_bad_answers_are_refused_after_the_end_too(
    client: Client, attempt: Attempt, learner: Any, noon: Any, message: Any, status: int
):
    noon.move_to(attempt.deadline + 11 * SECOND)
    client.force_login(learner)
    told = post(client, f"/learn/attempts/{attempt.pk}/answer", message)
    assert told.status_code == status
    assert RefusedAnswer.objects.count() == Answer.objects.count() == 0


def test_refused_answers_are_bounded(
    attempt: Attempt, learner: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("courses.acts.answers.MOST_REFUSED", 3)
    exams.submit(attempt, learner=learner, now=NOON)
    for sequence in range(1, 6):
        with pytest.raises(exams.RefusedError, match="已经交卷"):
            exams.save_answer(
                attempt, learner=learner, position=1, chosen=[1], sequence=sequence, now=NOON
            )
    assert RefusedAnswer.objects.count() == 3


def test_the_database_takes_no_answer_after_the_end_nor_on_another_s_paper(
    attempt: Attempt, enrolment: Enrolment, learner: Any
):
    other = make_learner("李四", 2)
    theirs = exams.start(enrol(other, enrolment.course), learner=other, now=NOON)
    facts = {"chosen": [0], "sequence": 1, "saved_at": NOON}
    place = places_of(theirs)[0]
    with pytest.raises(DatabaseError, match="place of its own paper"), transaction.atomic():
        Answer.objects.create(attempt=attempt, paper_question=place, **facts)
    exams.submit(attempt, learner=learner, now=NOON)
    with pytest.raises(DatabaseError, match="place of its own paper"), transaction.atomic():
        Answer.objects.create(attempt=attempt, paper_question=places_of(attempt)[0], **facts)


def test_a_saved_answer_costs_six_queries_of_a_request(
    client: Client, attempt: Attempt, learner: Any, noon: Any
):
    client.force_login(learner)
    for sequence in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            message = {"position": 1, "chosen": [sequence], "sequence": sequence}
            assert post(client, f"/learn/attempts/{attempt.pk}/answer", message).status_code == 200
        asked = [row["sql"] for row in queries if "SAVEPOINT" not in row["sql"]]
        assert (
            len(asked) == 6
        )  # session, person; then the attempt, the place, the event, the answer


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_hall_saves_at_once_without_a_lock_error(transactional_db: None):
    from courses.models import CoursePage

    course = make_course()
    CoursePage.objects.update(required_minutes=0)  # the ledger's rows could not be cleaned up
    course.refresh_from_db()
    small_exam(course)
    attempts = []
    for serial in range(6):
        person = make_learner("张三", serial)
        attempts.append((exams.start(enrol(person, course), learner=person, now=NOON), person))
    faults: list[BaseException] = []
    gate = threading.Barrier(len(attempts))

    def answers(attempt: Attempt, person: Any) -> None:
        gate.wait()
        try:
            for sequence in range(1, 11):
                position = sequence % 5 + 1
                exams.save_answer(
                    attempt, learner=person, position=position, chosen=[sequence % 4],
                    sequence=sequence, now=NOON + SECOND,
                )  # fmt: skip
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=answers, args=one) for one in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Answer.objects.count() == 30


# -- Who it is ---------------------------------------------------------------------------------------


@pytest.fixture
def checked(enrolment: Enrolment) -> Enrolment:
    """The exam asks who it is."""
    change(enrolment, identity_check=True)
    return enrolment


def test_no_start_before_somebody_saw_who_it_is(checked: Enrolment, learner: Any, officer: Any):
    with pytest.raises(exams.RefusedError, match="当面核对身份"):
        exams.start(checked, learner=learner, now=NOON)
    check = identity.confirm(checked, by=officer, now=NOON)
    assert not identity.waits(checked, now=NOON)
    attempt = exams.start(checked, learner=learner, now=NOON + MINUTE)
    assert (attempt.identity.check_of, check.by, check.backend) == (check, officer, "card")
    assert identity.waits(checked, now=NOON + MINUTE)  # one check, one attempt


def test_a_check_holds_for_its_minutes(checked: Enrolment, learner: Any, officer: Any):
    identity.confirm(checked, by=officer, now=NOON)
    with pytest.raises(exams.RefusedError, match="当面核对身份"):
        exams.start(checked, learner=learner, now=NOON + 120 * MINUTE)


def test_the_employer_s_manager_may_confirm_and_nobody_else(
    checked: Enrolment, learner: Any, officer: Any, enterprise: Enterprise
):
    Employment.objects.create(
        enterprise=enterprise, person=learner, position="worker", began_on=date(2026, 1, 1)
    )
    boss, stranger = make_learner("赵经理", 3), make_learner("钱经理", 4)
    EnterpriseManager.objects.create(
        person=boss, enterprise=enterprise, paper="授权委托书", from_day=date(2026, 1, 1),
        appointed_by=officer,
    )  # fmt: skip
    for nobody, told in ((stranger, "不归您管"), (learner, "不归您管")):
        with pytest.raises(exams.RefusedError, match=told):
            identity.confirm(checked, by=nobody, now=NOON)
    assert identity.confirm(checked, by=boss, now=NOON).by == boss
    with pytest.raises(DatabaseError, match="own identity"), transaction.atomic():
        IdentityCheck.objects.create(
            enrolment=checked, backend="card", by=learner, at=NOON, until=NOON + HOUR
        )


def test_a_code_is_typed_once_within_minutes(
    client: Client, checked: Enrolment, learner: Any, officer: Any, noon: Any
):
    code = identity.give_code(checked, by=officer, now=NOON + 5 * MINUTE)
    assert code not in str(IdentityCode.objects.values_list("digest").get())
    client.force_login(learner)
    start = f"/learn/exams/{checked.pk}/"
    assert "开考前要核对身份" in text_of(client.get(start))
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert "口令不对" in text_of(client.post(start, {"given_code": wrong}))
    assert "当面核对身份" in text_of(client.post(start, {}))
    assert Attempt.objects.count() == 0
    client.post(start, {"given_code": code})
    attempt = Attempt.objects.get()
    check = IdentityUse.objects.get(attempt=attempt).check_of
    assert (check.backend, check.by) == ("code", officer)
    with pytest.raises(exams.RefusedError, match="没有可用的口令"):
        identity.claim(checked, backend="code", given=code, now=NOON + 6 * MINUTE)


def test_a_code_is_not_guessed_nor_kept_for_long(checked: Enrolment, officer: Any):
    code = identity.give_code(checked, by=officer, now=NOON)
    for _ in range(5):
        with pytest.raises(exams.RefusedError, match="口令不对"):
            identity.claim(checked, backend="code", given="no", now=NOON)
    with pytest.raises(exams.RefusedError, match="没有可用的口令"):
        identity.claim(checked, backend="code", given=code, now=NOON)
    old = identity.give_code(checked, by=officer, now=NOON)
    newer = identity.give_code(checked, by=officer, now=NOON + SECOND)
    if old != newer:
        with pytest.raises(exams.RefusedError, match="口令不对"):
            identity.claim(checked, backend="code", given=old, now=NOON + SECOND)
    with pytest.raises(exams.RefusedError, match="没有可用的口令"):
        identity.claim(checked, backend="code", given=newer, now=NOON + 11 * MINUTE)
    with pytest.raises(exams.RefusedError, match="没有这种核对方式"):
        identity.claim(checked, backend="card", given="x", now=NOON)


class Machine:
    """A way that an installation adds: no person vouches."""

    code, label, asks, by_learner, face = "machine", "读卡器", "卡号", True, False

    def check(self, enrolment: Enrolment, *, given: str, by: Any, now: Any) -> Any:
        if given != "42":
            raise exams.RefusedError(identity.Ruling(False, "读不到卡", ""))
        return None


def test_an_installation_may_add_a_way(checked: Enrolment, learner: Any, settings: Any):
    settings.EXAM_IDENTITY_BACKENDS = [
        *settings.EXAM_IDENTITY_BACKENDS,
        "tests.courses.test_rooms.Machine",
    ]
    assert list(identity.backends()) == ["card", "code", "machine"]
    with pytest.raises(exams.RefusedError, match="读不到卡"):
        identity.claim(checked, backend="machine", given="1", now=NOON)
    check = identity.claim(checked, backend="machine", given="42", now=NOON)
    assert (check.by, check.backend) == (None, "machine")
    assert exams.start(checked, learner=learner, now=NOON).identity.check_of == check


class Face(Machine):
    """By face."""

    code, face = "face", True


@pytest.mark.parametrize(
    ("paths", "codes"),
    [
        (["courses.acts.identity.OneTimeCode", "tests.courses.test_rooms.Face"], []),
        (["tests.courses.test_rooms.Face"], ["courses.E005"]),
        ([], ["courses.E005"]),
        (["courses.acts.identity.SeenCard", "no.such.Way"], ["courses.E004"]),
    ],
)
def test_a_way_without_a_face_must_stay(settings: Any, paths: list[str], codes: list[str]):
    settings.EXAM_IDENTITY_BACKENDS = paths
    assert [fault.id for fault in identity_without_a_face()] == codes


# -- Leaving the page --------------------------------------------------------------------------------


def at(seconds: int) -> int:
    return int((NOON + timedelta(seconds=seconds)).timestamp() * 1000)


def test_leaving_is_noted_once_and_shown_with_its_length(
    client: Client, attempt: Attempt, learner: Any, noon: Any
):
    client.force_login(learner)
    address = f"/learn/attempts/{attempt.pk}/left"
    events = [["left", at(10)], ["back", at(75)], ["left", at(200)]]
    reload = [["left", at(80)], ["back", at(82)]]  # kept, and not listed
    assert post(client, address, {"events": reload}).json() == {"state": "noted", "new": 2}
    assert post(client, address, {"events": events}).json() == {"state": "noted", "new": 3}
    assert post(client, address, {"events": events}).json() == {"state": "noted", "new": 0}
    found = leaving.absences(attempt)
    assert [one.seconds for one in found] == [65, None]
    assert leaving.told(found) == "离开考试页面 2 次，共 1 分 5 秒"
    attempt.refresh_from_db()
    assert attempt.submitted_at is None  # nothing follows by itself


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"events": []},
        {"events": [["gone", 1]]},
        {"events": [["left", 1]]},
        {"events": [["left", at(301 + 5)]]},
        {"events": [["left", 10**30]]},
        {"events": [["left", True]]},
        {"events": [["left", at(1)]] * 51},
        {"events": ["left"]},
        [],
    ],
)
def test_odd_leavings_are_refused(
    client: Client, attempt: Attempt, learner: Any, noon: Any, message: Any
):
    client.force_login(learner)
    assert post(client, f"/learn/attempts/{attempt.pk}/left", message).status_code == 400
    assert LeaveEvent.objects.count() == 0


def test_nobody_notes_for_another(client: Client, attempt: Attempt, noon: Any):
    message = {"events": [["left", at(1)]]}
    address = f"/learn/attempts/{attempt.pk}/left"
    assert post(client, address, message).status_code == 401
    client.force_login(make_learner("李四", 2))
    assert post(client, address, message).status_code == 404
    assert LeaveEvent.objects.count() == 0


def test_the_marker_sees_what_was_left_and_not_by_whom(
    client: Client, as_staff: Any, learner: Any, officer: Any, noon: Any
):
    course = make_course()
    exam_of_every_kind(course)
    attempt = exams.start(enrol(learner, course), learner=learner, now=NOON)
    place = next(one for one in places_of(attempt) if one.shown["kind"] == "short")
    exams.save_answer(attempt, learner=learner, position=place.position, chosen=["缺氧"], now=NOON)
    events = [("left", at(10)), ("back", at(75))]
    leaving.note(attempt, learner=learner, events=events, now=NOON + 5 * MINUTE)
    exams.submit(attempt, learner=learner, now=NOON + 5 * MINUTE)
    as_staff(client, officer)
    page = text_of(client.get("/learn/office/marking/"))
    assert "这份答卷的考生离开考试页面 1 次，共 1 分 5 秒" in page
    assert learner.real_name not in page


# -- Pages -------------------------------------------------------------------------------------------


def test_the_room_is_for_who_looks_after_exams(
    client: Client,
    as_staff: Any,
    attempt: Attempt,
    enrolment: Enrolment,
    learner: Any,
    officer: Any,
    noon: Any,
):
    client.force_login(learner)
    assert client.get("/learn/office/room/").status_code == 403
    as_staff(client, office("credit_officer", 91))
    assert "李小明" not in text_of(client.get("/learn/office/room/"))
    assert client.get(f"/learn/office/room/{enrolment.pk}/").status_code == 404
    assert client.post(f"/learn/office/room/{enrolment.pk}/confirm/").status_code == 404
    as_staff(client, officer)
    page = text_of(client.get("/learn/office/room/", {"q": learner.real_name}))
    assert f'href="/learn/office/room/{enrolment.pk}/"' in page
    assert "正在考试（1）" in page


def test_more_time_is_given_on_the_page(
    client: Client,
    as_staff: Any,
    attempt: Attempt,
    enrolment: Enrolment,
    learner: Any,
    officer: Any,
    noon: Any,
):
    as_staff(client, officer)
    address = f"/learn/office/room/{enrolment.pk}/"
    bad = client.post(address, {"minutes": "61", "reason": "停电"})
    assert (bad.status_code, "一个人最多延长 60 分钟" in text_of(bad)) == (422, True)
    page = text_of(client.post(address, {"minutes": "15", "reason": "停电"}, follow=True))
    assert "已延长，截止时间改为 14:15" in page
    assert "王考官 延长 15 分钟，截止 14:15。原因：停电" in page
    client.force_login(learner)
    page = text_of(client.get(f"/learn/exams/{enrolment.pk}/"))
    assert "王考官 给您延长 15 分钟，截止 14:15。原因：停电" in page


def test_the_card_or_a_code_on_the_page(
    client: Client, as_staff: Any, checked: Enrolment, learner: Any, officer: Any, noon: Any
):
    as_staff(client, officer)
    address = f"/learn/office/room/{checked.pk}/"
    page = text_of(client.post(f"{address}confirm/", {"code": "1"}))
    assert "只显示这一次，10 分钟内有效" in page
    assert "只显示这一次" not in text_of(client.get(address))
    page = text_of(client.post(f"{address}confirm/", {"seen": "1"}, follow=True))
    assert "已核对，可以开始考试" in page
    assert "当面看身份证原件，王考官 核对" in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_learner_s_page_asks_the_same_for_any_number_of_attempts(
    client: Client,
    as_staff: Any,
    enrolment: Enrolment,
    learner: Any,
    officer: Any,
    noon: Any,
    number: int,
):
    change(enrolment, attempts_allowed=9, wait_hours=0)
    for turn in range(number):
        attempt = exams.start(enrolment, learner=learner, now=NOON + turn * MINUTE)
        for place in places_of(attempt):
            exams.save_answer(
                attempt, learner=learner, position=place.position, chosen=wrong_of(place),
                now=NOON + turn * MINUTE,
            )  # fmt: skip
        exams.submit(attempt, learner=learner, now=NOON + turn * MINUTE + SECOND)
    assert Certificate.objects.count() == 0
    as_staff(client, officer)
    with CaptureQueriesContext(connection) as queries:
        page = text_of(client.get(f"/learn/office/room/{enrolment.pk}/"))
    assert page.count("没有离开过考试页面") == number
    assert len([row for row in queries if "SAVEPOINT" not in row["sql"]]) == 11
