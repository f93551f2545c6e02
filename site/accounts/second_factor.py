"""The second factor: sealed secrets, and what happens when one comes, goes or is drawn anew."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts import sealing, texts
from accounts.models import User

CALL = "如果不是您本人操作，请马上联系本单位管理员。"


class SealedMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Second-factor secrets lie sealed in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "动态码不对。请看手机上的验证器，填最新的6位数字。",
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return sealing.unseal(encrypted_text)

    def get_totp_label(self, user: User) -> str:
        """What the authenticator app shows: no full phone, others see the screen."""
        return user.masked_phone


def connect() -> None:
    """Listen to allauth."""
    signals.authenticator_added.connect(_added)
    signals.authenticator_removed.connect(_removed)
    signals.authenticator_reset.connect(_reset)


def _added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Whoever has just proved a new authenticator app is not asked again at once."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, "mfa", id=authenticator.pk, type="totp")
        texts.tell(user.phone, f"【安信】您的账号开通了两步验证。{CALL}")


def _removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        texts.tell(user.phone, f"【安信】您的账号停用了两步验证。{CALL}")


def _reset(user: User, **kwargs: Any) -> None:
    texts.tell(user.phone, f"【安信】您的账号换了一组备用码。{CALL}")
