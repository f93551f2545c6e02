"""Take part in a knowledge contest: enter, play against the server's clock, practise. Officers look at doubts."""

import random
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses.acts import contest_ranks
from courses.acts.answers import BadAnswerError
from courses.acts.refusing import RefusedError, refuse
from courses.models import (
    Contest,
    ContestRound,
    Entrant,
    Play,
    PlayDoubt,
    PlayLook,
    PlayQuestion,
    Question,
)
from courses.rules.contests import RULE, Timed, characters_of, contest_figures, doubts, may_play
from courses.rules.exams import figures_in_force
from courses.rules.marking import Marked, points_for
from courses.rules.papers import AnswerError, cleaned, laid
from courses.rules.questions import SHORT
from credit.acts.audit import log
from credit.models import Employment, Enterprise, Jurisdiction
from credit.rules.ruling import Ruling

KNOWS_THE_ANSWERS = "courses.change_question"


# -- Enter -------------------------------------------------------------------------------------------


def employers(person: Any, today: datetime) -> Any:
    """The enterprises that ``person`` may play for: those where the person works now."""
    day = timezone.localdate(today)
    standing = Q(ended_on__isnull=True) | Q(ended_on__gte=day)
    rows = Employment.objects.filter(standing, person=person, began_on__lte=day)
    return Enterprise.objects.filter(pk__in=rows.values("enterprise")).select_related("place")


def may_enter(person: Any) -> Ruling:
    """Whether ``person`` may take part at all."""
    if person.has_perm(KNOWS_THE_ANSWERS):
        return Ruling(False, "您管理题库，能看到答案，不能参加竞赛", RULE)
    if not person.phone_verified:
        return Ruling(False, "请先验证手机号，再报名", RULE)
    if not person.real_name:
        return Ruling(False, "请先在“我的资料”里填写真实姓名，再报名", RULE)
    return Ruling(True, "可以报名", RULE)


@transaction.atomic
def enter(
    contest: Contest,
    *,
    person: Any,
    enterprise: int | None,
    place: int | None,
    now: datetime,
) -> Entrant:
    """Take part for an employer (its key) or, without one, for a street (its key). Twice gives the same.

    Raises RefusedError.
    """
    if found := Entrant.objects.filter(contest=contest, person=person).first():
        return found
    if not contest.published:
        raise refuse("竞赛还没有公开", RULE)
    if not (ruling := may_enter(person)):
        raise RefusedError(ruling)
    firm = None
    if enterprise is not None:
        firm = employers(person, now).filter(pk=enterprise).first()
        if firm is None:
            raise refuse("只能代表您现在工作的单位参加，请重新选择", RULE)
    street = firm.place if firm else Jurisdiction.objects.filter(pk=place or 0).first()
    if street is None:
        raise refuse("请选择单位，没有单位的请选择街道", RULE)
    entrant, _ = Entrant.objects.get_or_create(
        contest=contest,
        person=person,
        defaults={"enterprise": firm, "place": street, "entered_at": now},
    )
    return entrant


# -- Play --------------------------------------------------------------------------------------------


def readiness(entrant: Entrant, of: ContestRound, *, now: datetime) -> Ruling:
    """Whether a new play may begin at ``now``."""
    taken = Play.objects.filter(round=of, entrant=entrant).count()
    return may_play(
        opens_at=of.opens_at,
        closes_at=of.closes_at,
        taken=taken,
        allowed=of.tries,
        admitted=_admitted(entrant, of),
        now=timezone.localtime(now),
    )


def _admitted(entrant: Entrant, of: ContestRound) -> bool:
    """Whether the entrant is among the first of the round before, or the round is for all."""
    if not of.admits:
        return True
    rounds = list(of.contest.rounds.all())
    at = next(place for place, one in enumerate(rounds) if one.pk == of.pk)
    if at == 0:
        return True
    place = contest_ranks.place(rounds[at - 1], entrant)
    return place is not None and place <= of.admits


def pool(contest: Contest) -> Any:
    """The questions that a play may be drawn from: current ones of its banks that a machine marks."""
    rows = Question.objects.current().filter(bank__contests=contest, active=True)
    return rows.exclude(kind=SHORT).order_by("pk")


@transaction.atomic
def start(entrant: Entrant, of: ContestRound, *, now: datetime) -> Play:
    """Draw a paper and begin; an open play is continued. Raises RefusedError."""
    # Two taps, or two phones: the second waits here and then finds the play of the first.
    Entrant.objects.select_for_update(of=("self",)).get(pk=entrant.pk)
    for play in Play.objects.open().filter(round=of, entrant=entrant):
        if not close_if_due(play, now=now):
            return play
    ruling = readiness(entrant, of, now=now)
    if not ruling:
        raise RefusedError(ruling)
    seed = secrets.randbits(63)
    chance = random.Random(seed)  # noqa: S311  # secret until the end, and repeatable from the row
    keys = list(pool(of.contest).values_list("pk", flat=True))
    if len(keys) < of.questions:
        raise refuse("题库里的题不够，请联系主办单位", RULE)
    picked = chance.sample(keys, of.questions)
    questions = Question.objects.whole().in_bulk(picked)
    play = Play.objects.create(
        round=of,
        entrant=entrant,
        number=Play.objects.filter(round=of, entrant=entrant).count() + 1,
        seed=seed,
        started_at=now,
        deadline=_deadline(of, now),
    )
    kept = [laid(questions[key].item(), chance) for key in picked]
    PlayQuestion.objects.bulk_create(
        PlayQuestion(
            play=play, position=position, question_id=key, shown=one.shown, sealed=one.sealed
        )
        for position, (key, one) in enumerate(zip(picked, kept, strict=True), start=1)
    )
    return play


