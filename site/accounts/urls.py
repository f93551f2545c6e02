"""Addresses of a person's own pages; the doors are allauth's."""

from django.urls import path

from accounts import views

urlpatterns = [path("me/", views.me, name="me")]
