"""Holds the commands `demo` and `seed_demo`."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The wiring."""

    name = "config"
