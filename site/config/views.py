"""Error pages, the way to the one login door, and uploads of the embedded size."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import static


def to_login(request: HttpRequest) -> HttpResponse:
    """Lead Wagtail's and Django's login pages, which know no limits and no second factor, to ours."""
    target = request.GET.get("next", "/admin/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/admin/"
    return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")


def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve an upload as a file that can run nothing: sandboxed, never sniffed."""
    response = static.serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 in plain words."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says what to do, not what is hidden."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 with a way on."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 from a template that needs no database."""
    return render(request, "500.html", status=500)
