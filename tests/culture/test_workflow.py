"""The second person: who may approve, who may only send back, and that nobody edits under review."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.test import Client
from wagtail.models import Page, Workflow

from courses.models import LessonPage
from culture.models import HomePage, NewsPage
from culture.models.workflow import OWN_TEXT, authors
from culture.seeding import build_site
from tests.courses.exam_kit import make_course
from tests.culture.kit import column, first_page, member, news

APPROVER = [
    ("approve", "通过并发布", False),
    ("approve", "通过并发布，附意见", True),
    ("reject", "退回修改", True),
]
AUTHOR = [("reject", "退回修改", True)]
EDITOR, REVIEWER, BOTH = "13800000001", "13800000002", "13800000003"


@pytest.fixture
def home(db: None) -> HomePage:
    return first_page()


def submitted(home: HomePage, author: Any) -> tuple[NewsPage, Any]:
    page = news(column(home), live=False)
    page.save_revision(user=author)
    state = Workflow.objects.get(name="发布审核").start(page, author)
    return page, state.current_task_state


def test_editors_and_reviewers_cannot_publish_directly(home: HomePage):
    page = news(column(home), live=False)
    for role, phone in (("editor", EDITOR), ("reviewer", REVIEWER)):
        assert not page.permissions_for_user(member(phone, role)).can_publish()


def test_a_reviewer_publishes_the_text_of_another(home: HomePage):
    page, state = submitted(home, member(EDITOR, "editor"))
    reviewer = member(REVIEWER, "reviewer")
    assert state.task.specific.get_actions(page, reviewer) == APPROVER
    shown = state.task.specific.on_action(state, reviewer, "approve")
    assert shown == "/news/news-1/"
    assert Page.objects.get(pk=page.pk).live


def test_an_author_may_send_back_but_not_approve(home: HomePage):
    author = member(BOTH, "editor", "reviewer")
    page, state = submitted(home, author)
    task = state.task.specific
    assert task.get_actions(page, author) == AUTHOR
    with pytest.raises(PermissionDenied, match=OWN_TEXT):
        task.on_action(state, author, "approve")
    assert not Page.objects.get(pk=page.pk).live
    assert task.on_action(state, author, "reject") is None
    state.refresh_from_db()
    assert state.status == "rejected"


def test_a_lesson_waits_for_its_course(client: Client, home: HomePage, as_staff: Any):
    course = make_course()
    course.unpublish()
    lesson = LessonPage.objects.get()
    lesson.unpublish()
    lesson.refresh_from_db()
    editor = member(EDITOR, "editor")
    lesson.save_revision(user=editor)
    state = Workflow.objects.get(name="发布审核").start(lesson, editor).current_task_state
    reviewer = as_staff(client, member(REVIEWER, "reviewer"))
    task = state.task.specific
    assert task.get_actions(lesson, reviewer) == AUTHOR
    told = "请先通过课程“有限空间作业安全”，再通过课时"
    assert told in client.get(f"/admin/pages/{lesson.pk}/edit/").content.decode()
    with pytest.raises(PermissionDenied, match=told):
        task.on_action(state, reviewer, "approve")
    assert not LessonPage.objects.get().live
    course.save_revision().publish()
    lesson = LessonPage.objects.get()
    assert task.get_actions(lesson, reviewer) == APPROVER
    state.workflow_state.refresh_from_db()  # another request, another day
    task.on_action(state, reviewer, "approve")
    assert LessonPage.objects.get().live


def test_all_who_changed_the_text_since_it_was_public_are_its_authors(home: HomePage):
    first, second, third = (member(phone, "editor") for phone in (EDITOR, REVIEWER, BOTH))
    page = news(column(home))
    page.save_revision(user=first).publish()
    page = NewsPage.objects.get(pk=page.pk)
    page.summary = "改过的摘要"
    page.save_revision(user=second)
    page.save_revision(user=third)  # saved without a change
    assert authors(page) == {second.pk}
    Workflow.objects.get(name="发布审核").start(page, third)
    assert authors(NewsPage.objects.get(pk=page.pk)) == {second.pk, third.pk}


def test_nobody_edits_a_text_under_review(home: HomePage):
    editor, reviewer = member(EDITOR, "editor"), member(REVIEWER, "reviewer")
    page, _ = submitted(home, editor)
    lock = NewsPage.objects.get(pk=page.pk).get_lock()
    assert [lock.for_user(person) for person in (editor, reviewer)] == [True, True]
    assert "通过并发布" in lock.get_message(reviewer)
    assert "取消工作流" in lock.get_message(editor)
    reviewer.groups.add(Group.objects.get(name="editor"))
    page.summary = "审核的人改的"
    page.save_revision(user=reviewer)
    lock = NewsPage.objects.get(pk=page.pk).get_lock()
    assert lock.get_message(reviewer).startswith(OWN_TEXT)


def test_a_reviewers_page_offers_the_review_and_saves_nothing(
    client: Client, home: HomePage, as_staff: Any
):
    page, state = submitted(home, member(EDITOR, "editor"))
    as_staff(client, member(REVIEWER, "reviewer"))
    form = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    act = f"/admin/pages/workflow/action/{page.pk}/{{}}/{state.pk}/"
    assert form.count(f'data-workflow-action-url="{act.format("approve")}"') == 2
    assert form.count(f'data-workflow-action-url="{act.format("reject")}"') == 1
    assert "action-page-locked" not in form
    assert "action-cancel-workflow" not in form
    client.post(f"/admin/pages/{page.pk}/edit/", {"body-count": "0", "action-workflow-action": "1"})
    assert page.revisions.count() == 1
    client.post(act.format("approve"))
    assert Page.objects.get(pk=page.pk).live


def test_a_seeded_article_saved_as_it_is_counts_as_unchanged(
    client: Client, home: HomePage, as_staff: Any
):
    text = {"type": "text", "value": "<p>先通风，<b>再检测</b>。</p>"}
    row = {"column": "news", "title": "一", "slug": "one", "summary": "二", "date": "2026-11-01"}
    columns = [{"title": "安全新闻", "slug": "news", "kind": "news"}]
    build_site({"columns": columns, "pages": [{**row, "body": [text]}]})
    page = NewsPage.objects.get(slug="one")
    form_class = NewsPage.get_edit_handler().get_form_class()
    form = form_class(instance=page, for_user=member(EDITOR, "editor"))
    sent = {name: form[name].value() for name in ("title", "slug", "summary", "date")}
    block = page.body[0]
    widget = block.block.field.widget
    sent |= {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": block.id,
        "body-0-value": widget.format_value(block.value),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    again = form_class(sent, instance=page, for_user=member(REVIEWER, "editor"))
    assert again.is_valid(), again.errors
    assert again.changed_data == []


def test_wagtails_own_publishing_groups_are_gone(db: None):
    assert not Group.objects.filter(name__in=["Editors", "Moderators"]).exists()
    assert [workflow.name for workflow in Workflow.objects.all()] == ["发布审核"]


def test_whoever_sends_back_says_why_and_the_editor_reads_it(
    client: Client, home: HomePage, as_staff: Any
):
    page, state = submitted(home, member(EDITOR, "editor"))
    reviewer = as_staff(client, member(REVIEWER, "reviewer"))
    act = f"/admin/pages/workflow/action/{page.pk}/reject/{state.pk}/"
    asked = client.post(act, {"comment": " "}, headers={"x-requested-with": "XMLHttpRequest"})
    assert "退回原因" in asked.json()["html"]
    state.refresh_from_db()
    assert state.status == "in_progress"
    client.post(act, {"comment": "请写明时间"})
    edit = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert f"这篇内容已被{reviewer}退回：请写明时间。改好后请重新提交审核。" in edit
