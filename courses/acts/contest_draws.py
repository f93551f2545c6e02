"""Lots of a knowledge contest: the list is frozen and published first, the seed comes from outside later.

Nobody can choose the winners: the list's digest stands before the seed is known, a second person enters the
seed, and whoever has both can repeat the draw (``courses.rules.contests``).
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.acts.refusing import refuse
from courses.models import ContestDraw, ContestRound, DrawTicket, Entrant, Play
from courses.rules.contests import RULE, digest_of, printed_tickets, seed_fault, winners
from credit.acts.audit import log
from credit.rules.masking import mask_name


@transaction.atomic
def freeze(
    of: ContestRound,
    *,
    name: str,
    places: int,
    least_points: int,
    source: str,
    known_from: datetime,
    officer: Any,
    now: datetime,
) -> ContestDraw:
    """Give every entrant whose best play reaches ``least_points`` a number, and fix the list.

    Numbers follow the order of entering. Raises RefusedError.
    """
    name, source = " ".join(name.split()), " ".join(source.split())
    if not name or not source:
        raise refuse("请填写奖项名称和种子来源（例如某日某时公布的某个数）", RULE)
    if now < of.closes_at:
        raise refuse("这一轮还没有结束，结束以后才能封存名单", RULE)
    if Play.objects.open().filter(round=of).exists():
        raise refuse("还有人正在答题，过几分钟再封存名单", RULE)
    if waiting := Play.objects.filter(round=of).doubted().count():
        raise refuse(f"还有 {waiting} 份存疑成绩没有核实，核实以后才能封存名单", RULE)
    if known_from <= now:
        raise refuse("种子必须在封存名单以后才公布，请选一个以后的时间", RULE)
    reached = Play.objects.filter(round=of, points__gte=least_points).ranked().values("entrant")
    rows = list(Entrant.objects.filter(pk__in=reached).select_related("person").order_by("pk"))
    if len(rows) < places:
        raise refuse(
            f"够条件的只有 {len(rows)} 人，名额 {places} 个，请减少名额或降低最低得分", RULE
        )
    if ContestDraw.objects.filter(round=of, name=name).exists():
        raise refuse(f"这一轮已经有“{name}”了，请换一个名称", RULE)
    listed = [(at, mask_name(row.person.real_name)) for at, row in enumerate(rows, start=1)]
    draw = ContestDraw.objects.create(
        round=of,
        name=name,
        places=places,
        least_points=least_points,
        tickets=len(rows),
        digest=digest_of(printed_tickets(listed)),
        source=source,
        known_from=known_from,
        frozen_by=officer,
        frozen_at=now,
    )
    DrawTicket.objects.bulk_create(
        DrawTicket(draw=draw, number=number, entrant=row, name=shown)
        for (number, shown), row in zip(listed, rows, strict=True)
    )
    log("contest.freeze", by=officer, subject=draw, tickets=len(rows), digest=draw.digest)
    return draw


@transaction.atomic
def draw_lots(draw: ContestDraw, *, seed: str, officer: Any, now: datetime) -> ContestDraw:
    """Enter the seed that became public and mark who wins. Raises RefusedError."""
    locked = ContestDraw.objects.select_for_update(of=("self",)).get(pk=draw.pk)
    seed = " ".join(seed.split())
    if locked.drawn_at is not None:
        raise refuse("已经开奖，不能再开", RULE)
    if locked.frozen_by_id == officer.pk:
        raise refuse("封存名单的人不能开奖，请另一位同事开奖", RULE)
    if now < locked.known_from:
        when = timezone.localtime(locked.known_from)
        raise refuse(f"种子 {when.month}月{when.day}日{when:%H:%M} 才公布，到时再开奖", RULE)
    if fault := seed_fault(seed):
        raise refuse(fault, RULE)
    locked.seed, locked.drawn_by, locked.drawn_at = seed, officer, now
    locked.save(update_fields=["seed", "drawn_by", "drawn_at"])
    won = winners(seed, locked.digest, locked.tickets, locked.places)
    lots = {lot.number: lot for lot in locked.lots.filter(number__in=won)}
    for prize, number in enumerate(won, start=1):
        lots[number].prize = prize
    DrawTicket.objects.bulk_update(lots.values(), ["prize"])
    log("contest.draw", by=officer, subject=locked, seed=seed, winners=won)
    return locked


def listed(draw: ContestDraw) -> str:
    """The published list, from which the digest can be computed again."""
    return printed_tickets(list(draw.lots.values_list("number", "name")))
