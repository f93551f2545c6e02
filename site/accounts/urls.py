"""Addresses of a person's own pages; the doors are allauth's."""

from allauth.mfa.recovery_codes.views import generate_recovery_codes
from allauth.mfa.totp.views import activate_totp
from django.contrib.auth.decorators import login_required
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
    path("phone/verify/", views.verify_phone),
    # allauth asks a stranger how the account was proved, and there is none.
    path("2fa/totp/activate/", login_required(activate_totp)),
    path("2fa/recovery-codes/generate/", login_required(generate_recovery_codes)),
    path("password/set/", views.set_password),
    path("password/new/", views.new_password, name="new_password"),
    # allauth resets by mail; our people have a phone, and a code opens the door without a password.
    re_path(r"^password/reset/", to_code),
    re_path(r"^(?:confirm-)?email/", to_me),
]
