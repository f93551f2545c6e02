"""Request-wide manners: the remembered language, and the content security policy."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

INLINE_NEEDED = ("/admin/", "/django-admin/")  # Wagtail's page editor writes inline scripts


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


class ContentSecurity(CSPMiddleware):
    """Strict everywhere; inline scripts and styles under the two admin addresses only."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Loosen the policy where Wagtail's editor needs it."""
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(INLINE_NEEDED):
            inline = [SELF, UNSAFE_INLINE]
            parts.replace = {
                "script-src": inline,
                "style-src": inline,
                "img-src": [SELF, "data:", "blob:"],
            }
        return parts
