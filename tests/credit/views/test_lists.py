"""The public lists: filters, the way of an entry, days of the past, namesakes, feeds."""

from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client

from credit.acts import persons
from credit.models import Accident, Enterprise, Jurisdiction, ListEntry, Sector, Violation
from tests.credit.acts.test_scores import make, penalise
from tests.credit.casework import (
    LATER,
    TODAY,
    hide_accident,
    promise,
    published,
    removed,
)

THEN = time_machine.travel("2026-11-16 09:00:00+08:00", tick=False)
NEXT = time_machine.travel("2026-11-17 09:00:00+08:00", tick=False)
BLACK = "/credit/black/"
ATOM = "{http://www.w3.org/2005/Atom}"


def text(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def entry(enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any) -> ListEntry:
    return published(enterprise, opener, decider)


def page_of(entry: ListEntry) -> str:
    return f"/credit/{entry.colour}/{entry.pk}/"


# -- Filters ------------------------------------------------------------------------------------------------


@THEN
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"ground": "concealment"}, True),
        ({"ground": "major_accident"}, False),
        ({"year": "2026"}, True),
        ({"year": "2025"}, True),  # no such year on the list: it narrows nothing
        ({"ground": '"', "year": "9" * 40}, True),
        ({"q": "长青"}, True),
        ({"q": "91110000600037341l"}, True),
        ({"q": "别家公司"}, False),
        ({"q": "\x00"}, True),
        ({"place": "990001001", "ground": "concealment", "year": "2026", "q": "长青"}, True),
    ],
)
def test_a_list_is_narrowed(client: Client, entry: ListEntry, query: Any, found: bool):
    assert (entry.enterprise.name in text(client, BLACK, **query)) is found


@THEN
def test_further_pages_keep_what_was_chosen(client: Client, street: Jurisdiction, sector: Sector,
                                            opener: Any, decider: Any):  # fmt: skip
    for place, firm in enumerate(make(street, sector, 21)):
        hide_accident(firm, f"SG-{place}")
        published(firm, opener, decider, number=str(place))
    page = text(client, BLACK, place="990001001", year="2026", as_of="2026-11-16")
    assert "?place=990001001&amp;year=2026&amp;as_of=2026-11-16&amp;page=2" in page


# -- One entry ---------------------------------------------------------------------------------------------


@THEN
def test_an_entry_shows_its_way_as_picture_and_as_words(client: Client, entry: ListEntry):
    page = text(client, page_of(entry))
    steps = "2026-11-02告知当事人，2026-11-16作出决定，2026-11-16送达决定，2026-11-16列入并公示，2029-11-16期满移出"
    assert f"{steps}。列入期已过0%。" in page
    assert "<li>2029年11月16日 期满移出（还没到）</li>" in page
    for hidden in (entry.case.decision_text, entry.case.notice_text, "13800000001"):
        assert hidden not in page


def test_the_picture_grows_with_the_days(client: Client, entry: ListEntry):
    with time_machine.travel("2028-05-17 09:00:00+08:00", tick=False):
        assert "列入期已过 50%" in text(client, page_of(entry))


@THEN
def test_an_entry_that_left_is_nothing_at_its_address(
    client: Client, entry: ListEntry, opener: Any, decider: Any
):
    assert client.get(page_of(entry).replace("black", "red")).status_code == 404
    removed(entry, opener, decider)
    gone, never = client.get(page_of(entry)), client.get("/credit/black/987654321/")
    assert (gone.status_code, never.status_code) == (404, 404)
    assert client.get(f"{page_of(entry)}?as_of=2026-11-16").status_code == 404


def test_an_expired_entry_is_nothing_at_its_address(client: Client, entry: ListEntry):
    with time_machine.travel("2029-11-16 09:00:00+08:00", tick=False):
        assert client.get(page_of(entry)).status_code == 404


