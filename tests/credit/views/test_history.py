"""The whole history of an enterprise on a day, for officers and auditors alone."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from credit.models import Accident, Enterprise
from tests.credit.acts.test_scores import penalise
from tests.credit.casework import hide_accident, published, removed

NOW = time_machine.travel("2026-12-10 09:00:00+08:00", tick=False)


def at(day: str) -> Any:
    return time_machine.travel(f"{day} 09:00:00+08:00", tick=False)


def text(client: Client, enterprise: Enterprise, day: str, status: int = 200) -> str:
    answer = client.get(f"/credit/office/history/{enterprise.number}/", {"as_of": day})
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


@NOW
def test_what_was_removed_and_corrected_is_here_and_nowhere_else(
    client: Client, enterprise: Enterprise, opener: Any, decider: Any, as_staff: Any
):
    with at("2026-10-01"):
        concealed = hide_accident(enterprise)
        old = penalise(enterprise, offence="写错的处罚")
        entry = published(enterprise, opener, decider)
    with at("2026-12-01"):
        type(old).objects.filter(pk=old.pk).update(replaced_at="2026-12-01 09:00+08:00")
        penalise(enterprise, offence="更正的处罚", supersedes=old)
        removed(entry, opener, decider, date(2026, 12, 1))
    as_staff(client, opener)
    page = text(client, enterprise, "2026-11-20")
    assert "2026年12月1日 移出。<strong>当时展示，后来更正、撤销或撤回</strong>" in page
    assert page.count("属实，已展示") == 1  # the accident
    assert "写错的处罚" in page
    assert "属实，还没有展示" in page
    assert f"/credit/office/records/accident/{concealed.pk}/" in page
    assert "那天不在名单上" in text(client, enterprise, "2026-12-02")


@NOW
def test_only_officers_of_the_place_and_auditors_read_it(
    client: Client, enterprise: Enterprise, concealed: Accident, stranger: Any, auditor: Any,
    as_staff: Any,
):  # fmt: skip
    assert client.get(f"/credit/office/history/{enterprise.number}/").status_code == 302
    as_staff(client, stranger)
    text(client, enterprise, "2026-12-01", 404)
    as_staff(client, auditor)
    assert "SG-1" in text(client, enterprise, "2026-12-10")
    assert "请写成 2026-05-01 这样" in text(client, enterprise, "2027-01-01", 400)


@NOW
@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_asks_the_same_number_of_queries(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any, count: int,
    django_assert_num_queries: Any,
):  # fmt: skip
    for number in range(count):
        penalise(enterprise, f"罚{number}")
        hide_accident(enterprise, f"SG-{number}")
    as_staff(client, opener)
    text(client, enterprise, "2026-12-10")
    with django_assert_num_queries(14):
        text(client, enterprise, "2026-12-10")
