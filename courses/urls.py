"""Addresses under /learn/: my courses, lessons' events, exams."""

from django.urls import URLPattern

app_name = "courses"
urlpatterns: list[URLPattern] = []
