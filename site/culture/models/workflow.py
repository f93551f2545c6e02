"""Nothing is published by its author: the second person is part of the task, not of a habit.

While a review is open nobody edits the text: the reviewer lets it through or sends it back. So what is
published is what was submitted, and a saved version always belongs to somebody who wrote.
"""

import json
import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from wagtail.forms import TaskStateCommentForm
from wagtail.locks import WorkflowLock
from wagtail.models import AbstractGroupApprovalTask

OWN_TEXT = "不能审核自己写的内容，请由另一位审核人员审核"
_KEYS = re.compile(r' data-block-key=\\+"\w*\\+"')  # the editor's own marks in a paragraph


class ReasonForm(TaskStateCommentForm):  # type: ignore[misc]
    """Why a text is sent back; the editor reads it above the form."""

    comment = forms.CharField(
        label="退回原因（编辑会看到）", max_length=500, widget=forms.Textarea({"rows": 3})
    )


class ReviewLock(WorkflowLock):  # type: ignore[misc]
    """Says to each reader of a text under review what can be done."""

    def get_message(self, user: Any) -> str:
        """The line above the form."""
        actions = [name for name, *_ in self.task.get_actions(self.object, user)]
        if "approve" in actions:
            return (
                "这篇内容在等您审核。请看完再决定：没有问题，点“通过并发布”；要改，点“退回修改”。"
            )
        if actions:
            return f"{refusal(self.object, user)}。您也可以点“退回修改”，改好后重新提交。"
        if self.object.current_workflow_state.user_can_cancel(user):
            return "这篇内容正在审核，现在不能修改。要修改，请先点“取消工作流”，改好后重新提交。"
        return "这篇内容正在审核，现在不能修改。要修改，请等审核人员退回。"

    def get_locked_by(self, user: Any, can_lock: bool = False) -> str:
        """The heading in the side panel."""
        return "审核期间不能修改"

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        """The explanation in the side panel."""
        return "审核人员只看内容，决定通过或者退回；退回以后，编辑才能修改"


class SecondPersonTask(AbstractGroupApprovalTask):  # type: ignore[misc]
    """Approval by a group, but never by one who wrote or submitted the text, nor before the page above.

    Wagtail's own task lets a moderator approve the own page, and edit the text while approving it.
    """

    class Meta:
        verbose_name = "由另一人审核"
        verbose_name_plural = "由另一人审核"

    admin_form_fields: ClassVar[list[str]] = [*AbstractGroupApprovalTask.admin_form_fields]
    lock_class = ReviewLock

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Nobody changes a text under review, so that nobody becomes its author while approving it."""
        return True

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        """The review is the lock."""
        return False

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        """What the group's members may do; whoever may not approve may only send it back."""
        if not super().get_actions(obj, user):
            return []
        reject = [("reject", "退回修改", True)]
        if refusal(obj, user):
            return reject
        return [
            ("approve", "通过并发布", False),
            ("approve", "通过并发布，附意见", True),
            *reject,
        ]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        """Sending back asks for the reason."""
        form: type[forms.Form] = super().get_form_for_action(action)
        return ReasonForm if action == "reject" else form

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Refuse an approval that may not be, whatever page the request came from.

        Answers with the public address of what is now published, for the reviewer to see; else with None.
        """
        review = task_state.workflow_state
        if action_name == "approve" and (reason := refusal(review.content_object, user)):
            raise PermissionDenied(reason)
        super().on_action(task_state, user, action_name, **kwargs)
        done = review.status == review.STATUS_APPROVED
        return review.content_object.specific.get_url() if done else None

    @classmethod
    def get_description(cls) -> str:
        """What the workflow's page says."""
        return "由小组里的另一个人审核，作者本人不能通过"


def refusal(page: Any, user: Any) -> str:
    """Why ``user`` may not let ``page`` through now; empty when nothing speaks against it.

    Below a page that is not public, a public one would be found by search and lead nowhere.
    """
    if user.pk in authors(page):
        return OWN_TEXT
    above = page.get_parent()
    if above.live:
        return ""
    kinds = [one.specific_class._meta.verbose_name for one in (above, page)]
    return f"请先通过{kinds[0]}“{above.title}”，再通过{kinds[1]}"


def authors(page: Any) -> set[int]:
    """The keys of all who changed the text since it was last public, and of who asked for the review.

    A saved version with the same content as the one before it makes nobody an author.
    """
    state = page.current_workflow_state
    found = {state.requested_by_id} if state else set()
    fields = sorted(page.specific_class.get_edit_handler().get_form_class().base_fields)
    before: str | None = None
    for key, writer, content in page.revisions.order_by("pk").values_list("pk", "user", "content"):
        now = _KEYS.sub("", json.dumps([content.get(name) for name in fields], sort_keys=True))
        public = page.live_revision_id is not None and key <= page.live_revision_id
        if now != before and not public:
            found.add(writer)
        before = now
    return found - {None}
