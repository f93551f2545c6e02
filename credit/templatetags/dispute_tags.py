"""Which lines are marked “有异议”: asked once a page, looked up for each line."""

from collections.abc import Iterable
from typing import Any

from django import template

from credit.models import Enterprise, ScoreLine
from credit.models.attachments import subject_of
from credit.models.objections import line_of, marks

register = template.Library()


@register.simple_tag
def disputes_of(enterprise: Enterprise) -> frozenset[str]:
    """The marks of one enterprise."""
    return marks([enterprise.pk])


@register.simple_tag
def disputes_of_page(entries: Iterable[Any]) -> frozenset[str]:
    """The marks of all enterprises of a page of entries."""
    return marks({entry.enterprise_id for entry in entries})


@register.filter
def disputed(row: Any, marked: frozenset[str] | str) -> bool:
    """Whether a fact, an entry or a line of the score is marked."""
    if not marked:
        return False
    if isinstance(row, ScoreLine):
        return f"score:credit.{row.record_type}:{row.record_id}" in marked
    return line_of(row) in marked or subject_of(row) in marked
