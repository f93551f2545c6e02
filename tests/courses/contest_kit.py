"""What the contest tests stand on: a published contest of one round, and people who take part."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model

from courses.acts import contests
from courses.models import Contest, ContestRound, CoursePage, Entrant, Play, PlayQuestion
from courses.seeding_questions import load_bank
from credit.models import Jurisdiction
from tests.courses.exam_kit import NOON, a_question, make_course

SLOW = timedelta(seconds=7)


def make_contest(questions: int = 6, **terms: Any) -> Contest:
    """A contest with one round of ``questions``, open the whole day, in a bank of eight."""
    course: CoursePage = make_course()
    load_bank(course, [a_question(serial) for serial in range(8)])
    contest = Contest.objects.create(title="安全生产月知识竞赛", slug="june", published=True)
    contest.banks.set(course.banks.all())
    terms = {"tries": 2, "points": 10, "seconds": 30, **terms}
    ContestRound.objects.create(
        contest=contest, name="初赛", opens_at=NOON - timedelta(hours=4),
        closes_at=NOON + timedelta(hours=4), questions=questions, **terms,
    )  # fmt: skip
    return contest


def the_round(contest: Contest) -> ContestRound:
    """Its first round."""
    return ContestRound.objects.select_related("contest").filter(contest=contest).earliest("order")


def player(serial: int = 1, name: str = "李小明") -> Any:
    """Somebody with a verified phone and a name."""
    return get_user_model().objects.create_user(
        f"1381000{serial:04}", "long-enough-9", real_name=name, phone_verified=True
    )


def street(name: str = "长江路街道", code: str = "320104001") -> Jurisdiction:
    """A street of its own."""
    found = Jurisdiction.objects.filter(code=code).first()
    return found or Jurisdiction.objects.create(code=code, name=name, kind="street")


def enter(contest: Contest, person: Any, place: Jurisdiction | None = None) -> Entrant:
    """Take part for a street."""
    where = (place or street()).pk
    return contests.enter(contest, person=person, enterprise=None, place=where, now=NOON)


def right(place: PlayQuestion) -> list[Any]:
    """The right answer."""
    return list(PlayQuestion.objects.get(pk=place.pk).sealed["right"])


def go_through(
    entrant: Entrant, of: ContestRound, *, rights: int, now: datetime = NOON, took: Any = None
) -> Play:
    """Play to the end: the first ``rights`` answers right, each after ``took(position)`` seconds."""
    play = contests.start(entrant, of, now=now)
    while place := contests.next_question(play, now=now):
        now += timedelta(seconds=took(place.position)) if took else SLOW * (1 + place.position % 3)
        known = right(place)
        wrong = [at for at in range(len(place.shown["options"])) if at not in known][:1]
        chosen = known if place.position <= rights else wrong
        contests.answer(play, position=place.position, chosen=chosen, now=now)
    return Play.objects.get(pk=play.pk)
