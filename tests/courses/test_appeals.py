"""An appeal is raised once and in time, decided by somebody who did not mark; marks, certificate and learner follow."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.acts import appeals, exams, hand_marks
from courses.models import (
    Appeal,
    AppealDecision,
    Attempt,
    Certificate,
    Earned,
    Enrolment,
    Remark,
    Revocation,
)
from credit.models import AuditEntry, Message
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
from tests.courses.item_kit import right_answer

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def of_office(serial: int, name: str = "王复核", role: str = "reviewer") -> Any:
    person = make_learner(name, serial)
    person.groups.add(Group.objects.get(name=role))
    return person


@pytest.fixture
def learner(db: None) -> Any:
    return make_learner()


@pytest.fixture
def officer(db: None) -> Any:
    return of_office(90)


@pytest.fixture
def enrolment(learner: Any) -> Enrolment:
    course = make_course()
    small_exam(course)
    return enrol(learner, course)


def sit(enrolment: Enrolment, learner: Any, *, right: int, now: Any = NOON) -> Attempt:
    """An attempt with so many of five right, 20 points each."""
    attempt = exams.start(enrolment, learner=learner, now=now)
    for place in places_of(attempt):
        chosen = right_of(place) if place.position <= right else wrong_of(place)
        exams.save_answer(attempt, learner=learner, position=place.position, chosen=chosen, now=now)
    return exams.submit(attempt, learner=learner, now=now)


@pytest.fixture
def failed(enrolment: Enrolment, learner: Any) -> Attempt:
    return sit(enrolment, learner, right=3)


def raise_(attempt: Attempt, learner: Any, *, now: Any = NOON + DAY) -> Appeal:
    return appeals.appeal(attempt, learner=learner, reason=" 第5题的答案有误 ", now=now)


def decide(appeal: Appeal, officer: Any, points: dict[int, int], now: Any = NOON + 2 * DAY) -> Any:
    return appeals.decide(appeal, officer=officer, points=points, reason="题目有歧义", now=now)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_fail_becomes_a_pass_and_its_certificate_is_issued(
    failed: Attempt, learner: Any, officer: Any
):
    appeal = raise_(failed, learner)
    assert (appeal.reason, appeal.due_on) == ("第5题的答案有误", date(2026, 12, 5))
    decision = decide(appeal, officer, {5: 20, 1: 20})
    failed.refresh_from_db()
    assert (failed.points, failed.passed) == (80, True)
    assert (decision.points_before, decision.points_after, decision.passed_after) == (60, 80, True)
    changes = Remark.objects.values_list("place__position", "points_before", "points_after")
    assert list(changes) == [(5, 0, 20)]
    certificate = Certificate.objects.get(attempt=failed)
    assert (certificate.points, certificate.issued_on) == (80, date(2026, 11, 26))
    assert [points for _, points, _ in exams.marks_of(failed)] == [20, 20, 20, 0, 20]
    # what the first marking gave stays as it was
    first = Earned.objects.order_by("place__position").values_list("points", flat=True)
    assert list(first) == [20, 20, 20, 0, 0]
    message = Message.objects.get(to=learner)
    assert (message.title, message.body) == ("考试申诉：成绩改为 80 分", "题目有歧义")
    verbs = list(AuditEntry.objects.order_by("number").values_list("verb", flat=True))
    assert verbs == ["appeal.raise", "appeal.decide"]


def test_a_pass_becomes_a_fail_and_its_certificate_is_revoked(
    enrolment: Enrolment, learner: Any, officer: Any
):
    attempt = sit(enrolment, learner, right=4)
    decide(raise_(attempt, learner), officer, {1: 0})
    attempt.refresh_from_db()
    assert (attempt.points, attempt.passed) == (60, False)
    revocation = Revocation.objects.get(certificate__attempt=attempt)
    assert (revocation.officer, revocation.retrain, revocation.reason) == (
        officer,
        True,
        "考试申诉改分，现在 60 分，不合格",
    )


def test_the_marks_may_be_kept(failed: Attempt, learner: Any, officer: Any):
    decision = decide(raise_(failed, learner), officer, {1: 20, 4: 0})
    assert (decision.points_before, decision.points_after) == (60, 60)
    assert (Remark.objects.count(), Certificate.objects.count()) == (0, 0)
    assert Message.objects.get(to=learner).title == "考试申诉：维持原来的成绩"


def test_no_next_attempt_while_an_appeal_waits(
    enrolment: Enrolment, failed: Attempt, learner: Any, officer: Any
):
    appeal = raise_(failed, learner)
    later = NOON + 3 * DAY
    assert exams.readiness(enrolment, now=later).reason == "您的申诉还没有处理完，处理完再考"
    decide(appeal, officer, {})
    assert exams.readiness(enrolment, now=later).allowed


@pytest.mark.parametrize(
    ("now", "reason"),
    [(NOON + 7 * DAY + MINUTE, "出成绩后 7 天内可以申诉，现在已经过期"), (NOON + 7 * DAY, None)],
)
def test_an_appeal_comes_within_its_days(failed: Attempt, learner: Any, now: Any, reason: Any):
    if reason is None:
        assert raise_(failed, learner, now=now).pk
        return
    with pytest.raises(exams.RefusedError, match=reason):
        raise_(failed, learner, now=now)


def test_an_appeal_is_raised_once_with_a_reason_on_the_own_marked_attempt(
    enrolment: Enrolment, learner: Any
):
    attempt = exams.start(enrolment, learner=learner, now=NOON)
    with pytest.raises(exams.RefusedError, match="评完分才能申诉"):
        raise_(attempt, learner)
    exams.submit(attempt, learner=learner, now=NOON)
    with pytest.raises(exams.RefusedError, match="请写明哪道题、为什么"):
        appeals.appeal(attempt, learner=learner, reason="  ", now=NOON)
    with pytest.raises(Attempt.DoesNotExist):
        raise_(attempt, make_learner("李四", 2))
    raise_(attempt, learner)
    with pytest.raises(exams.RefusedError, match="只能申诉一次"):
        raise_(attempt, learner)
    assert Appeal.objects.count() == 1


def test_no_appeal_while_sitting_or_after_a_later_pass(
    enrolment: Enrolment, failed: Attempt, learner: Any
):
    second = exams.start(enrolment, learner=learner, now=NOON + DAY)
    with pytest.raises(exams.RefusedError, match="正在考试，交卷以后再申诉"):
        raise_(failed, learner)
    for place in places_of(second):
        right = {"position": place.position, "chosen": right_of(place)}
        exams.save_answer(second, learner=learner, now=NOON + DAY, **right)
    exams.submit(second, learner=learner, now=NOON + DAY)
    with pytest.raises(exams.RefusedError, match="后来的考试已经合格"):
        raise_(failed, learner)


@pytest.mark.parametrize("points", [{1: 21}, {1: -1}, {9: 0}])
def test_odd_points_are_refused_whole(
    failed: Attempt, learner: Any, officer: Any, points: dict[int, int]
):
    appeal = raise_(failed, learner)
    with pytest.raises(exams.RefusedError, match="每道题的得分应是 0 到"):
        decide(appeal, officer, {**points, 5: 20})
    assert (AppealDecision.objects.count(), Remark.objects.count()) == (0, 0)


def test_nobody_decides_what_they_sat_or_marked(officer: Any):
    marker, learner = of_office(91, "钱阅卷"), of_office(92, "孙学员")
    course = make_course()
    exam_of_every_kind(course)
    attempt = exams.start(enrol(learner, course), learner=learner, now=NOON)
    for place in places_of(attempt):
        chosen = right_answer(place.shown, place.sealed["right"])
        exams.save_answer(
            attempt, learner=learner, position=place.position, chosen=chosen, now=NOON
        )
    exams.submit(attempt, learner=learner, now=NOON)
    place = hand_marks.to_mark(marker).get()
    hand_marks.give(place, marker=marker, points=1, note="", now=NOON + 3 * DAY)
    # the days run from the last mark by hand
    appeal = raise_(attempt, learner, now=NOON + 9 * DAY)
    cases = [
        (marker, "您评过这份答卷，申诉要由另一个人处理"),
        (learner, "不能处理自己的申诉"),
        (make_learner("周无权", 5), "您没有处理考试申诉的权限"),
    ]
    for nobody, told in cases:
        with pytest.raises(exams.RefusedError, match=told):
            decide(appeal, nobody, {})
    assert list(appeals.to_decide(learner, now=NOON)) == []
    for nobody in (marker, learner):
        with pytest.raises(DatabaseError, match="neither sat nor marked"), transaction.atomic():
            AppealDecision.objects.create(
                appeal=appeal, points_before=91, points_after=100, passed_after=True,
                reason="x", by=nobody, at=NOON,
            )  # fmt: skip
    decide(appeal, officer, {place.position: 10}, now=NOON + 9 * DAY)
    attempt.refresh_from_db()
    assert attempt.points == 100
    with pytest.raises(exams.RefusedError, match="已经处理过"):
        decide(appeal, officer, {})


def test_the_database_changes_a_mark_with_its_decision_only(
    failed: Attempt, learner: Any, officer: Any
):
    with pytest.raises(DatabaseError, match="marked attempt is never edited"), transaction.atomic():
        Attempt.objects.filter(pk=failed.pk).update(points=80, passed=True)
    decision = decide(raise_(failed, learner), officer, {5: 20})
    for wrong in ({"points": 100}, {"passed": False}, {"submitted_at": NOON + DAY}):
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            Attempt.objects.filter(pk=failed.pk).update(**wrong)
    for statement in (
        "UPDATE courses_appealdecision SET points_after = 100",
        "DELETE FROM courses_remark",
        "UPDATE courses_appeal SET reason = 'x'",
    ):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            connection.cursor().execute(statement)
    person = make_learner("李四", 2)
    other = sit(enrol(person, failed.exam.course), person, right=0)
    with pytest.raises(DatabaseError, match="within its points"), transaction.atomic():
        Remark.objects.create(
            place=places_of(other)[0], decision=decision, points_before=0, points_after=20
        )


# -- Pages -------------------------------------------------------------------------------------------


@pytest.fixture
def tomorrow() -> Any:
    with time_machine.travel(NOON + DAY, tick=False) as clock:
        yield clock


def test_the_whole_way_on_the_pages(
    client: Client, as_staff: Any, failed: Attempt, learner: Any, officer: Any, tomorrow: Any
):
    client.force_login(learner)
    result = f"/learn/attempts/{failed.pk}/result/"
    form = f"/learn/attempts/{failed.pk}/appeal/"
    assert f'href="{form}"' in text_of(client.get(result))
    empty = client.post(form, {"reason": " "})
    assert (empty.status_code, "请写明哪道题、为什么" in text_of(empty)) == (422, True)
    page = text_of(client.post(form, {"reason": "第5题有误"}, follow=True))
    assert "您的申诉已经收到，2026年12月5日前处理" in page
    assert "只能申诉一次" in text_of(client.get(form))

    as_staff(client, officer)
    assert "考试申诉（1）" in text_of(client.get("/learn/office/appeals/"))
    address = f"/learn/office/appeals/{Appeal.objects.get().pk}/"
    page = text_of(client.get(address))
    assert "第5题有误" in page
    assert "没有离开过考试页面" in page
    bad = client.post(address, {"p5": "x", "reason": "有歧义"})
    assert "每道题的得分应是 0 到这道题分值之间的整数" in text_of(bad)
    assert AppealDecision.objects.count() == 0
    marks = {f"p{place.position}": "20" for place in places_of(failed)}
    page = text_of(client.post(address, {**marks, "reason": "有歧义"}, follow=True))
    assert "没有等处理的申诉" in page
    assert "60 分 → 100 分" in text_of(client.get(address))

    client.force_login(learner)
    page = text_of(client.get(result))
    assert "60 分改为 100 分" in page
    assert "有歧义（王复核，2026年11月25日）" in page
    assert "打开证书" in page


def test_appeals_are_nobody_else_s(client: Client, failed: Attempt, learner: Any, tomorrow: Any):
    appeal = raise_(failed, learner)
    client.force_login(make_learner("李四", 2))
    assert client.get(f"/learn/attempts/{failed.pk}/appeal/").status_code == 404
    for address in ("/learn/office/appeals/", f"/learn/office/appeals/{appeal.pk}/"):
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_list_of_appeals_asks_the_same_for_any_number(
    client: Client, as_staff: Any, officer: Any, tomorrow: Any, number: int
):
    course = make_course()
    small_exam(course)
    for serial in range(number):
        person = make_learner("张三", serial)
        raise_(sit(enrol(person, course), person, right=0), person)
    as_staff(client, officer)
    with CaptureQueriesContext(connection) as queries:
        page = text_of(client.get("/learn/office/appeals/"))
    assert page.count("<article") == number
    assert len([row for row in queries if "SAVEPOINT" not in row["sql"]]) == 7
