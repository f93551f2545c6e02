"""Our signing key: which one signs now, and the public keys of all that ever did.

``SIGNING_KEYS`` are Ed25519 seeds in base64, the newest first: the first signs. To rotate, put a new one in
front; the public halves of older ones stay published. Without any, one is drawn on this machine and kept in
``VAR_DIR/signing_key``: right for the embedded size, wrong for several machines.
"""

import base64
import binascii
import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from credit.acts.own_secrets import own_secret
from credit.models import SigningKey
from credit.opendata.signing import (
    ALGORITHM,
    key_id,
    keys_file,
    public_key,
    sign,
    signature_file,
)


def signed(content: bytes) -> tuple[SigningKey, bytes]:
    """The key that signs now, published from this moment, and its signature over ``content``."""
    seed = _seed()
    public = public_key(seed)
    key, _ = SigningKey.objects.get_or_create(
        key_id=key_id(public), defaults={"public": base64.b64encode(public).decode()}
    )
    return key, sign(seed, content)


def signed_file(content: bytes) -> tuple[SigningKey, str]:
    """The same, with the signature as the text of a ….sig file."""
    key, signature = signed(content)
    return key, signature_file(key.key_id, signature).decode()


def published_keys() -> bytes:
    """keys.json: every public key, oldest first; the key in use is there before its first paper."""
    signed(b"")
    entries: list[dict[str, Any]] = [
        {
            "id": key.key_id,
            "algorithm": ALGORITHM,
            "public": key.public,
            "since": key.since.isoformat(timespec="seconds"),
        }
        for key in SigningKey.objects.all()
    ]
    return keys_file(entries)


def public_keys() -> dict[str, bytes]:
    """Key id → public key, of all that ever signed."""
    return {key.key_id: base64.b64decode(key.public) for key in SigningKey.objects.all()}


def _seed() -> bytes:
    given = settings.SIGNING_KEYS
    text = given[0] if given else own_secret("signing_key", _draw)
    try:
        seed = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        seed = b""
    if len(seed) != 32:
        raise ImproperlyConfigured("SIGNING_KEYS 的第一项应为 32 字节的 base64")
    return seed


def _draw() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
