"""Batches of beats: any order and repetition credits the same, and never more than the server's time."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from courses.rules.beats import Beat, Fate, Settled, settle
from courses.rules.hours import Clock, Span

RULES = Clock(timedelta(seconds=20), timedelta(seconds=60), timedelta(hours=8))
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
ZONE = timezone(timedelta(hours=8))
MS = timedelta(milliseconds=1)


def every(seconds: int, count: int) -> list[Beat]:
    """``count`` beats, ``seconds`` apart."""
    return [Beat(n, timedelta(seconds=seconds * n)) for n in range(1, count + 1)]


def settled(beats: list[Beat], *, after: float = 3600, **known: object) -> list[Settled]:
    """Beats that arrive ``after`` seconds of the token."""
    facts = {"seen_at": NOON, "sequence": 0, "covered": (), "counted": {}, "rules": RULES} | known
    now = NOON + timedelta(seconds=after)
    return settle(beats, opened_at=NOON, now=now, zone=ZONE, **facts)


def fates(found: list[Settled]) -> list[tuple[int, str, int]]:
    return [(one.beat.sequence, one.fate.value, one.credit.milliseconds) for one in found]


def test_a_batch_of_an_offline_page_is_credited_beat_by_beat():
    assert fates(settled(every(20, 3))) == [
        (1, "counted", 20_000), (2, "counted", 20_000), (3, "counted", 20_000),
    ]  # fmt: skip


def test_what_is_missing_in_the_middle_is_waited_for():
    beats = every(20, 4)
    assert fates(settled([beats[0], beats[2], beats[3]])) == [
        (1, "counted", 20_000), (3, "wait", 0), (4, "wait", 0),
    ]  # fmt: skip


def test_what_was_there_before_is_told_and_not_counted_again():
    assert fates(settled(every(20, 2), sequence=1, seen_at=NOON + timedelta(seconds=20))) == [
        (1, "again", 0), (2, "counted", 20_000),
    ]  # fmt: skip


def test_a_page_s_clock_cannot_run_ahead_of_the_server():
    found = settled(every(20, 4), after=50)
    assert [one.credit.milliseconds for one in found] == [20_000, 20_000, 10_000, 0]


def test_seven_days_are_the_end():
    week = timedelta(days=7).total_seconds()
    assert {one.fate for one in settled(every(20, 2), after=week)} == {Fate.COUNTED}
    late = settled(every(20, 2), after=week + 1)
    assert [(one.fate, one.credit.note) for one in late] == [
        (Fate.REFUSED, "超过 7 天才补报，这段时间不能计入")
    ] * 2


def test_a_pause_between_beats_earns_nothing():
    found = settled([Beat(1, timedelta(seconds=20)), Beat(2, timedelta(seconds=200))])
    assert [one.credit.note for one in found] == ["", "离开太久，这段时间没有计入"]


def test_another_lesson_s_time_is_not_counted_twice():
    there: list[Span] = [(NOON + timedelta(seconds=10), NOON + timedelta(seconds=30))]
    found = settled(every(20, 2), covered=there)
    assert [(one.credit.milliseconds, one.credit.note) for one in found] == [
        (10_000, "同一时间已在另一个窗口计时"), (10_000, "同一时间已在另一个窗口计时"),
    ]  # fmt: skip


def test_each_day_has_its_own_limit():
    midnight = NOON + timedelta(hours=12)
    beats = [
        Beat(n, timedelta(hours=12, seconds=seconds)) for n, seconds in enumerate((-20, 0, 20), 1)
    ]
    full = {midnight.astimezone(ZONE).date() - timedelta(days=1): timedelta(hours=8)}
    found = settled(beats, after=50_000, seen_at=midnight - timedelta(seconds=40), counted=full)
    assert [(one.credit.milliseconds, one.credit.note) for one in found] == [
        (0, "今天已学满上限，明天再学"), (20_000, ""), (20_000, ""),
    ]  # fmt: skip


# -- Any order, any repetition ---------------------------------------------------------------------------

WAITS = st.lists(st.integers(1, 90_000), min_size=1, max_size=12)


def of_waits(waits: list[int]) -> list[Beat]:
    total, beats = 0, []
    for sequence, wait in enumerate(waits, 1):
        total += wait
        beats.append(Beat(sequence, total * MS))
    return beats


def delivered(batches: list[list[Beat]], now: datetime) -> tuple[int, list[Span]]:
    """Send every batch, and what waits again until nothing does; the milliseconds and spans credited."""
    total, sequence, seen_at = 0, 0, NOON
    spans: list[Span] = []
    counted: dict[object, timedelta] = {}
    while batches:
        again = []
        for batch in batches:
            found = settle(
                batch, opened_at=NOON, now=now, seen_at=seen_at, sequence=sequence, covered=spans,
                counted=counted, zone=ZONE, rules=RULES,
            )  # fmt: skip
            for one in found:
                if one.fate is Fate.COUNTED:
                    total += one.credit.milliseconds
                    sequence, seen_at = one.beat.sequence, one.at
                    day = one.at.astimezone(ZONE).date()
                    counted[day] = counted.get(day, timedelta()) + one.credit.milliseconds * MS
                    if one.credit.began_at:
                        spans.append((one.credit.began_at, one.at))
            waiting = [one.beat for one in found if one.fate is Fate.WAIT]
            again += [waiting] if waiting else []
        batches = again
    return total, spans


@given(waits=WAITS, data=st.data())
def test_any_order_and_repetition_of_beats_credits_the_same(waits: list[int], data: st.DataObject):
    beats = of_waits(waits)
    now = NOON + beats[-1].elapsed
    shuffled = data.draw(st.permutations(beats + data.draw(st.lists(st.sampled_from(beats)))))
    cut = data.draw(st.integers(0, len(shuffled)))
    batches = [part for part in (shuffled[:cut], shuffled[cut:]) if part]
    plain, _ = delivered([beats], now)
    assert delivered(batches, now)[0] == plain
    assert delivered([[beat] for beat in shuffled], now)[0] == plain


@given(waits=WAITS, passed=st.integers(0, 1_200_000))
def test_never_more_than_passed_at_the_server(waits: list[int], passed: int):
    total, spans = delivered([of_waits(waits)], NOON + passed * MS)
    assert total <= passed
    assert all(NOON <= begin < end <= NOON + passed * MS for begin, end in spans)


@given(first=WAITS, second=WAITS)
def test_two_tabs_together_never_earn_more_than_the_time_that_passed(
    first: list[int], second: list[int]
):
    now = NOON + timedelta(milliseconds=max(sum(first), sum(second)))
    one, spans = delivered([of_waits(first)], now)
    found = settle(
        of_waits(second), opened_at=NOON, now=now, seen_at=NOON, sequence=0, covered=spans,
        counted={}, zone=ZONE, rules=RULES,
    )  # fmt: skip
    both = one + sum(settled.credit.milliseconds for settled in found)
    assert both <= (now - NOON) / MS
