"""The public finds an enterprise and reads its record."""

from datetime import date

import pytest
from django.test import Client

from credit.models import Accident, Enterprise, Jurisdiction, Sector


def test_search_shows_the_enterprise_and_a_way_to_its_page(client: Client, enterprise: Enterprise):
    page = client.get("/credit/", {"q": "长青"}).content.decode()
    assert "找到 1 家企业" in page
    assert f'href="/credit/enterprises/{enterprise.uscc}/"' in page


@pytest.mark.parametrize("words", ['"', "'; DROP", "%_", "<b>", "\x00\x00", "字" * 500])
def test_odd_words_never_break_the_search(client: Client, enterprise: Enterprise, words: str):
    assert client.get("/credit/", {"q": words}).status_code == 200


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_search_asks_three_queries_however_many_are_found(
    client: Client,
    street: Jurisdiction,
    sector: Sector,
    count: int,
    django_assert_num_queries: pytest.FixtureRequest,
):
    for number in range(count):
        Enterprise.objects.create(
            name=f"长青{number}", legacy_number=str(number), place=street, sector=sector
        )
    with django_assert_num_queries(3):  # count, page, who bears nearly the same name
        client.get("/credit/", {"q": "长青"})


def test_the_enterprise_page_shows_current_accidents(client: Client, enterprise: Enterprise):
    facts = {
        "enterprise": enterprise,
        "source": "test",
        "happened_on": date(2026, 5, 6),
        "kind": "中毒和窒息",
        "grade": "general",
    }
    Accident.objects.create(source_key="A1", title="清池中毒事故", deaths=1, **facts)
    page = client.get(f"/credit/enterprises/{enterprise.uscc}/").content.decode()
    assert "清池中毒事故" in page
    assert "2026年5月6日 · 一般事故 · 死亡 1 人，重伤 0 人" in page


def test_an_unknown_number_is_not_found_in_chinese(client: Client, db: None):
    answer = client.get("/credit/enterprises/91110000600037341X/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_a_number_no_enterprise_can_have_is_not_found(client: Client, db: None):
    assert client.get("/credit/enterprises/%00%00/").status_code == 404


def test_the_api_finds_the_same(client: Client, enterprise: Enterprise):
    assert client.get("/api/v1/credit/enterprises", {"q": "cqhg"}).json() == [
        {
            "name": "云溪长青化工有限公司（虚构）",
            "number": "91110000600037341L",
            "is_resolved": True,
            "place": "河滨街道",
            "sector": "危险化学品",
            "status": "active",
            "standardisation_level": 0,
        }
    ]
