"""Practice: mistakes come back, boxes move, one question a day, mocks that are no exam. Nobody else's questions."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.acts import exams, practice
from courses.acts.sitting import RefusedError
from courses.models import (
    Attempt,
    Certificate,
    DailyAnswer,
    Enrolment,
    Mock,
    PracticeCard,
    Question,
    QuestionBank,
    StudyEvent,
)
from courses.rules.exams import figures_in_force
from courses.rules.practice import Standing, after, boxes, of_the_day
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

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
FIGURES = figures_in_force(TODAY)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def learner(db: None) -> Any:
    return make_learner()


@pytest.fixture
def enrolment(learner: Any) -> Enrolment:
    course = make_course()
    small_exam(course)
    return enrol(learner, course)


@pytest.fixture
def signed_in(client: Client, learner: Any, enrolment: Enrolment) -> Client:
    client.force_login(learner)
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def asked_on(page: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    return dict(re.findall(r'name="(question|seed|was1)" value="([^"]*)"', page))


def answered(client: Client, address: str, *, right: bool = True) -> str:
    """Answer the question on the page, rightly or not."""
    fields = asked_on(text_of(client.get(address)))
    question = Question.objects.whole().get(pk=fields["question"])
    laid = practice.ask(question, int(fields["seed"]))
    wanted = laid.paper.sealed["right"]
    chosen = wanted if right else [next(n for n in range(4) if n not in wanted)]
    return text_of(client.post(address, {**fields, "q1": [str(one) for one in chosen]}))


def card() -> Any:
    return PracticeCard.objects.values_list(
        "box", "due_on", "streak", "right", "wrong", "in_book"
    ).get()


# -- The rules ---------------------------------------------------------------------------------------


def test_right_answers_move_a_question_on_and_a_wrong_one_back():
    assert boxes(FIGURES) == [1, 2, 4, 7, 15]
    standing, days = Standing(), []
    for _ in range(6):
        found = after(standing, right=True, today=TODAY, figures=FIGURES)
        standing = found.standing
        days.append((found.due_on - TODAY).days)
    assert days == [2, 4, 7, 15, 15, 15]
    wrong = after(standing, right=False, today=TODAY, figures=FIGURES)
    assert wrong.standing == Standing(1, 0, 6, 1, True)
    assert wrong.due_on == TODAY + DAY


def test_a_mistake_leaves_the_book_after_two_right_answers_in_a_row():
    standing = after(Standing(), right=False, today=TODAY, figures=FIGURES).standing
    seen = []
    for right in (True, False, True, True):
        standing = after(standing, right=right, today=TODAY, figures=FIGURES).standing
        seen.append(standing.in_book)
    assert seen == [True, True, True, False]


def test_the_question_of_the_day_is_the_same_all_day_and_changes():
    keys = list(range(100, 200))
    one = of_the_day(keys, person=7, day=TODAY)
    assert one == of_the_day(list(reversed(keys)), person=7, day=TODAY)
    week = {of_the_day(keys, person=7, day=TODAY + n * DAY) for n in range(7)}
    assert len(week) > 3
    with pytest.raises(ValueError, match="no questions"):
        of_the_day([], person=7, day=TODAY)


# -- One question at a time --------------------------------------------------------------------------


def test_a_wrong_answer_goes_into_the_book_and_comes_again(
    signed_in: Client, learner: Any, noon: Any
):
    page = answered(signed_in, "/learn/practice/review/", right=False)
    assert "✗ 答错了" in page
    assert "（正确答案）" in page
    assert "解析" in page
    assert "依据：安全生产法第" in page
    assert "已放进错题本" in page
    assert card() == (1, TODAY + DAY, 0, 0, 1, True)
    question = PracticeCard.objects.get().question
    assert practice.next_for(learner, today=TODAY).pk != question.pk  # a new one meanwhile
    assert practice.next_for(learner, today=TODAY + DAY) == question
    book = text_of(signed_in.get("/learn/practice/mistakes/"))
    assert "错题本（1）" in book
    address = f"/learn/practice/mistakes/{PracticeCard.objects.get().pk}/"
    assert f'href="{address}"' in book
    assert "✓ 答对了" in answered(signed_in, address)
    answered(signed_in, address)
    assert "没有错题" in text_of(signed_in.get("/learn/practice/mistakes/"))
    assert card() == (3, TODAY + 4 * DAY, 2, 2, 1, False)


def test_every_question_is_asked_once_and_then_nothing_is_left_today(signed_in: Client):
    for _ in range(5):
        answered(signed_in, "/learn/practice/review/")
    assert PracticeCard.objects.count() == 5
    assert "现在没有要练的题" in text_of(signed_in.get("/learn/practice/review/"))


def test_no_answer_and_odd_answers_are_told(signed_in: Client):
    fields = asked_on(text_of(signed_in.get("/learn/practice/review/")))
    for answer, told in ({}, "请先作答"), ({"q1": "9"}, "没有这个选项"), ({"q1": "x"}, "格式不对"):
        page = signed_in.post("/learn/practice/review/", {**fields, **answer})
        assert (page.status_code, told in text_of(page)) == (422, True)
    for wrong in ({"question": "x"}, {"question": "999999"}, {"question": "9" * 30}, {}):
        assert signed_in.post("/learn/practice/review/", {"q1": "0", **wrong}).status_code == 404
    assert PracticeCard.objects.count() == 0


def test_no_answer_is_on_the_page_before_it_is_given(signed_in: Client):
    page = text_of(signed_in.get("/learn/practice/review/"))
    assert "解析" not in page
    assert "依据" not in page


def test_questions_of_other_courses_and_held_back_banks_are_not_practised(
    signed_in: Client, learner: Any
):
    other = make_course("动火作业")
    small_exam(other)
    theirs = Question.objects.filter(bank__course=other).first()
    assert theirs is not None
    assert practice.questions_for(learner).count() == 5
    page = signed_in.post(
        "/learn/practice/review/", {"question": theirs.pk, "seed": "1", "q1": "0"}
    )
    assert page.status_code == 404
    stranger = make_learner("李四", 2)
    row = PracticeCard.objects.create(person=stranger, question=theirs, due_on=TODAY, in_book=True)
    assert signed_in.get(f"/learn/practice/mistakes/{row.pk}/").status_code == 404
    QuestionBank.objects.update(for_practice=False)
    assert practice.questions_for(learner).count() == 0
    assert "还没有练习题" in text_of(signed_in.get("/learn/practice/"))
    assert "现在没有要练的题" in text_of(signed_in.get("/learn/practice/review/"))


def test_mistakes_of_an_exam_go_into_the_book(enrolment: Enrolment, learner: Any):
    attempt = exams.start(enrolment, learner=learner, now=NOON)
    for place in places_of(attempt):
        chosen = right_of(place) if place.position > 2 else wrong_of(place)
        exams.save_answer(
            attempt, learner=learner, position=place.position, chosen=chosen, now=NOON
        )
    exams.submit(attempt, learner=learner, now=NOON)
    wrong = {place.question_id for place in places_of(attempt) if place.position <= 2}
    book = practice.cards_of(learner).mistakes()
    assert set(book.values_list("question", flat=True)) == wrong
    assert PracticeCard.objects.count() == 5


# -- The question of the day -------------------------------------------------------------------------


def test_one_question_a_day(signed_in: Client, learner: Any, noon: Any):
    page = answered(signed_in, "/learn/practice/daily/")
    assert "明天再来，还有一题" in page
    assert (DailyAnswer.objects.get().day, DailyAnswer.objects.get().right) == (TODAY, True)
    again = text_of(signed_in.get("/learn/practice/daily/"))
    assert "✓ 答对了" in again
    assert "看看对不对" not in again
    assert "今天已答对" in text_of(signed_in.get("/learn/practice/"))
    laid = practice.ask(practice.daily(learner, today=TODAY))
    with pytest.raises(RefusedError, match="今天的一题已经答过"):
        practice.answer_daily(laid, person=learner, chosen=[0], now=NOON, today=TODAY)
    noon.move_to(NOON + DAY)
    answered(signed_in, "/learn/practice/daily/", right=False)
    assert list(DailyAnswer.objects.order_by("day").values_list("right", flat=True)) == [
        True,
        False,
    ]


def test_without_questions_there_is_none(client: Client, db: None):
    client.force_login(make_learner("李四", 2))
    assert "现在没有要练的题" in text_of(client.get("/learn/practice/daily/"))
    assert client.post("/learn/practice/daily/").status_code == 200


# -- Mocks -------------------------------------------------------------------------------------------


def start(client: Client, enrolment: Enrolment) -> Mock:
    address = f"/learn/practice/exams/{enrolment.course.exam.pk}/mock/"
    answer = client.post(address)
    mock = Mock.objects.order_by("-pk")[0]
    assert answer["Location"] == f"/learn/practice/mocks/{mock.pk}/"
    return mock


def test_a_mock_is_drawn_by_the_exam_s_plan_and_is_no_exam(
    signed_in: Client, enrolment: Enrolment, learner: Any
):
    mock = start(signed_in, enrolment)
    assert start(signed_in, enrolment) == mock  # one that is open goes on
    assert sum(place["points"] for place in mock.paper) == 100
    address = f"/learn/practice/mocks/{mock.pk}/"
    page = text_of(signed_in.get(address))
    assert page.count("<fieldset") == 5
    assert "解析" not in page
    blank = {f"was{at}": "" for at in range(1, 6)}
    rights = {f"q{at}": str(place["sealed"]["right"][0]) for at, place in enumerate(mock.paper, 1)}
    some = {name: value for name, value in rights.items() if name in ("q1", "q2")}
    assert "已保存" in text_of(signed_in.post(address, {**blank, **some}, follow=True))
    mock.refresh_from_db()
    assert [bool(chosen) for chosen in mock.answers] == [True, True, False, False, False]
    wrong = {"q5": str((int(rights["q5"]) + 1) % 4)}
    page = text_of(
        signed_in.post(address, {**blank, **rights, **wrong, "finish": "1"}, follow=True)
    )
    assert "<strong>80</strong> 分" in page
    assert "这是练习，不是考试成绩" in page
    assert page.count("解析：") == 5
    assert (Attempt.objects.count(), Certificate.objects.count()) == (0, 0)
    assert StudyEvent.objects.count() == 1  # the kit's own; practice earns no hours
    assert practice.cards_of(learner).mistakes().count() == 1
    mock.refresh_from_db()
    again = practice.finish_mock(mock, now=NOON + DAY, today=TODAY + DAY)
    assert (again.points, again.finished_at) == (80, NOON)
    with pytest.raises(RefusedError, match="已经交卷"):
        practice.keep_mock(mock, answers={1: [0]})


def test_old_mocks_are_forgotten(signed_in: Client, enrolment: Enrolment):
    for _ in range(7):
        mock = start(signed_in, enrolment)
        signed_in.post(f"/learn/practice/mocks/{mock.pk}/", {"finish": "1"})
    assert Mock.objects.count() == 5


def test_a_mock_is_its_owner_s(client: Client, signed_in: Client, enrolment: Enrolment):
    mock = start(signed_in, enrolment)
    client.force_login(make_learner("李四", 2))
    assert client.get(f"/learn/practice/mocks/{mock.pk}/").status_code == 404
    assert client.post(f"/learn/practice/mocks/{mock.pk}/", {"finish": "1"}).status_code == 404
    exam = enrolment.course.exam.pk
    assert client.post(f"/learn/practice/exams/{exam}/mock/").status_code == 404
    client.logout()
    assert client.get("/learn/practice/").status_code == 302


def test_a_short_bank_is_told(signed_in: Client, enrolment: Enrolment):
    QuestionBank.objects.update(for_practice=False)
    page = signed_in.post(f"/learn/practice/exams/{enrolment.course.exam.pk}/mock/", follow=True)
    assert "题库正在调整" in text_of(page)
    assert Mock.objects.count() == 0


def test_every_kind_but_words_is_in_a_mock_and_its_right_answers_earn_everything(
    client: Client, learner: Any
):
    course = make_course()
    exam = exam_of_every_kind(course)
    enrol(learner, course)
    mock = practice.start_mock(exam, person=learner, now=NOON)
    kinds = [place["shown"]["kind"] for place in mock.paper]
    assert (len(kinds), "short" in kinds) == (9, False)
    answers = {
        at: right_answer(place["shown"], place["sealed"]["right"])
        for at, place in enumerate(mock.paper, 1)
    }
    practice.keep_mock(mock, answers=answers)
    assert practice.finish_mock(mock, now=NOON, today=TODAY).points == 90
    client.force_login(learner)
    assert "满分 90 分，答对 9 道" in text_of(client.get(f"/learn/practice/mocks/{mock.pk}/"))


def test_a_tap_without_script_keeps_the_point_and_answers_nothing_yet(client: Client, learner: Any):
    course = make_course()
    exam_of_every_kind(course)
    enrol(learner, course)
    Question.objects.exclude(kind="hotspot").update(active=False)
    client.force_login(learner)
    address = "/learn/practice/review/"
    fields = asked_on(text_of(client.get(address)))
    page = text_of(client.post(address, {**fields, "q1.at.x": "40", "q1.at.y": "40"}))
    assert 'name="q1.keep" value="50,50" checked' in page
    assert PracticeCard.objects.count() == 0
    kept = {"q1.keep": ["50,50", "200,150"]}
    assert "✓ 答对了" in text_of(client.post(address, {**fields, **kept}))


# -- Queries -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_pages_ask_the_same_for_any_number(client: Client, learner: Any, number: int):
    course = make_course()
    small_exam(course, max(number, 2))
    enrol(learner, course)
    for question in Question.objects.all()[:number]:
        PracticeCard.objects.create(person=learner, question=question, due_on=TODAY, in_book=True)
    client.force_login(learner)
    counts = []
    for address in ("", "mistakes/", "review/", "daily/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/learn/practice/{address}").status_code == 200
        counts.append(len([row for row in queries if "SAVEPOINT" not in row["sql"]]))
    assert counts == [8, 4, 5, 7]
