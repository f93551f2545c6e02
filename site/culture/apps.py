"""The public's pages: news, law, accident cases."""

from django.apps import AppConfig


class CultureConfig(AppConfig):
    """安全文化."""

    name = "culture"
    verbose_name = "安全文化"
