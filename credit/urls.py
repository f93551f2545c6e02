"""Addresses under /credit/: what the public may read, and the officers' desk under office/."""

from django.urls import include, path

import credit.converters  # noqa: F401  # makes <key:…> known
from credit.views import (
    agencies,
    alerts,
    evidence_files,
    feeds,
    inbox,
    lists,
    objections,
    open_data,
    public,
    reports,
    score,
    verification,
)

app_name = "credit"
urlpatterns = [
    path("", public.search, name="search"),
    path("enterprises/<slug:number>/", public.enterprise, name="enterprise"),
    path("enterprises/<slug:number>/score/", score.score, name="score"),
    path("enterprises/<slug:number>/score.pdf", score.pdf, name="score_pdf"),
    path(
        "enterprises/<slug:which>/feed/",
        feeds.EntryFeed(),
        {"kind": "enterprise"},
        name="enterprise_feed",
    ),
    path("places/<slug:which>/feed/", feeds.EntryFeed(), {"kind": "place"}, name="place_feed"),
    path("black/feed/", feeds.EntryFeed(), {"kind": "list", "which": "black"}, name="black_feed"),
    path("red/feed/", feeds.EntryFeed(), {"kind": "list", "which": "red"}, name="red_feed"),
    path("alerts/list/<slug:which>/", alerts.subscribe, {"kind": "list"}, name="subscribe_list"),
    path("alerts/place/<slug:which>/", alerts.subscribe, {"kind": "place"}, name="subscribe_place"),
    path(
        "alerts/enterprise/<slug:which>/",
        alerts.subscribe,
        {"kind": "enterprise"},
        name="subscribe_enterprise",
    ),
    path("alerts/confirm/<str:token>/", alerts.confirm, name="confirm_alert"),
    path("alerts/stop/<str:token>/", alerts.stop, name="stop_alert"),
    path("black/", lists.listed, {"colour": "black"}, name="black"),
    path("red/notice/", public.announced, name="red_notice"),
    path("documents/", verification.documents, name="documents"),
    path("documents/<slug:code>/", verification.document, name="document"),
    path("black/<key:pk>/", lists.entry, {"colour": "black"}, name="black_entry"),
    path("red/<key:pk>/", lists.entry, {"colour": "red"}, name="red_entry"),
    path("red/", lists.listed, {"colour": "red"}, name="red"),
    path("mine/", include("credit.portal_urls")),
    path("messages/", inbox.inbox, name="messages"),
    path("messages/all-read/", inbox.all_read, name="messages_read"),
    path("messages/<key:pk>/", inbox.letter, name="message"),
    path("files/<key:pk>/", evidence_files.download, name="evidence"),
    path("objections/", objections.figures, name="objection_figures"),
    path("open-data/", open_data.index, name="open_data"),
    path("open-data/<path:path>", open_data.file, name="open_file"),
    path("certificates/", reports.index, name="reports"),
    path("certificates/request/", reports.ask, name="report_ask"),
    path("certificates/<slug:number>/", reports.verify, name="report"),
    path("certificates/<slug:number>/pdf/", reports.pdf, name="report_pdf"),
    path("acknowledge/<str:token>/", agencies.acknowledge, name="acknowledge"),
    path("office/", include("credit.office_urls")),
]
