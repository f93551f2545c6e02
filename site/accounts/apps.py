"""The accounts app: people and their doors; and Wagtail's users app with our pages about people."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    """人员与登录."""

    default = True
    name = "accounts"
    verbose_name = "人员与登录"

    def ready(self) -> None:
        """Keep the roles' permissions in step with the mapping; say what is amiss."""
        from accounts import checks as own
        from accounts import permissions, second_factor

        second_factor.connect()
        post_migrate.connect(permissions.on_migrate, sender=self)
        checks.register(own.permissions_exist)
        for check in (own.sealing_keys_given, own.texts_leave, own.secret_key_given):
            checks.register(check, deploy=True)


class PeopleAdminConfig(WagtailUsersAppConfig):  # type: ignore[misc]  # wagtail is untyped
    """Stands in INSTALLED_APPS in place of ``wagtail.users``."""

    default = False
    user_viewset = "accounts.people.PeopleViewSet"
