"""Lots: the list before the seed, two people, and a draw that everybody can repeat."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test import Client

from courses.acts import contest_draws, contests
from courses.acts.exams import RefusedError
from courses.models import Contest, ContestDraw, ContestRound
from credit.models import AuditEntry
from tests.courses.contest_kit import NOON, enter, go_through, make_contest, player, the_round
from tests.credit.officers import officer

AFTER = NOON + timedelta(hours=5)  # the round has ended
KNOWN = AFTER + timedelta(days=1)


@pytest.fixture
def played(db: None) -> ContestRound:
    """Four people have played; the last one has too few points."""
    contest = make_contest()
    of = the_round(contest)
    for serial, (name, rights) in enumerate(
        [("李一", 6), ("王二明", 4), ("赵三", 5), ("钱四", 1)], 1
    ):
        go_through(enter(contest, player(serial, name)), of, rights=rights)
    return of


def clerk(phone: str = "13910000001") -> Any:
    return officer(phone, None)


def freeze(of: ContestRound, by: Any, **changed: Any) -> ContestDraw:
    terms = {
        "name": "幸运奖", "places": 2, "least_points": 40, "source": "11月25日上证指数收盘价", "known_from": KNOWN,
        "now": AFTER,
    }  # fmt: skip
    return contest_draws.freeze(of, officer=by, **(terms | changed))


def test_a_draw_from_the_list_to_the_winners(played: ContestRound):
    first, second = clerk(), clerk("13910000002")
    draw = freeze(played, first)
    printed = "1,李*\n2,王**\n3,赵*\n"
    assert contest_draws.listed(draw) == printed
    assert (draw.tickets, draw.digest) == (3, sha256(printed.encode()).hexdigest())
    contest_draws.draw_lots(draw, seed=" 3456.78 ", officer=second, now=KNOWN)
    lots = {n: sha256(f"3456.78|{draw.digest}|{n}".encode()).hexdigest() for n in (1, 2, 3)}
    order = sorted(lots, key=lambda n: lots[n])
    won = dict(draw.lots.filter(prize__isnull=False).values_list("prize", "number"))
    assert won == {1: order[0], 2: order[1]}
    assert list(AuditEntry.objects.order_by("number").values_list("verb", flat=True)) == [
        "contest.freeze", "contest.draw",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"now": NOON}, "这一轮还没有结束"),
        ({"name": " "}, "请填写奖项名称和种子来源"),
        ({"source": ""}, "请填写奖项名称和种子来源"),
        ({"known_from": AFTER}, "种子必须在封存名单以后才公布"),
        ({"places": 4}, "够条件的只有 3 人"),
    ],
)
def test_a_list_that_is_not_sound_is_not_frozen(
    played: ContestRound, changed: dict[str, Any], reason: str
):
    with pytest.raises(RefusedError, match=reason):
        freeze(played, clerk(), **changed)
    assert not ContestDraw.objects.exists()


def test_a_doubt_is_looked_at_before_the_list_is_frozen(db: None):
    contest = make_contest()
    of = the_round(contest)
    play = go_through(enter(contest, player()), of, rights=6, took=lambda position: 6)
    with pytest.raises(RefusedError, match="还有 1 份存疑成绩"):
        freeze(of, clerk(), places=1)
    contests.look(play, officer=clerk("13910000003"), counts=False, reason="脚本", now=AFTER)
    with pytest.raises(RefusedError, match="够条件的只有 0 人"):
        freeze(of, clerk("13910000004"), places=1)


def test_who_froze_does_not_draw_nor_before_the_seed_nor_twice(played: ContestRound):
    first, second = clerk(), clerk("13910000002")
    draw = freeze(played, first)
    with pytest.raises(RefusedError, match="请另一位同事开奖"):
        contest_draws.draw_lots(draw, seed="1", officer=first, now=KNOWN)
    with pytest.raises(RefusedError, match="才公布"):
        contest_draws.draw_lots(draw, seed="1", officer=second, now=KNOWN - timedelta(seconds=1))
    with pytest.raises(RefusedError, match="不能有换行"):
        contest_draws.draw_lots(draw, seed="a|b", officer=second, now=KNOWN)
    contest_draws.draw_lots(draw, seed="1", officer=second, now=KNOWN)
    with pytest.raises(RefusedError, match="已经开奖"):
        contest_draws.draw_lots(draw, seed="2", officer=second, now=KNOWN)


def refused(statement: str, *values: Any) -> bool:
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        connection.cursor().execute(statement, values)
    return True


def test_the_database_keeps_list_and_seed(played: ContestRound):
    first, second = clerk(), clerk("13910000002")
    draw = freeze(played, first)
    assert refused("UPDATE courses_contestdraw SET digest = 'x' WHERE id = %s", draw.pk)
    assert refused("UPDATE courses_drawticket SET name = 'x' WHERE draw_id = %s", draw.pk)
    assert refused("DELETE FROM courses_drawticket WHERE draw_id = %s", draw.pk)
    assert refused(
        "UPDATE courses_contestdraw SET seed = '1', drawn_by_id = %s, drawn_at = %s WHERE id = %s",
        first.pk, KNOWN, draw.pk,
    )  # fmt: skip
    contest_draws.draw_lots(draw, seed="1", officer=second, now=KNOWN)
    assert refused("UPDATE courses_contestdraw SET seed = '2' WHERE id = %s", draw.pk)
    winner = draw.lots.filter(prize=1).get()
    assert refused("UPDATE courses_drawticket SET prize = 2 WHERE id = %s", winner.pk)


def test_the_public_reads_how_it_was_drawn(client: Client, played: ContestRound):
    draw = freeze(played, clerk())
    address = f"/learn/contests/june/draws/{draw.pk}/"
    page = client.get(address).content.decode()
    assert draw.digest in page
    assert "11月25日上证指数收盘价" in page
    assert client.get(f"{address}list/").content.decode() == "1,李*\n2,王**\n3,赵*\n"
    contest_draws.draw_lots(draw, seed="3456.78", officer=clerk("13910000002"), now=KNOWN)
    page = client.get(address).content.decode()
    assert "3456.78" in page
    assert page.count("（抽奖号") == 2
    for name in ("李一", "王二明", "赵三", "钱四"):
        assert name not in page
    Contest.objects.update(published=False)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}list/").status_code == 404


def test_officers_freeze_and_draw_by_the_pages(
    client: Client, as_staff: Any, played: ContestRound, district: Any
):
    people = [officer(f"1391000001{at}", district) for at in range(2)]
    for person in people:
        person.user_permissions.add(Permission.objects.get(codename="judge_contest"))
    as_staff(client, people[0])
    form = {"round": played.pk, "name": "幸运奖", "places": 1, "least_points": 0, "source": "指数",
            "known_from": "2020-01-01T00:00"}  # fmt: skip
    page = client.post("/learn/office/contests/", form, follow=True).content.decode()
    assert "还没有结束" in page or "种子必须在封存名单以后才公布" in page
    draw = freeze(played, people[0])
    as_staff(client, people[1])
    address = f"/learn/office/contests/draws/{draw.pk}/"
    assert client.get(address).status_code == 200
    client.logout()
    assert client.get(address).status_code == 302
