"""Five wrong tries and no more, also of guesses made at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.limits import Door, forget, may_try
from accounts.models import FailedTry

ONE = "+8613800000000"
OTHER = "+8613800000001"


def test_five_tries_are_looked_at_and_the_sixth_is_not(db: None):
    assert [may_try(Door.PASSWORD, ONE) for _ in range(7)] == [True] * 5 + [False] * 2


def test_each_account_and_each_door_is_counted_for_itself(db: None):
    for _ in range(5):
        may_try(Door.PASSWORD, ONE)
    assert may_try(Door.PASSWORD, OTHER)
    assert may_try(Door.TEXT_CODE, ONE)
    assert not may_try(Door.PASSWORD, ONE)


def test_a_right_try_clears_its_door_only(db: None):
    for door in (Door.PASSWORD, Door.TEXT_CODE):
        for _ in range(5):
            may_try(door, ONE)
    forget(Door.PASSWORD, ONE)
    assert may_try(Door.PASSWORD, ONE)
    assert not may_try(Door.TEXT_CODE, ONE)


def test_after_five_minutes_it_is_forgotten_and_refused_tries_do_not_prolong_it(db: None):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(5):
            may_try(Door.PASSWORD, ONE)
        clock.shift(timedelta(minutes=4, seconds=59))
        assert not may_try(Door.PASSWORD, ONE)
        clock.shift(timedelta(seconds=1))
        assert may_try(Door.PASSWORD, ONE)
        assert FailedTry.objects.count() == 1


def test_no_number_is_kept(db: None):
    may_try(Door.PASSWORD, ONE)
    assert "138" not in FailedTry.objects.get().account[:3]
    assert len(FailedTry.objects.get().account) == 64


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("wrong_before", [0, 4])
def test_guesses_at_the_same_moment_share_the_five(wrong_before: int):
    for _ in range(wrong_before):
        assert may_try(Door.TEXT_CODE, ONE)
    together = 8
    start = Barrier(together)

    def guess(_: int) -> bool:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            return may_try(Door.TEXT_CODE, ONE)
        finally:
            connection.close()

    with ThreadPoolExecutor(together) as pool:
        looked_at = sum(pool.map(guess, range(together)))
    assert looked_at <= 5 - wrong_before
    assert FailedTry.objects.count() == wrong_before + looked_at
