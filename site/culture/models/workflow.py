"""Nothing is published by its author: the second person is part of the task, not of a habit."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from wagtail.models import AbstractGroupApprovalTask


class SecondPersonTask(AbstractGroupApprovalTask):  # type: ignore[misc]
    """Approval by a group, but never by the one who wrote or submitted the text.

    Wagtail's own task lets a moderator approve the own page.
    """

    class Meta:
        verbose_name = "由另一人审核"
        verbose_name_plural = "由另一人审核"

    admin_form_fields: ClassVar[list[str]] = [*AbstractGroupApprovalTask.admin_form_fields]

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        """The actions of the group's members, none for the author."""
        if _wrote(obj, user):
            return []
        actions: list[Any] = super().get_actions(obj, user)
        return actions

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Refuse the author, whatever page the request came from."""
        if _wrote(task_state.workflow_state.content_object, user):
            raise PermissionDenied("不能审核自己写的内容，请由另一人审核")
        return super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> str:
        """What the workflow's page says."""
        return "由小组里的另一个人审核，作者本人不能通过"


def _wrote(obj: Any, user: Any) -> bool:
    """Whether ``user`` made the newest text or asked for its review."""
    revision = obj.get_latest_revision()
    state = obj.current_workflow_state
    authors = {revision.user_id if revision else None, state.requested_by_id if state else None}
    return user.pk in authors
