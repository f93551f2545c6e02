"""A signed statement as one line of text: fits a QR code, is checked without a network.

``AXC1.<what it says>.<key id>.<signature>``; the first and the last part are base64url. What it says is short;
``h`` is the hash of the whole content, which the paper's file carries as ``AXD1.<content>``.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credit.opendata.papers import digest
from credit.opendata.rows import canonical
from credit.opendata.signing import Keys, is_signed

_TOKEN: Final = re.compile(rb"AXC1\.[\w-]+\.[0-9a-f]{16}\.[\w-]{86}(?![\w-])", re.ASCII)
_CONTENT: Final = re.compile(rb"AXD1\.[\w-]+", re.ASCII)
KINDS: Final = {"clean": "无安全生产违法违规记录证明", "report": "安全生产信用信息查询报告"}


class StatementError(ValueError):
    """Why a text is no statement of ours, ready to print."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What was signed: number, kind, name, code, as of when; ``content`` in full where the file carries it."""

    number: str
    kind: str
    name: str
    code: str
    as_of: str
    content_sha256: str
    content: Mapping[str, Any] | None = None


def said(content: Mapping[str, Any]) -> bytes:
    """The short form of ``content``, as it goes into the statement."""
    short = {
        "n": content["number"], "k": content["kind"], "m": content["name"],
        "u": content["code"], "t": content["as_of"], "h": digest(canonical(content).encode()),
    }  # fmt: skip
    return _b64(canonical(short).encode())


def signed_bytes(short: bytes) -> bytes:
    """What is signed: never to be mistaken for a manifest."""
    return b"AXC1." + short


def token(short: bytes, key: str, signature: bytes) -> str:
    """The line."""
    return f"AXC1.{short.decode()}.{key}.{_b64(signature).decode()}"


def carried(content: Mapping[str, Any]) -> str:
    """The whole content as a line, for the file."""
    return f"AXD1.{_b64(canonical(content).encode()).decode()}"


def read(data: bytes, keys: Keys) -> Statement:
    """The statement in a PDF, a text or a QR code's text, checked with ``keys``. Raises StatementError."""
    found = _TOKEN.search(data)
    if found is None:
        raise StatementError(
            "里面没有安信的签名内容（AXC1 开头），请核对是不是原文件或完整的二维码文字"
        )
    _, short, key, signature = found[0].split(b".")
    name = key.decode()
    if name not in keys:
        raise StatementError(f"签名所用的公钥 {name} 不在您给的公钥里")
    if not is_signed(keys[name], _unb64(signature), signed_bytes(short)):
        raise StatementError("签名不符：内容被改过，或者不是我们出具的")
    try:
        parts = json.loads(_unb64(short))
        number, kind, company, code, as_of, sha = (str(parts[one]) for one in "nkmuth")
    except (ValueError, KeyError, TypeError) as fault:
        raise StatementError("签名内容读不懂") from fault
    return _with_content(Statement(number, kind, company, code, as_of, sha), data)


def _with_content(plain: Statement, data: bytes) -> Statement:
    carried_ = _CONTENT.search(data)
    if carried_ is None:
        return plain
    text = _unb64(carried_[0].partition(b".")[2])
    if digest(text) != plain.content_sha256:
        raise StatementError("文件里的明细与签名不符：明细被改过")
    return Statement(
        plain.number, plain.kind, plain.name, plain.code, plain.as_of, plain.content_sha256,
        json.loads(text),
    )  # fmt: skip


def _b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _unb64(data: bytes) -> bytes:
    try:
        return base64.urlsafe_b64decode(data + b"=" * (-len(data) % 4))
    except (ValueError, binascii.Error):
        return b""
