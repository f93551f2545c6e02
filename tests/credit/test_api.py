"""The public API: lists by cursor, one enterprise, limits, errors in one shape."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from credit import api_manners
from credit.models import Accident, Enterprise, ListEntry, Violation
from tests.credit.casework import LATER, NEXT_DAY, hide_accident, published, removed

LISTS = "/api/v1/credit/lists/black"
NOON = time_machine.travel("2026-11-18T12:00:00+08:00", tick=False)


@pytest.fixture
def entries(street: Any, sector: Any, opener: Any, decider: Any) -> list[ListEntry]:
    made = []
    for number in range(3):
        firm = Enterprise.objects.create(
            name=f"第{number}家", legacy_number=f"N{number}", place=street, sector=sector
        )
        hide_accident(firm, f"SG-{number}")
        made.append(published(firm, opener, decider, number=str(number)))
    return made


@NOON
def test_a_list_is_read_page_by_page(entries: Any, client: Client) -> None:
    first = client.get(LISTS, {"limit": 2}).json()
    second = client.get(LISTS, {"limit": 2, "cursor": first["next"]}).json()
    names = [item["enterprise"] for page in (first, second) for item in page["items"]]
    assert (first["count"], names, second["next"]) == (3, ["第2家", "第1家", "第0家"], None)


@NOON
def test_what_is_removed_meanwhile_shifts_no_page(
    entries: Any, opener: Any, decider: Any, client: Client
) -> None:
    first = client.get(LISTS, {"limit": 1}).json()
    removed(entries[2], opener, decider, NEXT_DAY)
    second = client.get(LISTS, {"limit": 1, "cursor": first["next"]}).json()
    assert [item["enterprise"] for item in second["items"]] == ["第1家"]


@NOON
@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"place": "990001"}, 3), ({"place": "990001001"}, 3), ({"place": "99"}, 0),
        ({"sector": "chemicals"}, 3), ({"sector": "mines"}, 0), ({"year": 2026}, 3),
        ({"year": 2025}, 0), ({"as_of": "2026-11-16"}, 3), ({"as_of": "2026-11-15"}, 0),
    ],
)  # fmt: skip
def test_a_list_is_narrowed(entries: Any, client: Client, asked: Any, count: int) -> None:
    assert client.get(LISTS, asked).json()["count"] == count


@NOON
def test_a_past_day_shows_nobody_who_was_removed_since(
    entries: Any, opener: Any, decider: Any, client: Client
) -> None:
    removed(entries[0], opener, decider, NEXT_DAY)
    said = client.get(LISTS, {"as_of": str(LATER)}).json()
    assert [item["enterprise"] for item in said["items"]] == ["第2家", "第1家"]


@pytest.mark.parametrize(
    "asked",
    [{"cursor": "x"}, {"cursor": "W10="}, {"cursor": "WyIyMDI2LTExLTE2IiwgMC41XQ=="}, {"limit": 0},
     {"limit": "9" * 30}, {"as_of": "2026-02-30"}, {"year": "x"}, {"place": "\x00"}, {"sector": "'"}],
)  # fmt: skip
def test_a_wrong_question_is_answered_in_one_shape(client: Client, db: None, asked: Any) -> None:
    answer = client.get(LISTS, asked)
    said = answer.json()
    assert answer.status_code == 422
    assert said["detail"] == "请求有错，请按 errors 逐项改正"
    assert [error["where"].rpartition(".")[2] for error in said["errors"]] == list(asked)


@NOON
def test_an_enterprise_with_its_public_facts(
    enterprise: Enterprise, client: Client, django_assert_num_queries: Any
) -> None:
    Enterprise.objects.filter(pk=enterprise.pk).update(legal_representative="张三丰")
    Accident.objects.create(
        enterprise=enterprise, source="s", source_key="1", happened_on=date(2026, 3, 1),
        title="张三13800001234受伤事故", kind="物体打击", serious_injuries=1, grade="general",
    )  # fmt: skip
    for key, day in (("新", date(2026, 9, 1)), ("旧", date(2020, 1, 1))):
        Violation.objects.create(
            enterprise=enterprise, source="s", source_key=key, happened_on=day, offence="未培训",
            penalty_kind="罚款", fine=20000, authority="云溪区应急管理局",
        )  # fmt: skip
    with django_assert_num_queries(5):  # enterprise, disputes, entries, penalties, accidents
        said = client.get(f"/api/v1/credit/enterprises/{enterprise.uscc}").json()
    assert said["legal_representative"] == "张**"
    assert [penalty["document"] for penalty in said["penalties"]] == ["新"]
    assert said["accidents"][0]["title"] == "张三138****1234受伤事故"
    assert (said["as_of"], said["entries"]) == ("2026-11-18", [])
    assert "score" not in said
    assert client.get("/api/v1/credit/enterprises/none").json() == {
        "detail": "登记库里没有这个号码"
    }


# -- How often --------------------------------------------------------------------------------------------


@NOON
def test_who_asks_too_often_waits_for_the_next_minute(
    client: Client, db: None, settings: Any
) -> None:
    settings.API_PER_MINUTE = 2
    answers = [client.get(LISTS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    assert answers[2].json() == {"detail": "问得太多了，请按 Retry-After 的秒数稍后再问"}
    assert client.get(LISTS, REMOTE_ADDR="10.0.0.9").status_code == 200


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("2001:db8:1:2::1", "2001:db8:1:2:9::1", True), ("2001:db8:1:2::1", "2001:db8:1:3::1", False)],
)
@NOON
def test_a_network_of_ipv6_counts_as_one(
    client: Client, db: None, settings: Any, first: str, second: str, same: bool
) -> None:
    settings.API_PER_MINUTE = 1
    client.get(LISTS, REMOTE_ADDR=first)
    assert (client.get(LISTS, REMOTE_ADDR=second).status_code == 429) is same


@NOON
def test_only_our_own_proxy_is_believed(client: Client, db: None, settings: Any) -> None:
    settings.API_PER_MINUTE = 1
    for trusted, status in ((False, 429), (True, 200)):
        settings.TRUST_PROXY = trusted
        client.get(LISTS, headers={"x-forwarded-for": "1.1.1.1, 2.2.2.2"})
        again = client.get(LISTS, headers={"x-forwarded-for": "1.1.1.1, 3.3.3.3"})
        assert again.status_code == status


@NOON
def test_a_partner_may_ask_more_often(
    client: Client, db: None, settings: Any, monkeypatch: Any
) -> None:
    settings.API_PER_MINUTE, settings.API_PER_MINUTE_PARTNER = 1, 3
    named = lambda request: request.headers.get("X-Name")  # noqa: E731
    monkeypatch.setattr(api_manners, "PARTNERS", [named])
    asked = [client.get(LISTS, headers={"x-name": "甲"}).status_code for _ in range(4)]
    assert asked == [200, 200, 200, 429]
    assert client.get(LISTS).status_code == 200


def test_before_the_first_day_there_is_no_manifest(client: Client, db: None) -> None:
    answer = client.get("/api/v1/credit/open-data")
    assert (answer.status_code, answer.json()) == (404, {"detail": "还没有公布过开放数据"})
