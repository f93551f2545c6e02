"""The public's pages: news, law, accident cases."""

from typing import Any

from django.apps import AppConfig
from django.core.cache import cache
from django.db.models.signals import post_delete, post_migrate, post_save

from culture import address


class CultureConfig(AppConfig):
    """安全文化."""

    name = "culture"
    verbose_name = "安全文化"

    def ready(self) -> None:
        """The menu is forgotten when a page or its door changes, the foot when it is edited.

        The site follows BASE_URL; exports are safe.
        """
        from wagtail.models import PageViewRestriction
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from culture import exports

        for signal in (page_published, page_unpublished, post_page_move):
            signal.connect(forget_menu, dispatch_uid=f"forget_menu_{id(signal)}")
        for signal in (post_save, post_delete):
            signal.connect(forget_menu, sender=PageViewRestriction)
        post_save.connect(forget_owner, self.get_model("SiteOwner"), dispatch_uid="forget_owner")
        post_migrate.connect(address.on_migrate, sender=self)
        exports.make_harmless()


def forget_menu(**_: Any) -> None:
    """The next page asks for the menu anew."""
    from culture.templatetags.culture_tags import MENU_KEY

    cache.delete(MENU_KEY)


def forget_owner(**_: Any) -> None:
    """The next page asks anew who runs the site."""
    from culture.templatetags.culture_tags import OWNER_KEY

    cache.delete(OWNER_KEY)
