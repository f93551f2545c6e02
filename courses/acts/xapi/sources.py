"""Our facts, and what each says as a statement.

A lesson and a course are finished by an event of the ledger, at its very moment: so every fact here is found by the
number of a row that is only ever added.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from courses.acts.xapi.identity import activity
from courses.models import (
    Attempt,
    Certificate,
    Enrolment,
    LessonProgress,
    Revocation,
    StudyEvent,
)

_ADL: Final = "http://adlnet.gov/expapi/verbs/"
VERBS: Final = {
    "enrolled": (f"{_ADL}registered", "报名"),
    "opened": (f"{_ADL}launched", "打开"),
    "finished": (f"{_ADL}completed", "学完"),
    "attempted": (f"{_ADL}attempted", "开始考试"),
    "passed": (f"{_ADL}passed", "通过"),
    "failed": (f"{_ADL}failed", "未通过"),
    "earned": ("http://id.tincanapi.com/verb/earned", "取得"),
    "revoked": ("urn:anxin:xapi:verb:revoked", "被撤销"),
    "corrected": ("urn:anxin:xapi:verb:hours-corrected", "更正学时"),
}
MINUTES: Final = "urn:anxin:xapi:extension:minutes"
CERTIFICATE: Final = "urn:anxin:xapi:activity:certificate"
VALID_UNTIL: Final = "urn:anxin:xapi:extension:valid-until"
Kind = StudyEvent.Kind


@dataclass(frozen=True, slots=True)
class Told:
    """What a fact says; ``fact_id`` is its key, ``at`` when it was true."""

    fact_id: int
    person: int
    enrolment: int
    verb: dict[str, Any]
    thing: dict[str, Any]
    at: datetime
    parent: dict[str, Any] | None = None
    result: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of ``model`` that are facts of a kind; ``key`` is the column that tells one fact from another.

    ``waiting`` are rows that become facts later: the search goes on beginning with the first of them.
    """

    fact: str
    model: Any
    rows: Callable[[], "QuerySet[Any]"]
    columns: tuple[str, ...]
    tell: Callable[[Mapping[str, Any]], Told]
    key: str = "pk"
    waiting: Callable[[], "QuerySet[Any]"] | None = None


def _verb(name: str) -> dict[str, Any]:
    iri, words = VERBS[name]
    return {"id": iri, "display": {"zh-CN": words, "en": name}}


def _minutes(milliseconds: int) -> str:
    """As a duration; what is taken away is no duration and is told in minutes alone."""
    return f"PT{max(milliseconds, 0) / 1000:.2f}S"


# -- Enrolment, lessons, courses, corrections ----------------------------------------------------------------

_EVENT: Final = (
    "pk", "person_id", "enrolment_id", "lesson_id", "lesson__title", "enrolment__course_id",
    "enrolment__course__title", "at", "credited_ms",
)  # fmt: skip


def _enrolled(row: Mapping[str, Any]) -> Told:
    course = activity("course", row["course_id"], row["course__title"])
    at = row["enrolled_at"]
    return Told(row["pk"], row["person_id"], row["pk"], _verb("enrolled"), course, at)


def _lesson(
    verb: str, key: str, result: Callable[[Mapping[str, Any]], dict[str, Any] | None]
) -> Any:
    def tell(row: Mapping[str, Any]) -> Told:
        return Told(
            row[key],
            row["person_id"],
            row["enrolment_id"],
            _verb(verb),
            activity("lesson", row["lesson_id"], row["lesson__title"]),
            row["at"],
            activity("course", row["enrolment__course_id"], row["enrolment__course__title"]),
            result(row),
        )

    return tell


def _course_finished(row: Mapping[str, Any]) -> Told:
    course = activity("course", row["enrolment__course_id"], row["enrolment__course__title"])
    person, enrolment = row["person_id"], row["enrolment_id"]
    done = {"completion": True}
    return Told(enrolment, person, enrolment, _verb("finished"), course, row["at"], None, done)


def _finishing_events() -> "QuerySet[StudyEvent]":
    """Those in the very moment of which their lesson was finished."""
    progress = LessonProgress.objects.filter(
        enrolment=OuterRef("enrolment"), lesson=OuterRef("lesson"), finished_at=OuterRef("at")
    )
    return StudyEvent.objects.annotate(
        progress_id=Subquery(progress.values("pk")[:1]),
        progress_ms=Subquery(progress.values("credited_ms")[:1]),
    ).filter(kind=Kind.FINISH, progress_id__isnull=False)


