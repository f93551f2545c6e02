"""The plan's targets and how far they are met."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """规划指标."""

    name = "indicators"
    verbose_name = "规划指标"
