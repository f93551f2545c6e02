"""The register's search index: kept by the database, exact, and asked instead of a scan."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.models import Enterprise, Jurisdiction, Sector
from credit.models.search import MOST_FOUND
from credit.rules.names import fold
from credit.rules.uscc import make_uscc

pytestmark = pytest.mark.django_db


def _make(street: Jurisdiction, sector: Sector, names: list[str]) -> list[Enterprise]:
    firms = [
        Enterprise(name=name, uscc=make_uscc(f"91990001MCF{n:05}"), place=street, sector=sector)
        for n, name in enumerate(names)
    ]
    return Enterprise.objects.bulk_create(firms)


def _found(words: str) -> list[str]:
    return list(Enterprise.objects.matching(words).values_list("name", flat=True))


def test_the_index_follows_every_kind_of_write(street: Jurisdiction, sector: Sector) -> None:
    one, _ = _make(street, sector, ["河滨化工厂", "东山机械厂"])
    assert (_found("河滨"), _found("机械")) == (["河滨化工厂"], ["东山机械厂"])
    one.name = "南湾物流站"
    one.save()
    assert (_found("河滨"), _found("南湾")) == ([], ["南湾物流站"])
    Enterprise.objects.filter(pk=one.pk).update(search_text="改后文字")
    assert (_found("南湾"), _found("改后")) == ([], ["南湾物流站"])
    one.delete()
    assert _found("改后") == []


@pytest.mark.parametrize(
    "words",
    ['"', '""', '"厂', "((", "(甲", "AND", "甲 OR", "*乙", "甲^", "a:b", "\\", "%厂", "𬍛𬍛"],
)
def test_signs_are_looked_for_as_they_stand(
    street: Jurisdiction, sector: Sector, words: str
) -> None:
    names = ["(甲)厂", '乙"厂', "((丙", "丁%厂", "𬍛𬍛机械", "and公司", "戊\\己"]
    _make(street, sector, names)
    wanted = fold(words).split()
    holding = [
        name
        for name, text in Enterprise.objects.values_list("name", "search_text")
        if any(len(word) > 1 for word in wanted) and all(word in text for word in wanted)
    ]
    assert sorted(_found(words)) == sorted(holding)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(st.text("云溪东山化工厂(ab1", min_size=1, max_size=8), min_size=1, max_size=6),
    words=st.text("云溪东山化工厂(ab1 ", min_size=2, max_size=5),
)
def test_the_index_finds_exactly_what_a_scan_finds(
    street: Jurisdiction, sector: Sector, names: list[str], words: str
) -> None:
    Enterprise.objects.all().delete()
    _make(street, sector, names)
    wanted = fold(words).split()
    if all(len(word) == 1 for word in wanted):
        wanted = ["".join(wanted)]
    rows = Enterprise.objects.values_list("name", "search_text")
    holding = [name for name, text in rows if all(word in text for word in wanted)]
    asked = [word for word in wanted if len(word) > 1]
    assert sorted(_found(words)) == (sorted(holding) if asked else [])


def test_a_question_goes_to_the_index(street: Jurisdiction, sector: Sector) -> None:
    _make(street, sector, ["河滨化工厂"])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Enterprise.objects.matching("河滨").explain()
    assert (
        "VIRTUAL TABLE INDEX" if connection.vendor == "sqlite" else "credit_enterprise_pieces"
    ) in plan


def test_no_more_than_the_most_are_found(street: Jurisdiction, sector: Sector, client: Any) -> None:
    *_, last = _make(street, sector, [*(f"河滨{n}号店" for n in range(MOST_FOUND)), "东山店"])
    assert f"找到 {MOST_FOUND} 家企业" in client.get("/credit/?q=河滨").content.decode()
    last.name = "河滨店"
    last.save()
    assert Enterprise.objects.matching("河滨").count() == MOST_FOUND + 1
    assert f"找到的企业超过 {MOST_FOUND} 家" in client.get("/credit/?q=河滨").content.decode()
