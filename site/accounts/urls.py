"""Addresses of a person's own pages; the doors are allauth's."""

from django.urls import path
from django.views.generic import RedirectView

from accounts import views

urlpatterns = [
    path("me/", views.me, name="me"),
    # allauth resets by mail; our people have a phone, and a code opens the door without a password.
    path("password/reset/", RedirectView.as_view(pattern_name="account_request_login_code")),
]
