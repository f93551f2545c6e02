"""What the detector asks of the database: a query or two for each pattern, however many people there are.

The database sums and groups; only what passes a figure comes back as rows. Days are local days.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import BigIntegerField, Count, Exists, F, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from courses.models.exams import Attempt
from courses.models.ledger import LessonProgress, StudyEvent
from courses.models.pages import CoursePage, LessonPage
from courses.models.suspicions import DeviceDay, WorkSpan
from courses.rules.impossible import (
    Clash,
    DayTotal,
    DeviceUse,
    Marks,
    Reading,
    Sitting,
    amount,
)
from credit.models import Employment, Enterprise

MINUTE: Final = 60_000  # milliseconds
READ: Final = (
    "heading",
    "text",
    "warning",
    "checklist",
)  # films and sounds have a length of their own
SECOND: Final = {
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%S', {})",
    "postgresql": "date_trunc('second', {})",
}


def day_totals(begin: datetime, end: datetime) -> Iterator[DayTotal]:
    """People with more credited time on a day than a day of study holds."""
    limit = amount("day_minutes") * MINUTE
    events = StudyEvent.objects.filter(at__gte=begin, at__lt=end)
    days = events.order_by().annotate(day=TruncDate("at")).values("person", "day")
    for row in days.annotate(total=Sum("credited_ms")).filter(total__gt=limit):
        yield DayTotal(row["person"], row["day"], row["total"] // MINUTE)


def clashes(begin: datetime, end: datetime) -> Iterator[Clash]:
    """Study credited while the person worked elsewhere, and while they sat an exam."""
    spans = WorkSpan.objects.filter(ended_at__gt=begin, began_at__lt=end)
    work = spans.annotate(began=F("began_at"), ended=F("ended_at"), who=F("person"))
    yield from _clashes(work, "work", "where")
    sat = Attempt.objects.filter(submitted_at__gt=begin, started_at__lt=end).annotate(
        began=F("started_at"), ended=F("submitted_at"), who=F("enrolment__person")
    )
    yield from _clashes(sat, "exam", "exam__title")


def _clashes(rows: Any, source: str, where: str) -> Iterator[Clash]:
    """``rows`` with ``who``, ``began`` and ``ended``; the time within, of spans that lie whole within."""
    studied = StudyEvent.objects.filter(
        person=OuterRef("who"), began_at__gte=OuterRef("began"), at__gt=OuterRef("began"),
        at__lte=OuterRef("ended"), credited_ms__gt=0,
    )  # fmt: skip
    total = studied.order_by().values("person").annotate(total=Sum("credited_ms")).values("total")
    limit = amount(f"{source}_minutes") * MINUTE
    found = rows.annotate(studied=Coalesce(Subquery(total), 0)).filter(studied__gte=limit)
    for row in found.values("pk", "who", "began", "ended", "studied", where):
        began, ended = timezone.localtime(row["began"]), timezone.localtime(row["ended"])
        place = row[where] if source == "work" else f"考试《{row[where]}》"
        yield Clash(row["who"], source, row["pk"], place, began, ended, row["studied"] // MINUTE)


def sittings(begin: datetime, end: datetime) -> Iterator[Sitting]:
    """Lessons that many people began and ended at the same second; a class in a hall does so honestly."""
    second = SECOND[connection.vendor]
    one = f"""
        SELECT person_id, lesson_id, {second.format("MIN(began_at)")} first_at,
        {second.format("MAX(at)")} last_at, MIN(began_at) began, MAX(at) ended
        FROM courses_studyevent WHERE credited_ms > 0 AND began_at IS NOT NULL AND at >= %s AND at < %s
        AND kind NOT IN ('class', 'team')
        GROUP BY person_id, enrolment_id, lesson_id"""  # noqa: S608  # constant SQL
    statement = f"""
        WITH one AS ({one}), many AS (
            SELECT lesson_id, first_at, last_at FROM one
            GROUP BY lesson_id, first_at, last_at HAVING COUNT(DISTINCT person_id) >= %s)
        SELECT one.person_id, one.lesson_id, one.began, one.ended FROM one JOIN many
        ON many.lesson_id = one.lesson_id AND many.first_at = one.first_at
        AND many.last_at = one.last_at"""  # noqa: S608  # constant SQL
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(statement, [adapt(begin), adapt(end), amount("same_people")])
        rows = cursor.fetchall()
    lessons = _lessons({row[1] for row in rows})
    for person, lesson, began, ended in rows:
        course, title = lessons[lesson]
        yield Sitting(person, course, title, _instant(began), _instant(ended))


def _instant(value: Any) -> datetime:
    """As the database gives an aggregate: SQLite as text in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return timezone.localtime(value if value.tzinfo else value.replace(tzinfo=UTC))


