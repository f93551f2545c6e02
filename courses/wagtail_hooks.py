"""What courses add to Wagtail's admin: the office's pages, and what may not be deleted there."""

from collections.abc import Iterable
from typing import Any

from django.db.models.deletion import Collector, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from courses.models import LessonPage
from courses.models.progress import is_used, minutes_fault
from courses.models.reach import INVIGILATE, works_with_learners
from courses.viewsets_exams import ExamsGroup

register_snippet(ExamsGroup)


class OfficeItem(MenuItem):  # type: ignore[misc]
    """For those who work with learners."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the page behind it would open."""
        return works_with_learners(request.user)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def training_office() -> MenuItem:
    """培训监督: corrections of hours, impossible records, a way to each learner."""
    return OfficeItem("培训监督", reverse("courses:office"), icon_name="group", order=330)


class _ForAuthors(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("courses.add_question")


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def exchange_menu() -> MenuItem:
    """The way to files of questions."""
    address = reverse_lazy("courses:exchange")
    return _ForAuthors("导入导出试题", address, icon_name="upload", order=321)


class _ForMarkers(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("courses.add_handmark")


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def marking_menu() -> MenuItem:
    """The way to the answers that a person has to mark."""
    return _ForMarkers("人工阅卷", reverse_lazy("courses:marking"), icon_name="edit", order=322)


class _ForInvigilators(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(INVIGILATE)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def room_menu() -> MenuItem:
    """The way to the room: identity, extra time, appeals."""
    return _ForInvigilators("考场", reverse_lazy("courses:room"), icon_name="user", order=323)


class _ForPackages(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("courses.add_coursepackage")


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def packages_menu() -> MenuItem:
    """The way to the page where course packages are uploaded."""
    return _ForPackages(
        "上传课件包", reverse_lazy("courses:packages"), icon_name="upload", order=324
    )


class _ForImporters(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("courses.add_cmi5course")


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def cmi5_menu() -> MenuItem:
    """The way to cmi5 courses."""
    address = reverse_lazy("courses:cmi5")
    return _ForImporters("cmi5 课程", address, icon_name="download", order=325)


class _ForKeyIssuers(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("courses.issue_lrs_key")


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def lrs_menu() -> MenuItem:
    """The way to the keys of the learning record store."""
    address = reverse_lazy("courses:lrs_keys")
    return _ForKeyIssuers("学习记录接口", address, icon_name="key", order=331)


@hooks.register("before_delete_page")  # type: ignore[untyped-decorator]
def keep_used_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A page that somebody studied, or that has an exam, is taken offline instead."""
    return _refuse_pages(request, [page], "wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]
def keep_used_pages(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same for pages ticked in a list."""
    if action_type != "delete" or not issubclass(action.model, Page):
        return None
    return _refuse_pages(request, objects, "wagtailadmin_explore_root")


def _refuse_pages(
    request: HttpRequest, pages: Iterable[Page], view: str, *args: int
) -> HttpResponse | None:
    used = [page.title for page in pages if is_used(page)]
    if not used:
        return None
    names = "、".join(f"“{title}”" for title in used)
    messages.error(
        request,
        f"{names}里有学习、报名、题库或考试的记录，记录要保留，所以不能删除。"
        "请改用“取消发布”：学员看不到它，记录还在。",
    )
    return redirect(view, *args)


@hooks.register("before_delete_snippet")  # type: ignore[untyped-decorator]
def keep_used_snippets(request: HttpRequest, instances: Iterable[Any]) -> HttpResponse | None:
    """A bank with questions or an exam with attempts stays, told in words and not by an error."""
    kept = [instance for instance in instances if not _deletable(instance)]
    if not kept:
        return None
    names = "、".join(f"“{instance}”" for instance in kept)
    messages.error(request, f"{names}已经用过，记录要保留，所以不能删除。")
    return redirect(kept[0].snippet_viewset.get_url_name("list"))


def _deletable(instance: Any) -> bool:
    """Whether nothing that is kept refers to it, as the database will see it."""
    try:
        Collector(using="default").collect([instance])
    except ProtectedError:
        return False
    return True


@hooks.register("after_edit_page")  # type: ignore[untyped-decorator]
@hooks.register("after_create_page")  # type: ignore[untyped-decorator]
@hooks.register("after_unpublish_page")  # type: ignore[untyped-decorator]
def tell_of_missing_minutes(request: HttpRequest, page: Page) -> None:
    """Lessons that together are shorter than their course are told to whoever changed them."""
    course = page.specific.course if isinstance(page.specific, LessonPage) else None
    if course is not None and (fault := minutes_fault(course, course.required_minutes)):
        messages.warning(request, fault)
