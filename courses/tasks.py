"""Background work of courses; tasks only carry. Every task may be run again without harm."""

from datetime import date

from celery import group, shared_task
from django.db import transaction
from django.utils import timezone

from courses.acts import (
    contests,
    detector,
    exams,
    facts,
    mails,
    obligations,
    printing,
    reminders,
    snapshots,
    statistics,
)
from courses.acts.xapi import deriving


@shared_task(name="courses.close_due_attempts")
def close_due_attempts() -> int:
    """Mark every exam whose time is over with what was saved; runs each minute, harmless twice."""
    return exams.close_due_attempts(now=timezone.now())


@shared_task(name="courses.close_due_plays")
def close_due_plays() -> int:
    """Contest plays whose time is over end with what was answered. Every minute, by beat."""
    return contests.close_due(now=timezone.now())


@shared_task(name="courses.find_impossible")
def find_impossible() -> int:
    """Impossible records of the last days, as cases for an officer. Nightly, by beat."""
    return detector.search(timezone.localdate())


@shared_task(name="courses.refresh_obligations")
def refresh_obligations() -> None:
    """What every employment owes, the register cut into partitions, a task for each. Nightly, by beat."""
    day = timezone.localdate().isoformat()
    parts = [refresh_partition.si(first, last, day) for first, last in obligations.ranges()]
    transaction.on_commit(group(parts).apply_async)


@shared_task(name="courses.refresh_partition", acks_late=True)
def refresh_partition(first: int, last: int, day: str) -> None:
    """The obligations of the enterprises from key to key."""
    obligations.refresh_range(first, last, today=date.fromisoformat(day))


@shared_task(name="courses.remind")
def remind() -> None:
    """Trainings that come due, and those that were missed, to learners and managers. Daily, by beat."""
    day = timezone.localdate().isoformat()
    parts = [remind_partition.si(first, last, day) for first, last in obligations.ranges()]
    transaction.on_commit(group(parts).apply_async)


@shared_task(name="courses.remind_partition", acks_late=True)
def remind_partition(first: int, last: int, day: str) -> None:
    """The reminders of the enterprises from key to key; an occasion is told once."""
    reminders.remind_range(first, last, today=date.fromisoformat(day))


@shared_task(name="courses.send_mails")
def send_mails() -> None:
    """Mails that are ordered and due; one that fails is tried again. Every minute, by beat."""
    mails.send_due()


@shared_task(name="courses.refresh_people", acks_late=True)
def refresh_people(people: list[int]) -> None:
    """What these people owe, after they learned something."""
    obligations.refresh_people(people, today=timezone.localdate())


@shared_task(name="courses.tell_credit")
def tell_credit() -> None:
    """What changed in training, to credit's register; what fails is tried again. Every minute, by beat."""
    now = timezone.now()
    if people := facts.learners_of_news(now):
        obligations.refresh_people(people, today=timezone.localdate(now))
    facts.tell_due(now)


@shared_task(name="courses.count_questions")
def count_questions() -> int:
    """Count anew how questions did in exams; runs each night, harmless twice."""
    return statistics.count_questions(now=timezone.now())


@shared_task(name="courses.tell_of_learning")
def tell_of_learning() -> int:
    """What was learned since the last run, as statements in the learning record store. Every minute, by beat."""
    return deriving.derive()


@shared_task(name="courses.print_certificates", acks_late=True)
def print_certificates(order: int) -> bool:
    """An order of many certificates; one that is printed is not printed again."""
    return printing.make(order, now=timezone.now())


@shared_task(name="courses.forget_prints")
def forget_prints() -> int:
    """Delete printed files that lay long enough, and send lost orders anew. Hourly, by beat."""
    now = timezone.now()
    for order in printing.lost(now):
        print_certificates.delay_on_commit(order)  # type: ignore[attr-defined]  # DjangoTask's
    return printing.forget(now)


@shared_task(name="courses.forget_snapshots")
def forget_snapshots() -> int:
    """Delete snapshots of exams whose days are over; runs each night, harmless twice."""
    return snapshots.forget(now=timezone.now())
