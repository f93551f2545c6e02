"""Addresses of the public that are no page: search/, feed/, sitemap.xml, robots.txt."""

from django.urls import URLPattern

app_name = "culture"
urlpatterns: list[URLPattern] = []
