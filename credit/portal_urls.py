"""Addresses of the enterprise's side under /credit/mine/. The names live in the namespace ``credit``."""

from django.urls import path

import credit.converters  # noqa: F401  # makes <key:…> known
from credit.views.portal import own_cases, own_file, own_objections, own_repairs

urlpatterns = [
    path("", own_file.mine, name="mine"),
    path("<key:firm>/", own_file.own_file, name="mine_file"),
    path("<key:firm>/records/<slug:kind>/<key:pk>/", own_file.own_record, name="mine_record"),
    path("<key:firm>/cases/<key:pk>/", own_cases.own_case, name="mine_case"),
    path("<key:firm>/cases/<key:pk>/preview/", own_cases.preview, name="mine_preview"),
    path("<key:firm>/cases/<key:pk>/papers/<key:paper>/", own_cases.own_paper, name="mine_paper"),
    path("<key:firm>/cases/<key:pk>/<slug:kind>/", own_cases.speak, name="mine_speak"),
    path("<key:firm>/objections/", own_objections.own_objections, name="mine_objections"),
    path(
        "<key:firm>/objections/<slug:kind>/<key:pk>/", own_objections.object_to, name="mine_object"
    ),
    path("<key:firm>/objections/<key:pk>/back/", own_objections.take_back, name="mine_take_back"),
    path("<key:firm>/repairs/", own_repairs.own_repairs, name="mine_repairs"),
    path("<key:firm>/repairs/<key:pk>/", own_repairs.application, name="mine_repair_file"),
    path("<key:firm>/repairs/<slug:kind>/<key:pk>/", own_repairs.coach, name="mine_coach"),
    path(
        "<key:firm>/repairs/<key:pk>/<slug:action>/", own_repairs.change, name="mine_repair_change"
    ),
]
