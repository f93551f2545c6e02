"""Who may do what with rows that are facts, for Wagtail's admin."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class NeverEdited(ModelPermissionPolicy):  # type: ignore[misc]
    """Rows that are facts: they may be seen, and only those named in ``allowed`` be added."""

    allowed: frozenset[str] = frozenset({"view"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether ``user`` may do ``action``."""
        return action in self.allowed and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Whether ``user`` may do any of ``actions``."""
        return any(self.user_has_permission(user, action) for action in actions)


class AddedOnly(NeverEdited):
    """Facts that the office adds by hand."""

    allowed = frozenset({"view", "add"})


class NeverDeleted(NeverEdited):
    """Rows that are changed by a new version, or switched off."""

    allowed = frozenset({"view", "add", "change"})


class ChangedOnly(NeverEdited):
    """Facts that the office looks at, and answers with a new row."""

    allowed = frozenset({"view", "change"})