@THEN
def test_a_person_is_public_only_masked_and_only_on_the_entry(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    with time_machine.travel("2026-11-02 09:00:00+08:00", tick=False):
        persons.record_person(
            concealed, officer=opener, name="王小明", number="11010519491231002X",
            role="principal", finding="瞒报", notice_served_on=TODAY, today=TODAY,
        )  # fmt: skip
    address = f"/credit/enterprises/{enterprise.number}/"
    assert "王**" not in text(client, address)
    entry = published(enterprise, opener, decider)
    for page in (text(client, BLACK), text(client, page_of(entry))):
        assert "王**（主要负责人，110*************2X）" in page
        assert "王小明" not in page
    removed(entry, opener, decider)
    for left in (BLACK, address):
        assert "王**" not in text(client, left)


# -- A day of the past --------------------------------------------------------------------------------------


@NEXT
def test_a_list_of_the_past_is_what_stands_today_and_stood_then(client: Client, entry: ListEntry):
    assert entry.enterprise.name in text(client, BLACK, as_of="2026-11-16")
    page = text(client, BLACK, as_of="2026-11-15")
    assert "2026年11月15日已经列入的：共 0 家" in page
    assert "还没有列入，当天没有公示" in text(client, page_of(entry), as_of="2026-11-15")


@NEXT
def test_a_day_of_the_past_brings_nothing_back(
    client: Client, entry: ListEntry, opener: Any, decider: Any
):
    firm = entry.enterprise
    penalise(firm, publish_until=date(2026, 11, 16), offence="过了公示期的处罚")
    old = penalise(firm, "罚2", offence="写错的处罚")
    Violation.objects.filter(pk=old.pk).update(replaced_at="2026-11-16T12:00+08:00")
    penalise(firm, "罚2", offence="更正的处罚", supersedes=old)
    removed(entry, opener, decider, today=date(2026, 11, 17))
    for address in (
        BLACK,
        f"/credit/enterprises/{firm.number}/",
        f"/credit/enterprises/{firm.number}/feed/",
    ):
        page = text(client, address, as_of="2026-11-16")
        for hidden in ("过了公示期的处罚", "写错的处罚", "云应急列〔2026〕1号"):
            assert hidden not in page
    assert "那天已在名单上" not in text(
        client, f"/credit/enterprises/{firm.number}/", as_of="2026-11-16"
    )
    assert firm.name not in text(client, BLACK, as_of="2026-11-16")


@NEXT
def test_true_and_shown_are_told_apart(client: Client, enterprise: Enterprise):
    penalise(enterprise, happened_on=date(2026, 9, 1))
    address = f"/credit/enterprises/{enterprise.number}/"
    page = text(client, address, as_of="2026-11-16")
    assert "那天已经发生；那天还没有公开，2026年11月17日才录入或更正。" in page
    assert "那天已经发生；那天已经公开。" in text(client, address, as_of="2026-11-17")
    assert "处罚和事故（0）" in text(client, address, as_of="2026-08-31")


@NEXT
@pytest.mark.parametrize("day", ["2026-11-18", "2026-02-30", "x", "1999-12-31", "\x00", "9" * 50])
def test_a_day_that_cannot_be_is_told_in_words(client: Client, entry: ListEntry, day: str):
    for address in (BLACK, page_of(entry), f"/credit/enterprises/{entry.enterprise.number}/"):
        answer = client.get(address, {"as_of": day})
        assert answer.status_code == 400
        assert "请写成 2026-05-01 这样" in answer.content.decode()


@NEXT
def test_search_engines_keep_a_page_only_while_the_entry_stands(
    client: Client, entry: ListEntry, opener: Any, decider: Any
):
    def kept(address: str) -> bool:
        answer = client.get(address)
        meta = 'name="robots" content="noindex' in answer.content.decode()
        assert meta is ("X-Robots-Tag" in answer.headers)
        return not meta

    address = f"/credit/enterprises/{entry.enterprise.number}/"
    assert kept(address)
    assert kept(BLACK)
    assert kept(page_of(entry))
    for dated in (address, BLACK, page_of(entry)):
        assert not kept(f"{dated}?as_of=2026-11-16")
    removed(entry, opener, decider, today=date(2026, 11, 17))
    assert not kept(address)


# -- The same name ------------------------------------------------------------------------------------------


@THEN
def test_who_bears_nearly_the_same_name_is_told_by_the_code(client: Client, entry: ListEntry):
    warning = "名称相近，请核对代码"
    address = f"/credit/enterprises/{entry.enterprise.number}/"
    pages = [(BLACK, {}), (page_of(entry), {}), (address, {}), ("/credit/", {"q": "长青"})]
    for where, query in pages:
        assert warning not in text(client, where, **query)
    firm = entry.enterprise
    Enterprise.objects.create(
        name="云溪常青化工有限责任公司",
        legacy_number="320100",
        place=firm.place,
        sector=firm.sector,
    )
    for where, query in pages:
        page = text(client, where, **query)
        assert f'{warning}：</strong><span class="code">{firm.uscc}</span>' in page
    assert "320100" in text(client, address)


# -- Feeds --------------------------------------------------------------------------------------------------


def titles(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert "noindex" in answer["X-Robots-Tag"]
    found = ElementTree.fromstring(answer.content)  # noqa: S314  # our own
    return [str(one.findtext(f"{ATOM}title")) for one in found.iter(f"{ATOM}entry")]


@THEN
def test_feeds_of_list_street_and_enterprise_say_what_stands(
    client: Client, entry: ListEntry, opener: Any, decider: Any
):
    firm = entry.enterprise
    said = [f"{firm.name}列入黑名单"]
    feeds = [
        "/credit/black/feed/",
        "/credit/places/990001/feed/",
        "/credit/places/990001001/feed/",
        f"/credit/enterprises/{firm.number}/feed/",
    ]
    for address in feeds:
        assert titles(client, address) == said
    assert titles(client, "/credit/red/feed/") == []
    removed(entry, opener, decider)
    for address in feeds:
        assert titles(client, address) == []


@pytest.mark.parametrize(
    "address", ["/credit/places/x/feed/", "/credit/enterprises/x/feed/", "/credit/green/feed/"]
)
def test_a_feed_of_nothing_is_not_there(client: Client, db: None, address: str):
    assert client.get(address).status_code == 404


# -- Queries ------------------------------------------------------------------------------------------------


@pytest.fixture(params=[1, 3, 30])
def many(request: Any, street: Jurisdiction, sector: Sector, opener: Any, decider: Any) -> int:
    for place, firm in enumerate(make(street, sector, request.param)):
        hide_accident(firm, f"SG-{place}")
        promise(firm)
        published(firm, opener, decider, number=str(place))
    return int(request.param)


@THEN
def test_each_page_asks_the_same_number_of_queries(
    client: Client, many: int, django_assert_num_queries: Any
):
    entry = ListEntry.objects.first()
    assert entry is not None
    number = entry.enterprise.number
    query = {"place": "990001", "ground": "concealment", "year": "2026", "as_of": "2026-11-16"}
    with django_assert_num_queries(
        9
    ):  # places, sectors, years, count, page, names, records, persons, disputes
        assert f"共 {many} 家" in text(client, BLACK, **query)
    with django_assert_num_queries(5):  # entry, names, record, persons, disputes
        text(client, page_of(entry))
    with django_assert_num_queries(1):
        assert len(titles(client, "/credit/black/feed/")) == many
    with django_assert_num_queries(
        7
    ):  # enterprise, penalties, accidents, entries, measures, names, disputes
        text(client, f"/credit/enterprises/{number}/", as_of="2026-11-16")


def test_the_picture_of_a_red_entry_speaks_of_the_announcement(
    client: Client, enterprise: Enterprise, opener: Any, decider: Any
):
    promise(enterprise)
    entry = published(enterprise, opener, decider, "red")
    with time_machine.travel(LATER + timedelta(days=1), tick=False):
        assert "2026-11-02公告" in text(client, page_of(entry))
