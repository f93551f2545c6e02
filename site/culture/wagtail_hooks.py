"""What the editors' pages get from us: the reviewer's buttons below a text under review."""

from typing import Any

from django.contrib import messages
from django.forms import Media, Script
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.staticfiles import versioned_static
from wagtail.models import Page

from culture.models import SecondPersonTask


class ReviewMenuItem(ActionMenuItem):  # type: ignore[misc]
    """One action of the review, sent to Wagtail's own address for it.

    Wagtail's button sends the whole form besides, and saves it: it is not shown while nobody may edit.
    """

    template_name = "culture/admin/review_button.html"

    def __init__(self, name: str, label: str, modal: bool, *, order: int) -> None:
        super().__init__(order=order)
        self.name, self.label, self.modal = name, label, modal
        self.icon_name = "success" if name == "approve" else "edit"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        """With the address's parts."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        state = context["page"].current_workflow_task_state
        return context | {"modal": self.modal, "task_state": state}

    @property
    def media(self) -> Media:
        """The script that Wagtail's own list of reviews uses for such buttons."""
        path = versioned_static("wagtailadmin/js/workflow-action.js")
        script = Script(path, **{"data-activate": "dashboard"})
        return Media(js=[script])  # type: ignore[list-item]  # the stubs know no Script yet


@hooks.register("before_edit_page")  # type: ignore[untyped-decorator]
def tell_why_it_came_back(request: HttpRequest, page: Page) -> None:
    """A text that was sent back says by whom and why, until it is submitted again."""
    state = page.current_workflow_state
    if request.method == "GET" and state and state.status == state.STATUS_NEEDS_CHANGES:
        review = state.current_task_state
        reviewer = review.finished_by or "审核人员"
        messages.warning(
            request,
            f"这篇内容已被{reviewer}退回：{review.comment or '没有写原因'}。改好后请重新提交审核。",
        )


@hooks.register("construct_page_action_menu")  # type: ignore[untyped-decorator]
def offer_review(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """The reviewer's actions come first; “page locked” and Wagtail's third way, to cancel, go."""
    page = context.get("page")
    task = page.current_workflow_task if page and context["view"] == "edit" else None
    if not isinstance(task, SecondPersonTask) or not context["locked_for_user"]:
        return
    actions = task.get_actions(page, request.user)
    gone = {"action-page-locked"} if actions else set()
    if any(name == "approve" for name, *_ in actions):
        gone.add("action-cancel-workflow")  # who may approve sends back, with a reason
    items[:] = [item for item in items if item.name not in gone]
    items[:0] = [ReviewMenuItem(*action, order=order) for order, action in enumerate(actions)]
