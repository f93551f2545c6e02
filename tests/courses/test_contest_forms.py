"""A contest is written in Wagtail's admin; what has been played does not change."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from courses.models import Contest, ContestRound
from tests.courses.contest_kit import enter, go_through, make_contest, player, the_round

ADD = "/admin/snippets/courses/contest/add/"
NOW = timezone.localtime().replace(second=0, microsecond=0)


def form(contest: Contest, **changed: Any) -> dict[str, Any]:
    """The page's form as it stands for a contest of one round."""
    of = the_round(contest)
    data = {
        "title": contest.title, "slug": contest.slug, "intro": "", "practice_a_day": 10, "unit_best": 5,
        "street_best": 20, "published": "on", "banks": [bank.pk for bank in contest.banks.all()],
        "rounds-TOTAL_FORMS": 1, "rounds-INITIAL_FORMS": 1, "rounds-MIN_NUM_FORMS": 1,
        "rounds-MAX_NUM_FORMS": 1000, "rounds-0-id": of.pk, "rounds-0-ORDER": 1, "rounds-0-DELETE": "",
        "rounds-0-name": of.name, "rounds-0-questions": of.questions, "rounds-0-seconds": of.seconds,
        "rounds-0-points": of.points, "rounds-0-tries": of.tries, "rounds-0-admits": of.admits,
        "rounds-0-opens_at": f"{timezone.localtime(of.opens_at):%Y-%m-%d %H:%M}",
        "rounds-0-closes_at": f"{timezone.localtime(of.closes_at):%Y-%m-%d %H:%M}",
    }  # fmt: skip
    return data | changed


def test_a_contest_is_written(office: Client):
    model = make_contest()
    data = form(model, slug="july", title="七月") | {
        "rounds-INITIAL_FORMS": 0, "rounds-0-id": "",
    }  # fmt: skip
    answer = office.post(ADD, data)
    assert answer.status_code == 302, answer.content.decode()
    made = Contest.objects.get(slug="july")
    assert [bank.name for bank in made.banks.all()] == [bank.name for bank in model.banks.all()]
    assert the_round(made).questions == 6


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"rounds-0-questions": 9}, "题库里能用的题有 8 道，一轮要 9 道"),
        ({"rounds-0-closes_at": "2020-01-01 00:00"}, "结束时间要在开始时间以后"),
    ],
)
def test_a_contest_that_cannot_be_is_told(office: Client, changed: dict[str, Any], fault: str):
    contest = make_contest()
    page = office.post(
        f"/admin/snippets/courses/contest/edit/{contest.pk}/", form(contest, **changed)
    )
    assert fault in page.content.decode()


def test_a_round_that_was_played_keeps_its_rules(office: Client):
    contest = make_contest()
    go_through(enter(contest, player()), the_round(contest), rights=1)
    address = f"/admin/snippets/courses/contest/edit/{contest.pk}/"
    page = office.post(address, form(contest, **{"rounds-0-seconds": 99})).content.decode()
    assert "已经有人答题，不能再改：每题多少秒" in page
    page = office.post(address, form(contest, **{"rounds-0-DELETE": "on"})).content.decode()
    assert "已经有人答题，不能删除" in page
    later = f"{timezone.localtime(the_round(contest).closes_at + timedelta(days=1)):%Y-%m-%d %H:%M}"
    answer = office.post(address, form(contest, **{"rounds-0-closes_at": later}))
    assert answer.status_code == 302
    assert ContestRound.objects.get().seconds == 30
