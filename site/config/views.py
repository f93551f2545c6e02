"""Error pages, the way to the one login door, and uploads of the embedded size."""

import posixpath
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import static

from courses.views.ranges import take_part


def to_login(request: HttpRequest, to: str = "/admin/") -> HttpResponse:
    """Lead Wagtail's and Django's login pages, which know no limits and no second factor, to ours."""
    target = request.GET.get("next", to)
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = to
    return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")


def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve an upload as a file that can run nothing: sandboxed, never sniffed, in parts where asked.

    Players of video ask for parts, to go on where the learner stopped. Documents may be restricted: they
    are served under /documents/, by Wagtail, which looks at who asks.
    """
    if posixpath.normpath(path).lstrip("/").lower().startswith("documents/"):
        raise Http404
    try:
        response = static.serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except (OSError, ValueError) as fault:  # a name that no file can have
        raise Http404 from fault
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if isinstance(response, FileResponse):
        take_part(response, request.headers.get("Range", ""))
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 in plain words."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says what to do, not what is hidden."""
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or a browser that keeps no cookies."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 with a way on."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 from a template that needs no database."""
    return render(request, "500.html", status=500)
