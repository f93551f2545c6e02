"""Addresses under /credit/office/: imports and cases. The names live in the namespace ``credit``."""

from django.urls import path

import credit.converters  # noqa: F401  # makes <key:…> known
from credit.views import agencies, cases, imports

urlpatterns = [
    path("", cases.desk, name="desk"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<key:pk>/", imports.result, name="import"),
    path("imports/<key:pk>/resume/", imports.resume, name="import_resume"),
    path("imports/<key:pk>/stop/", imports.stop, name="import_stop"),
    path("imports/<key:pk>/marked/", imports.marked, name="import_marked"),
    path("imports/templates/<slug:kind>/", imports.template, name="import_template"),
    path("proposals/", cases.proposals, name="proposals_black"),
    path("proposals/<slug:colour>/", cases.proposals, name="proposals"),
    path("proposals/<slug:colour>/<key:pk>/open/", cases.open_case, name="open_case"),
    path("records/<slug:kind>/<key:pk>/", cases.record, name="record"),
    path("records/<slug:kind>/<key:pk>/<slug:action>/", cases.mark_record, name="mark_record"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<key:pk>/", cases.case, name="case"),
    path("cases/<key:pk>/<slug:action>/", cases.act, name="act"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/<key:pk>/", agencies.agency, name="agency"),
    path("agencies/<key:pk>/<slug:action>/", agencies.act, name="agency_act"),
    path("pushes/<key:pk>/<slug:action>/", agencies.delivery, name="delivery_act"),
]
