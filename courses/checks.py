"""What must be right about the packages' origin, told when the site starts."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register


@register()
def packages_origin(**_: Any) -> list[Error]:
    """Another host than ours: cookies know no ports, so a port of its own is not enough."""
    told = settings.PACKAGES_ORIGIN
    if not told:
        return []
    parts, own = urlsplit(told), urlsplit(settings.BASE_URL)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        return [
            Error(
                f"PACKAGES_ORIGIN={told!r} is not an origin: give https://host, without a path",
                id="courses.E001",
            )
        ]
    cookies = settings.SESSION_COOKIE_DOMAIN
    if parts.hostname == own.hostname or (cookies and parts.hostname.endswith(cookies.lstrip("."))):
        return [
            Error(
                f"PACKAGES_ORIGIN={told!r} gets our cookies: give a host of its own",
                id="courses.E002",
            )
        ]
    if own.scheme == "https" and parts.scheme != "https":
        return [Error("PACKAGES_ORIGIN must be https, as BASE_URL is", id="courses.E003")]
    return []
