"""Addresses under /credit/office/: imports and cases. The names live in the namespace ``credit``."""

from django.urls import path

from credit.views import cases, imports

urlpatterns = [
    path("", cases.desk, name="desk"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.result, name="import"),
    path("imports/<int:pk>/resume/", imports.resume, name="import_resume"),
    path("imports/<int:pk>/marked/", imports.marked, name="import_marked"),
    path("imports/templates/<slug:kind>/", imports.template, name="import_template"),
    path("proposals/", cases.proposals, name="proposals_black"),
    path("proposals/<slug:colour>/", cases.proposals, name="proposals"),
    path("proposals/<slug:colour>/<int:pk>/open/", cases.open_case, name="open_case"),
    path("records/<slug:kind>/<int:pk>/", cases.record, name="record"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/<slug:action>/", cases.act, name="act"),
]
