"""Questions of every kind on a paper: asked, saved with and without script, marked, told afterwards."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.acts import exams, hand_marks
from courses.models import Attempt, Certificate, Enrolment, HandMark, PaperQuestion
from courses.seeding_questions import load_bank, make_exam
from tests.courses.exam_kit import (
    NOON,
    User,
    a_question,
    enrol,
    exam_of_every_kind,
    make_course,
    make_learner,
    places_of,
)
from tests.courses.item_kit import SOUND, right_answer

pytestmark = pytest.mark.usefixtures("private_files")


@pytest.fixture
def learner(db: None) -> Any:
    return make_learner()


@pytest.fixture
def attempt(learner: Any) -> Attempt:
    course = make_course()
    exam_of_every_kind(course)
    return exams.start(enrol(learner, course), learner=learner, now=NOON)


@pytest.fixture
def signed_in(client: Client, learner: Any) -> Client:
    client.force_login(learner)
    return client


@pytest.fixture(autouse=True)
def shortly_after_noon() -> Any:
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False) as clock:
        yield clock


def of_kind(attempt: Attempt, kind: str) -> PaperQuestion:
    return next(place for place in places_of(attempt) if place.shown["kind"] == kind)


def rightly(place: PaperQuestion) -> list[Any]:
    return right_answer(place.shown, place.sealed["right"])


def answer_all(attempt: Attempt, learner: Any) -> None:
    for place in places_of(attempt):
        exams.save_answer(
            attempt, learner=learner, position=place.position, chosen=rightly(place), now=NOON
        )


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_kinds_stand_on_the_paper_in_their_order(attempt: Attempt):
    assert [place.shown["kind"] for place in places_of(attempt)] == [
        "single", "multiple", "true_false", "fill", "numeric", "ordering", "matching", "hotspot",
        "case", "short",
    ]  # fmt: skip


def test_the_page_asks_every_kind_and_tells_no_answer(signed_in: Client, attempt: Attempt):
    page = text_of(signed_in.get(f"/learn/attempts/{attempt.pk}/"))
    assert page.count("<fieldset") == 10
    for secret in ("先通风。", "没戴帽", "因为缺氧", "19.5", "正确答案"):
        assert secret not in page
    picture = of_kind(attempt, "hotspot").shown["picture"]["key"]
    assert f'src="/learn/pictures/{picture}/" width="320" height="240"' in page
    assert page.count("<select") == 4 + 3 + 4  # steps, lefts, steps of the case


@pytest.mark.parametrize("kind", SOUND)
def test_each_kind_is_saved_by_the_script_s_message(signed_in: Client, attempt: Attempt, kind: str):
    place = of_kind(attempt, kind)
    message = {"position": place.position, "chosen": rightly(place), "sequence": 1}
    told = signed_in.post(
        f"/learn/attempts/{attempt.pk}/answer", json.dumps(message), content_type="application/json"
    )
    assert (told.status_code, told.json()["chosen"]) == (200, rightly(place))


def fields(name: str, shown: dict[str, Any], chosen: list[Any]) -> dict[str, Any]:
    """An answer as a form sends it."""
    kind = shown["kind"]
    if kind in ("single", "multiple", "true_false", "numeric", "short"):
        return {name: chosen}
    if kind == "hotspot":
        return {f"{name}.keep": [f"{x},{y}" for x, y in chosen]}
    if kind == "case":
        found: dict[str, Any] = {}
        for at, (part, answer) in enumerate(zip(shown["parts"], chosen, strict=True)):
            found |= fields(f"{name}.{at}", part, answer)
        return found
    return {f"{name}.{at}": value for at, value in enumerate(chosen)}


def test_each_kind_is_saved_without_script_and_shown_again(signed_in: Client, attempt: Attempt):
    form: dict[str, Any] = {"next": ""}
    for place in places_of(attempt):
        form |= {f"was{place.position}": ""}
        form |= fields(f"q{place.position}", place.shown, rightly(place))
    address = f"/learn/attempts/{attempt.pk}/"
    assert signed_in.post(address, form).status_code == 302
    saved = {answer.paper_question.position: answer.chosen for answer in attempt.answers.all()}
    assert saved == {place.position: rightly(place) for place in places_of(attempt)}
    page = text_of(signed_in.get(address))
    assert page.count(" selected>") == 11
    assert 'value="19.5"' in page
    assert "因为缺氧会死人。</textarea>" in page
    assert page.count('name="q8.keep"') == 2
    assert "10 道题都答了" in text_of(signed_in.get(f"{address}submit/"))


def test_what_the_page_did_not_change_is_not_sent_again(signed_in: Client, attempt: Attempt):
    """An old page of another phone does not undo newer answers, of whatever kind."""
    place = of_kind(attempt, "fill")
    exams.save_answer(
        attempt, learner=attempt.enrolment.person, position=place.position,
        chosen=["新", "答案"], now=NOON,
    )  # fmt: skip
    form = {f"was{place.position}": "", f"q{place.position}.0": "", f"q{place.position}.1": ""}
    signed_in.post(f"/learn/attempts/{attempt.pk}/", form)
    assert attempt.answers.get().chosen == ["新", "答案"]
    form = {f"was{place.position}": '["新", "答案"]', f"q{place.position}.0": "新"}
    signed_in.post(f"/learn/attempts/{attempt.pk}/", {**form, f"q{place.position}.1": ""})
    assert attempt.answers.get().chosen == ["新", ""]


def test_a_tap_without_script_is_scaled_to_the_picture(signed_in: Client, attempt: Attempt):
    address = f"/learn/attempts/{attempt.pk}/"
    answer = signed_in.post(address, {"was8": "", "q8.at.x": "40", "q8.at.y": "20"})
    assert answer["Location"] == f"{address}#q8"
    assert attempt.answers.get().chosen == [[50, 25]]  # 400 pixels shown on 320
    again = {"was8": "[[50, 25]]", "q8.keep": ["50,25"], "q8.at.x": "0", "q8.at.y": "0"}
    signed_in.post(address, again)  # the Enter key upon the picture
    assert attempt.answers.get().chosen == [[50, 25]]
    signed_in.post(address, {"was8": "[[50, 25]]"})  # its tick taken away
    assert attempt.answers.get().chosen == []


@pytest.mark.parametrize("was", ["{", "[" * 5000, "1,"])
def test_an_odd_note_of_a_form_is_told(signed_in: Client, attempt: Attempt, was: str):
    answer = signed_in.post(
        f"/learn/attempts/{attempt.pk}/", {"was4": was, "q4.0": "x"}, follow=True
    )
    assert "答案的格式不对" in text_of(answer)
    assert attempt.answers.count() == 0


def test_half_an_answer_is_told_before_the_hand_in(signed_in: Client, attempt: Attempt):
    place = of_kind(attempt, "ordering")
    exams.save_answer(
        attempt, learner=attempt.enrolment.person, position=place.position,
        chosen=[0, -1, -1, -1], now=NOON,
    )  # fmt: skip
    page = text_of(signed_in.get(f"/learn/attempts/{attempt.pk}/submit/"))
    assert "还有 10 道题没有答" in page


def test_words_wait_for_a_marker_who_sees_no_name(
    client: Client, attempt: Attempt, learner: Any, signed_in: Client
):
    answer_all(attempt, learner)
    done = exams.submit(attempt, learner=learner, now=NOON)
    assert (done.points, done.passed, done.ended_by) == (None, None, "learner")
    page = text_of(signed_in.get(f"/learn/attempts/{attempt.pk}/result/"))
    assert "还有 1 道题等老师评分" in page
    assert exams.readiness(attempt.enrolment, now=NOON + timedelta(days=3)).reason == (
        "上次考试还有题等老师评分，评完才知道结果"
    )
    assert "等老师评分" in text_of(signed_in.get(f"/learn/exams/{attempt.enrolment_id}/"))
    marker = User.objects.create_user("13900000009", "long-enough-9", real_name="阅卷人")
    waiting = hand_marks.to_mark(marker).get()
    hand_marks.give(waiting, marker=marker, points=7, note=" 写得清楚 ", now=NOON + timedelta(1))
    done.refresh_from_db()
    assert (done.points, done.passed) == (97, True)
    assert done.submitted_at == NOON
    assert Certificate.objects.get().issued_on.isoformat() == "2026-11-25"
    page = text_of(signed_in.get(f"/learn/attempts/{attempt.pk}/result/"))
    assert "<strong>97</strong> 分" in page
    assert "评语：写得清楚" in page
    assert "答对一部分，得 7 分" in page
    assert "安全帽—头；护目镜—眼；面屏—眼" in page
    assert "断电 → 验电 → 挂牌 → 作业" in page
    assert "通风 或 先通风；检测" in page
    assert "19.5 %（±0.1 都算对）" in page
    assert "1. 没戴帽；2. 裸线" in page


def test_unwritten_words_need_no_marker(attempt: Attempt, learner: Any):
    done = exams.submit(attempt, learner=learner, now=NOON)
    assert (done.points, done.passed) == (0, False)


@pytest.mark.parametrize(
    ("who", "points", "reason"),
    [
        ("learner", 5, "不能给自己的答卷评分"),
        ("marker", 11, "得分应为 0 到 10 分"),
        ("marker", -1, "得分应为 0 到 10 分"),
    ],
)
def test_a_mark_has_its_bounds(attempt: Attempt, learner: Any, who: str, points: int, reason: str):
    answer_all(attempt, learner)
    exams.submit(attempt, learner=learner, now=NOON)
    marker = learner if who == "learner" else make_learner("阅卷人", 9)
    place = of_kind(attempt, "short")
    with pytest.raises(exams.RefusedError, match=reason):
        hand_marks.give(place, marker=marker, points=points, note="", now=NOON)
    assert (HandMark.objects.count(), hand_marks.to_mark(learner).count()) == (0, 0)


def test_a_mark_is_given_once_and_stays(attempt: Attempt, learner: Any):
    answer_all(attempt, learner)
    exams.submit(attempt, learner=learner, now=NOON)
    place, marker = of_kind(attempt, "short"), make_learner("阅卷人", 9)
    hand_marks.give(place, marker=marker, points=0, note="", now=NOON)
    with pytest.raises(exams.RefusedError, match="这道题已经评过分，评分不能改"):
        hand_marks.give(place, marker=marker, points=9, note="", now=NOON)
    for statement in (
        "UPDATE courses_handmark SET points = 9",
        "DELETE FROM courses_handmark",
        "UPDATE courses_attempt SET points = 100",
    ):
        with (
            pytest.raises(Exception, match="never"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_an_attempt_that_waits_changes_in_nothing_but_its_mark(attempt: Attempt, learner: Any):
    answer_all(attempt, learner)
    exams.submit(attempt, learner=learner, now=NOON)
    with (
        pytest.raises(Exception, match=r"never edited|terms of an attempt stay"),
        transaction.atomic(),
    ):
        Attempt.objects.update(pass_mark=1)


def test_marking_before_the_hand_in_is_refused(attempt: Attempt):
    with pytest.raises(exams.RefusedError, match="现在不用人工评分"):
        hand_marks.give(
            of_kind(attempt, "short"), marker=make_learner("人", 9), points=1, note="", now=NOON
        )


def test_the_marker_s_page_takes_one_after_the_other(
    attempt: Attempt,
    learner: Any,
    office: Client,
):
    answer_all(attempt, learner)
    exams.submit(attempt, learner=learner, now=NOON)
    page = text_of(office.get("/learn/office/marking/"))
    assert "还有 1 道题等评分" in page
    assert "因为缺氧会死人。" in page
    assert learner.real_name not in page
    place = of_kind(attempt, "short")
    assert (
        office.post("/learn/office/marking/", {"place": place.pk, "points": 99}).status_code == 200
    )
    answer = office.post("/learn/office/marking/", {"place": place.pk, "points": 8}, follow=True)
    assert "没有等评分的题" in text_of(answer)
    assert HandMark.objects.get().points == 8


def test_the_marker_s_page_is_the_office_s(signed_in: Client):
    assert signed_in.get("/learn/office/marking/").status_code in (302, 403)


def test_a_picture_is_shown_to_whoever_is_logged_in(client: Client, attempt: Attempt, learner: Any):
    address = f"/learn/pictures/{of_kind(attempt, 'hotspot').shown['picture']['key']}/"
    assert client.get(address).status_code == 302
    client.force_login(learner)
    answer = client.get(address)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert client.get(f"/learn/pictures/{'0' * 64}/").status_code == 404


# -- Queries -----------------------------------------------------------------------------------------


def asked_of(queries: CaptureQueriesContext) -> list[str]:
    """What was asked, without the tests' savepoints."""
    return [row["sql"] for row in queries if "SAVEPOINT" not in row["sql"]]


