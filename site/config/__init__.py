"""Wires everything: settings, addresses, celery, the demo. Imported by nobody but Django itself."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
