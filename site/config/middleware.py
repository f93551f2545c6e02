"""Request-wide manners: the remembered language, what may be kept and logged, the content security policy."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django_structlog.middlewares import RequestMiddleware

from courses.views import packages_host

PRIVATE = (
    "/accounts/",
    "/admin/",
    "/django-admin/",
    "/credit/office/",
    "/credit/mine/",
    "/credit/messages/",
    "/credit/files/",
    "/learn/",
)
INLINE_NEEDED = ("/admin/", "/django-admin/")  # Wagtail's page editor writes inline scripts


class PackagesHost:
    """A request to the packages' origin is answered there and then: no session, no cookie, no page of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if packages_host.is_ours(request):
            return packages_host.serve(request)
        return self.get_response(request)


class ChosenLanguage:
    """Chinese unless this visitor chose otherwise.

    Django's LocaleMiddleware follows Accept-Language, which would show English to a worker whose
    phone was set up in English; the choice is a cookie set by ``set_language``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class StepsInWords:
    """A step that was opened instead of sent gets a page of the house.

    It comes so when a session ended: the login leads back to the step's address, and what was typed is gone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            allowed = response.headers["Allow"]
            response = render(request, "405.html", status=405)
            response.headers["Allow"] = allowed
        return response


class PrivatePages:
    """What a person sees of the own account, learning or office is kept by no cache: phones are shared."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(PRIVATE):
            patch_cache_control(response, private=True, no_store=True)
        return response


class RequestLog(RequestMiddleware):
    """Logs the address without what was searched for: that may be a phone number."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """As in ``GET /credit/``."""
        return f"{request.method} {request.path}"


class ContentSecurity(CSPMiddleware):
    """Strict everywhere; inline scripts and styles under the two admin addresses only."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Loosen the policy where Wagtail's editor needs it."""
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(INLINE_NEEDED):
            inline = [SELF, UNSAFE_INLINE]
            parts.replace = {
                "script-src": inline,
                "style-src": inline,
                "img-src": [SELF, "data:", "blob:"],
            }
        return parts
