"""Ed25519 signatures: a key's id, a signature file, and whether it fits. A seed is 32 secret bytes."""

import base64
import binascii
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM: Final = "Ed25519"
Keys = Mapping[str, bytes]  # key id → public key, 32 bytes


def public_key(seed: bytes) -> bytes:
    """The public half."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """By which a signature names its key: 16 hex digits."""
    return sha256(public).hexdigest()[:16]


def sign(seed: bytes, content: bytes) -> bytes:
    """The signature, 64 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(content)


def is_signed(public: bytes, signature: bytes, content: bytes) -> bool:
    """Whether the signature is this key's over exactly this content."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def signature_file(key: str, signature: bytes) -> bytes:
    """What lies beside a signed file, as ….sig."""
    said = {"algorithm": ALGORITHM, "key": key, "signature": base64.b64encode(signature).decode()}
    return (json.dumps(said) + "\n").encode()


def fault_in_signature(keys: Keys, sig: bytes, content: bytes) -> str:
    """Why a signature file does not vouch for ``content``, in words; "" when it does."""
    try:
        said = json.loads(sig)
        name, signature = said["key"], base64.b64decode(said["signature"], validate=True)
    except (ValueError, KeyError, TypeError, binascii.Error):
        return "签名文件读不懂"
    if name not in keys:
        return f"签名所用的公钥 {name} 不在您给的公钥里"
    return "" if is_signed(keys[name], signature, content) else "签名不符，内容被改过或公钥不对"


def read_keys(data: bytes) -> dict[str, bytes]:
    """The keys of a keys.json, or one public key in base64. Raises ValueError."""
    try:
        entries = json.loads(data)["keys"]
        publics = [base64.b64decode(entry["public"], validate=True) for entry in entries]
    except (ValueError, KeyError, TypeError):
        publics = [base64.b64decode(data.strip(), validate=True)]
    if not publics or any(len(public) != 32 for public in publics):
        raise ValueError("公钥应为 32 字节")
    return {key_id(public): public for public in publics}


def keys_file(entries: list[dict[str, Any]]) -> bytes:
    """The keys.json of ``entries`` (id, public, since)."""
    return (json.dumps({"keys": entries}, ensure_ascii=False, indent=1) + "\n").encode()
