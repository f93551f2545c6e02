"""Addresses under /credit/: what the public may read."""

from django.urls import path

from credit import views

app_name = "credit"
urlpatterns = [
    path("", views.search, name="search"),
    path("enterprises/<slug:number>/", views.enterprise, name="enterprise"),
]
