"""Call another server without being led astray: https, public addresses only, no redirects, short, small.

The name is resolved once and the connection goes to that very address, so that a name which answers twice
differently (DNS rebinding) gains nothing; the certificate is still checked against the name. A setting allows
this machine's own addresses, for tests and demos: ``PUSH_TO_LOCAL``.
"""

import http.client
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from credit.rules.pushes import fault_in_address, is_public

TIMEOUT: Final = 10  # seconds without a word
DEADLINE: Final = 30  # seconds in all, however slowly the other side drips
LARGEST: Final = 64 * 1024  # bytes of an answer that are read
_FAULTS: Final[dict[type[Exception], str]] = {
    ConnectionRefusedError: "对方的服务没有开",
    socket.gaierror: "找不到这个网址",
    ssl.SSLError: "对方的证书不对，或者不是 https",
    ConnectionError: "对方中断了连接",
    http.client.HTTPException: "对方的回应读不懂",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``status`` 0 when nothing did, and why."""

    status: int
    fault: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the other side took it."""
        return 200 <= self.status < 300


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send it, and say what became of it; raises nothing that the other side can cause."""
    if fault := fault_in_address(url, local=settings.PUSH_TO_LOCAL):
        return Answer(0, fault)
    try:
        return _post(url, body, headers)
    except TimeoutError:
        return Answer(0, "对方没有及时回应")
    except (OSError, ValueError, http.client.HTTPException) as fault_:
        words = next((text for kind, text in _FAULTS.items() if isinstance(fault_, kind)), "")
        return Answer(0, f"连不上：{words or type(fault_).__name__}")


def _post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    addresses = _addresses(host, port)
    if not addresses:
        return Answer(0, "不能推送到内部网络的地址")
    connection = _Pinned(host, port, addresses[0], secure=secure)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    watch = threading.Timer(DEADLINE, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", path, body, {"Connection": "close", **headers})
        reply = connection.getresponse()
        reply.read(LARGEST)
    finally:
        watch.cancel()
        connection.close()
    if 300 <= reply.status < 400:
        return Answer(reply.status, "对方要求转到别的地址，不跟随；请登记最终地址")
    words = "" if 200 <= reply.status < 300 else f"对方回应 {reply.status}"
    return Answer(reply.status, words)


def _addresses(host: str, port: int) -> list[str]:
    """Where the name leads; nothing when any of its addresses is not a public one."""
    found = [info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    addresses = [str(address) for address in found]
    if settings.PUSH_TO_LOCAL or all(is_public(address) for address in addresses):
        return addresses
    return []


class _Pinned(http.client.HTTPConnection):
    """A connection to one address that was looked at, under the name that was asked for."""

    def __init__(self, host: str, port: int, address: str, *, secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._address, self._secure = address, secure

    def connect(self) -> None:
        """No proxy and no second look at the name."""
        plain = socket.create_connection((self._address, self.port), TIMEOUT)
        self.sock: Any = plain
        if self._secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self.host)

    def cut(self) -> None:
        """End it from another thread."""
        if self.sock is not None:
            self.sock.shutdown(socket.SHUT_RDWR)
