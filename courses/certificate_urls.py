"""Addresses under /certificates/: a stranger checks a certificate."""

from django.urls import URLPattern

app_name = "certificates"
urlpatterns: list[URLPattern] = []
