"""Addresses under /credit/: what the public may read, and the officers' desk under office/."""

from django.urls import include, path

import credit.converters  # noqa: F401  # makes <key:…> known
from credit.views import evidence_files, inbox, objections, public

app_name = "credit"
urlpatterns = [
    path("", public.search, name="search"),
    path("enterprises/<slug:number>/", public.enterprise, name="enterprise"),
    path("black/", public.listed, {"colour": "black"}, name="black"),
    path("red/notice/", public.announced, name="red_notice"),
    path("red/", public.listed, {"colour": "red"}, name="red"),
    path("mine/", include("credit.portal_urls")),
    path("messages/", inbox.inbox, name="messages"),
    path("messages/all-read/", inbox.all_read, name="messages_read"),
    path("messages/<key:pk>/", inbox.letter, name="message"),
    path("files/<key:pk>/", evidence_files.download, name="evidence"),
    path("objections/", objections.figures, name="objection_figures"),
    path("office/", include("credit.office_urls")),
]
