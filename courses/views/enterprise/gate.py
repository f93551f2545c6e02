"""Who sees an enterprise's training: its managers, who also change it, and officers of its place, who look."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from credit.acts.reach import register_of
from credit.models.managers import managed_by

View = Callable[..., HttpResponseBase]


def manager(view: View) -> View:
    """Hands the view the enterprise of the address, if this person acts for it today; else 404."""

    @wraps(view)
    def guarded(request: HttpRequest, firm: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mine = managed_by(request.user, timezone.localdate()).select_related("place", "sector")
        return view(request, get_object_or_404(mine, pk=firm), *args, **kwargs)

    return login_required(guarded)


def reader(view: View) -> View:
    """The same, and for officers whose places reach it; the view hears as ``acts`` whether this one may change it."""

    @wraps(view)
    def guarded(request: HttpRequest, firm: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mine = managed_by(request.user, timezone.localdate()).filter(pk=firm)
        found = mine.select_related("place", "sector").first()
        acts = found is not None
        if found is None:
            seen = register_of(request.user).filter(pk=firm)
            found = seen.select_related("place", "sector").first()
        if found is None:
            raise Http404
        return view(request, found, *args, acts=acts, **kwargs)

    return login_required(guarded)
