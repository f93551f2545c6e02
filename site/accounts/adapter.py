"""How allauth finds a person by phone, sends codes, and stops a guesser."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import confirming, known, limits, proof, texts
from accounts.limits import Door
from accounts.models import User
from accounts.phones import parse_phone
from accounts.roles import LEARNER

CHOSEN = "anxin_chosen_password"  # in the session until the phone is proved


class PhoneField(forms.CharField):
    """A mainland mobile number, 13800000000 or +86 138 0000 0000."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs["label"] = "手机号"
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
        "enter_current_password": "现在的密码不对，请再填一次。",
        "incorrect_code": "验证码不对，请检查后再填一次。",
        "incorrect_password": "密码不对，请再填一次。",
        "phone_password_mismatch": "手机号或密码不对，请检查后再试。",
        "phone_taken": "这个手机号已经有另一个账号。请填别的手机号，或者退出后用这个手机号登录。",
        "rate_limited": "操作太频繁，请过1分钟再试。",
        "same_as_current": "这就是现在的手机号，请填新的手机号。",
        "sms_budget": "今天的短信已经发完。请用密码登录，或者明天再来。",
        "sms_failed": "短信发不出去，请稍后再试。",
        "sms_too_many": "这个手机号收到的短信太多了，请过10分钟再试，或者用密码登录。",
        "sms_too_many_here": "从您这个网络发出的短信太多了。请过1小时再试，或者换成手机流量再试。",
        "sms_too_many_today": "这个手机号今天收到的短信太多了。请用密码登录，或者明天再试。",
        "too_many_codes": "验证码错误次数太多，请过5分钟再试。",
        "too_many_login_attempts": "试得太频繁了，请过5分钟再试。还没有账号的，到时请重新注册。",
        "too_many_passwords": "密码错误次数太多，请5分钟后再试，或用短信验证码登录。",
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
        """Its owner entered the code: the password chosen in the same session now counts."""
        if user.phone != phone:
            self._move(user, phone)
        else:
            self.set_phone(user, phone, True)
        chosen = context.request.session.pop(CHOSEN, None)
        if chosen and chosen["user"] == user.pk:
            user.password = chosen["password"]
            user.save(update_fields=["password"])

    def _move(self, user: User, phone: str) -> None:
        """To another phone. The old one is told; sessions elsewhere end, see User."""
        User.objects.unfinished_signups().filter(phone=phone).delete()
        old = user.phone
        self.set_phone(user, phone, True)
        update_session_auth_hash(context.request, user)
        texts.tell_of_move(old)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Whose phone it is. A sign-up that nobody finished keeps no number from one who moves to it."""
        people = User.objects.filter(phone=phone)
        if context.request.user.is_authenticated:
            people = people.exclude(pk__in=User.objects.unfinished_signups())
        return people.first()

    # -- Signing up -----------------------------------------------------------------------------------

    def save_user(
        self, request: HttpRequest, user: User, form: forms.BaseForm, commit: bool = True
    ) -> User:
        """A new learner. The password waits for the code, or a stranger could choose it first."""
        super().save_user(request, user, form, commit=False)
        user.set_unusable_password()
        user.save()
        user.made_now = True
        user.groups.add(Group.objects.get_or_create(name=LEARNER)[0])
        self.keep_password(request, user, form.cleaned_data["password1"])
        return user

    def keep_password(self, request: HttpRequest, user: User, password: str) -> None:
        """Remember, hashed and in this session only, what ``user`` chose."""
        someone = User()
        someone.set_password(password)
        request.session[CHOSEN] = {"user": user.pk, "password": someone.password}

    # -- Text messages ----------------------------------------------------------------------------------

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """Send a code."""
        minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
        self._send(phone, f"【安信】验证码 {code}，{minutes}分钟内有效。不要告诉任何人。", user)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """A code was asked for a phone that has no account."""
        self._send(phone, "【安信】这个手机号还没有注册。如果不是您本人操作，请不用理会。")

    def send_account_already_exists_sms(self, phone: str) -> None:
        """A sign-up was tried with a phone that has an account."""
        self._send(phone, "【安信】这个手机号已经注册，请直接登录，忘了密码可以用短信验证码登录。")

    def _send(self, phone: str, text: str, user: User | None = None) -> None:
        """Send, or say that it did not work and leave nothing half-made."""
        try:
            texts.send(context.request, phone, text)
        except texts.NotSentError as fault:
            self._give_up(str(fault), user)

    def _give_up(self, error: str, user: User | None) -> None:
        request: HttpRequest = context.request
        if user and user.made_now:
            user.delete()
            request.session.pop(CHOSEN, None)
        if not request.user.is_authenticated and "action" not in request.POST:
            clear_login(request)  # a code asked for once more leaves the first one valid
        messages.error(request, self.error_messages[error])
        raise ImmediateHttpResponse(redirect(request.get_full_path()))

    # -- Who it is --------------------------------------------------------------------------------------

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """``proof`` alone decides: allauth would let everybody pass who has no password."""
        if app == "allauth.mfa" and context.request.user.set_up_by_id:
            raise ImmediateHttpResponse(confirming.must_wait(context.request))
        if not proof.is_fresh(context.request):
            raise ReauthenticationRequired
        return False

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """One way: a password takes nobody's second factor away."""
        return proof.ways(user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """From now on this browser is known for the phone."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        known.remember(request, response, user.phone)
        return response

    # -- Passwords --------------------------------------------------------------------------------------

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse the sixth wrong password of one account, right or wrong."""
        if not limits.may_try(Door.PASSWORD, _account(request, credentials)):
            raise self.validation_error("too_many_passwords")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a password; ``pre_authenticate`` has counted the try."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            limits.forget(Door.PASSWORD, _account(request, credentials))
        return user


def _account(request: HttpRequest, credentials: dict[str, Any]) -> str:
    phone = credentials.get("phone") or credentials.get("username") or ""
    return known.bucket(request, str(phone))
