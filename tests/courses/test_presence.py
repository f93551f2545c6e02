"""Are you still there? Asked by the server, with room for slow hands; silence costs nothing before its time."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test import Client

from courses.models import Enrolment, PresenceCheck, StudyEvent
from courses.rules.hours import Clock
from courses.rules.presence import UNANSWERED, due
from tests.courses.test_beats import beat, opened, send
from tests.courses.test_study import NOON, OTHER, TAB, lesson_of, post

RULES = Clock(timedelta(seconds=20), timedelta(seconds=60), timedelta(hours=8))
MINUTE = 60_000


def credited() -> int:
    return StudyEvent.objects.aggregate(total=Sum("credited_ms"))["total"] or 0


class Page:
    """A page that is open: beats every twenty seconds, and what the server last said."""

    def __init__(self, client: Client, token: str, clock: Any) -> None:
        self.client, self.token, self.clock = client, token, clock
        self.sequence = self.seconds = 0
        self.told: dict[str, Any] = {}

    def goes_on(self, seconds: int, **more: Any) -> None:
        """Report for so long; ``more`` is said with the first beat."""
        for _ in range(seconds // 20):
            self.seconds += 20
            self.sequence += 1
            self.clock.shift(20)
            answer = send(self.client, self.token, beat(self.sequence, self.seconds, **more))
            self.told, more = answer.json(), {}

    def until_asked(self) -> None:
        while "asked" not in self.told:
            self.goes_on(20)
            assert self.seconds <= 21 * 60, "nobody asked"


@pytest.fixture
def page(client: Client, enrolment: Enrolment) -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield Page(client, opened(client, enrolment), clock)


def test_asked_between_ten_and_twenty_minutes(page: Page) -> None:
    page.until_asked()
    check = PresenceCheck.objects.get()
    assert timedelta(minutes=10) <= check.asked_at - NOON <= timedelta(minutes=20, seconds=20)
    assert page.told["asked"] == 5 * MINUTE
    assert credited() == page.seconds * 1000  # to be asked costs nothing


def test_slow_hands_lose_nothing(page: Page) -> None:
    page.until_asked()
    page.goes_on(5 * 60 - 20)
    assert page.told["asked"] == 20_000
    page.goes_on(20, answers=True)
    assert "asked" not in page.told
    page.goes_on(40)
    assert credited() == page.seconds * 1000
    check = PresenceCheck.objects.get()
    assert check.answered_at == check.asked_at + timedelta(minutes=5)


def test_silence_counts_nothing_until_the_answer(page: Page) -> None:
    page.until_asked()
    page.goes_on(5 * 60)
    had = credited()
    assert had == page.seconds * 1000
    page.goes_on(10 * 60)
    assert credited() == had
    assert (page.told["asked"], page.told["note"]) == (0, UNANSWERED)
    page.goes_on(20, answers=True)
    assert credited() == had  # the time up to the answer does not count either
    page.goes_on(60)
    assert credited() == had + MINUTE
    assert PresenceCheck.objects.count() == 1


def test_the_next_question_comes_after_the_answer(page: Page) -> None:
    page.until_asked()
    page.goes_on(20, answers=True)
    page.goes_on(9 * 60)
    assert PresenceCheck.objects.count() == 1
    page.goes_on(12 * 60)
    first, second = PresenceCheck.objects.order_by("pk")
    assert second.asked_at - first.answered_at >= timedelta(minutes=10)


def test_an_answer_given_without_a_network_counts_from_when_it_was_given(page: Page) -> None:
    page.until_asked()
    had, first = credited(), page.sequence
    page.clock.shift(30 * 60)  # in a dead spot; the answer was given after one minute
    items = [
        beat(first + number, page.seconds + 20 * number, answers=number == 3)
        for number in range(1, 61)
    ]
    assert "asked" not in send(page.client, page.token, *items).json()
    assert credited() == had + 20 * MINUTE
    check = PresenceCheck.objects.get()
    assert check.answered_at == check.asked_at + timedelta(minutes=1)


def test_without_an_answer_a_dead_spot_counts_five_minutes(page: Page) -> None:
    page.until_asked()
    had, first = credited(), page.sequence
    page.clock.shift(30 * 60)
    items = [beat(first + number, page.seconds + 20 * number) for number in range(1, 61)]
    assert send(page.client, page.token, *items).json()["asked"] == 0
    assert credited() == had + 5 * MINUTE


def test_beats_of_the_past_ask_nobody(page: Page) -> None:
    page.clock.shift(3600)
    send(page.client, page.token, *[beat(number, 20 * number) for number in range(1, 91)])
    assert credited() == 30 * MINUTE
    assert not PresenceCheck.objects.exists()


def test_another_page_of_the_person_is_not_stopped(page: Page, enrolment: Enrolment) -> None:
    page.until_asked()
    page.goes_on(6 * 60)
    had = credited()
    other = Page(page.client, opened(page.client, enrolment, tab=OTHER), page.clock)
    other.goes_on(60)
    assert credited() == had + MINUTE
    assert "asked" not in other.told


def test_an_open_question_is_told_again_when_the_page_comes_back(
    page: Page, enrolment: Enrolment
) -> None:
    page.until_asked()
    told = post(page.client, lesson_of(enrolment, 1), tab=str(TAB), open=True).json()
    assert told["asked"] == 5 * MINUTE


def test_finishing_after_a_missed_question_earns_nothing_more(
    page: Page, enrolment: Enrolment
) -> None:
    page.until_asked()
    page.goes_on(6 * 60)
    had = credited()
    page.clock.shift(20)
    lesson = lesson_of(enrolment, 1)
    page.client.post(f"/learn/lessons/{lesson.pk}/finish/", {"tab": str(TAB)})
    assert credited() == had


def test_beats_stay_two_statements(page: Page, django_assert_num_queries: Any) -> None:
    page.until_asked()
    page.goes_on(20)
    page.clock.shift(20)
    pk = PresenceCheck.objects.get().lesson_id
    with django_assert_num_queries(4):
        send(page.client, page.token, beat(page.sequence + 1, page.seconds + 20), pk=pk)


def test_the_database_keeps_a_question(page: Page) -> None:
    page.until_asked()
    page.goes_on(20, answers=True)
    for statement in (
        "UPDATE courses_presencecheck SET answered_at = asked_at",
        "UPDATE courses_presencecheck SET answered_at = NULL",
        "DELETE FROM courses_presencecheck",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("minutes", "drawn", "asked"),
    [(9.9, 0, False), (10, 0, True), (10, 600, True), (10, 599, False), (19.9, 599, False), (20, 599, True)],
)  # fmt: skip
def test_when_it_is_due(minutes: float, drawn: int, asked: bool) -> None:
    now = NOON + timedelta(minutes=minutes)
    assert due(since=NOON, now=now, drawn=drawn, rules=RULES) is asked
