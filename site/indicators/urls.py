"""Addresses under /indicators/."""

from django.urls import path

from indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.index, name="index"),
    path("plans/<int:pk>.csv", views.download, name="download"),
]
