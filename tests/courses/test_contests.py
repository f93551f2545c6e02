"""Contests: entering, playing against the server's clock, doubts, tables, practice, and the pages of it all."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone

from courses.acts import contest_practice, contest_ranks, contests
from courses.acts.contest_ranks import Line
from courses.acts.exams import BadAnswerError, RefusedError
from courses.models import Contest, ContestPractice, ContestRound, Entrant, Play, PlayQuestion
from credit.models import AuditEntry, Employment, Enterprise
from tests.courses.contest_kit import (
    NOON,
    enter,
    go_through,
    make_contest,
    player,
    right,
    street,
    the_round,
)
from tests.credit.officers import officer

SECOND = timedelta(seconds=1)


@pytest.fixture
def contest(db: None) -> Contest:
    return make_contest()


@pytest.fixture
def entrant(contest: Contest) -> Entrant:
    return enter(contest, player())


# -- Entering ----------------------------------------------------------------------------------------


def test_somebody_enters_once(contest: Contest):
    person = player()
    assert enter(contest, person).pk == enter(contest, person, street("别的街道", "320104002")).pk
    assert Entrant.objects.get().place.name == "长江路街道"


def test_for_an_employer_only_who_works_there(contest: Contest, enterprise: Enterprise):
    person = player()
    with pytest.raises(RefusedError, match="只能代表您现在工作的单位"):
        contests.enter(contest, person=person, enterprise=enterprise.pk, place=None, now=NOON)
    Employment.objects.create(
        person=person, enterprise=enterprise, position="worker", began_on="2026-01-01"
    )
    found = contests.enter(contest, person=person, enterprise=enterprise.pk, place=None, now=NOON)
    assert (found.enterprise, found.place) == (enterprise, enterprise.place)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"phone_verified": False}, "请先验证手机号"),
        ({"real_name": ""}, "请先在“我的资料”里填写真实姓名"),
    ],
)
def test_who_is_not_known_does_not_enter(contest: Contest, change: dict[str, Any], reason: str):
    person = player()
    for name, value in change.items():
        setattr(person, name, value)
    with pytest.raises(RefusedError, match=reason):
        enter(contest, person)


def test_whoever_keeps_the_questions_does_not_enter(contest: Contest):
    person = player()
    person.is_superuser = True
    with pytest.raises(RefusedError, match="您管理题库"):
        enter(contest, person)


def test_a_contest_that_is_not_published_takes_nobody(contest: Contest):
    contest.published = False
    with pytest.raises(RefusedError, match="还没有公开"):
        enter(contest, player())


# -- Playing -----------------------------------------------------------------------------------------


def test_a_play_counts_points_and_the_servers_time(contest: Contest, entrant: Entrant):
    play = go_through(entrant, the_round(contest), rights=4, took=lambda position: 5 + position)
    assert (play.points, play.milliseconds) == (40, 1000 * sum(5 + at for at in range(1, 7)))
    assert play.ended_at == NOON + timedelta(seconds=51)
    assert not hasattr(play, "doubt")


def test_a_question_is_given_once_and_in_order(contest: Contest, entrant: Entrant):
    play = contests.start(entrant, the_round(contest), now=NOON)
    first = contests.next_question(play, now=NOON)
    again = contests.next_question(play, now=NOON + 9 * SECOND)
    assert first is not None
    assert again is not None
    assert (first.position, again.position, again.served_at) == (1, 1, NOON)
    with pytest.raises(BadAnswerError, match="第2题还没有给出"):
        contests.answer(play, position=2, chosen=[0], now=NOON)
    with pytest.raises(BadAnswerError, match="没有第7题"):
        contests.answer(play, position=7, chosen=[0], now=NOON)


def test_an_answer_is_kept_once_and_not_too_late(contest: Contest, entrant: Entrant):
    play = contests.start(entrant, the_round(contest), now=NOON)
    contests.next_question(play, now=NOON)
    with pytest.raises(BadAnswerError, match="第1题"):
        contests.answer(play, position=1, chosen=["x"], now=NOON)
    with pytest.raises(RefusedError, match="第1题时间已到"):
        contests.answer(play, position=1, chosen=[0], now=NOON + 34 * SECOND)
    contests.answer(play, position=1, chosen=[0], now=NOON + 33 * SECOND)  # the wire takes its time
    with pytest.raises(RefusedError, match="已经答过"):
        contests.answer(play, position=1, chosen=[1], now=NOON + 33 * SECOND)
    place = PlayQuestion.objects.get(play=play, position=1)
    assert (place.chosen, place.milliseconds()) == ([0], 33_000)


def test_a_question_that_lapsed_costs_its_whole_time(contest: Contest, entrant: Entrant):
    play = contests.start(entrant, the_round(contest), now=NOON)
    contests.next_question(play, now=NOON)
    later = NOON + 31 * SECOND
    second = contests.next_question(play, now=later)
    assert second is not None
    assert second.position == 2
    contests.answer(play, position=2, chosen=right(second), now=later + 4 * SECOND)
    assert contests.close_due(now=NOON + timedelta(hours=1)) == 1
    play.refresh_from_db()
    assert (play.points, play.milliseconds) == (10, 34_000)
    assert play.ended_at == play.deadline == NOON + 6 * 33 * SECOND
    assert contests.close_due(now=NOON + timedelta(hours=1)) == 0


def test_a_play_does_not_outlast_its_round(contest: Contest, entrant: Entrant):
    of = the_round(contest)
    play = contests.start(entrant, of, now=of.closes_at - 60 * SECOND)
    assert play.deadline == of.closes_at
    assert contests.next_question(play, now=of.closes_at) is None
    play.refresh_from_db()
    assert (play.points, play.milliseconds) == (0, 0)


def test_two_taps_give_one_play_and_tries_run_out(contest: Contest, entrant: Entrant):
    of = the_round(contest)
    assert contests.start(entrant, of, now=NOON) == contests.start(entrant, of, now=NOON)
    go_through(entrant, of, rights=1)
    go_through(entrant, of, rights=2, now=NOON + timedelta(hours=1))
    with pytest.raises(RefusedError, match="2 次机会已经用完"):
        contests.start(entrant, of, now=NOON + timedelta(hours=2))
    assert list(Play.objects.values_list("points", flat=True)) == [10, 20]


def test_the_paper_comes_again_from_its_seed(contest: Contest, entrant: Entrant):
    play = contests.start(entrant, the_round(contest), now=NOON)
    import random

    chance = random.Random(play.seed)
    keys = list(contests.pool(contest).values_list("pk", flat=True))
    assert chance.sample(keys, 6) == list(play.paper.values_list("question", flat=True))


def test_the_next_round_is_for_the_first_of_the_one_before(contest: Contest):
    of = the_round(contest)
    final = ContestRound.objects.create(
        contest=contest, name="决赛", opens_at=of.closes_at, closes_at=of.closes_at + timedelta(hours=1),
        questions=2, tries=1, admits=1, order=1,
    )  # fmt: skip
    best, other = enter(contest, player(1)), enter(contest, player(2, "王二"))
    go_through(best, of, rights=5)
    go_through(other, of, rights=4)
    assert contests.readiness(best, final, now=of.closes_at)
    refused = contests.readiness(other, final, now=of.closes_at)
    assert refused.reason == "这一轮只有上一轮晋级的人可以参加"
    nobody = enter(contest, player(3, "赵三"))
    assert not contests.readiness(nobody, final, now=of.closes_at)


# -- Doubts ------------------------------------------------------------------------------------------


def judge(phone: str = "13910000001") -> Any:
    return officer(phone, None)


def test_a_script_is_not_ranked_until_somebody_looked(contest: Contest, entrant: Entrant):
    of = the_round(contest)
    play = go_through(entrant, of, rights=6, took=lambda position: 6)
    assert play.doubt.reasons == ["6 道题用的时间几乎一样，相差不到 120 毫秒"]
    assert contest_ranks.people(of) == []
    assert contest_ranks.own(of, entrant) is None
    contests.look(play, officer=judge(), counts=True, reason="本人到场答过", now=NOON)
    assert [line.rank for line in contest_ranks.people(of)] == [1]
    contests.look(play, officer=judge("13910000002"), counts=False, reason="又核实：脚本", now=NOON)
    assert contest_ranks.people(of) == []
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["contest.look"] * 2


def test_a_look_has_a_reason_and_is_anothers(contest: Contest, entrant: Entrant):
    play = go_through(entrant, the_round(contest), rights=1)
    with pytest.raises(RefusedError, match="请写明理由"):
        contests.look(play, officer=judge(), counts=False, reason=" ", now=NOON)
    with pytest.raises(RefusedError, match="自己的成绩"):
        contests.look(play, officer=entrant.person, counts=True, reason="好", now=NOON)


# -- Tables ------------------------------------------------------------------------------------------


def test_tables_of_people_units_and_streets(contest: Contest, enterprise: Enterprise):
    of = the_round(contest)
    Contest.objects.update(unit_best=2, street_best=2)
    of.contest.refresh_from_db()
    people = [
        player(serial, name) for serial, name in enumerate(["李一", "王二", "赵三", "钱四"], 1)
    ]
    for person in people[:3]:
        Employment.objects.create(
            person=person, enterprise=enterprise, position="worker", began_on="2026-01-01"
        )
    for person in people[:3]:
        contests.enter(contest, person=person, enterprise=enterprise.pk, place=None, now=NOON)
    enter(contest, people[3])
    entrants = list(Entrant.objects.order_by("pk"))
    for entrant, rights in zip(entrants, [6, 4, 1, 5], strict=True):
        go_through(entrant, of, rights=rights)
    go_through(entrants[0], of, rights=2, now=NOON + timedelta(hours=1))  # the better one counts
    took = Play.objects.earliest("pk").milliseconds
    assert took is not None
    firm, place = enterprise.name, enterprise.place.name
    assert contest_ranks.people(of) == [
        Line(1, "李*", firm, "60", 0, took),
        Line(2, "钱*", "长江路街道", "50", 0, took),
        Line(3, "王*", firm, "40", 0, took),
        Line(4, "赵*", firm, "10", 0, took),
    ]
    assert contest_ranks.units(of) == [Line(1, firm, "", "50.00", 2)]
    assert contest_ranks.streets(of) == [
        Line(1, place, "", "50.00", 2),
        Line(2, "长江路街道", "", "25.00", 1),
    ]
    assert contest_ranks.own(of, entrants[1]) == (3, 4)


# -- Practice ----------------------------------------------------------------------------------------


def test_practice_has_a_quota_a_day(contest: Contest, entrant: Entrant):
    Contest.objects.update(practice_a_day=2)
    entrant.contest.refresh_from_db()
    one = contest_practice.question_of_today(entrant, now=NOON)
    assert one is not None
    assert contest_practice.question_of_today(entrant, now=NOON) == one  # a reload costs nothing
    known = contest_practice.practised(one).sealed["right"]
    assert contest_practice.answer(one, chosen=known, now=NOON) is True
    assert contest_practice.answer(one, chosen=[], now=NOON) is True  # the first answer stays
    two = contest_practice.question_of_today(entrant, now=NOON)
    assert two is not None
    assert two.question_id != one.question_id
    assert contest_practice.answer(two, chosen=[], now=NOON) is False
    assert contest_practice.question_of_today(entrant, now=NOON) is None
    assert contest_practice.question_of_today(entrant, now=NOON + timedelta(days=1)) is not None


# -- The database ------------------------------------------------------------------------------------


def refused(statement: str) -> bool:
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        connection.cursor().execute(statement)
    return True


def test_the_database_keeps_what_was_played(contest: Contest, entrant: Entrant):
    play = go_through(entrant, the_round(contest), rights=1)
    assert refused(f"UPDATE courses_play SET points = 60 WHERE id = {play.pk}")  # noqa: S608
    assert refused(f"UPDATE courses_playquestion SET earned = 10 WHERE play_id = {play.pk}")  # noqa: S608
    for table in ("courses_playquestion", "courses_play", "courses_entrant"):
        assert refused(f"DELETE FROM {table}")  # noqa: S608
    assert refused(f"UPDATE courses_entrant SET place_id = place_id WHERE id = {entrant.pk}")  # noqa: S608


# -- Pages -------------------------------------------------------------------------------------------


@pytest.fixture
def today(contest: Contest) -> ContestRound:
    """The round, open now: pages ask the clock."""
    now = timezone.now()
    ContestRound.objects.update(
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=5)
    )
    return the_round(contest)


def test_a_worker_plays_by_the_pages(client: Client, today: ContestRound):
    person = player()
    page = client.get("/learn/contests/june/").content.decode()
    assert "登录后报名" in page
    client.force_login(person)
    client.post("/learn/contests/june/enter/", {"unit": "", "place": street().pk})
    assert "您已报名，代表长江路街道" in client.get("/learn/contests/june/").content.decode()
    client.post("/learn/contests/june/1/start/")
    play = Play.objects.get()
    address = f"/learn/contests/plays/{play.pk}/"
    for position in range(1, 7):
        page = client.get(address).content.decode()
        assert f"第 <strong>{position}</strong> / 6 题" in page
        assert "解析" not in page
        place = PlayQuestion.objects.get(play=play, position=position)
        data = {"position": position, f"was{position}": "", f"q{position}": right(place)}
        client.post(address, data)
    assert client.get(address).url == f"{address}result/"  # type: ignore[attr-defined]
    result = client.get(f"{address}result/").content.decode()
    assert "<strong>60</strong> 分" in result
    assert "核实以前不排名" in result  # a test is quicker than anybody
    assert client.get("/learn/contests/june/1/ranks/?by=units").status_code == 200


def test_anothers_play_does_not_exist(client: Client, today: ContestRound):
    play = contests.start(enter(today.contest, player()), today, now=timezone.now())
    client.force_login(player(2, "王二"))
    for page in ("", "result/"):
        assert client.get(f"/learn/contests/plays/{play.pk}/{page}").status_code == 404
    assert client.post(f"/learn/contests/plays/{play.pk}/", {"position": "1"}).status_code == 404


@pytest.mark.parametrize("position", ["", "x", "99999", "９", "7"])
def test_odd_forms_are_told(client: Client, today: ContestRound, position: str):
    person = player()
    play = contests.start(enter(today.contest, person), today, now=timezone.now())
    client.force_login(person)
    address = f"/learn/contests/plays/{play.pk}/"
    page = client.post(address, {"position": position}, follow=True).content.decode()
    assert "答案的格式不对" in page or "这次答题没有第7题" in page
    assert not PlayQuestion.objects.filter(answered_at__isnull=False).exists()


def test_an_answer_and_the_next_question_are_few_queries(
    client: Client, today: ContestRound, django_assert_num_queries: Any
):
    person = player()
    play = contests.start(enter(today.contest, person), today, now=timezone.now())
    client.force_login(person)
    address = f"/learn/contests/plays/{play.pk}/"
    client.get(address)
    with django_assert_num_queries(
        9
    ):  # session, person, play, question; savepoints; lock, read, write
        client.post(address, {"position": 1, "was1": "", "q1": "0"})
    with django_assert_num_queries(8):
        client.get(address)


def test_tables_are_few_queries(
    client: Client, today: ContestRound, django_assert_num_queries: Any
):
    for serial in range(1, 4):
        go_through(enter(today.contest, player(serial)), today, rights=serial, now=timezone.now())
    for by in ("people", "units", "streets"):
        client.get(f"/learn/contests/june/1/ranks/?by={by}")
        with django_assert_num_queries(3):
            client.get(f"/learn/contests/june/1/ranks/?by={by}")


def test_practice_by_the_pages(client: Client, today: ContestRound):
    person = player()
    enter(today.contest, person)
    client.force_login(person)
    page = client.get("/learn/contests/june/practice/").content.decode()
    assert "今天第 1 题，每天 10 题" in page
    one = ContestPractice.objects.get()
    known = contest_practice.practised(one).sealed["right"]
    data = {"one": one.pk, "was1": "", "q1": known}
    told = client.post("/learn/contests/june/practice/", data).content.decode()
    assert "✓ 答对" in told
    assert "解析" in told


def test_officers_look_and_others_do_not(
    client: Client, as_staff: Any, contest: Contest, entrant: Entrant, district: Any
):
    play = go_through(entrant, the_round(contest), rights=6, took=lambda position: 6)
    client.force_login(entrant.person)
    assert client.get("/learn/office/contests/").status_code == 403
    person = officer("13910000009", district)
    as_staff(client, person)
    assert client.get("/learn/office/contests/").status_code == 403
    from django.contrib.auth.models import Permission

    for code in ("judge_contest", "oversee_training"):
        person.user_permissions.add(Permission.objects.get(codename=code))
    page = client.get("/learn/office/contests/").content.decode()
    assert "存疑的成绩（1）" in page
    address = f"/learn/office/contests/plays/{play.pk}/"
    assert "6000 毫秒" in client.get(address).content.decode()
    assert client.post(address, {"counts": "no"}).status_code == 422
    client.post(address, {"counts": "no", "reason": "脚本"})
    assert "存疑的成绩（0）" in client.get("/learn/office/contests/").content.decode()
