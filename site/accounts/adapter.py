"""How allauth finds a person by phone, sends codes, and stops a guesser."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.http import HttpRequest

from accounts import limits, sms
from accounts.models import User
from accounts.phones import parse_phone


class PhoneField(forms.CharField):
    """A mainland mobile number, 13800000000 or +86 138 0000 0000."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "手机号")
        super().__init__(**kwargs)
        self.widget.attrs.update(
            {"type": "tel", "inputmode": "tel", "autocomplete": "tel", "placeholder": "13800000000"}
        )

    def clean(self, value: Any) -> str:
        """Return E.164."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return parse_phone(text)
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault


class PhoneAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Phones instead of names and mail addresses."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": "密码错误次数太多，请5分钟后再试，或用短信验证码登录。",
        "phone_password_mismatch": "手机号或密码不对，请检查后再试。",
    }

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        """The field of every form that asks for a phone."""
        return PhoneField(**kwargs)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """The phone and whether its owner proved it."""
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        """Keep a phone."""
        user.phone, user.phone_verified = phone, verified
        if user.pk:
            user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Its owner entered the code."""
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Whose phone it is."""
        return User.objects.filter(phone=phone).first()

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """Send a code."""
        sms.send(phone, f"【安信】验证码 {code}，15分钟内有效。不要告诉任何人。")

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """A code was asked for a phone that has no account."""
        sms.send(phone, "【安信】这个手机号还没有注册。如果不是您本人操作，请不用理会。")

    def send_account_already_exists_sms(self, phone: str) -> None:
        """A sign-up was tried with a phone that has an account."""
        sms.send(phone, "【安信】这个手机号已经注册，请直接登录。")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse the sixth wrong try of one account, right or wrong."""
        if limits.is_paused(_account(credentials)):
            raise forms.ValidationError(
                self.error_messages["too_many_login_attempts"], code="too_many_login_attempts"
            )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a password; the account's wrong tries are counted in the database."""
        self.pre_authenticate(request, **credentials)
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            limits.count_failure(_account(credentials))
        else:
            limits.forget(_account(credentials))
        return user


def _account(credentials: dict[str, Any]) -> str:
    return str(credentials.get("phone") or credentials.get("username") or "")
