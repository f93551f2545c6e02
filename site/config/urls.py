"""Every address of the site, in the order in which they are tried. Wagtail's pages come last."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.account import own_settings
from config import api, health, views

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/login/", views.to_login, name="wagtailadmin_login"),
    path("django-admin/login/", views.to_login),
    path("_util/login/", views.to_login, {"to": "/"}),
    path("admin/account/", own_settings),
    path("admin/", include(wagtailadmin_urls)),
    path("django-admin/", admin.site.urls),
    path("documents/", include(wagtaildocs_urls)),
    path("language/", set_language, name="set_language"),
    path("api/v1/", api.api.urls),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("credit/", include("credit.urls")),
    path("learn/", include("courses.urls")),
    path("courses/enterprise/", include("courses.enterprise_urls")),
    path("certificates/", include("courses.certificate_urls")),
    path("xapi/", include("courses.xapi_urls")),
    path("indicators/", include("indicators.urls")),
    path("", include("culture.urls")),
    path("", include(wagtail_urls)),
]

if settings.DEBUG or settings.MEDIA_URL == "/media/":
    # The embedded size serves its own uploads; production names another origin in MEDIA_URL.
    urlpatterns.insert(0, path("media/<path:path>", views.media))

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
