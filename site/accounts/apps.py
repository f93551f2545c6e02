"""The accounts app: people and their doors."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """人员与登录."""

    name = "accounts"
    verbose_name = "人员与登录"
