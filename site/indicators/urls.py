"""Addresses under /indicators/."""

from django.urls import path

import credit.converters  # noqa: F401  # makes <key:…> known
from indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.index, name="index"),
    path("plans/<key:pk>.csv", views.download, name="download"),
]
