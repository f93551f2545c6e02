"""What nobody may read in the database is sealed, and found by a keyed fingerprint: numbers, mail addresses.

``SEALING_KEYS`` is a list of Fernet keys, newest first: the first seals, all of them open. To rotate, put a
new key in front, run ``manage.py reseal``, then drop the old key. When no key is given, one is drawn
on this machine and kept in ``VAR_DIR/sealing_key``: right for the embedded size, wrong for several
machines, which ``manage.py check --deploy`` says. Whoever loses the keys loses the numbers.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    """``text`` encrypted with the newest key; another token each time."""
    return _box().encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """What was sealed. Raises ValueError when no key of ours opens ``token``."""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken as fault:
        raise ValueError("no key in SEALING_KEYS opens this token") from fault


def fingerprint(text: str) -> str:
    """64 hex digits, the same for the same ``text`` under the newest key, and no way back to it."""
    return fingerprints(text)[0]


def fingerprints(text: str) -> list[str]:
    """The fingerprint under each key, newest first: search with all of them while keys are rotated."""
    return [_fingerprint(key, text) for key in _keys()]


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])


def _keys() -> list[str]:
    return settings.SEALING_KEYS or [_own_key(Path(settings.VAR_DIR) / "sealing_key")]


def _own_key(path: Path) -> str:
    """The key of this machine, drawn when it is first asked for."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(Fernet.generate_key().decode())
        try:
            os.link(
                draft, path
            )  # fails when another process was first, so that nobody's key is replaced
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def _fingerprint(key: str, text: str) -> str:
    # A key for this purpose alone, so that a fingerprint tells nothing about what seals.
    own = hmac.digest(base64.urlsafe_b64decode(key), b"anxin fingerprint", hashlib.sha256)
    return hmac.new(own, text.encode(), hashlib.sha256).hexdigest()
