"""The migration that chains the ledger carries the events of a living database, there and back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from courses.acts import chain
from courses.models import StudyEvent
from tests.courses.test_study import NOON

BEFORE = [("courses", "0008_labels_in_chinese")]


@pytest.fixture
def migrated_back(transactional_db: None) -> Any:
    """The models as they were; whatever the test did, the newest ones come back."""
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield go(BEFORE)
    go(latest)


def go(targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    state = executor.migrate(targets)
    return state.apps.get_model


def test_old_events_are_numbered_and_linked_and_go_back(migrated_back: Any):
    page = {"path": "00019999", "depth": 2, "title": "x", "slug": "x-9", "draft_title": "x"}
    locale = migrated_back("wagtailcore", "Locale").objects.get(language_code="zh-hans")
    kind = migrated_back("contenttypes", "ContentType").objects.get(model="lessonpage")
    page |= {"locale": locale, "content_type": kind}
    course = migrated_back("courses", "CoursePage").objects.create(
        **page, summary="x", required_minutes=1
    )
    page |= {"path": "000199990001", "depth": 3, "slug": "x-10"}
    lesson = migrated_back("courses", "LessonPage").objects.create(**page, body="[]")
    for serial in (1, 2):
        person = migrated_back("accounts", "User").objects.create(phone=f"+861380000000{serial}")
        enrolment = migrated_back("courses", "Enrolment").objects.create(
            person=person, course=course
        )
        migrated_back("courses", "LessonProgress").objects.create(
            enrolment=enrolment, lesson=lesson, credited_ms=20_000
        )
        for second, kind, credited in ((0, "open", 0), (20, "beat", 20_000)):
            migrated_back("courses", "StudyEvent").objects.create(
                person=person, enrolment=enrolment, lesson=lesson, tab=UUID(int=7), kind=kind,
                at=NOON + timedelta(seconds=second), credited_ms=credited,
            )  # fmt: skip
    go([("courses", "0011_corrections")])
    assert list(chain.faults()) == []
    found = StudyEvent.objects.order_by("person_id", "number")
    assert list(found.values_list("number", "began_at", "received_at", "credited_ms")) == [
        (1, None, NOON, 0), (2, NOON, NOON + timedelta(seconds=20), 20_000),
    ] * 2  # fmt: skip
    back = go(BEFORE)
    assert back("courses", "StudyEvent").objects.count() == 4
