"""Addresses under /credit/: what the public may read, and the officers' desk under office/."""

from django.urls import include, path

from credit.views import agencies, open_data, public, reports

app_name = "credit"
urlpatterns = [
    path("", public.search, name="search"),
    path("enterprises/<slug:number>/", public.enterprise, name="enterprise"),
    path("black/", public.listed, {"colour": "black"}, name="black"),
    path("red/notice/", public.announced, name="red_notice"),
    path("red/", public.listed, {"colour": "red"}, name="red"),
    path("open-data/", open_data.index, name="open_data"),
    path("open-data/<path:path>", open_data.file, name="open_file"),
    path("certificates/", reports.index, name="reports"),
    path("certificates/request/", reports.ask, name="report_ask"),
    path("certificates/<slug:number>/", reports.verify, name="report"),
    path("certificates/<slug:number>/pdf/", reports.pdf, name="report_pdf"),
    path("acknowledge/<str:token>/", agencies.acknowledge, name="acknowledge"),
    path("office/", include("credit.office_urls")),
]