@pytest.mark.parametrize(("bank", "places"), [(50, 50), (200, 100)])
def test_start_and_hand_in_ask_the_same_however_long_the_paper(
    learner: Any, bank: int, places: int
):
    course = make_course()
    load_bank(course, [a_question(serial) for serial in range(bank)])
    make_exam(course, blueprint=[("single", "", places, 100 // places)])
    enrolment = Enrolment.objects.select_related("course__exam").get(pk=enrol(learner, course).pk)
    with CaptureQueriesContext(connection) as queries:
        attempt = exams.start(enrolment, learner=learner, now=NOON)
    assert len(asked_of(queries)) == 18
    with CaptureQueriesContext(connection) as queries:
        exams.submit(attempt, learner=learner, now=NOON)
    assert (
        len(asked_of(queries)) == 6
    )  # the attempt, the paper with its answers, marks, the sum, cards (2)


@pytest.mark.parametrize("kind", ["single", "fill", "case"])
def test_an_answer_is_saved_with_four_queries(attempt: Attempt, learner: Any, kind: str):
    place = of_kind(attempt, kind)
    for sequence in (1, 2):  # a first answer and a changed one
        with CaptureQueriesContext(connection) as queries:
            exams.save_answer(
                attempt, learner=learner, position=place.position, chosen=rightly(place),
                sequence=sequence, now=NOON,
            )  # fmt: skip
        assert len(asked_of(queries)) == 4  # the attempt, the place, the event, the answer
