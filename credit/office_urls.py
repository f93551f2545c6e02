"""Addresses under /credit/office/: imports and cases. The names live in the namespace ``credit``."""

from django.urls import path

import credit.converters  # noqa: F401  # makes <key:…> known
from credit.views import cases, evidence_files, imports, objections, parties, repairs

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
    path("files/<slug:kind>/<key:pk>/", evidence_files.add, name="add_evidence"),
    path("parties/", parties.parties, name="parties"),
    path("parties/managers/", parties.managers, name="managers"),
    path("parties/managers/<key:pk>/revoke/", parties.revoke, name="revoke_manager"),
    path("parties/consents/", parties.consents, name="consents"),
    path("parties/statements/<key:pk>/take/", parties.take, name="take_statement"),
    path("objections/", objections.objections, name="objections"),
    path("objections/<key:pk>/", objections.objection, name="objection"),
    path("objections/<key:pk>/assign/", objections.assign, name="assign_objection"),
    path("objections/<key:pk>/answer/", objections.answer, name="answer_objection"),
    path("repairs/", repairs.repairs, name="repairs"),
    path("repairs/<key:pk>/", repairs.repair, name="repair"),
    path("repairs/<key:pk>/<slug:action>/", repairs.act, name="repair_act"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<key:pk>/", cases.case, name="case"),
    path("cases/<key:pk>/<slug:action>/", cases.act, name="act"),
]
