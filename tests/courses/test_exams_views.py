"""The learner's exam pages: nothing leaks before the end, nobody else gets in, old pages harm nothing."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from courses.acts import exams
from courses.acts.study import standing
from courses.models import Attempt, Certificate, Enrolment, LessonProgress, Question
from tests.courses.exam_kit import (
    NOON,
    enrol,
    make_course,
    make_learner,
    places_of,
    right_of,
    small_exam,
    wrong_of,
)


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


@pytest.fixture
def signed_in(client: Client, learner: Any) -> Client:
    client.force_login(learner)
    return client


@pytest.fixture(autouse=True)
def shortly_after_noon() -> Any:
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False) as clock:
        yield clock


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def give(client: Client, attempt: Attempt, **message: Any) -> Any:
    address = f"/learn/attempts/{attempt.pk}/answer"
    return client.post(address, json.dumps(message), content_type="application/json")


def test_the_whole_way_from_the_start_to_the_certificate(
    signed_in: Client, enrolment: Enrolment, learner: Any
):
    start = f"/learn/exams/{enrolment.pk}/"
    assert "开始考试" in text_of(signed_in.get(start))
    answer = signed_in.post(start)
    attempt = Attempt.objects.get()
    assert answer["Location"] == f"/learn/attempts/{attempt.pk}/"
    for sequence, place in enumerate(places_of(attempt), start=1):
        told = give(
            signed_in,
            attempt,
            position=place.position,
            chosen=right_of(place),
            sequence=sequence,
        )
        assert told.json() == {
            "state": "saved",
            "chosen": right_of(place),
            "sequence": sequence,
            "deadline": int(attempt.deadline.timestamp() * 1000),
            "now": int(NOON.timestamp() * 1000) + 300_000,
        }
    check = text_of(signed_in.get(f"/learn/attempts/{attempt.pk}/submit/"))
    assert "5 道题都答了" in check
    done = signed_in.post(f"/learn/attempts/{attempt.pk}/submit/", follow=True)
    page = text_of(done)
    assert done.redirect_chain[-1][0] == f"/learn/attempts/{attempt.pk}/result/"
    assert "<strong>100</strong> 分" in page
    assert "合格，祝贺您！" in page
    assert f"/certificates/{Certificate.objects.get().number}/pdf" in page
    assert "已经考试合格，不用再考" in text_of(signed_in.get(start))


def test_the_start_page_asks_for_the_name_once(
    signed_in: Client, enrolment: Enrolment, learner: Any
):
    learner.real_name = ""
    learner.save()
    start = f"/learn/exams/{enrolment.pk}/"
    assert 'name="real_name"' in text_of(signed_in.get(start))
    assert "请填写身份证上的姓名" in text_of(signed_in.post(start, {"real_name": "张3"}))
    assert Attempt.objects.count() == 0
    signed_in.post(start, {"real_name": "欧阳堃"})
    learner.refresh_from_db()
    assert (learner.real_name, Attempt.objects.count()) == ("欧阳堃", 1)
    signed_in.post(start, {"real_name": "别人"})
    learner.refresh_from_db()
    assert learner.real_name == "欧阳堃"


def test_the_start_page_says_why_not_yet(signed_in: Client, learner: Any):
    course = make_course("动火作业")
    small_exam(course)
    enrolment = enrol(learner, course, studied=False)
    page = text_of(signed_in.get(f"/learn/exams/{enrolment.pk}/"))
    assert "现在不能考试" in page
    assert standing(enrolment).reason in page
    assert "开始考试" not in page
    answer = signed_in.post(f"/learn/exams/{enrolment.pk}/")
    assert (answer.status_code, Attempt.objects.count()) == (200, 0)


def test_no_start_button_while_the_bank_cannot_fill_a_paper(
    signed_in: Client, enrolment: Enrolment
):
    Question.objects.filter(pk=Question.objects.order_by("pk").values("pk")[:1]).update(
        active=False
    )
    page = text_of(signed_in.get(f"/learn/exams/{enrolment.pk}/"))
    assert "题库正在调整，现在抽不出试卷，请联系培训单位，或者过些时候再来" in page
    assert "开始考试" not in page
    assert "参加考试" not in text_of(signed_in.get(enrolment.course.get_url()))
    signed_in.post(f"/learn/exams/{enrolment.pk}/")
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "shown"),
    [("studied", "去考试"), ("passed", "打开结业证明"), ("no exam", "这门课没有考试")],
)
def test_my_courses_say_what_comes_next(
    signed_in: Client, learner: Any, enrolment: Enrolment, state: str, shown: str
):
    if state == "no exam":
        enrolment = enrol(learner, make_course("没有考试的课"))
    if state == "passed":
        attempt = exams.start(enrolment, learner=learner, now=NOON)
        for place in places_of(attempt):
            right = {"position": place.position, "chosen": right_of(place)}
            exams.save_answer(attempt, learner=learner, now=NOON, **right)
        exams.submit(attempt, learner=learner, now=NOON)
    # progress is the sum of the ledger; the kit writes the ledger alone
    LessonProgress.objects.update(credited_ms=3_600_000)
    page = text_of(signed_in.get("/learn/"))
    assert shown in page
    assert ("去考试" in page) is (state != "passed")


def test_a_course_without_an_exam_has_no_exam_page(signed_in: Client, learner: Any):
    enrolment = enrol(learner, make_course("没有考试"))
    assert signed_in.get(f"/learn/exams/{enrolment.pk}/").status_code == 404


def test_no_answer_is_sent_to_the_browser_before_the_end(signed_in: Client, attempt: Attempt):
    pages = [
        signed_in.get(f"/learn/attempts/{attempt.pk}/"),
        signed_in.get(f"/learn/attempts/{attempt.pk}/submit/"),
        signed_in.get(f"/learn/attempts/{attempt.pk}/result/", follow=True),
    ]
    for page in map(text_of, pages):
        assert "解析" not in page
        assert "安全生产法第" not in page
        assert "正确答案" not in page
    # Every option looks the same in the paper's HTML, right or wrong, but for its place and text.
    paper = text_of(pages[0])
    labels = re.findall(r'<label class="exam-option">.*?</label>', paper, re.S)
    plain = {re.sub(r'name="q\d+" value="\d"|>[A-D]<|[对错]\d+-\d', "", label) for label in labels}
    assert (len(labels), len(plain)) == (20, 1)


def test_the_paper_is_never_kept_in_a_cache(signed_in: Client, attempt: Attempt):
    answer = signed_in.get(f"/learn/attempts/{attempt.pk}/")
    assert "no-store" in answer["Cache-Control"]


def test_after_the_end_each_question_is_explained(
    signed_in: Client, attempt: Attempt, learner: Any
):
    first = places_of(attempt)[0]
    exams.save_answer(attempt, learner=learner, position=1, chosen=wrong_of(first), now=NOON)
    page = text_of(signed_in.post(f"/learn/attempts/{attempt.pk}/submit/", follow=True))
    assert first.sealed["explanation"] in page
    assert first.sealed["basis"] in page
    assert page.count("（正确答案）") == 5
    assert page.count("（您选的）") == 1
    assert page.count("没有答</strong>") == 8
    assert "离上次考试时间太短，11月25日12:05以后可以再考" in page


@pytest.mark.parametrize("tail", ["", "submit/", "result/"])
def test_somebody_else_s_attempt_does_not_exist(client: Client, attempt: Attempt, tail: str):
    client.force_login(make_learner("王五", 9))
    assert client.get(f"/learn/attempts/{attempt.pk}/{tail}").status_code == 404


def test_somebody_else_can_neither_start_nor_answer(client: Client, attempt: Attempt):
    client.force_login(make_learner("王五", 9))
    assert client.post(f"/learn/exams/{attempt.enrolment_id}/").status_code == 404
    told = give(client, attempt, position=1, chosen=[0], sequence=1)
    assert (told.status_code, told.json()["state"]) == (404, "unknown")
    assert attempt.answers.count() == 0


def test_a_visitor_is_led_to_the_login(client: Client, attempt: Attempt):
    page = client.get(f"/learn/attempts/{attempt.pk}/")
    assert (page.status_code, page["Location"].split("?")[0]) == (302, "/accounts/login/")
    told = give(client, attempt, position=1, chosen=[0], sequence=1)
    assert (told.status_code, told.json()["state"]) == (401, "login")


def test_another_phone_s_newer_answer_comes_back_to_the_older_one(
    signed_in: Client, attempt: Attempt
):
    give(signed_in, attempt, position=1, chosen=[2], sequence=5000)
    told = give(signed_in, attempt, position=1, chosen=[0], sequence=4000).json()
    assert (told["state"], told["chosen"], told["sequence"]) == ("stale", [2], 5000)
    page = text_of(signed_in.get(f"/learn/attempts/{attempt.pk}/"))
    assert re.search(r'name="q1" value="2" checked', page)
    assert page.count(" checked") == 1
    assert 'data-sequence="5000"' in page


def test_a_late_answer_is_told_in_clear_words(
    signed_in: Client, attempt: Attempt, shortly_after_noon: Any
):
    shortly_after_noon.move_to(attempt.deadline + timedelta(seconds=11))
    told = give(signed_in, attempt, position=1, chosen=[0], sequence=1)
    assert (told.status_code, told.json()["message"]) == (
        409,
        "考试时间已到，这个答案没有保存；之前保存的答案照常评分",
    )


@pytest.mark.parametrize("tail", ["", "submit/", "result/"])
def test_whoever_looks_after_the_deadline_finds_it_marked(
    signed_in: Client, attempt: Attempt, shortly_after_noon: Any, tail: str
):
    shortly_after_noon.move_to(attempt.deadline + timedelta(seconds=11))
    page = text_of(signed_in.get(f"/learn/attempts/{attempt.pk}/{tail}", follow=True))
    assert "到时自动交卷" in page
    assert "<strong>0</strong> 分" in page


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{",
        "[" * 100_000,
        '{"position": 1}',
        '{"position": "1", "chosen": [0], "sequence": 1}',
        '{"position": 1, "chosen": 0, "sequence": 1}',
        '{"position": 1, "chosen": [true], "sequence": 1}',
        '{"position": 1, "chosen": [0.5], "sequence": 1}',
        '{"position": 1, "chosen": [0], "sequence": 1e400}',
        '{"position": 1, "chosen": [0,1,2,3,4,5,6,7,8], "sequence": 1}',
        '{"position": 99999999999999999999, "chosen": [0], "sequence": 1}',
        '{"position": 1, "chosen": [99999999999999999999], "sequence": 1}',
        '{"position": 1, "chosen": [0], "sequence": 99999999999999999999}',
    ],
)
def test_odd_messages_are_refused_and_break_nothing(signed_in: Client, attempt: Attempt, body: str):
    address = f"/learn/attempts/{attempt.pk}/answer"
    told = signed_in.post(address, body, content_type="application/json")
    assert (told.status_code, told.json()["state"]) == (400, "bad")
    assert attempt.answers.count() == 0


def test_a_page_without_script_saves_and_goes_on(signed_in: Client, attempt: Attempt):
    paper = f"/learn/attempts/{attempt.pk}/"
    form = {f"was{position}": "" for position in range(1, 6)}
    answer = signed_in.post(paper, {**form, "q1": "2", "next": "6"})
    assert answer["Location"] == f"{paper}#q6"
    assert attempt.answers.get().chosen == [2]
    answer = signed_in.post(paper, {**form, "was1": "2", "q1": "2", "q2": "0", "next": "submit"})
    assert answer["Location"] == f"{paper}submit/"
    page = text_of(signed_in.get(f"{paper}submit/"))
    assert "还有 3 道题没有答" in page
    assert f'href="{paper}#q3"' in page


def test_an_old_page_without_script_does_not_undo_newer_answers(
    signed_in: Client, attempt: Attempt
):
    give(signed_in, attempt, position=1, chosen=[3], sequence=5000)
    form = {f"was{position}": "" for position in range(1, 6)}
    signed_in.post(f"/learn/attempts/{attempt.pk}/", {**form, "q2": "1", "next": ""})
    saved = attempt.answers.order_by("paper_question__position")
    assert [answer.chosen for answer in saved] == [[3], [1]]


@pytest.mark.parametrize("value", ["x", "-1", "99", "７", ""])
def test_an_odd_choice_in_a_form_is_told(signed_in: Client, attempt: Attempt, value: str):
    form = {"was1": "0", "q1": value}
    answer = signed_in.post(f"/learn/attempts/{attempt.pk}/", form, follow=True)
    assert answer.status_code == 200
    assert attempt.answers.count() == 0


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_paper_asks_four_queries_however_long_it_is(
    client: Client, learner: Any, count: int, django_assert_num_queries: Any
):
    course = make_course(f"{count}题")
    small_exam(course, count)
    attempt = exams.start(enrol(learner, course), learner=learner, now=NOON)
    client.force_login(learner)
    with django_assert_num_queries(4):  # session, person, attempt, paper with answers
        page = text_of(client.get(f"/learn/attempts/{attempt.pk}/"))
    assert page.count("<fieldset") == count


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_result_asks_six_queries_however_long_it_is(
    client: Client, learner: Any, count: int, django_assert_num_queries: Any
):
    course = make_course(f"{count}题")
    small_exam(course, count)
    attempt = exams.start(enrol(learner, course), learner=learner, now=NOON)
    for place in places_of(attempt):
        exams.save_answer(
            attempt, learner=learner, position=place.position, chosen=right_of(place), now=NOON
        )
    exams.submit(attempt, learner=learner, now=NOON)
    client.force_login(learner)
    # session, person, attempt with certificate, paper, late answers, whether an appeal may be
    with django_assert_num_queries(6):
        page = text_of(client.get(f"/learn/attempts/{attempt.pk}/result/"))
    assert page.count("<article") == count
