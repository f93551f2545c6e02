"""Parts of courses' pages that ask an act: the exam's card, a person's certificates."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from courses.acts.certificates import held_by
from courses.acts.exams import readiness
from courses.models import Attempt, Certificate, Enrolment
from courses.models.versions import terms_of

register = template.Library()


@register.inclusion_tag("courses/_exam_card.html", takes_context=True)
def exam_card(context: dict[str, Any], enrolment: Enrolment) -> dict[str, Any]:
    """The exam of an enrolment's course: running, to be sat or passed; nothing without an exam."""
    exam = getattr(enrolment.course, "exam", None)
    if exam is None:
        return {"exam": None}
    now, today = timezone.now(), timezone.localdate()
    held = Certificate.objects.select_related("revocation").filter(enrolment=enrolment).first()
    return {
        "enrolment": enrolment,
        "exam": terms_of(enrolment),
        "running": Attempt.objects.running(now).filter(enrolment=enrolment).first(),
        "ruling": readiness(enrolment, now=now),
        "certificate": held if held and held.standing(today)[1] else None,
        "again": bool(held and held.renewal(today)),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("courses/_my_certificates.html")
def my_certificates(person: Any) -> dict[str, Any]:
    """The certificates that a person holds."""
    return {"certificates": held_by(person, today=timezone.localdate())}


@register.simple_tag(takes_context=True)
def lesson_url(context: dict[str, Any], lesson: Any) -> str:
    """Where a learner reads a lesson: its page, or, taken offline, the door of those whose version has it."""
    if lesson.live:
        return str(lesson.get_url(context.get("request")))
    return reverse("courses:kept_lesson", args=[lesson.pk])


@register.filter
def spent(milliseconds: int) -> str:
    """Milliseconds in words, to the second: 2 分 38 秒."""
    whole, rest = divmod(int(milliseconds or 0) // 1000, 60)
    if whole and rest:
        return f"{whole} 分 {rest} 秒"
    return f"{whole} 分钟" if whole else f"{rest} 秒"


@register.filter
def signed(milliseconds: int) -> str:
    """Milliseconds in words with + or −; empty for none."""
    amount = int(milliseconds or 0)
    return f"{'+' if amount > 0 else '−'}{spent(abs(amount))}" if amount else ""


@register.filter
def minutes_up(milliseconds: int) -> int:
    """Minutes of milliseconds, rounded up."""
    return -(-int(milliseconds or 0) // 60_000)


@register.filter
def minutes(milliseconds: int) -> int:
    """Whole minutes of milliseconds."""
    return int(milliseconds or 0) // 60_000


@register.filter
def get(names: dict[str, str], code: str) -> str:
    """The name of a code; the code where it has none."""
    return names.get(code, code)
