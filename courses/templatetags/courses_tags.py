"""Parts of courses' pages that ask an act: the exam's card, a person's certificates."""

from typing import Any

from django import template
from django.utils import timezone

from courses.acts.certificates import held_by
from courses.acts.enrolment import renewal
from courses.acts.exams import readiness
from courses.models import Enrolment

register = template.Library()


@register.inclusion_tag("courses/_exam_card.html", takes_context=True)
def exam_card(context: dict[str, Any], enrolment: Enrolment) -> dict[str, Any]:
    """The exam of an enrolment's course; nothing when the course has none."""
    exam = getattr(enrolment.course, "exam", None)
    if exam is None:
        return {"exam": None}
    ruling = readiness(enrolment, now=timezone.now())
    again = renewal(enrolment, today=timezone.localdate())
    return {
        "enrolment": enrolment,
        "exam": exam,
        "ruling": ruling,
        "again": bool(again),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("courses/_my_certificates.html")
def my_certificates(person: Any) -> dict[str, Any]:
    """The certificates that a person holds."""
    return {"certificates": held_by(person, today=timezone.localdate())}


@register.filter
def seconds(milliseconds: int) -> int:
    """Whole seconds of milliseconds."""
    return int(milliseconds or 0) // 1000


@register.filter
def minutes_up(milliseconds: int) -> int:
    """Minutes of milliseconds, rounded up."""
    return -(-int(milliseconds or 0) // 60_000)


@register.filter
def minutes(milliseconds: int) -> int:
    """Whole minutes of milliseconds."""
    return int(milliseconds or 0) // 60_000
