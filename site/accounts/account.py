"""Wagtail's page of one's own settings, without the name: that is the real name, and not changed here."""

from typing import Any

from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, NameEmailSettingsPanel


class OwnSettings(AccountView):  # type: ignore[misc]
    """Language, notices and the look of the desk."""

    def get_panels(self) -> list[Any]:
        """Every panel of Wagtail's but the name's."""
        return [one for one in super().get_panels() if not isinstance(one, NameEmailSettingsPanel)]


own_settings = require_admin_access(OwnSettings.as_view())
