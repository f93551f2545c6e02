"""Keys in addresses: whole numbers that a database can hold; longer ones are no address of ours (404)."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class KeyConverter(IntConverter):
    """As ``int``, up to 18 digits: more overflow a 64-bit column."""

    regex = "[0-9]{1,18}"


register_converter(KeyConverter, "key")