def _lessons(keys: set[int]) -> dict[int, tuple[int, str]]:
    """Course and title of lessons, by key; two queries."""
    lessons = list(LessonPage.objects.filter(pk__in=keys).values_list("pk", "path", "title"))
    above = {path[:-4] for _, path, _ in lessons}
    courses = dict(CoursePage.objects.filter(path__in=above).values_list("path", "pk"))
    return {key: (courses[path[:-4]], title) for key, path, title in lessons}


def readings(begin: datetime, end: datetime) -> Iterator[Reading]:
    """Finished lessons whose text was passed faster than the figure allows; what was taught nobody had to read."""
    speed = amount("reading_speed")
    taught = StudyEvent.objects.filter(
        enrolment=OuterRef("enrolment"), lesson=OuterRef("lesson"), kind__in=StudyEvent.TAUGHT
    )
    done = LessonProgress.objects.filter(
        ~Exists(taught), finished_at__gte=begin, finished_at__lt=end
    )
    pages = LessonPage.objects.filter(pk__in=done.order_by().values("lesson").distinct())
    characters = {page.pk: characters_of(page) for page in pages}
    fast = Q(pk__in=[])
    for key, number in characters.items():
        fast |= Q(lesson=key, credited_ms__lt=number * MINUTE // speed)
    rows = done.filter(fast).values(
        "enrolment__person",
        "enrolment__course",
        "lesson",
        "lesson__title",
        "credited_ms",
        "finished_at",
    )
    for row in rows:
        yield Reading(
            row["enrolment__person"], row["enrolment__course"], row["lesson__title"],
            characters[row["lesson"]], row["credited_ms"] / MINUTE,
            timezone.localdate(row["finished_at"]),
        )  # fmt: skip


def characters_of(lesson: LessonPage) -> int:
    """How many characters of text a reader of the lesson reads, spaces left out."""
    total = 0
    for block in lesson.body:
        if block.block_type in READ:
            words = block.block.get_searchable_content(block.value)
            total += sum(len("".join(str(one).split())) for one in words)
    return total


def marks(begin: datetime, end: datetime) -> Iterator[Marks]:
    """Groups of one employer, exam and day whose first attempts all have full marks."""
    open_now = Q(ended_on__isnull=True) | Q(ended_on__gte=timezone.localdate(begin))
    job = Employment.objects.filter(open_now, person=OuterRef("enrolment__person")).order_by("pk")
    first = Attempt.objects.filter(
        number=1, submitted_at__gte=begin, submitted_at__lt=end
    ).annotate(
        day=TruncDate("submitted_at"),
        unit=Coalesce(Subquery(job.values("enterprise")[:1]), 0, output_field=BigIntegerField()),
    )
    key = ("exam", "unit", "day")
    groups = first.order_by().values(*key).annotate(number=Count("pk"), lowest=Min("points"))
    full = list(groups.filter(number__gte=amount("full_people"), lowest=100))
    if not full:
        return
    units = dict(
        Enterprise.objects.filter(pk__in={row["unit"] for row in full}).values_list("pk", "name")
    )
    points: dict[tuple[Any, ...], list[tuple[int, int]]] = defaultdict(list)
    titles: dict[int, tuple[str, int]] = {}
    rows = first.filter(exam__in={row["exam"] for row in full}, points=100)
    for row in rows.values(*key, "enrolment__person", "points", "exam__title", "exam__course"):
        points[row["exam"], row["unit"], row["day"]].append(
            (row["enrolment__person"], row["points"])
        )
        titles[row["exam"]] = row["exam__title"], row["exam__course"]
    for row in full:
        title, course = titles[row["exam"]]
        yield Marks(
            row["exam"], title, course, row["unit"], units.get(row["unit"], ""), row["day"],
            tuple(points[row["exam"], row["unit"], row["day"]]),
        )  # fmt: skip


def device_uses(first: date, last: date) -> Iterator[DeviceUse]:
    """Devices that many people used on a day."""
    days = DeviceDay.objects.filter(day__range=(first, last))
    many = days.order_by().values("device", "day").annotate(number=Count("person"))
    found = {
        (one["device"], one["day"]) for one in many.filter(number__gte=amount("device_people"))
    }
    people: dict[tuple[str, date], list[int]] = defaultdict(list)
    rows = days.filter(device__in={device for device, _ in found})
    for device, day, person in rows.values_list("device", "day", "person"):
        people[device, day].append(person)
    for device, day in sorted(found):
        yield DeviceUse(device, day, tuple(people[device, day]))
