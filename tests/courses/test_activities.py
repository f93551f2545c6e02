"""Ticks, short questions and accident cases in a lesson: they work by forms alone, and a lesson waits for them."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from courses.acts import study
from courses.acts.enrolment import enrol
from courses.blocks_activities import CaseBlock, QuestionBlock
from courses.models import ActivityEvent, CoursePage, LessonPage, LessonProgress
from courses.models.activities import open_in
from courses.rules.scenes import Choice, Scene, faults

CASE = {
    "title": "井下有人晕倒",
    "must": True,
    "scenes": [
        {
            "code": "开头", "text": "<p>工友在井里晕倒了。</p>", "image": None, "lesson": "", "article": "",
            "choices": [
                {"text": "马上下去拉人", "consequence": "您也晕倒了。", "to": "坏"},
                {"text": "通风、打电话、戴呼吸器再下去", "consequence": "救援队到了。", "to": "好"},
            ],
        },
        {
            "code": "坏", "text": "<p>井下有两个人了。</p>", "image": None, "choices": [],
            "lesson": "不能盲目施救", "article": "安全生产法第五十五条",
        },
        {
            "code": "好", "text": "<p>工友得救了。</p>", "image": None, "choices": [],
            "lesson": "先通风再救人", "article": "安全生产法第五十二条",
        },
    ],
}  # fmt: skip
QUESTION = {
    "title": "下井前先做什么？",
    "must": True,
    "options": [
        {"text": "通风", "correct": True, "feedback": "对，先通风"},
        {"text": "检测", "correct": True, "feedback": ""},
        {"text": "直接下去", "correct": False, "feedback": "会没命的"},
    ],
    "explanation": "<p>先通风，再检测，后作业。</p>",
}
TASKS = {"title": "下井前检查", "must": True, "points": ["风机开着", "有人看护"]}


@pytest.fixture
def lesson(course: CoursePage, learner: Any) -> LessonPage:
    body = [("tasks", TASKS), ("question", QUESTION), ("case", CASE)]
    page = LessonPage(title="动手课", slug="hands", min_minutes=1, body=body)
    course.add_child(instance=page)
    return LessonPage.objects.get(pk=page.pk)


@pytest.fixture
def enrolment(course: CoursePage, lesson: LessonPage, learner: Any) -> Any:
    return enrol(course, person=learner)


def step(client: Client, lesson: LessonPage, place: int, **said: Any) -> str:
    """Send a block's form; the lesson's page after it."""
    address = reverse("courses:step", args=[lesson.pk, lesson.body[place].id])
    answer = client.post(address, said)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#b-{lesson.body[place].id}")
    page = client.get(answer["Location"]).content.decode()
    return page.split(f'id="b-{lesson.body[place].id}"')[1].split('id="b-')[0]


def test_points_are_ticked_off(client: Client, lesson: LessonPage, enrolment: Any) -> None:
    client.force_login(enrolment.person)
    page = step(client, lesson, 0, chosen=["1"])
    assert "已打勾 1 条，共 2 条" in page
    assert page.count("checked") == 1
    assert "✓ 都打勾了" in step(client, lesson, 0, chosen=["0", "1", "7", "x"])
    assert ActivityEvent.objects.filter(done=True).get().said == {"ticked": [0, 1]}


def test_a_question_is_tried_until_it_is_right(
    client: Client, lesson: LessonPage, enrolment: Any
) -> None:
    client.force_login(enrolment.person)
    assert client.get(lesson.get_url()).content.decode().count('type="checkbox" name="chosen"') == 5
    page = step(client, lesson, 1, chosen=["0", "2"])
    assert "还不对" in page
    assert "会没命的" in page
    assert "后作业" not in page
    page = step(client, lesson, 1, chosen=["0", "1"])
    assert "✓ 答对了" in page
    assert "后作业" in page
    assert (
        "请先选一个答案"
        in client.post(
            reverse("courses:step", args=[lesson.pk, lesson.body[1].id]),
            {"chosen": ["9"]},
            follow=True,
        ).content.decode()
    )


def test_a_case_leads_by_choices_to_its_lesson(
    client: Client, lesson: LessonPage, enrolment: Any
) -> None:
    client.force_login(enrolment.person)
    assert "工友在井里晕倒了" in client.get(lesson.get_url()).content.decode()
    page = step(client, lesson, 2, chosen="0")
    for words in ("您也晕倒了", "井下有两个人了", "不能盲目施救", "依据：安全生产法第五十五条"):
        assert words in page
    assert "工友在井里晕倒了" not in page
    assert "工友在井里晕倒了" in step(client, lesson, 2, restart="1")
    assert "先通风再救人" in step(client, lesson, 2, chosen="1")
    said = [event.said for event in ActivityEvent.objects.all()]
    assert said == [
        {"scene": "坏", "path": [["开头", 0]]},
        {"scene": "开头", "path": []},
        {"scene": "好", "path": [["开头", 1]]},
    ]


@pytest.mark.parametrize("chosen", [[], ["2"], ["0", "1"], ["-1"], ["x"], ["²"]])
def test_no_such_choice(client: Client, lesson: LessonPage, enrolment: Any, chosen: Any) -> None:
    client.force_login(enrolment.person)
    step(client, lesson, 2, chosen=chosen)
    assert not ActivityEvent.objects.exists()


def test_nothing_is_chosen_after_the_end(
    client: Client, lesson: LessonPage, enrolment: Any
) -> None:
    client.force_login(enrolment.person)
    step(client, lesson, 2, chosen="0")
    step(client, lesson, 2, chosen="0")
    assert ActivityEvent.objects.count() == 1


def test_a_case_that_was_changed_begins_anew(
    client: Client, lesson: LessonPage, enrolment: Any
) -> None:
    client.force_login(enrolment.person)
    step(client, lesson, 2, chosen="0")
    raw = lesson.body.get_prep_value()
    raw[2]["value"]["scenes"][1]["value"]["code"] = "坏2"
    raw[2]["value"]["scenes"][0]["value"]["choices"][0]["value"]["to"] = "坏2"
    lesson.body = lesson.body.stream_block.to_python(raw)
    lesson.save()
    assert "工友在井里晕倒了" in client.get(lesson.get_url()).content.decode()


def test_the_lesson_waits_for_all_of_them(
    client: Client, lesson: LessonPage, enrolment: Any
) -> None:
    client.force_login(enrolment.person)
    LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, credited_ms=60_000)
    with pytest.raises(study.NotYetError) as missing:
        study.finish(enrolment, lesson, tab=uuid4())
    assert str(missing.value) == (
        "还没有做完：“下井前检查”、“下井前先做什么？”、“井下有人晕倒”。做完再点“我学完了”"
    )
    step(client, lesson, 0, chosen=["0", "1"])
    step(client, lesson, 1, chosen=["0", "1"])
    assert open_in(enrolment, lesson) == ["井下有人晕倒"]
    step(client, lesson, 2, chosen="1")
    step(client, lesson, 2, restart="1")
    assert study.finish(enrolment, lesson, tab=uuid4()).finished_at


def test_others_see_and_change_nothing(client: Client, lesson: LessonPage, learner: Any) -> None:
    page = client.get(lesson.get_url()).content.decode()
    assert "报名以后可以作答" in page
    assert "报名以后可以做选择" in page
    assert "/steps/" not in page
    address = reverse("courses:step", args=[lesson.pk, lesson.body[0].id])
    assert client.post(address).status_code == 302
    client.force_login(learner)  # not enrolled
    assert client.post(address, {"chosen": ["0"]}).status_code == 404
    assert client.get(address).status_code == 405
    assert not ActivityEvent.objects.exists()


def test_no_such_block(client: Client, lesson: LessonPage, enrolment: Any) -> None:
    client.force_login(enrolment.person)
    for block in (uuid4(), LessonPage.objects.exclude(pk=lesson.pk).first().body[0].id):
        assert client.post(reverse("courses:step", args=[lesson.pk, block])).status_code == 404


def test_the_page_with_everything_asks_little(
    client: Client, lesson: LessonPage, enrolment: Any, django_assert_num_queries: Any
) -> None:
    client.force_login(enrolment.person)
    client.get(lesson.get_url())
    with django_assert_num_queries(2 + 11 + 5):  # session, person; Wagtail's way; its own
        page = client.get(lesson.get_url())
    assert len(page.content) < 30_000
    assert not re.search(r"<script(?![^>]*src=)|style=|onclick=", page.content.decode())


def test_the_authors_slips_are_told() -> None:
    block = QuestionBlock()
    for right in ([], [0, 1, 2]):
        options = [{**one, "correct": n in right} for n, one in enumerate(QUESTION["options"])]
        with pytest.raises(ValidationError):
            block.clean(block.to_python({**QUESTION, "options": options}))
    case = CaseBlock()
    assert case.clean(case.to_python(CASE))["title"] == "井下有人晕倒"
    scenes = [{**CASE["scenes"][0]}, {**CASE["scenes"][1], "article": ""}]
    with pytest.raises(ValidationError):
        case.clean(case.to_python({**CASE, "scenes": scenes}))


def end(code: str) -> Scene:
    return Scene(code, (), "教训", "条文")


def fork(code: str, *to: str) -> Scene:
    return Scene(code, tuple(Choice(f"去{one}", "结果", one) for one in to))


@pytest.mark.parametrize(
    ("scenes", "told"),
    [
        ([], ["至少要有一个场景"]),
        ([fork("a", "b", "c"), end("b"), end("c")], []),
        ([fork("a", "b", "a"), end("b")], []),
        ([fork("a", "b", "x"), end("b")], ["场景“a”的选项“去x”指的场景“x”不存在"]),
        ([fork("a", "b", "b"), end("b"), end("c")], ["场景“c”走不到，请从别的场景指过来"]),
        ([fork("a", "b", "c"), fork("b", "b", "b"), end("c")], ["从场景“b”走不到结局"]),
        ([fork("a", "b"), end("b")], ["场景“a”只有一个选项，至少要两个"]),
        ([end("a"), end("a")], ["场景代号“a”用了两次"]),
        ([Scene("a")], ["场景“a”没有选项，是结局，要写教训和依据的条文"]),
    ],
)
def test_every_way_through_a_case_comes_to_an_end(scenes: list[Scene], told: list[str]) -> None:
    assert faults(scenes) == told