def _deadline(of: ContestRound, now: datetime) -> datetime:
    """Time for every question and for turning each page; a play does not outlast its round."""
    whole = timedelta(seconds=of.questions * (of.seconds + _grace(now)))
    return min(now + whole, of.closes_at)


def _grace(now: datetime) -> int:
    return contest_figures(timezone.localdate(now)).amount("grace")


@transaction.atomic
def next_question(play: Play, *, now: datetime) -> PlayQuestion | None:
    """The question to answer now; from its first showing its time runs. None when the play has ended.

    A question whose time ran out is passed over: a second look at it gains nothing.
    """
    locked = _lock(play)
    if locked.ended_at is not None or now >= locked.deadline:
        _end(locked, now)
        return None
    last = timedelta(seconds=locked.round.seconds)
    for place in locked.paper.filter(answered_at__isnull=True).defer("sealed"):
        if place.served_at is None:
            place.served_at = now
            PlayQuestion.objects.filter(pk=place.pk).update(served_at=now)
            return place
        if now < place.served_at + last:
            return place
    _end(locked, now)
    return None


@transaction.atomic
def answer(play: Play, *, position: int, chosen: Sequence[Any], now: datetime) -> None:
    """Keep the answer to the question that was given; once. The last one ends the play.

    Raises BadAnswerError for what no page of ours sends, RefusedError when it is too late or answered.
    """
    locked = _lock(play)
    place = locked.paper.filter(position=position).first()
    if place is None:
        raise BadAnswerError(f"这次答题没有第{position}题")
    if place.served_at is None:
        raise BadAnswerError(f"第{position}题还没有给出，请按顺序作答")
    if locked.ended_at is not None:
        raise refuse("这次答题已经结束", RULE)
    if place.answered_at is not None:
        raise refuse(f"第{position}题已经答过，不能再改", RULE)
    late = timedelta(seconds=locked.round.seconds + _grace(now))
    if now > min(place.served_at + late, locked.deadline + timedelta(seconds=_grace(now))):
        raise refuse(f"第{position}题时间已到，这个答案不算", RULE)
    try:
        kept = cleaned(place.shown, chosen)
    except AnswerError as fault:
        raise BadAnswerError(f"第{position}题{fault}") from fault
    marked = Marked(place.shown["kind"], locked.round.points, place.sealed["right"], kept)
    PlayQuestion.objects.filter(pk=place.pk).update(
        chosen=kept, answered_at=now, earned=points_for(marked, **shares(locked.started_at))
    )
    if position == locked.round.questions:
        _end(locked, now)


def shares(at: datetime) -> dict[str, int]:
    """The figures for answers that are right in part, as in exams."""
    return figures_in_force(timezone.localdate(at)).shares()


def close_if_due(play: Play, *, now: datetime) -> bool:
    """End a play whose time is over; tells whether it has ended."""
    if play.ended_at is None and now >= play.deadline:
        with transaction.atomic():
            _end(_lock(play), now)
        play.refresh_from_db()
    return play.ended_at is not None


def close_due(*, now: datetime) -> int:
    """End every play whose time is over, each in its own transaction; tells how many."""
    due = Play.objects.open().filter(deadline__lt=now - timedelta(seconds=_grace(now)))
    return sum(close_if_due(play, now=now) for play in due.order_by("deadline"))


def _lock(play: Play) -> Play:
    rows = Play.objects.select_for_update(of=("self",)).select_related("round")
    return rows.get(pk=play.pk)


def _end(play: Play, now: datetime) -> None:
    """Count, and note a doubt where there is one; once. Time is that of the answers, not of the pauses."""
    if play.ended_at is not None:
        return
    paper = list(play.paper.defer("sealed"))
    answered = [place for place in paper if place.answered_at]
    play.ended_at = min(now, play.deadline)
    play.points = sum(place.earned or 0 for place in answered)
    # What was given and not answered took its whole time: letting a hard one lapse must not pay.
    lapsed = sum(place.served_at is not None and place.answered_at is None for place in paper)
    play.milliseconds = (
        sum(place.milliseconds() for place in answered) + lapsed * play.round.seconds * 1000
    )
    play.save(update_fields=["ended_at", "points", "milliseconds"])
    timed = [Timed(characters_of(place.shown), place.milliseconds()) for place in answered]
    if reasons := doubts(timed, contest_figures(timezone.localdate(now))):
        PlayDoubt.objects.create(play=play, reasons=reasons, found_at=now)


# -- Look --------------------------------------------------------------------------------------------


@transaction.atomic
def look(play: Play, *, officer: Any, counts: bool, reason: str, now: datetime) -> PlayLook:
    """An officer's word on an ended play; a later word holds. Raises RefusedError."""
    locked = _lock(play)
    reason = " ".join(reason.split())[:300]
    if locked.ended_at is None:
        raise refuse("这次答题还没有结束", RULE)
    if not reason:
        raise refuse("请写明理由：看了什么，怎么判断", RULE)
    if locked.entrant.person_id == officer.pk:
        raise refuse("自己的成绩由别人核实", RULE)
    found = PlayLook.objects.create(play=locked, counts=counts, reason=reason, by=officer, at=now)
    log("contest.look", by=officer, subject=locked, counts=counts, reason=reason)
    return found
