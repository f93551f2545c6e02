"""Secrets of others are kept sealed, with the keys that seal identity numbers: ``SEALING_KEYS``.

credit knows nobody above it, so this opens and seals by itself; a key without settings is the same file.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from credit.acts.own_secrets import own_secret


def seal(text: str) -> str:
    """``text`` encrypted with the newest key."""
    return _box().encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """What was sealed. Raises ValueError when no key of ours opens it."""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken as fault:
        raise ValueError("no key in SEALING_KEYS opens this token") from fault


def _box() -> MultiFernet:
    keys = settings.SEALING_KEYS or [
        own_secret("sealing_key", lambda: Fernet.generate_key().decode())
    ]
    return MultiFernet([Fernet(key) for key in keys])
