"""What ``manage.py check`` says about roles and keys."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db.models import Model

from accounts.roles import PERMISSIONS


def permissions_exist(**kwargs: Any) -> list[checks.CheckMessage]:
    """A role names a permission that its app does not have: a slip, or a model was renamed."""
    codes = sorted({code for wanted in PERMISSIONS.values() for code in wanted})
    return [
        checks.Warning(
            f"accounts.roles names the permission {code}, which does not exist.",
            hint="Correct the code in accounts/roles.py, or add the permission to its model.",
            id="accounts.W001",
        )
        for code in codes
        if not _is_known(code)
    ]


def sealing_keys_given(**kwargs: Any) -> list[checks.CheckMessage]:
    """Several machines must seal with the same keys."""
    embedded = settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
    if settings.SEALING_KEYS or embedded:
        return []
    return [
        checks.Error(
            "SEALING_KEYS is empty: each machine would seal identity numbers with a key of its own.",
            hint="Give Fernet keys, newest first; credit/sealing.py says how to make and rotate them.",
            id="accounts.E001",
        )
    ]


def texts_leave(**kwargs: Any) -> list[checks.CheckMessage]:
    """A site in the open that prints its codes to the console lets nobody in, and shows them in its log."""
    faults: list[checks.CheckMessage] = []
    if settings.SMS_SENDER == "accounts.sms.ConsoleSender":
        hint = "Set SMS_SENDER=accounts.sms.HttpSender, SMS_HTTP_URL and SMS_HTTP_TOKEN."
        text = "SMS_SENDER prints codes to the console: nobody receives them."
        faults.append(checks.Error(text, hint=hint, id="accounts.E002"))
    elif settings.SMS_SENDER == "accounts.sms.HttpSender" and not settings.SMS_HTTP_URL:
        hint = "Set SMS_HTTP_URL to the provider's https:// address."
        faults.append(checks.Error("SMS_HTTP_URL is empty.", hint=hint, id="accounts.E003"))
    return faults


def secret_key_given(**kwargs: Any) -> list[checks.CheckMessage]:
    """Several machines must sign with the same key."""
    if not settings.SECRET_KEY_DRAWN:
        return []
    hint = "Set SECRET_KEY to 50 random characters, the same on every machine."
    text = "SECRET_KEY was drawn on this machine: sessions and cookies hold on no other."
    return [checks.Error(text, hint=hint, id="accounts.E004")]


def _is_known(code: str) -> bool:
    """Whether the permission exists, or its app or model does not yet."""
    label, name = code.split(".")
    if label not in apps.app_configs or name.endswith("*"):
        return True
    models = list(apps.get_app_config(label).get_models())
    verb, _, model = name.partition("_")
    if verb in ("add", "change", "delete", "view"):
        known = {m._meta.model_name: m for m in models}
        return model not in known or verb in known[model]._meta.default_permissions
    return any(name == own for m in models for own in _own_permissions(m))


def _own_permissions(model: type[Model]) -> list[str]:
    return [codename for codename, _ in model._meta.permissions]
