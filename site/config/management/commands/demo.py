"""``manage.py demo``: migrate, seed, start web server, worker and beat, wait, and say where to look."""

import fcntl
import os
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from config.management.commands.seed_demo import logins
from config.processes import Process, running

READY_WITHIN = 60  # seconds
QUIET = {
    "LOG_REQUESTS": "WARNING",  # text messages with codes must not drown in request lines
    # The demo may be run as root in a container; eight lines about it would bury the logins.
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
}
# No proxy: an office's http_proxy does not know this machine's own address.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Command(BaseCommand):
    """Start a living district on this machine."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C; the data stay under var/ for the next time."""
        port = _port()
        try:
            with _alone():
                self._prepare(port)
                with running(_commands(port), _surroundings(port)) as processes:
                    self._watch(port, processes)
        except KeyboardInterrupt:
            self.stdout.write("\n已停止 Stopped. 数据保存在 var/ Your data stay under var/.")

    def _prepare(self, port: int) -> None:
        self._say("建立数据库 database")
        settings.BASE_URL = _surroundings(port)["BASE_URL"]  # whose address the site's pages get
        call_command("migrate", verbosity=0)
        self._say("整理页面文件 static files")
        call_command("collectstatic", interactive=False, verbosity=0)
        self._say("准备演示数据（第一次约半分钟） demo data, half a minute the first time")
        call_command("seed_demo", stdout=StringIO())  # the logins are told below, once all is up
        self._say("启动 starting")

    def _watch(self, port: int, processes: Sequence[Process]) -> None:
        _wait_until_ready(port, processes)
        self._say(_welcome(port))
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        raise CommandError("A part of the demo stopped; its last words are above.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _port() -> int:
    port = os.environ.get("PORT") or "8000"
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise CommandError(f"PORT={port!r} is not a port: give a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as fault:
            raise CommandError(
                f"端口 {port} 已被占用。Port {port} is taken ({fault.strerror}). "
                f"Try: PORT={int(port) % 65535 + 1} make demo"
            ) from fault
    return int(port)


@contextmanager
def _alone() -> Iterator[None]:
    """Two demos in one folder would both migrate and seed the same database."""
    with (settings.VAR_DIR / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise CommandError(
                "这个文件夹里已经有一个演示在运行，请先停止它。"
                "A demo already runs in this folder: stop it first."
            ) from fault
        yield


def _surroundings(port: int) -> dict[str, str]:
    """What the processes are told: quiet logs, and the address that certificates and feeds print."""
    own = {
        "BASE_URL": f"http://127.0.0.1:{port}",
        "PACKAGES_ORIGIN": f"http://packages.localhost:{port}",  # browsers look for it on this machine
    }
    return {**own, **os.environ, **QUIET}


def _commands(port: int) -> list[list[str]]:
    web = "granian --interface wsgi --host 127.0.0.1 --blocking-threads 1 --log-level warning"
    work = "celery --quiet -A config worker -B -P threads -c 2 -l WARNING"
    return [
        [sys.executable, "-m", *web.split(), "--port", str(port), "config.wsgi:application"],
        [sys.executable, "-m", *work.split()],
    ]


def _wait_until_ready(port: int, processes: Sequence[Process]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            raise CommandError("The server or the worker did not start; its last words are above.")
        try:
            with DIRECT.open(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise CommandError(f"/readyz did not answer within {READY_WITHIN} s.")


def _welcome(port: int) -> str:
    return (
        f"\n{logins()}\n\n"
        f"安信已启动 Anxin is ready: http://127.0.0.1:{port}/   (Ctrl-C 停止 to stop)\n"
    )
