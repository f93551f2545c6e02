"""Addresses under /credit/office/: imports and cases. The names live in the namespace ``credit``."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
