"""Addresses of a person's own pages; the doors are allauth's."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from accounts import views

to_me = RedirectView.as_view(pattern_name="me")
to_code = RedirectView.as_view(pattern_name="account_request_login_code")

urlpatterns = [
    path("me/", views.me, name="me"),
    path("login/code/confirm/", views.confirm_login_code),
    path("phone/change/", views.change_phone),
    path("reauthenticate/code/", views.prove_by_code, name="prove_by_code"),
    path("password/set/", views.set_password),
    path("password/new/", views.new_password, name="new_password"),
    # allauth resets by mail; our people have a phone, and a code opens the door without a password.
    re_path(r"^password/reset/", to_code),
    re_path(r"^(?:confirm-)?email/", to_me),
]
