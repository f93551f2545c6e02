"""``manage.py demo``: migrate, seed, start web server, worker and beat, wait, and say where to look."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from io import StringIO
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command

from config.management.commands.seed_demo import logins

READY_WITHIN = 60  # seconds
QUIET = {"LOG_REQUESTS": "WARNING"}  # text messages with codes must not drown in request lines


class Command(BaseCommand):
    """Start a living district on this machine."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C; the data stay under var/ for the next time."""
        port = _port()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("seed_demo", stdout=StringIO())  # the logins are told below, once all is up
        children = [
            subprocess.Popen(command, start_new_session=True, env=_surroundings(port))
            for command in _commands(port)
        ]
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            _wait_until_ready(port, children)
            self.stdout.write(_welcome(port))
            self.stdout.flush()
            while all(child.poll() is None for child in children):
                time.sleep(0.5)
            raise CommandError("A part of the demo stopped; its last words are above.")
        except KeyboardInterrupt:
            self.stdout.write("\n已停止 Stopped. 数据保存在 var/ Your data stay under var/.")
        finally:
            _stop(children)


def _surroundings(port: int) -> dict[str, str]:
    """What the children are told: quiet logs, and the address that certificates and feeds print."""
    return {"BASE_URL": f"http://127.0.0.1:{port}", **os.environ, **QUIET}


def _port() -> int:
    port = os.environ.get("PORT", "8000")
    if not port.isdigit() or not 1 <= int(port) <= 65535:
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


def _commands(port: int) -> list[list[str]]:
    web = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    work = [
        "celery",
        "--quiet",
        "-A",
        "config",
        "worker",
        "-B",
        "-P",
        "threads",
        "-c",
        "2",
        "-l",
        "WARNING",
    ]
    return [
        [
            sys.executable,
            "-m",
            *web,
            "--blocking-threads",
            "1",
            "--log-level",
            "warning",
            "config.wsgi:application",
        ],
        [sys.executable, "-m", *work],
    ]


def _wait_until_ready(port: int, children: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise CommandError("The server or the worker did not start; its last words are above.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise CommandError(f"/readyz did not answer within {READY_WITHIN} s.")


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def _welcome(port: int) -> str:
    return (
        f"\n{logins()}\n\n"
        f"安信已启动 Anxin is ready: http://127.0.0.1:{port}/   (Ctrl-C 停止 to stop)\n"
    )
