"""Who gets into an enterprise's file: its managers, and only into that one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from credit.models.managers import managed_by

View = Callable[..., HttpResponseBase]


def manager(view: View) -> View:
    """Hands the view the enterprise of the address, if this person acts for it today; else 404."""

    @wraps(view)
    def guarded(request: HttpRequest, firm: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mine = managed_by(request.user, timezone.localdate()).select_related("place", "sector")
        return view(request, get_object_or_404(mine, pk=firm), *args, **kwargs)

    return login_required(guarded)
