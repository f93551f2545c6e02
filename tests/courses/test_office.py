"""The office's work in Wagtail: an editor makes questions and exams, and nothing that is kept is lost."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from courses.acts import exams
from courses.models import (
    Certificate,
    CourseIndexPage,
    CoursePage,
    Exam,
    LessonPage,
    Question,
    Revocation,
)
from courses.seeding_questions import load_bank
from tests.courses.exam_kit import (
    NOON,
    User,
    a_question,
    enrol,
    make_course,
    make_learner,
    places_of,
    right_of,
    small_exam,
)
from tests.courses.test_questions import exam_form, question_form

RIGHT, WRONG = {"text": "通风", "correct": "on"}, {"text": "下井"}


@pytest.fixture
def course(db: None) -> CoursePage:
    return make_course()


@pytest.fixture
def as_role(db: None, as_staff: Any) -> Any:
    """Sign in somebody who holds one role and nothing more."""

    def sign_in(role: str) -> Client:
        client = Client()
        person = User.objects.create_user("13900000009", "long-enough-9")
        person.groups.add(Group.objects.get(name=role))
        as_staff(client, person)
        return client

    return sign_in


@pytest.fixture
def superuser(db: None, as_staff: Any) -> Client:
    client = Client()
    as_staff(client, User.objects.create_superuser("13900000001", "long-enough-9"))
    return client


def snippet(model: str, action: str, *keys: int) -> str:
    return reverse(f"wagtailsnippets_courses_{model}:{action}", args=keys)


def told(client: Client, answer: Any) -> str:
    """The page that an answer leads to, with its messages."""
    assert answer.status_code == 302, answer.status_code
    return client.get(answer["Location"], follow=True).content.decode()


# -- Roles ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["editor", "reviewer"])
def test_editors_make_banks_questions_and_exams(as_role: Any, course: CoursePage, role: str):
    client = as_role(role)
    assert snippet("question", "list") in client.get("/admin/").content.decode()
    bank = {"course": course.pk, "name": "新题库"}
    assert client.post(snippet("questionbank", "add"), bank).status_code == 302
    kept = course.banks.get()
    form = question_form(kept, RIGHT, WRONG)
    assert client.post(snippet("question", "add"), form).status_code == 302
    load_bank(course, [a_question(serial) for serial in range(5)])
    row = {"kind": "single", "topic": "", "count": 5, "points": 20}
    assert client.post(snippet("exam", "add"), exam_form(course, row)).status_code == 302
    assert (Question.objects.count(), Exam.objects.count()) == (6, 1)
    assert client.get(snippet("certificate", "list")).status_code == 200


def a_certificate(course: CoursePage) -> Certificate:
    learner = make_learner()
    small_exam(course)
    attempt = exams.start(enrol(learner, course), learner=learner, now=NOON)
    for place in places_of(attempt):
        exams.save_answer(
            attempt, learner=learner, position=place.position, chosen=right_of(place), now=NOON
        )
    exams.submit(attempt, learner=learner, now=NOON)
    return Certificate.objects.get()


def test_the_administrator_takes_a_certificate_back_and_an_editor_does_not(
    as_role: Any, course: CoursePage
):
    form = {"certificate": a_certificate(course).pk, "reason": "替考"}
    client = as_role("administrator")
    assert client.get(snippet("certificate", "list")).status_code == 200
    page = told(client, client.post(snippet("revocation", "add"), form))
    revocation = Revocation.objects.get()
    assert revocation.reason == "替考"
    assert str(revocation) in page
    assert snippet("revocation", "edit", revocation.pk) not in page
    User.objects.filter(phone__endswith="13900000009").update(phone="+8613900000008")
    assert "没有" in told(*_refused(as_role("editor"), form))


def test_the_certificate_to_take_back_is_found_by_number_and_name(as_role: Any, course: CoursePage):
    certificate = a_certificate(course)
    title = f"{certificate.printed_number} · 㛃堃 · 有限空间作业安全"
    assert str(certificate) == title
    client, results = as_role("administrator"), "wagtailsnippetchoosers_courses_certificate"
    number = certificate.printed_number.lower()

    def found(typed: str) -> bool:
        answer = client.get(reverse(f"{results}:choose_results"), {"q": typed})
        return title in answer.content.decode()

    assert "证书编号或姓名" in client.get(reverse(f"{results}:choose")).json()["html"]
    typed = ("", number, number[:9], "堃", "李四", "-")
    assert [found(one) for one in typed] == [True, True, True, True, False, False]
    client.post(snippet("revocation", "add"), {"certificate": certificate.pk, "reason": "替考"})
    assert not found("")


def test_the_office_s_lists_have_chinese_headings(superuser: Client, course: CoursePage):
    certificate = a_certificate(course)
    for address, words in (
        (snippet("certificate", "list"), ["证书编号", "姓名", "课程"]),
        (snippet("certificate", "inspect", certificate.pk), ["考试记录", "报名"]),
        (snippet("enrolment", "list"), ["学员", "课程"]),
    ):
        page = superuser.get(address).content.decode()
        assert [word for word in words if word not in page] == []
        assert re.findall(r"Printed number|>\s*(?:Person|Course|Attempt|Enrolment)\s*<", page) == []


def _refused(client: Client, form: dict[str, Any]) -> tuple[Client, Any]:
    return client, client.post(snippet("revocation", "add"), form)


# -- Questions --------------------------------------------------------------------------------------------


def test_nobody_deletes_a_question_by_hand(superuser: Client, course: CoursePage):
    question = load_bank(course, [a_question(1)]).questions.get()
    assert superuser.post(snippet("question", "delete", question.pk)).status_code == 302
    bulk = reverse("wagtail_bulk_action", args=["courses", "question", "delete"])
    superuser.post(f"{bulk}?id={question.pk}")
    assert Question.objects.get() == question


def test_an_old_address_of_a_question_opens_the_newest_version(
    superuser: Client, course: CoursePage
):
    old = load_bank(course, [a_question(1)]).questions.get()
    address = snippet("question", "edit", old.pk)
    superuser.post(address, question_form(old.bank, RIGHT, WRONG, stem="改过的题"))
    page = told(superuser, superuser.get(address))
    assert "这道题已经有新版本" in page
    assert "改过的题" in page
    late = question_form(old.bank, RIGHT, WRONG, stem="晚了一步")
    answer = superuser.post(address, late)
    assert answer.status_code == 200
    assert "您的修改没有保存" in answer.content.decode()
    assert "晚了一步" in answer.content.decode()
    assert Question.objects.count() == 2


def test_switching_off_a_question_tells_that_the_exam_cannot_be_drawn(
    superuser: Client, course: CoursePage
):
    small_exam(course)
    question = Question.objects.first()
    assert question is not None
    form = question_form(question.bank, RIGHT, WRONG, topic="有限空间", active="")
    page = told(superuser, superuser.post(snippet("question", "edit", question.pk), form))
    assert "现在抽不出试卷，学员不能开始考试：单选题需要 5 道，题库只有 4 道，还缺 1 道" in page


def test_a_used_bank_or_exam_is_not_deleted_and_says_why(superuser: Client, course: CoursePage):
    certificate = a_certificate(course)
    bank, exam = course.banks.get(), certificate.attempt.exam
    for model, row in (("questionbank", bank), ("exam", exam)):
        page = told(superuser, superuser.post(snippet(model, "delete", row.pk)))
        assert "已经用过，记录要保留，所以不能删除" in page
        bulk = reverse("wagtail_bulk_action", args=["courses", model, "delete"])
        page = told(superuser, superuser.post(f"{bulk}?id={row.pk}"))
        assert "已经用过，记录要保留，所以不能删除" in page
    assert Exam.objects.get() == exam


# -- Pages ------------------------------------------------------------------------------------------------


def course_form(**changes: Any) -> dict[str, Any]:
    facts = {
        "title": "新课",
        "slug": "new",
        "summary": "学会",
        "audience": "worker",
        "sector": "",
        "required_minutes": 3,
        "cover": "",
        "outline": rich_text("<p>说明</p>"),
        "seo_title": "",
        "search_description": "",
        "comments": inline_formset([]),
        "prerequisites": inline_formset([]),
    }
    return nested_form_data({**facts, **changes})


def lesson_form(**changes: Any) -> dict[str, Any]:
    facts = {
        "title": "新课时",
        "slug": "new-lesson",
        "min_minutes": 5,
        "body": streamfield([("heading", "标题")]),
        "spoken": streamfield([]),
        "readings": streamfield([]),
        "seo_title": "",
        "search_description": "",
        "comments": inline_formset([]),
    }
    return nested_form_data({**facts, **changes})


def test_a_page_that_is_not_saved_yet_can_be_previewed(superuser: Client, course: CoursePage):
    person = User.objects.get(is_superuser=True)
    enrol(person, course, studied=False)
    catalogue = CourseIndexPage.objects.get()
    for model, parent, form in (
        ("coursepage", catalogue, course_form()),
        ("lessonpage", course, lesson_form()),
    ):
        view = "wagtailadmin_pages:preview_on_add"
        address = reverse(view, args=["courses", model, parent.pk])
        assert superuser.post(address, form).json()["is_valid"]
        page = superuser.get(address)
        assert page.status_code == 200
        assert form["title"] in page.content.decode()


def test_a_course_that_nobody_could_finish_is_not_published(superuser: Client, course: CoursePage):
    address = reverse("wagtailadmin_pages:edit", args=[course.pk])
    form = course_form(title="改名", slug=course.slug, required_minutes=6)
    answer = superuser.post(address, {**form, "action-publish": "1"})
    assert answer.status_code == 200
    fault = "本课学习时间是 6 分钟，已发布的课时一共只有 5 分钟。"
    assert fault in answer.content.decode()
    assert superuser.post(address, form).status_code == 302  # a draft may wait for its lessons
    form = course_form(title="改名", slug=course.slug, required_minutes=5)
    assert superuser.post(address, {**form, "action-publish": "1"}).status_code == 302
    assert CoursePage.objects.get().required_minutes == 5


def test_whoever_shortens_a_lesson_is_told_what_the_course_lacks(
    superuser: Client, course: CoursePage
):
    lesson = course.lessons().get()
    address = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    form = lesson_form(title=lesson.title, slug=lesson.slug, min_minutes=4)
    page = told(superuser, superuser.post(address, {**form, "action-publish": "1"}))
    assert "本课学习时间是 60 分钟，已发布的课时一共只有 4 分钟。" in page


def test_a_studied_lesson_is_taken_offline_and_never_deleted(superuser: Client, course: CoursePage):
    enrol(make_learner(), course)
    lesson = course.lessons().get()
    for address in (
        reverse("wagtailadmin_pages:delete", args=[lesson.pk]),
        reverse("wagtailadmin_pages:delete", args=[course.pk]),
        f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'delete'])}?id={lesson.pk}",
    ):
        assert "请改用“取消发布”" in told(superuser, superuser.post(address))
    assert LessonPage.objects.get() == lesson


def test_a_lesson_that_nobody_opened_can_be_deleted(superuser: Client, course: CoursePage):
    lesson = course.lessons().get()
    superuser.post(reverse("wagtailadmin_pages:delete", args=[lesson.pk]))
    assert Page.objects.filter(pk=lesson.pk).count() == 0
