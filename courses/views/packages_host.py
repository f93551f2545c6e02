"""The packages' own origin: players and files of packages, and nothing else. No session, no cookie, no database.

``/p/<token>/play`` is the player, ``/p/<token>/f/<path>`` a file of the package, ``/player/<name>`` our own
scripts. What runs here may be hostile: it reaches no page of ours, and may load nothing from elsewhere.
"""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils._os import safe_join

from courses.packages.addresses import PERIOD, BadAddressError, Told, is_packages_host, read
from courses.packages.types import OTHER, type_of
from courses.packages.unpacking import folder_of
from courses.views.ranges import take_part

# Our own files for the player, by the names under which it asks for them.
OWN: Final = {
    "player.js": "anxin/player.js",
    "player.css": "anxin/player.css",
    "scorm12.js": "vendor/scorm-again/scorm12.min.js",
    "scorm2004.js": "vendor/scorm-again/scorm2004.min.js",
    "h5p.js": "vendor/h5p-standalone/main.bundle.js",
    "h5p-frame.js": "vendor/h5p-standalone/frame.bundle.js",
    "styles/h5p.css": "vendor/h5p-standalone/styles/h5p.css",
}
_H5P_PARTS: Final = ("fonts/", "images/")
SANDBOX: Final = "allow-scripts allow-same-origin allow-forms"
_CONTENT: Final = (
    f"sandbox {SANDBOX}; default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:;"
    " font-src 'self' data:; connect-src 'self'; frame-src 'self'; worker-src 'none';"
    " object-src 'none'; form-action 'none'; base-uri 'self'"
)


def is_ours(request: HttpRequest) -> bool:
    """Whether the request came to this origin. The host is checked against ALLOWED_HOSTS only then."""
    return bool(settings.PACKAGES_ORIGIN) and is_packages_host(request.get_host())


def serve(request: HttpRequest) -> HttpResponseBase:
    """Every request to this origin."""
    if request.method not in ("GET", "HEAD"):
        return _with_manners(HttpResponse(status=405, headers={"Allow": "GET, HEAD"}), "'none'")
    parts = request.path_info.lstrip("/").split("/", 2)
    if parts[0] == "player" and len(parts) > 1:
        return _with_manners(_own_file("/".join(parts[1:])), "'none'")
    # A package is opened inside a lesson, never by itself; and none may stay behind as a service worker.
    alone = request.headers.get("Sec-Fetch-Dest") in ("document", "serviceworker")
    if parts[0] != "p" or len(parts) < 3 or alone or "Service-Worker" in request.headers:
        return _nothing()
    try:
        told = read(parts[1], now=timezone.now())
    except BadAddressError:
        return _nothing("这个地址已经过期，请回到课时页面刷新")
    if parts[2] == "play":
        return _with_manners(_player(request, told, parts[1]), told.parent)
    if parts[2].startswith("f/"):
        return _with_manners(_file(request, told, parts[2][2:]), f"'self' {told.parent}")
    return _nothing()


def _nothing(words: str = "没有这个页面") -> HttpResponse:
    answer = HttpResponse(words, status=404, content_type="text/plain; charset=utf-8")
    return _with_manners(answer, "'none'")  # type: ignore[return-value]


def _with_manners(response: HttpResponseBase, framed_by: str) -> HttpResponseBase:
    """What every answer of this origin says to the browser."""
    headers = response.headers
    headers["Content-Security-Policy"] = f"{_CONTENT}; frame-ancestors {framed_by}"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    )
    headers.setdefault("Cache-Control", "no-store")
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return response


def _player(request: HttpRequest, told: Told, said: str) -> HttpResponse:
    """The page that holds the standard's API; the package's own page is a frame in it."""
    place = request.GET.get("item", "0")
    context = {
        "parent": told.parent,
        "files": f"/p/{said}/f/",
        "item": int(place) if place.isascii() and place.isdigit() and len(place) < 5 else 0,
    }
    return HttpResponse(render_to_string("courses/player.html", context))


def _file(request: HttpRequest, told: Told, path: str) -> HttpResponseBase:
    try:
        found = Path(safe_join(folder_of(told.key), path))
    except (SuspiciousFileOperation, ValueError):
        return _nothing()
    return _sent(request, found, type_of(path))


def _own_file(name: str) -> HttpResponseBase:
    path = OWN.get(name, "")
    if name.startswith(_H5P_PARTS) and ".." not in name:
        path = f"vendor/h5p-standalone/{name}"
    found = finders.find(path) if path else None
    return _sent(None, Path(found), type_of(name)) if found else _nothing()


def _sent(request: HttpRequest | None, found: Path, content_type: str) -> HttpResponseBase:
    try:
        if not found.is_file():
            return _nothing()
        response = FileResponse(
            found.open("rb"), content_type=content_type, as_attachment=content_type == OTHER
        )
    except (OSError, ValueError):  # a name that no file can have
        return _nothing()
    response.headers["Cache-Control"] = f"private, max-age={PERIOD}"
    if request is not None:
        take_part(response, request.headers.get("Range", ""))
    return response
