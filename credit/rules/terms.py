"""Calendar arithmetic for terms counted in months, and how they are printed."""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later (earlier if negative), or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def printed(day: date) -> str:
    """2026年4月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
