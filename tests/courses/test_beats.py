"""Heartbeats in batches through the door: idempotent, gapless, in few queries, on several threads."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import close_old_connections, connection
from django.db.models import Sum
from django.test import Client

from courses.acts import beats, chain, study
from courses.acts.enrolment import enrol
from courses.models import Enrolment, LessonPage, StudyEvent
from courses.rules.beats import Beat
from tests.courses.test_study import NOON, OTHER, TAB, lesson_of, post, study_for


def opened(client: Client, enrolment: Enrolment, number: int = 1, tab: Any = TAB) -> str:
    """Open a lesson; the token."""
    client.force_login(enrolment.person)
    token: str = post(client, lesson_of(enrolment, number), tab=str(tab), open=True).json()["token"]
    return token


def send(client: Client, token: str, *items: Any, number: int = 1, pk: int = 0) -> Any:
    pk = pk or LessonPage.objects.order_by("path")[number - 1].pk
    return client.post(
        f"/learn/lessons/{pk}/report/beats", list(items), content_type="application/json",
        headers={"X-Lesson-Token": token},
    )  # fmt: skip


def beat(sequence: int, seconds: float, **more: Any) -> dict[str, Any]:
    return {"sequence": sequence, "elapsed": seconds * 1000, **more}


def states(answer: Any) -> list[tuple[int, str, int]]:
    return [(one["sequence"], one["state"], one["earned"]) for one in answer.json()["results"]]


def test_a_beat_answers_with_its_result_and_the_lesson(client: Client, enrolment: Enrolment):
    with time_machine.travel(NOON, tick=False) as clock:
        token = opened(client, enrolment)
        clock.shift(20)
        answer = send(client, token, beat(1, 20, position=12.7))
    assert answer.json() == {
        "results": [{"sequence": 1, "state": "counted", "earned": 20_000, "note": ""}],
        "counted": 20_000, "position": 12, "finished": False, "missing": 0, "note": "",
    }  # fmt: skip


def test_the_same_beats_once_more_change_nothing(client: Client, enrolment: Enrolment):
    with time_machine.travel(NOON, tick=False) as clock:
        token = opened(client, enrolment)
        clock.shift(40)
        first = send(client, token, beat(1, 20), beat(2, 40))
        clock.shift(600)
        again = send(client, token, beat(2, 40), beat(1, 20))
    assert states(first) == [(1, "counted", 20_000), (2, "counted", 20_000)]
    assert states(again) == [(2, "again", 0), (1, "again", 0)]
    assert again.json()["counted"] == 40_000
    assert StudyEvent.objects.count() == 3


def test_a_page_that_was_offline_is_credited_and_says_when(client: Client, enrolment: Enrolment):
    with time_machine.travel(NOON, tick=False) as clock:
        token = opened(client, enrolment)
        clock.shift(timedelta(days=6))
        client.force_login(enrolment.person)  # signed in anew meanwhile
        answer = send(client, token, *(beat(n, 20 * n) for n in range(1, 10)))
    assert answer.json()["counted"] == 180_000
    event = StudyEvent.objects.latest("number")
    assert (event.at, event.began_at) == (
        NOON + timedelta(seconds=180), NOON + timedelta(seconds=160),
    )  # fmt: skip
    assert event.delay == timedelta(days=6) - timedelta(seconds=180)
    assert list(chain.faults()) == []


def test_after_seven_days_nothing_is_credited_and_the_page_is_told(
    client: Client, enrolment: Enrolment
):
    with time_machine.travel(NOON, tick=False) as clock:
        token = opened(client, enrolment)
        clock.shift(timedelta(days=7, seconds=1))
        client.force_login(enrolment.person)
        answer = send(client, token, beat(1, 20))
    assert answer.json()["results"] == [
        {"sequence": 1, "state": "refused", "earned": 0, "note": "超过 7 天才补报，这段时间不能计入"}
    ]  # fmt: skip


def test_a_gap_waits_until_it_is_filled(client: Client, enrolment: Enrolment):
    with time_machine.travel(NOON, tick=False) as clock:
        token = opened(client, enrolment)
        clock.shift(60)
        assert states(send(client, token, beat(2, 40), beat(3, 60))) == [
            (2, "wait", 0), (3, "wait", 0),
        ]  # fmt: skip
        answer = send(client, token, beat(3, 60), beat(1, 20), beat(2, 40))
    assert states(answer) == [
        (3, "counted", 20_000),
        (1, "counted", 20_000),
        (2, "counted", 20_000),
    ]


def test_offline_time_never_overlaps_what_was_credited_online(client: Client, enrolment: Enrolment):
    with time_machine.travel(NOON, tick=False) as clock:
        token = opened(client, enrolment)
    study_for(enrolment, lesson_of(enrolment, 2), 60, NOON + timedelta(seconds=30))
    with time_machine.travel(NOON + timedelta(hours=2), tick=False) as clock:
        client.force_login(enrolment.person)
        answer = send(client, token, *(beat(n, 20 * n) for n in range(1, 7)))
        assert clock
    assert [one["earned"] for one in answer.json()["results"]] == [
        20_000,
        10_000,
        0,
        0,
        10_000,
        20_000,
    ]
    assert study.studied_ms(enrolment) == 120_000


def test_late_beats_of_yesterday_keep_to_yesterday_s_limit(
    client: Client, enrolment: Enrolment, monkeypatch: Any
):
    study_for(enrolment, lesson_of(enrolment, 2), 60, NOON - timedelta(hours=1))
    with time_machine.travel(NOON, tick=False):
        token = opened(client, enrolment)
    clock = beats.hours.clock()
    short = type(clock)(clock.beat, clock.silence, timedelta(seconds=90))
    monkeypatch.setattr(beats.hours, "clock", lambda: short)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        client.force_login(enrolment.person)
        answer = send(client, token, *(beat(n, 20 * n) for n in range(1, 5)))
    assert [one["earned"] for one in answer.json()["results"]] == [20_000, 10_000, 0, 0]


@pytest.mark.parametrize(
    "item",
    [7, None, {}, {"sequence": 1}, {"sequence": "1", "elapsed": 1}, {"sequence": True, "elapsed": 1},
     {"sequence": 0, "elapsed": 1}, {"sequence": 1, "elapsed": -1}, {"sequence": 1, "elapsed": 1e300},
     {"sequence": 1, "elapsed": 20_000, "position": "x"}],
)  # fmt: skip
def test_one_bad_item_does_not_spoil_the_others(client: Client, enrolment: Enrolment, item: Any):
    with time_machine.travel(NOON, tick=False) as clock:
        token = opened(client, enrolment)
        clock.shift(20)
        answer = send(client, token, item, beat(1, 20))
    assert states(answer) == [(None, "refused", 0), (1, "counted", 20_000)]


def test_a_token_of_somebody_else_or_of_nobody_counts_nothing(
    client: Client, enrolment: Enrolment, django_user_model: Any
):
    token = opened(client, enrolment)
    assert send(client, token[:-1] + "x", beat(1, 20)).status_code == 400
    assert send(client, "", beat(1, 20)).status_code == 400
    assert send(client, token, beat(1, 20), number=2).status_code == 400
    client.force_login(django_user_model.objects.create_user("13800000009", "long-enough-9"))
    assert send(client, token, beat(1, 20)).status_code == 400
    client.logout()
    assert send(client, token, beat(1, 20)).status_code == 401
    assert StudyEvent.objects.get().kind == "open"


def test_too_many_at_once_are_refused_whole(client: Client, enrolment: Enrolment):
    token = opened(client, enrolment)
    answer = send(client, token, *(beat(n, n) for n in range(1, 202)))
    assert (answer.status_code, answer.json()) == (413, {"error": "一次最多 200 条"})


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_heartbeat_asks_four_queries_however_many_beats_and_events(
    client: Client, enrolment: Enrolment, count: int, django_assert_num_queries: Any
):
    study_for(enrolment, lesson_of(enrolment, 2), 20 * count, NOON - timedelta(hours=1))
    with time_machine.travel(NOON, tick=False) as clock:
        token = opened(client, enrolment)
        clock.shift(20 * count)
        # session, person, what is known, the events
        pk = lesson_of(enrolment).pk
        with django_assert_num_queries(4):
            answer = send(client, token, *(beat(n, 20 * n) for n in range(1, count + 1)), pk=pk)
    assert answer.json()["counted"] == 20_000 * count


def test_a_second_tab_asks_no_more(
    client: Client, enrolment: Enrolment, django_assert_num_queries: Any
):
    with time_machine.travel(NOON, tick=False) as clock:
        first = opened(client, enrolment)
        second = opened(client, enrolment, 2, OTHER)
        clock.shift(20)
        send(client, first, beat(1, 20))
        clock.shift(10)
        pk = lesson_of(enrolment, 2).pk
        with django_assert_num_queries(4):
            answer = send(client, second, beat(1, 30), pk=pk)
    assert answer.json()["results"][0] == {
        "sequence": 1, "state": "counted", "earned": 10_000, "note": "同一时间已在另一个窗口计时",
    }  # fmt: skip


# -- At the same moment ------------------------------------------------------------------------------------


def together(*acts: Any) -> list[Exception]:
    """Run each on a thread of its own; what they raised."""
    faults: list[Exception] = []
    start = threading.Barrier(len(acts))

    def run(act: Any) -> None:
        try:
            start.wait()
            act()
        except Exception as fault:
            faults.append(fault)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def token_of(enrolment: Enrolment, lesson: LessonPage, tab: Any) -> beats.Token:
    study.report(enrolment, lesson, tab=tab, kind="open", now=NOON)
    said = beats.hand_out(enrolment, lesson, tab=tab, now=NOON)
    return beats.read(said, person=enrolment.person, lesson=lesson.pk)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_tabs_and_repeated_batches_at_the_same_moment_are_credited_once(enrolment: Enrolment):
    tokens = [
        token_of(enrolment, lesson_of(enrolment, n), tab) for n, tab in ((1, TAB), (2, OTHER))
    ]
    batch = [Beat(n, timedelta(seconds=20 * n)) for n in range(1, 4)]
    now = NOON + timedelta(seconds=60)
    faults = together(*(lambda one=one: beats.take(one, batch, now=now) for one in tokens * 2))
    assert faults == []
    assert study.studied_ms(enrolment) == 60_000
    assert list(chain.faults()) == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_people_at_the_same_moment_meet_no_lock(enrolment: Enrolment, django_user_model: Any):
    learners = [django_user_model.objects.create(phone=f"+861370000{n:04}") for n in range(8)]
    lesson = lesson_of(enrolment)
    tokens = [token_of(enrol(enrolment.course, person=one), lesson, TAB) for one in learners]

    def study_on(token: beats.Token) -> None:
        for number in range(1, 16):
            beat = Beat(number, timedelta(seconds=20 * number))
            beats.take(token, [beat], now=NOON + beat.elapsed)

    assert together(*(lambda one=one: study_on(one) for one in tokens)) == []
    assert {row["total"] for row in _totals()} == {300_000}


def _totals() -> Any:
    return StudyEvent.objects.order_by().values("person").annotate(total=Sum("credited_ms"))
