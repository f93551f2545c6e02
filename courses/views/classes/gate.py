"""Hands a view the class or session of the address, to who may open it; everybody else gets 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache

from courses.acts.class_reach import run_by, seen_by
from courses.models import ClassSession

View = Callable[..., HttpResponseBase]
WITH = ("course", "enterprise", "place", "by")


def runner(view: View) -> View:
    """The class, for who runs it."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mine = run_by(request.user, timezone.localdate()).select_related(*WITH)
        return view(request, get_object_or_404(mine, pk=pk), *args, **kwargs)

    return login_required(never_cache(guarded))


def reader(view: View) -> View:
    """The same for who may look; the view hears as ``runs`` whether this one also runs it."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        today = timezone.localdate()
        found = get_object_or_404(seen_by(request.user, today).select_related(*WITH), pk=pk)
        runs = run_by(request.user, today).filter(pk=pk).exists()
        return view(request, found, *args, runs=runs, **kwargs)

    return login_required(never_cache(guarded))


def session_runner(view: View) -> View:
    """A session, for who runs its class."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mine = run_by(request.user, timezone.localdate())
        rows = ClassSession.objects.filter(training_class__in=mine)
        rows = rows.select_related("training_class__course", "lesson", "cancelling")
        return view(request, get_object_or_404(rows, pk=pk), *args, **kwargs)

    return login_required(never_cache(guarded))
