"""Wagtail's own background tasks (search index, file uses) run on Celery, once the row is committed."""

from typing import Any

from celery import shared_task
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id, normalize_json

ALIVE_KEY = "config.worker_alive"
ALIVE_SECONDS = 180


@shared_task(name="config.run_django_task")
def run_django_task(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Run the django-tasks task found at ``path``; its error is Celery's error."""
    import_string(path).call(*args, **kwargs)


@shared_task(name="config.worker_alive")
def worker_alive() -> None:
    """Leave a mark that a worker took a task just now; beat sends it, ``/readyz`` tells it."""
    cache.set(ALIVE_KEY, timezone.now().isoformat(), ALIVE_SECONDS)


class CeleryBackend(BaseTaskBackend):
    """Forwards every task to Celery. The default backend runs in the request and hides failures."""

    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Send on commit; the result only says that it was queued."""
        self.validate_task(task)
        args, kwargs = normalize_json(args), normalize_json(kwargs)
        transaction.on_commit(lambda: run_django_task.delay(task.module_path, args, kwargs))
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
