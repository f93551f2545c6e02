"""What accounts add to Wagtail's admin: people are changed one by one; our steps are in its log."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts import confirming
from accounts.employments import EmploymentViewSet
from accounts.models import User


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]
def no_bulk_actions_on_people(
    request: HttpRequest, action_type: str, objects: list[Any], view: Any
) -> None:
    """They look neither at who is a superuser nor at which roles go together."""
    if view.model is User:
        raise PermissionDenied


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def name_our_steps(actions: Any) -> None:
    """Whoever reads the log reads Chinese."""
    for code, (label, message) in confirming.LOGGED.items():
        actions.register_action(code, label, message)


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]
def employments() -> EmploymentViewSet:
    """Who works where."""
    return EmploymentViewSet("employments")


class HistoryMenuItem(MenuItem):  # type: ignore[misc]  # wagtail is untyped
    """Wagtail shows its log to editors only; who may look at people may read what was done with them."""

    def is_shown(self, request: HttpRequest) -> bool:
        """For administrators and auditors."""
        return request.user.has_perm("accounts.view_user")


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def history() -> MenuItem:
    """The site's log."""
    url = reverse("wagtailadmin_reports:site_history")
    return HistoryMenuItem("操作记录", url, name="people-history", icon_name="history", order=8900)
