"""Addresses under /credit/: what the public may read, and the officers' desk under office/."""

from django.urls import include, path

from credit.views import public, score, verification

app_name = "credit"
urlpatterns = [
    path("", public.search, name="search"),
    path("enterprises/<slug:number>/", public.enterprise, name="enterprise"),
    path("enterprises/<slug:number>/score/", score.score, name="score"),
    path("enterprises/<slug:number>/score.pdf", score.pdf, name="score_pdf"),
    path("black/", public.listed, {"colour": "black"}, name="black"),
    path("red/notice/", public.announced, name="red_notice"),
    path("red/", public.listed, {"colour": "red"}, name="red"),
    path("documents/", verification.documents, name="documents"),
    path("documents/<slug:code>/", verification.document, name="document"),
    path("office/", include("credit.office_urls")),
]
