"""Tasks go through a real broker to a real worker: files in the embedded size, Redis in the large one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

ROOT = Path(__file__).resolve().parents[2]
REDIS = "redis://127.0.0.1:6379/8"
DONE = "config.worker_alive"


def redis_or_skip() -> str:
    try:
        redis.Redis.from_url(REDIS).ping()
    except redis.ConnectionError:
        if os.environ.get("CI") == "true":
            pytest.fail("Redis is missing, and in CI it must be there.")
        pytest.skip("Install Redis (Debian: apt-get install redis-server) and start it.")
    return REDIS


@pytest.fixture(params=["filesystem", pytest.param("redis", marks=pytest.mark.redis)])
def surroundings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An installation of its own, told by the environment alone."""
    broker = redis_or_skip() if request.param == "redis" else "filesystem://"
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    own = {"ANXIN_VAR": str(tmp_path), "CELERY_BROKER_URL": broker, "CELERY_QUEUE": tmp_path.name}
    yield {**kept, **own}
    if request.param == "redis":
        redis.Redis.from_url(REDIS).delete(f"_kombu.binding.{tmp_path.name}", tmp_path.name)


@pytest.fixture
def worker(surroundings: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A worker that says what it does, and gives up after a minute."""
    minute = [shutil.which("timeout") or "timeout", "60"]
    work = [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "solo", "-l", "INFO"]
    process = subprocess.Popen(
        [*minute, *work, "--without-mingle", "--without-gossip"],
        cwd=ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.terminate()
    process.communicate()


def test_a_task_is_taken_and_done(surroundings: dict[str, str], worker: subprocess.Popen[str]):
    send = "from config.tasks import worker_alive; worker_alive.delay()"
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", send],
        cwd=ROOT,
        env=surroundings,
        check=True,
    )
    assert worker.stdout is not None
    said = []
    for line in worker.stdout:
        said.append(line)
        if DONE in line and ("succeeded" in line or "task_succeeded" in line):
            return
    pytest.fail("the worker did not do the task:\n" + "".join(said[-30:]))
