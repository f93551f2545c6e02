"""What ``manage.py check --deploy`` says about signing and pushing."""

from typing import Any

from django.conf import settings
from django.core import checks


def signing_keys_given(**kwargs: Any) -> list[checks.CheckMessage]:
    """Several machines must sign with the same key."""
    embedded = settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
    if settings.SIGNING_KEYS or embedded:
        return []
    hint = "Give Ed25519 seeds, newest first; docs/open-data.md says how to make and rotate them."
    text = "SIGNING_KEYS is empty: each machine would sign open data with a key of its own."
    return [checks.Error(text, hint=hint, id="credit.E001")]


def pushes_stay_outside(**kwargs: Any) -> list[checks.CheckMessage]:
    """A site in the open must not call addresses of its own network."""
    if not settings.PUSH_TO_LOCAL:
        return []
    text = "PUSH_TO_LOCAL lets pushes reach inner addresses and go without https."
    return [checks.Error(text, hint="Unset it outside tests and demos.", id="credit.E002")]
