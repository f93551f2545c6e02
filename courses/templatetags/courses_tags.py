"""Parts of courses' pages that ask an act: the exam's card, a person's certificates."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from courses.acts.activities import standing
from courses.acts.certificates import held_by
from courses.acts.exams import readiness
from courses.blocks_activities import scenes_of
from courses.models import Attempt, Certificate, CoursePackage, Enrolment
from courses.models.activities import Done
from courses.models.versions import terms_of
from courses.packages.addresses import origin, play_address
from courses.rules.hours import clock
from courses.rules.vtt import seconds_of

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
def player_of(context: dict[str, Any], package: CoursePackage) -> str:
    """The address of a package's player for whoever reads the page; "" where there is no such origin."""
    if not origin():
        return ""
    request = context["request"]
    return play_address(
        package.key,
        person=request.user.pk,
        parent=f"{request.scheme}://{request.get_host()}",
        now=timezone.now(),
    )


@register.simple_tag
def packages_origin() -> str:
    """The packages' origin."""
    return origin()


@register.filter
def of_block(activities: dict[str, Done], key: Any) -> Done:
    """What was done in a block."""
    return (activities or {}).get(str(key)) or Done()


@register.filter
def has_block(page: Any, kind: str) -> bool:
    """Whether a lesson has a block of a kind."""
    return any(block.block_type == kind for block in page.body)


@register.simple_tag
def scene_of(value: Any, done: Done) -> dict[str, Any]:
    """Where a learner stands in a case: the scene as it was written, its end, and what the last choice led to."""
    scenes = scenes_of(value)
    scene, path = standing(scenes, done.last)
    written = {one["code"]: one for one in value["scenes"]}
    consequence = ""
    if path and path[-1][0] in written and path[-1][1] < len(written[path[-1][0]]["choices"]):
        consequence = written[path[-1][0]]["choices"][path[-1][1]]["consequence"]
    return {"scene": written[scene.code], "path": path, "consequence": consequence}


@register.simple_tag
def watch_speed() -> str:
    """The highest speed of a first viewing, as a page's script reads it."""
    return f"{clock().watch_percent / 100:g}"


@register.filter
def unlocal(number: float) -> str:
    """A number as a page's script reads it."""
    return f"{float(number):g}"


@register.filter
def seconds(mark: str) -> int:
    """Seconds of 1:30; 0 for what is no time."""
    try:
        return seconds_of(mark)
    except ValueError:
        return 0


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
