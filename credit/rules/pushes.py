"""Pushes to agencies: what address may be called, how a call is signed, when it is tried again. Pure.

The times are the platform's own: no law names them. That a removal must reach whom a listing was told is law:
国办发〔2025〕22号 (sharing stops, and those who received it are told).
"""

import hmac
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

_NAT64: Final = IPv6Network("64:ff9b::/96")  # IPv4 addresses in disguise
_LATER: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440, 1440, 1440, 1440)
)


def wait_after(attempts: int, op: str) -> timedelta | None:
    """How long to wait after the ``attempts``-th call that failed; None: give up.

    A DEL is never given up: the other side must hear that an entry is gone.
    """
    if attempts <= len(_LATER):
        return _LATER[attempts - 1]
    return _LATER[-1] if op == "DEL" else None


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """What the header says: HMAC-SHA256 over the time in seconds, a dot and the body."""
    signed = f"{timestamp}.".encode() + body
    return f"v1={hmac.new(secret.encode(), signed, sha256).hexdigest()}"


def fault_in_address(address: str, *, local: bool = False) -> str:
    """Why ``address`` may not be called, in words; "" when it may. ``local``: tests and demos only."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "地址写法不对，应像 https://example.cn/anxin"
    if any(ord(mark) <= 32 or ord(mark) > 126 for mark in address) or not host:
        return "地址写法不对，应像 https://example.cn/anxin，不含空格和汉字"
    if parts.username or parts.password or parts.fragment:
        return "地址里不要写用户名、密码和 # 后面的部分"
    if local and parts.scheme == "http":
        return ""
    if parts.scheme != "https":
        return "地址必须以 https:// 开头"
    return "" if local else _fault_in_host(host)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, loopback, link-local or reserved."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            found = found.ipv4_mapped
        elif found.sixtofour or found.teredo or found in _NAT64:
            return False
    return found.is_global and not found.is_multicast


def _fault_in_host(host: str) -> str:
    try:
        ip_address(host)
    except ValueError:
        known = host.endswith((".local", ".localhost", ".internal")) or "." not in host
        return "不能推送到内部网络的地址" if known else ""
    return "" if is_public(host) else "不能推送到内部网络的地址"
