"""One address for the whole site: the default site of Wagtail is where ``BASE_URL`` says."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections


def on_migrate(using: str, **_: Any) -> None:
    """After every migration, whatever was there: the sitemap and full addresses must follow ``BASE_URL``.

    A further site (a street's own, say) keeps the address that was given to it.
    """
    from wagtail.models import Site

    if Site._meta.db_table not in connections[using].introspection.table_names():
        return  # migrated backwards to before Wagtail
    parts = urlsplit(settings.BASE_URL)
    host, port = parts.hostname or "localhost", parts.port or (443 if settings.HTTPS else 80)
    for site in Site.objects.using(using).filter(is_default_site=True):
        if (site.hostname, site.port) != (host, port):
            site.hostname, site.port = host, port
            site.save()  # tells Wagtail to forget the addresses it keeps
