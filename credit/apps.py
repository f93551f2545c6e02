"""The credit app: register, records, lists."""

from django.apps import AppConfig


class CreditConfig(AppConfig):
    """安全生产信用."""

    name = "credit"
    verbose_name = "安全生产信用"
