"""A learner sits an exam: the paper is frozen, the server's clock decides, the newest answer counts."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from courses.acts import exams
from courses.acts.questions import Draft, revise_question
from courses.acts.study import standing
from courses.models import (
    Answer,
    AnswerEvent,
    Attempt,
    Certificate,
    CoursePage,
    Enrolment,
    Question,
)
from courses.tasks import close_due_attempts
from tests.courses.exam_kit import (
    NOON,
    a_question,
    enrol,
    make_course,
    make_learner,
    places_of,
    right_of,
    small_exam,
    wrong_of,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def learner(db: None) -> Any:
    return make_learner()


@pytest.fixture
def enrolment(learner: Any) -> Enrolment:
    course = make_course()
    small_exam(course)
    return enrol(learner, course)


@pytest.fixture
def attempt(enrolment: Enrolment, learner: Any) -> Attempt:
    return exams.start(enrolment, learner=learner, now=NOON)


def answer_all(attempt: Attempt, learner: Any, *, right: int) -> None:
    for place in places_of(attempt):
        chosen = right_of(place) if place.position <= right else wrong_of(place)
        exams.save_answer(
            attempt, learner=learner, position=place.position, chosen=chosen, now=NOON
        )


def test_a_start_draws_a_paper_and_sets_the_server_s_deadline(attempt: Attempt):
    assert (attempt.number, attempt.started_at) == (1, NOON)
    assert attempt.deadline == NOON + timedelta(minutes=120)
    assert attempt.pass_mark == 80
    assert attempt.figures == "exams-2026@4"
    assert [place.position for place in places_of(attempt)] == [1, 2, 3, 4, 5]
    assert sum(place.points for place in places_of(attempt)) == 100


def test_the_right_places_follow_the_shuffled_options(attempt: Attempt):
    for place in places_of(attempt):
        texts = [place.shown["options"][number] for number in right_of(place)]
        assert [text[0] for text in texts] == ["对"]


def test_a_second_start_continues_the_open_attempt(
    enrolment: Enrolment, learner: Any, attempt: Attempt
):
    again = exams.start(enrolment, learner=learner, now=NOON + timedelta(hours=1))
    assert again == attempt
    assert Attempt.objects.count() == 1


def test_the_database_holds_one_open_attempt(attempt: Attempt):
    attempt.pk, attempt.number = None, 2
    with pytest.raises(IntegrityError, match="enrolment"), transaction.atomic():
        attempt.save(force_insert=True)


def test_study_comes_first_and_says_what_is_missing(learner: Any):
    course = make_course()
    small_exam(course)
    enrolment = enrol(learner, course, studied=False)
    with pytest.raises(exams.RefusedError) as refusal:
        exams.start(enrolment, learner=learner, now=NOON)
    assert refusal.value.ruling == standing(enrolment)
    assert not refusal.value.ruling.allowed
    assert Attempt.objects.count() == 0


def test_a_real_name_comes_first(enrolment: Enrolment, learner: Any):
    learner.real_name = ""
    learner.save()
    with pytest.raises(exams.RefusedError, match="请先填写真实姓名"):
        exams.start(enrolment, learner=learner, now=NOON)


@pytest.mark.parametrize("name", ["", " ", "张", "张3", "张三<b>", "字" * 61])
def test_an_impossible_name_is_refused(learner: Any, name: str):
    with pytest.raises(exams.RefusedError, match="请填写身份证上的姓名"):
        exams.set_real_name(name, person=learner)


def test_a_name_is_kept_without_stray_blanks(learner: Any):
    exams.set_real_name("  买买提 · 艾力 ", person=learner)
    learner.refresh_from_db()
    assert learner.real_name == "买买提·艾力"


def test_a_bank_that_shrank_is_told_before_a_paper_is_drawn(enrolment: Enrolment, learner: Any):
    Question.objects.update(active=False)
    with pytest.raises(exams.RefusedError, match="题库正在调整，现在抽不出试卷"):
        exams.start(enrolment, learner=learner, now=NOON)
    assert exams.paper_faults(enrolment.course.exam) == [
        "单选题“有限空间”需要 1 道，题库只有 0 道，还缺 1 道",
        "单选题需要 5 道，题库只有 0 道，还缺 5 道",
    ]
    assert Attempt.objects.count() == 0


def test_a_changed_question_does_not_reach_a_paper_already_drawn(attempt: Attempt):
    place = places_of(attempt)[0]
    draft = Draft(kind="single", stem="改过的题", options=["甲", "乙"], right=frozenset({1}))
    new = revise_question(place.question, draft)
    place.refresh_from_db()
    assert place.question_id != new.pk
    assert place.shown["stem"].startswith("single第")


def test_an_answer_is_saved_as_it_is_given(attempt: Attempt, learner: Any):
    kept = exams.save_answer(
        attempt, learner=learner, position=1, chosen=[2], sequence=1000, now=NOON
    )
    assert kept == exams.Kept(True, [2], 1000, attempt.deadline)
    assert [
        (answer.chosen, answer.sequence, answer.saved_at) for answer in attempt.answers.all()
    ] == [([2], 1000, NOON)]


def test_a_late_retry_never_overwrites_a_newer_answer(attempt: Attempt, learner: Any):
    for sequence, chosen in [(1000, [0]), (3000, [2]), (2000, [1])]:
        kept = exams.save_answer(
            attempt, learner=learner, position=1, chosen=chosen, sequence=sequence, now=NOON
        )
    assert kept == exams.Kept(False, [2], 3000, attempt.deadline)
    assert attempt.answers.get().chosen == [2]
    events = AnswerEvent.objects.values_list("chosen", "sequence", "kept")
    assert list(events) == [([0], 1000, True), ([2], 3000, True), ([1], 2000, False)]


def test_the_same_message_twice_is_one_answer_and_one_event(attempt: Attempt, learner: Any):
    for _ in range(2):
        kept = exams.save_answer(
            attempt, learner=learner, position=1, chosen=[1], sequence=1000, now=NOON
        )
    assert kept == exams.Kept(True, [1], 1000, attempt.deadline)
    assert AnswerEvent.objects.count() == Answer.objects.count() == 1


def test_a_page_without_script_is_numbered_as_the_newest(attempt: Attempt, learner: Any):
    ahead = int(NOON.timestamp() * 1000) + 60_000
    exams.save_answer(attempt, learner=learner, position=1, chosen=[1], sequence=ahead, now=NOON)
    saved = exams.save_page(attempt, learner=learner, answers={1: [2], 3: [0], 99: [0]}, now=NOON)
    assert saved == 2
    assert list(attempt.answers.order_by("paper_question").values_list("chosen", flat=True)) == [
        [2],
        [0],
    ]


@pytest.mark.parametrize(
    ("position", "chosen", "sequence", "message"),
    [
        (99, [0], 1, "试卷上没有第99题"),
        (1, [4], 1, "第1题没有这个选项"),
        (1, [-1], 1, "第1题没有这个选项"),
        (1, [0, 1], 1, "第1题只能选一个选项"),
        (1, [0], 0, "次序号不对"),
        (1, [0], 2**53 + 1, "次序号不对"),
    ],
)
def test_an_impossible_answer_is_refused(
    attempt: Attempt, learner: Any, position: int, chosen: list[int], sequence: int, message: str
):
    with pytest.raises(exams.BadAnswerError, match=message):
        exams.save_answer(
            attempt,
            learner=learner,
            position=position,
            chosen=chosen,
            sequence=sequence,
            now=NOON,
        )
    assert AnswerEvent.objects.count() == 0


def test_an_answer_may_be_taken_back(attempt: Attempt, learner: Any):
    for sequence, chosen in [(1, [0]), (2, [])]:
        exams.save_answer(
            attempt, learner=learner, position=1, chosen=chosen, sequence=sequence, now=NOON
        )
    assert attempt.answers.get().chosen == []


def test_a_late_answer_is_refused_by_the_server_s_clock(attempt: Attempt, learner: Any):
    in_grace = attempt.deadline + 10 * SECOND
    exams.save_answer(attempt, learner=learner, position=1, chosen=[0], now=in_grace)
    with pytest.raises(exams.RefusedError, match="考试时间已到，这个答案没有保存"):
        exams.save_answer(attempt, learner=learner, position=2, chosen=[0], now=in_grace + SECOND)
    assert attempt.answers.count() == 1


def test_nothing_changes_after_the_hand_in(attempt: Attempt, learner: Any):
    exams.submit(attempt, learner=learner, now=NOON + SECOND)
    with pytest.raises(exams.RefusedError, match="已经交卷，不能再改答案"):
        exams.save_answer(attempt, learner=learner, position=1, chosen=[0], now=NOON + SECOND)


def test_a_pass_is_marked_and_certified_at_once(attempt: Attempt, learner: Any):
    answer_all(attempt, learner, right=4)
    done = exams.submit(attempt, learner=learner, now=NOON + timedelta(minutes=40))
    assert (done.points, done.passed, done.ended_by) == (80, True, "learner")
    assert done.submitted_at == NOON + timedelta(minutes=40)
    certificate = Certificate.objects.get()
    assert (certificate.attempt, certificate.person_name) == (attempt, "㛃堃")


def test_a_fail_gives_no_certificate_and_the_resit_waits(
    enrolment: Enrolment, attempt: Attempt, learner: Any
):
    answer_all(attempt, learner, right=3)
    done = exams.submit(attempt, learner=learner, now=NOON)
    assert (done.points, done.passed) == (60, False)
    assert Certificate.objects.count() == 0
    soon = exams.readiness(enrolment, now=NOON + timedelta(hours=1))
    assert soon.reason == "离上次考试时间太短，11月25日12:00以后可以再考"
    second = exams.start(enrolment, learner=learner, now=NOON + timedelta(hours=24))
    assert second.number == 2
    exams.submit(second, learner=learner, now=NOON + timedelta(hours=25))
    never = exams.readiness(enrolment, now=NOON + timedelta(days=30))
    assert never.reason == "2次考试机会已用完，请联系培训单位重新安排学习"


def test_handing_in_twice_marks_once(attempt: Attempt, learner: Any):
    answer_all(attempt, learner, right=5)
    first = exams.submit(attempt, learner=learner, now=NOON + SECOND)
    second = exams.submit(attempt, learner=learner, now=NOON + 5 * SECOND)
    assert first.submitted_at == second.submitted_at
    assert Certificate.objects.count() == 1


def test_at_the_deadline_what_was_saved_is_marked(attempt: Attempt, learner: Any):
    answer_all(attempt, learner, right=5)
    late = attempt.deadline + 11 * SECOND
    assert not exams.close_if_due(attempt, now=attempt.deadline + 10 * SECOND)
    assert exams.close_if_due(attempt, now=late)
    assert (attempt.points, attempt.passed, attempt.ended_by) == (100, True, "clock")
    assert attempt.submitted_at == attempt.deadline
    assert Certificate.objects.count() == 1


def test_due_attempts_are_closed_together_and_once(enrolment: Enrolment, attempt: Attempt):
    others = [enrol(make_learner("李四", serial), enrolment.course) for serial in (2, 3)]
    for other in others:
        exams.start(other, learner=other.person, now=NOON + timedelta(hours=1))
    assert exams.close_due_attempts(now=NOON + timedelta(hours=2, minutes=1)) == 1
    assert exams.close_due_attempts(now=NOON + timedelta(hours=4)) == 2
    assert exams.close_due_attempts(now=NOON + timedelta(hours=4)) == 0


def test_the_task_of_each_minute_closes_what_is_due(attempt: Attempt):
    with time_machine.travel(attempt.deadline + 11 * SECOND, tick=False):
        assert (close_due_attempts(), close_due_attempts()) == (1, 0)
    attempt.refresh_from_db()
    assert (attempt.ended_by, attempt.points) == ("clock", 0)


def test_an_overdue_attempt_is_closed_by_the_next_start(
    enrolment: Enrolment, attempt: Attempt, learner: Any
):
    second = exams.start(enrolment, learner=learner, now=NOON + timedelta(days=3))
    attempt.refresh_from_db()
    assert (second.number, attempt.points, attempt.passed) == (2, 0, False)


def test_the_database_keeps_what_was_given_drawn_and_marked(attempt: Attempt, learner: Any):
    exams.save_answer(attempt, learner=learner, position=1, chosen=[0], now=NOON)
    exams.submit(attempt, learner=learner, now=NOON)
    for change in (
        lambda: AnswerEvent.objects.update(chosen=[1]),
        lambda: attempt.paper.update(points=100),
        lambda: Attempt.objects.update(points=100),
    ):
        with pytest.raises(IntegrityError, match="is never edited"), transaction.atomic():
            change()


def test_nobody_else_can_answer_or_hand_in(attempt: Attempt):
    stranger = make_learner("王五", 9)
    with pytest.raises(Attempt.DoesNotExist):
        exams.save_answer(attempt, learner=stranger, position=1, chosen=[0], now=NOON)
    with pytest.raises(Attempt.DoesNotExist):
        exams.submit(attempt, learner=stranger, now=NOON)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_hand_ins_at_once_mark_once():
    # No hours asked: the ledger's rows can never be deleted, not even by a test that cleans up.
    learner, course = make_learner(), make_course()
    CoursePage.objects.update(required_minutes=0)
    course.refresh_from_db()
    small_exam(course)
    attempt = exams.start(enrol(learner, course), learner=learner, now=NOON)
    answer_all(attempt, learner, right=5)
    results: list[Any] = []
    gate = threading.Barrier(2)

    def hand_in() -> None:
        gate.wait()
        try:
            results.append(exams.submit(attempt, learner=learner, now=NOON + SECOND).points)
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [100, 100]
    assert Certificate.objects.count() == 1


def test_questions_of_every_kind_are_marked(learner: Any):
    from courses.seeding_questions import load_bank, make_exam

    course = make_course()
    load_bank(
        course, [a_question(n, kind) for n, kind in enumerate(["single", "multiple", "true_false"])]
    )
    make_exam(
        course,
        blueprint=[("single", "", 1, 30), ("multiple", "", 1, 40), ("true_false", "", 1, 30)],
    )
    attempt = exams.start(enrol(learner, course), learner=learner, now=NOON)
    assert [place.shown["kind"] for place in places_of(attempt)] == [
        "single",
        "multiple",
        "true_false",
    ]
    answer_all(attempt, learner, right=3)
    multiple = places_of(attempt)[1]
    exams.save_answer(
        attempt, learner=learner, position=2, chosen=right_of(multiple)[:1], now=NOON + SECOND
    )
    assert exams.submit(attempt, learner=learner, now=NOON + 2 * SECOND).points == 60
