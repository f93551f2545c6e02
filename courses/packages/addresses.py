"""Addresses on the packages' own origin: a signed path that runs out, and no cookie.

A token says whose package is read, by whom, on which page of ours it is framed, and until when. It stays the same
for some hours, so that a browser keeps the files that it has. Whoever holds an address can read the package until
it runs out, and nothing else.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing

PERIOD: Final = 4 * 3600  # seconds; an address lives one to two of them
SALT: Final = "courses.packages"


class BadAddressError(ValueError):
    """A token that is not ours, or that has run out."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a token says. ``parent``: the origin of the page that may frame it."""

    key: str
    person: int
    parent: str


def token(key: str, *, person: int, parent: str, now: datetime) -> str:
    """The token of the package ``key``."""
    until = (int(now.timestamp()) // PERIOD + 2) * PERIOD
    where = urlsafe_b64encode(parent.encode()).decode().rstrip("=")
    said = f"{key}.{person:x}.{until:x}.{where}"
    return signing.Signer(salt=SALT, sep="~").sign(said)


def read(said: str, *, now: datetime) -> Told:
    """Raises BadAddressError."""
    try:
        plain = signing.Signer(salt=SALT, sep="~").unsign(said)
        key, person, until, where = plain.split(".")
        parent = urlsafe_b64decode(where + "=" * (-len(where) % 4)).decode()
    except (signing.BadSignature, ValueError) as fault:
        raise BadAddressError("token") from fault
    if int(until, 16) <= now.timestamp():
        raise BadAddressError("late")
    return Told(key, int(person, 16), parent)


def origin() -> str:
    """The packages' origin; "" where there is none, and no package can be opened."""
    parts = urlsplit(settings.PACKAGES_ORIGIN)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def is_packages_host(host: str) -> bool:
    """Whether a request to ``host`` is one for packages."""
    own = urlsplit(settings.PACKAGES_ORIGIN).netloc.lower()
    return bool(own) and host.lower() == own


def play_address(key: str, *, person: int, parent: str, now: datetime) -> str:
    """Where the player of a package is; an item is named by ``?item=`` and its place from 0."""
    return f"{origin()}/p/{token(key, person=person, parent=parent, now=now)}/play"
