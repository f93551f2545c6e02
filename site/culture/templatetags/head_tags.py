"""What a page says of itself to search engines and messengers."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.encoding import iri_to_uri

register = template.Library()


@register.simple_tag
def full_address(path: Any) -> str:
    """``path`` on the site's own host, whatever host the request named."""
    return f"{settings.BASE_URL.rstrip('/')}{iri_to_uri(str(path))}"
