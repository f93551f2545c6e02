"""The demo's processes end with it, however it ends; each test speaks to real processes."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A parent that runs a child which has a child of its own that does not listen to SIGTERM, as a beat may.
GRANDCHILD = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); "
    "time.sleep(300); print('outlived', flush=True)"
)
CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {GRANDCHILD!r}])"
PARENT = f"""
import os, sys
from config.processes import running
with running([[sys.executable, "-c", {CHILD!r}]], os.environ) as processes:
    print(processes[0].pid, flush=True)
    processes[0].wait()
"""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_after(ending: signal.Signals):
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "site")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        said = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
        assert "up" in said
        parent.send_signal(ending)
        # Ends when the last process that holds the pipe has gone: the grandchild holds it too.
        assert parent.stdout.read() == ""
