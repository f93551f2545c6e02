"""allauth's forms with our limits and words, and the form of a person's name and number."""

import unicodedata
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import identity, known, limits
from accounts.limits import Door
from accounts.models import User


class SignupForm(account.SignupForm):  # type: ignore[misc]  # allauth is untyped
    """Phone and password. Who stopped before the code may begin again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["password1"]
        field.label = "设一个密码"
        field.help_text = "至少8个字符，要有字母，不能全是数字。"
        field.widget.attrs.pop("placeholder", None)

    def try_save(self, request: HttpRequest) -> tuple[AbstractBaseUser | None, HttpResponse | None]:
        """Make the person, or go on with one who never proved the phone."""
        waiting = User.objects.filter(
            phone=self.cleaned_data["phone"], phone_verified=False, last_login=None
        ).first()
        if waiting is None:
            answer: tuple[User | None, HttpResponse | None] = super().try_save(request)
            return answer
        get_adapter().keep_password(request, waiting, self.cleaned_data["password1"])
        return waiting, None


class LoginForm(account.LoginForm):  # type: ignore[misc]
    """Phone and password, labels instead of placeholders."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "密码"
        self.fields["password"].help_text = ""  # the page leads to the text message instead
        self.fields["password"].widget.attrs.pop("placeholder", None)


class ReauthenticateForm(account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "密码"
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    """The present password is a guess like any other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_passwords(self, oldpassword="现在的密码")

    def clean_oldpassword(self) -> str:
        """Check the present password, counted."""
        account = known.bucket(context.request, self.user.phone)
        if not limits.may_try(Door.PASSWORD, account):
            raise get_adapter().validation_error("too_many_passwords")
        password: str = super().clean_oldpassword()
        limits.forget(Door.PASSWORD, account)
        return password


class SetPasswordForm(account.SetPasswordForm):  # type: ignore[misc]
    """A first password for one who came in by text message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_passwords(self)


def _name_passwords(form: forms.Form, **labels: str) -> None:
    names = {"password1": "新密码", "password2": "新密码，再填一次", **labels}
    for name, field in form.fields.items():
        field.label = names[name]
        field.help_text = ""
        field.widget.attrs.pop("placeholder", None)
    form.fields["password1"].help_text = "至少8个字符，要有字母，不能全是数字。"


class CountedCode:
    """Counts wrong codes per account, from whichever session; reads full-width digits too."""

    door: Door
    label = "短信里的6位数字"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.label = self.label
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs.update({"inputmode": "numeric", "autocomplete": "one-time-code"})

    def account(self) -> str:
        """Whose tries are counted."""
        raise NotImplementedError

    def clean_code(self) -> str:
        """Check the code, counted."""
        if not limits.may_try(self.door, self.account()):
            raise get_adapter().validation_error("too_many_codes")
        data = self.cleaned_data  # type: ignore[attr-defined]
        data["code"] = unicodedata.normalize("NFKC", data["code"])
        code: str = super().clean_code()  # type: ignore[misc]
        limits.forget(self.door, self.account())
        return code


class LoginCodeForm(CountedCode, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that opens the door without a password."""

    door = Door.TEXT_CODE

    def account(self) -> str:
        """The phone that the code went to; allauth hands it to no form."""
        return known.bucket(context.request, str(context.request._login_stage.state["phone"]))


class PhoneCodeForm(CountedCode, account.VerifyPhoneForm):  # type: ignore[misc]
    """The code that proves a phone."""

    door = Door.TEXT_CODE

    def account(self) -> str:
        """The phone to prove."""
        return known.bucket(context.request, str(self.phone))


class SecondFactor(CountedCode):
    """A code of the authenticator app, or a recovery code."""

    door = Door.SECOND_FACTOR
    label = "验证器上的6位数字"

    def account(self) -> str:
        """The person."""
        return str(self.user.pk)  # type: ignore[attr-defined]


class AuthenticateForm(SecondFactor, mfa.AuthenticateForm):  # type: ignore[misc]
    """The second factor after the password."""


class ReauthenticateByCodeForm(SecondFactor, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The second factor before a staff page."""


class ActivateTotpForm(SecondFactor, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""


class IdentityForm(forms.Form):
    """Fills in what is missing of a person's name and identity number; what is there stays."""

    real_name = forms.CharField(
        label="姓名",
        max_length=60,
        help_text="要和身份证上的一样，证书会印这个名字。保存后自己不能再改。",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    id_number = forms.CharField(
        label="身份证号（可以不填）",
        required=False,
        max_length=40,
        help_text="考特种作业等证书才需要。加密保存，页面上只显示前3位和后4位。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person.real_name:
            del self.fields["real_name"]
        if person.id_number_sealed:
            del self.fields["id_number"]

    def clean_real_name(self) -> str:
        """A name as on the card."""
        try:
            return identity.parse_name(self.cleaned_data["real_name"])
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault

    def clean_id_number(self) -> str:
        """A number that is well made and nobody else's."""
        text = self.cleaned_data["id_number"]
        if not text:
            return ""
        try:
            number = identity.parse_id_number(text, timezone.localdate())
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault
        if User.objects.with_id_number(number).exclude(pk=self.person.pk).exists():
            raise forms.ValidationError("这个身份证号已经在另一个账号上。请联系管理员核对")
        return number

    def save(self) -> None:
        """Keep it."""
        self.person.real_name = self.cleaned_data.get("real_name", self.person.real_name)
        if self.cleaned_data.get("id_number"):
            self.person.id_number = self.cleaned_data["id_number"]
        self.person.save(update_fields=["real_name", "id_number_sealed", "id_number_fingerprint"])