def _completing_events() -> "QuerySet[StudyEvent]":
    """Those in the very moment of which their course was finished."""
    return StudyEvent.objects.filter(enrolment__finished_at=F("at"))


# -- Exams and certificates ----------------------------------------------------------------------------------

_ATTEMPT: Final = (
    "pk", "enrolment_id", "enrolment__person_id", "exam_id", "exam__title", "started_at", "submitted_at",
    "points", "passed", "enrolment__course_id", "enrolment__course__title",
)  # fmt: skip


def _attempt(row: Mapping[str, Any], verb: str, at: datetime) -> Told:
    result = None
    if verb != "attempted":
        score = {"raw": row["points"], "min": 0, "max": 100, "scaled": row["points"] / 100}
        result = {"success": row["passed"], "completion": True, "score": score}
    return Told(
        row["pk"],
        row["enrolment__person_id"],
        row["enrolment_id"],
        _verb(verb),
        activity("exam", row["exam_id"], row["exam__title"]),
        at,
        activity("course", row["enrolment__course_id"], row["enrolment__course__title"]),
        result,
    )


def _attempted(row: Mapping[str, Any]) -> Told:
    return _attempt(row, "attempted", row["started_at"])


def _judged(row: Mapping[str, Any]) -> Told:
    return _attempt(row, "passed" if row["passed"] else "failed", row["submitted_at"])


_CERTIFICATE: Final = (
    "pk", "number", "enrolment_id", "enrolment__person_id", "course_title", "issued_on", "valid_until",
    "enrolment__course_id",
)  # fmt: skip


def _noon(day: Any) -> datetime:
    """A day as a moment: nobody wrote the hour down."""
    return datetime.combine(day, time(12), timezone.get_default_timezone()).astimezone(UTC)


def _certificate(row: Mapping[str, Any], verb: str, fact: int, day: Any, prefix: str = "") -> Told:
    course_id, title = row[f"{prefix}enrolment__course_id"], row[f"{prefix}course_title"]
    until = row[f"{prefix}valid_until"].isoformat()
    return Told(
        fact,
        row[f"{prefix}enrolment__person_id"],
        row[f"{prefix}enrolment_id"],
        _verb(verb),
        activity("certificate", row[f"{prefix}pk"], f"{title}证书", CERTIFICATE),
        _noon(day),
        activity("course", course_id, title),
        {"extensions": {VALID_UNTIL: until}},
    )


def _earned(row: Mapping[str, Any]) -> Told:
    return _certificate(row, "earned", row["pk"], row["issued_on"])


def _revoked(row: Mapping[str, Any]) -> Told:
    return _certificate(row, "revoked", row["pk"], row["revoked_on"], "certificate__")


def _of(prefix: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{prefix}{one}" for one in columns)


SOURCES: Final = (
    Source(
        "enrolled",
        Enrolment,
        lambda: Enrolment.objects.all(),
        ("pk", "person_id", "course_id", "course__title", "enrolled_at"),
        _enrolled,
    ),
    Source(
        "opened",
        StudyEvent,
        lambda: StudyEvent.objects.filter(kind=Kind.OPEN),
        _EVENT,
        _lesson("opened", "pk", lambda row: None),
    ),
    Source(
        "lesson finished",
        StudyEvent,
        _finishing_events,
        (*_EVENT, "progress_id", "progress_ms"),
        _lesson(
            "finished",
            "progress_id",
            lambda row: {"completion": True, "duration": _minutes(row["progress_ms"])},
        ),
        key="progress_id",
    ),
    Source(
        "course finished",
        StudyEvent,
        _completing_events,
        _EVENT,
        _course_finished,
        key="enrolment_id",
    ),
    Source(
        "hours corrected",
        StudyEvent,
        lambda: StudyEvent.objects.filter(kind=Kind.CORRECTION),
        _EVENT,
        _lesson(
            "corrected",
            "pk",
            lambda row: {"extensions": {MINUTES: row["credited_ms"] // 60_000}},
        ),
    ),
    Source("attempted", Attempt, lambda: Attempt.objects.all(), _ATTEMPT, _attempted),
    Source(
        "judged",
        Attempt,
        lambda: Attempt.objects.filter(points__isnull=False),
        _ATTEMPT,
        _judged,
        waiting=lambda: Attempt.objects.filter(points__isnull=True),
    ),
    Source(
        "certificate earned", Certificate, lambda: Certificate.objects.all(), _CERTIFICATE, _earned
    ),
    Source(
        "certificate revoked",
        Revocation,
        lambda: Revocation.objects.all(),
        ("pk", "revoked_on", *_of("certificate__", _CERTIFICATE)),
        _revoked,
    ),
)
