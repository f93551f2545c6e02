"""The demo's child processes: started together, stopped together, outlived by none of them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Final

Process = subprocess.Popen[bytes]
PATIENCE: Final = 10  # seconds that a process gets to stop by itself
# Asked to stop; the terminal was closed; Ctrl-C, which a shell takes from what it starts in the background.
_ENDINGS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_PR_SET_PDEATHSIG: Final = 1


@contextmanager
def running(commands: Sequence[Sequence[str]], env: Mapping[str, str]) -> Iterator[list[Process]]:
    """Start ``commands`` and stop them with their own children at the end, however it comes.

    SIGTERM, SIGHUP and SIGINT become KeyboardInterrupt. On Linux the processes are stopped even when
    this one is killed.
    """
    for ending in _ENDINGS:
        signal.signal(ending, _interrupt)
    processes: list[Process] = []
    try:
        for command in commands:
            processes.append(_start(command, env))
        yield processes
    finally:
        _stop(processes)


def _start(command: Sequence[str], env: Mapping[str, str]) -> Process:
    end_with_parent = _end_with_parent if sys.platform == "linux" else None
    return subprocess.Popen(command, start_new_session=True, env=env, preexec_fn=end_with_parent)


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _stop(processes: Sequence[Process]) -> None:
    for process in processes:
        if process.poll() is None:
            _signal(process, signal.SIGTERM)
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=PATIENCE)
        # Its children too: a beat that was told to stop while it started does not listen.
        _signal(process, signal.SIGKILL)


def _signal(process: Process, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # the whole group has gone
        os.killpg(process.pid, what)
