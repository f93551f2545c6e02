"""``/healthz``: the process lives. ``/readyz``: it can serve; says which part cannot."""

from collections.abc import Callable
from uuid import uuid4

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.celery import app
from config.tasks import ALIVE_KEY


class NotReadyError(Exception):
    """A part answers, but not as it must."""


def database() -> None:
    """One round trip."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations() -> None:
    """Every migration of the code is applied."""
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReadyError(f"{len(plan)} migrations to apply: run manage.py migrate")


def broker() -> None:
    """The queue can be reached (filesystem: its folder exists)."""
    with app.connection_for_write() as channel:
        channel.ensure_connection(max_retries=1, timeout=2)


def storage() -> None:
    """A file can be written, read back and removed."""
    name = default_storage.save(f".readyz/{uuid4().hex}", ContentFile(b"ready"))
    try:
        with default_storage.open(name) as file:
            if file.read() != b"ready":
                raise NotReadyError("storage returned other bytes than were written")
    finally:
        default_storage.delete(name)


PARTS: dict[str, Callable[[], None]] = {
    "database": database,
    "migrations": migrations,
    "broker": broker,
    "storage": storage,
}


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every part is ready, else 503; the kind of the fault is named, never its secrets."""
    report = {name: _probe(check) for name, check in PARTS.items()}
    ready = all(state == "ok" for state in report.values())
    # A web process is ready without a worker; whoever watches sees that none took a task lately.
    seen = cache.get(ALIVE_KEY) or "not seen in the last 3 minutes"
    return JsonResponse({"ready": ready, **report, "worker": seen}, status=200 if ready else 503)


def _probe(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReadyError as fault:
        return str(fault)
    except Exception as fault:
        return type(fault).__name__
    return "ok"
