"""What must be right about the packages' origin and about identity in exams, told when the site starts."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string


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


@register()
def identity_without_a_face(**kwargs: Any) -> list[CheckMessage]:
    """A check by face always has an equal alternative (个人信息保护法)."""
    ways: list[Any] = []
    faults: list[CheckMessage] = []
    for path in settings.EXAM_IDENTITY_BACKENDS:
        try:
            ways.append(import_string(path))
        except ImportError:
            text = f"EXAM_IDENTITY_BACKENDS names {path}, which cannot be imported."
            faults.append(Error(text, id="courses.E004"))
    if all(way.face for way in ways):
        text = "EXAM_IDENTITY_BACKENDS holds no way without a face."
        hint = "Keep courses.acts.identity.SeenCard or OneTimeCode in it."
        faults.append(Error(text, hint=hint, id="courses.E005"))
    return faults
