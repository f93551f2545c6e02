"""No address of credit without a door: the office and the enterprise's side ask who comes, by GET and by POST.

A new address there is walked without a line here; a new address for everybody has to be named in OPEN.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.roles import CREDIT_OFFICER, DECISION_OFFICER
from credit.models import Accident, Enterprise, Jurisdiction
from tests.credit.casework import published
from tests.credit.officers import officer
from tests.credit.party import person

# Open to everybody, because the law or the sense of the page says so; each shows public rows alone.
OPEN: Final = {
    "search", "enterprise", "enterprise_feed", "place_feed", "black_feed", "red_feed", "subscribe_list",
    "subscribe_place", "subscribe_enterprise", "confirm_alert", "stop_alert", "black", "red", "red_notice",
    "documents", "document", "black_entry", "red_entry", "objection_figures", "open_data", "open_file",
    "reports", "report", "acknowledge",
}  # fmt: skip
# Neither open nor below office/ or mine/: whoever has an account, and then the own alone.
PERSONAL: Final = {
    "score", "score_pdf", "messages", "messages_read", "message", "evidence", "report_ask", "report_pdf",
}  # fmt: skip
PARTS: Final = {
    "KeyConverter": 1,
    "IntConverter": 2026,
    "SlugConverter": "violation",
    "StringConverter": "x",
}


def _below(found: Any, path: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        below = path + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _below(one.url_patterns, below)
        else:
            yield below, one


def _pages() -> list[tuple[str, URLPattern]]:
    credit = next(one for one in get_resolver().url_patterns if str(one.pattern) == "credit/")
    return list(_below(credit.url_patterns))


def _addresses(*prefixes: str) -> list[str]:
    return [
        reverse(f"credit:{one.name}", kwargs={
            name: PARTS[type(converter).__name__] for name, converter in _parts(one, path).items()
        })
        for path, one in _pages() if path.startswith(prefixes)
    ]  # fmt: skip


def _parts(one: URLPattern, path: str) -> dict[str, Any]:
    return dict(one.pattern.converters)


OFFICE = _addresses("office/")
OWN = _addresses("mine/")


def test_what_is_open_to_everybody_is_named():
    other = {one.name for path, one in _pages() if not path.startswith(("office/", "mine/"))}
    assert other == OPEN | PERSONAL
    assert (len(OFFICE) > 60, len(OWN) > 10) == (True, True)


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*OFFICE, *OWN])
def test_nobody_enters_without_an_account_and_a_worker_finds_nothing(client: Client, address: str):
    for ask in (client.get, client.post):
        answer: Any = ask(address)
        assert (answer.status_code, answer.url[:16]) == (302, "/accounts/login/"), ask
    client.force_login(person())
    # The first page of the enterprise's side says how somebody is appointed.
    nothing = {200} if address == "/credit/mine/" else {403, 404}
    for ask in (client.get, client.post):
        assert ask(address).status_code in nothing | {405}, ask


@pytest.mark.django_db
def test_an_officer_of_another_district_reads_no_name_of_ours_on_any_page(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    as_staff: Any,
):
    published(enterprise, opener, decider)
    there = Jurisdiction.objects.create(code="990002", name="远山区", kind="district")
    ours = _named_on(client, as_staff, "13800000076", enterprise.place.district, enterprise)
    assert {"/credit/office/cases/", "/credit/office/measures/"} <= ours
    assert _named_on(client, as_staff, "13800000077", there, enterprise) == set()


def _named_on(
    client: Client, as_staff: Any, phone: str, place: Jurisdiction, enterprise: Enterprise
) -> set[str]:
    """The office's pages on which an officer of ``place`` with every permission reads the enterprise's name."""
    who = officer(phone, place)
    for role in (CREDIT_OFFICER, DECISION_OFFICER):
        who.groups.add(Group.objects.get(name=role))
    who.user_permissions.set(Permission.objects.filter(content_type__app_label="credit"))
    as_staff(client, who)
    answers = {address: client.get(address) for address in OFFICE}
    return {
        address
        for address, answer in answers.items()
        if answer.status_code == 200 and enterprise.name in answer.content.decode(errors="ignore")
    }
