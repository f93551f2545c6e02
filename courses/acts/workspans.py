"""Register when people worked elsewhere, from a paper; the detector compares it with their study."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import WorkSpan
from courses.models.reach import learners_of_office
from courses.rules.workspans import Span, read_spans


def seen_with(people: Any) -> Any:
    """The spans of some people."""
    return WorkSpan.objects.filter(person__in=people)


@transaction.atomic
def register(text: str, *, source: str, officer: Any) -> tuple[int, list[str]]:
    """Add each line of ``text``, all or none; how many, and what is wrong. A line once more adds nothing.

    Only people whom ``officer`` may see are known by their phone.
    """
    spans, problems = read_spans(text)
    if not source.strip():
        problems.append("请写明凭据，例如：某某公司2026年11月考勤表")
    if not spans and not problems:
        problems.append("没有内容")
    people = learners_of_office(officer, timezone.localdate())
    phones = {_e164(one.phone) for one in spans}
    known = dict(people.filter(phone__in=phones).values_list("phone", "pk"))
    problems += [
        f"第 {one.line} 行：您辖区的学员里没有 {one.phone[:20]} 这个手机号"
        for one in spans
        if _e164(one.phone) not in known
    ]
    if problems:
        return 0, problems
    rows = {(known[_e164(one.phone)], *_span(one)): one.where for one in spans}
    there = WorkSpan.objects.filter(person__in=known.values())
    for key in there.values_list("person", "began_at", "ended_at"):
        rows.pop(key, None)
    made = WorkSpan.objects.bulk_create(
        WorkSpan(
            person_id=person, began_at=begin, ended_at=end, where=where, source=source.strip(),
            by=officer,
        )
        for (person, begin, end), where in rows.items()
    )  # fmt: skip
    return len(made), []


def _e164(phone: str) -> str:
    """A mainland number as it is kept."""
    digits = phone.replace(" ", "").removeprefix("+86")
    return f"+86{digits}"


def _span(one: Span) -> tuple[Any, Any]:
    return timezone.make_aware(one.began_at), timezone.make_aware(one.ended_at)
