"""Addresses under /credit/office/: imports and cases. The names live in the namespace ``credit``."""

from django.urls import path

import credit.converters  # noqa: F401  # makes <key:…> known
from credit.views import calendars, cases, clocks, documents, imports, rulesets, templates

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
    path("rulesets/", rulesets.rulesets, name="rulesets"),
    path("rulesets/drafts/new/", rulesets.begin, name="ruleset_begin"),
    path("rulesets/drafts/<key:pk>/", rulesets.draft, name="ruleset_draft"),
    path("rulesets/drafts/<key:pk>/simulate/", rulesets.simulate, name="ruleset_simulate"),
    path("rulesets/simulations/<key:pk>/", rulesets.simulation, name="simulation"),
    path("rulesets/simulations/<key:pk>/xlsx/", rulesets.sheet, name="simulation_sheet"),
    path("rulesets/simulations/<key:pk>/again/", rulesets.again, name="simulation_again"),
    path("rulesets/simulations/<key:pk>/adopt/", rulesets.adopt, name="ruleset_adopt"),
    path("rulesets/<key:pk>/", rulesets.version, name="ruleset"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<key:pk>/", cases.case, name="case"),
    path("cases/<key:pk>/documents/", documents.case_documents, name="case_documents"),
    path("cases/<key:pk>/documents/served/", documents.record_service, name="record_service"),
    path("cases/<key:pk>/documents/<slug:kind>/", documents.make_document, name="make_document"),
    path("cases/<key:pk>/<slug:action>/", cases.act, name="act"),
    path("documents/<key:pk>/", documents.document_pdf, name="document_pdf"),
    path("services/<key:pk>/", documents.service_scan, name="service_scan"),
    path("clocks/", clocks.clocks, name="clocks"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("calendar/<key:year>/", calendars.calendar, name="calendar_year"),
    path("calendar/<key:year>/day/", calendars.set_day, name="calendar_day"),
    path("calendar/<key:year>/import/", calendars.import_year, name="calendar_import"),
    path("templates/", templates.templates, name="templates"),
    path("templates/<slug:kind>/", templates.template, name="template"),
    path("templates/<key:pk>/approve/", templates.approve, name="approve_template"),
]
