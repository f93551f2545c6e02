"""Ways of signing in addresses: in and out, nothing else."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class WayConverter(StringConverter):
    """``in`` or ``out``."""

    regex = "in|out"


register_converter(WayConverter, "way")
