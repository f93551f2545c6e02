"""Numbers as the public reads them."""

from decimal import Decimal

from django import template

from indicators import rules

register = template.Library()


@register.filter
def number(value: Decimal | None) -> str:
    """Up to four decimals without idle zeros; 待填报 while unknown."""
    return "待填报" if value is None else rules.printed(value)
