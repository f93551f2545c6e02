"""What ended for the public ended at every door: pages, lists, days of the past, feeds, API, open data, papers."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from credit.acts import alerts, cases, expiry, repairs, reports, withdrawals
from credit.acts.casework import RefusedError
from credit.acts.open_data import publish_day
from credit.acts.open_folder import paths
from credit.acts.undo import undo
from credit.models import Accident, Enterprise, ImportBatch, Jurisdiction, ListEntry, Violation
from tests.credit.acts.test_repairs import applied
from tests.credit.acts.test_scores import penalise
from tests.credit.acts.test_standing import ANNIVERSARY, END, judge
from tests.credit.casework import (
    LATER,
    NEXT_DAY,
    hide_accident,
    promise,
    published,
    removed,
    served,
)
from tests.credit.officers import officer
from tests.credit.party import appointed

CODE = "91110000600037341L"
DECISION = "云应急列〔2026〕77号"
PENALTY = "云应急罚〔2026〕88号"
IN_TIME = date(2026, 12, 1)  # three months after the penalty


@pytest.fixture(autouse=True)
def own_key(settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def manager(enterprise: Enterprise, opener: Any) -> Any:
    return appointed(enterprise, opener)


@pytest.fixture
def judge_of_repairs(district: Jurisdiction) -> Any:
    return officer("13800000042", district, "open_case", "decide_case", "decide_repair")


@pytest.fixture
def clerk(district: Jurisdiction) -> Any:
    return officer("13800000041", district, "open_case", "accept_repair")


def read(client: Client, address: str) -> str:
    """What a stranger reads there; nothing where there is no page."""
    answer = client.get(address)
    assert answer.status_code in (200, 404), address
    if address.startswith("/api/"):  # which writes Chinese as escapes
        return json.dumps(answer.json(), ensure_ascii=False)
    return answer.content.decode() if answer.status_code == 200 else ""


def doors(day: date) -> list[str]:
    """Every address at which the public can read of the enterprise, its entries and its penalties."""
    past = f"as_of={day}"
    pages = [
        f"/credit/enterprises/{CODE}/", f"/credit/enterprises/{CODE}/?{past}",
        f"/credit/enterprises/{CODE}/feed/", "/credit/places/990001/feed/", "/credit/?q=长青",
        "/search/?q=长青", "/sitemap.xml", "/credit/certificates/", "/credit/objections/",
        f"/api/v1/credit/enterprises/{CODE}", "/api/v1/credit/enterprises?q=长青",
    ]  # fmt: skip
    for colour in ("black", "red"):
        pages += [
            f"/credit/{colour}/", f"/credit/{colour}/?{past}", f"/credit/{colour}/?q=长青&{past}",
            f"/credit/{colour}/feed/", f"/api/v1/credit/lists/{colour}",
            f"/api/v1/credit/lists/{colour}?{past}",
        ]  # fmt: skip
    entries = ListEntry.objects.values_list("colour", "pk")
    pages += [f"/credit/{colour}/{pk}/" for colour, pk in entries]
    pages += [f"/credit/{colour}/{pk}/?{past}" for colour, pk in entries]
    return pages + [f"/credit/open-data/{path}" for path in paths()]


def showing(client: Client, mark: str, day: date) -> set[str]:
    """The doors at which ``mark`` is read, by their kind."""
    found = set()
    for address in doors(day):
        if mark in read(client, address):
            found.add(address.split("?")[0].removeprefix("/credit/"))
    return found


def at(day: date) -> Any:
    return time_machine.travel(f"{day} 10:00:00+08:00", tick=False)


# -- Entries ----------------------------------------------------------------------------------------------


def _removed(entry: ListEntry, opener: Any, decider: Any) -> date:
    removed(entry, opener, decider, NEXT_DAY)
    return NEXT_DAY


def _annulled(entry: ListEntry, opener: Any, decider: Any) -> date:
    judge(entry, opener, "annulled")
    cases.remove(entry.case, officer=decider, reason="法院撤销", today=NEXT_DAY)
    return NEXT_DAY


def _early(entry: ListEntry, opener: Any, decider: Any) -> date:
    met = {"duties_performed": True, "harm_remedied": True}
    ask = {"ground": "early", "reason": "申请书", "today": ANNIVERSARY}
    cases.ask_removal(entry.case, officer=opener, **ask, **met)
    cases.remove(entry.case, officer=decider, reason="符合条件", today=ANNIVERSARY)
    return ANNIVERSARY


def _expired(entry: ListEntry, opener: Any, decider: Any) -> date:
    expiry.expire_entries(today=END)
    return END


def _shortened(entry: ListEntry, opener: Any, decider: Any) -> date:
    judge(entry, opener, "changed", ends_on=ANNIVERSARY)
    cases.apply_change(entry.case, officer=decider, reason="按判决执行", today=NEXT_DAY)
    return ANNIVERSARY


@pytest.mark.parametrize("end", [_removed, _annulled, _early, _expired, _shortened])
def test_a_black_entry_that_ended_is_at_no_door(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    end: Callable[..., date],
):
    entry = published(enterprise, opener, decider, number="77")
    with at(LATER):
        publish_day(LATER)
        report = reports.issue(enterprise, person=opener, now=timezone.now())
        before = showing(client, DECISION, LATER)
        assert {
            f"enterprises/{CODE}/", "places/990001/feed/", "black/", "black/feed/",
            f"black/{entry.pk}/", f"open-data/{LATER}/black.csv",
            f"/api/v1/credit/enterprises/{CODE}", "/api/v1/credit/lists/black",
        } <= before  # fmt: skip
    day = end(entry, opener, decider)
    with at(day):
        publish_day(day)
        assert showing(client, DECISION, LATER) == set()
        assert showing(client, enterprise.name, LATER) <= {
            "", "/search/", f"enterprises/{CODE}/", f"enterprises/{CODE}/feed/",
            f"/api/v1/credit/enterprises/{CODE}", "/api/v1/credit/enterprises",
        }  # fmt: skip  # the register goes on; no list names it
        assert client.get(f"/credit/enterprises/{CODE}/")["X-Robots-Tag"].startswith("noindex")
        _is_used_no_more(client, report, day)


def _is_used_no_more(client: Client, report: Any, day: date) -> None:
    """A report that names what ended is not printed again, and says so to who checks it."""
    with pytest.raises(RefusedError, match="请重新申请"):
        reports.printed_pdf(report, today=day)
    assert DECISION not in read(client, f"/credit/certificates/{report.number}/")
    assert client.get(f"/api/v1/credit/certificates/{report.number}").json()["usable"] is False


@pytest.mark.parametrize(("penalised", "comes_back"), [(False, True), (True, False)])
def test_a_red_entry_that_is_suspended_or_ended_is_at_no_door(
    client: Client,
    enterprise: Enterprise,
    opener: Any,
    decider: Any,
    penalised: bool,
    comes_back: bool,
):
    promise(enterprise)
    entry = published(enterprise, opener, decider, "red", number="77")
    with at(LATER):
        publish_day(LATER)
        assert {f"red/{entry.pk}/", f"open-data/{LATER}/red.jsonl", "red/feed/"} <= showing(
            client, DECISION, LATER
        )
    with at(NEXT_DAY):
        hide_accident(enterprise, happened_on=NEXT_DAY, penalised=penalised)
        cases.end_red_entries(today=NEXT_DAY)
        publish_day(NEXT_DAY)
        assert showing(client, DECISION, LATER) == set()
    if comes_back:
        cases.ask_resume(entry.case, officer=opener, reason="无责任", today=NEXT_DAY)
        cases.resume(entry.case, officer=decider, reason="无责任", today=NEXT_DAY)
        with at(NEXT_DAY + timedelta(days=1)):
            assert f"red/{entry.pk}/" in showing(client, DECISION, NEXT_DAY)


def test_before_its_publication_a_black_case_is_at_no_door(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = served(enterprise, opener, decider, number="77")
    with at(LATER):
        publish_day(LATER)
        assert showing(client, DECISION, LATER) == set()
        assert showing(client, case.grounds[0]["name"], LATER) <= {"black/"}  # the filter offers it
    assert client.get(f"/credit/mine/{enterprise.pk}/cases/{case.pk}/preview/").status_code == 302


def test_a_digest_says_of_what_left_that_it_left_and_no_more(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, mailoutbox: Any
):
    entry = published(enterprise, opener, decider, number="77")
    with at(LATER):
        asked = alerts.subscribe("reader@example.cn", "black", now=timezone.now())
        alerts.send_confirmation(asked)
        token = mailoutbox[0].body.split("/credit/alerts/confirm/")[1].split("/")[0]
        alerts.confirm(token, today=LATER)
    removed(entry, opener, decider, NEXT_DAY)
    with at(NEXT_DAY):
        assert alerts.send_digests(NEXT_DAY) == 1
    said = mailoutbox[1].body
    assert f"{enterprise.name}：已移出" in said
    assert (DECISION in said, f"/credit/black/{entry.pk}/" in said) == (False, False)


# -- Penalties --------------------------------------------------------------------------------------------


def _repaired(fact: Violation, manager: Any, clerk: Any, judge: Any) -> date:
    made = applied(fact, manager)
    repairs.accept(made, officer=clerk, today=IN_TIME)
    repairs.grant(made, officer=judge, reason="材料齐全", today=IN_TIME)
    return IN_TIME


def _withdrawn(fact: Violation, manager: Any, clerk: Any, judge: Any) -> date:
    withdrawals.withdraw(fact, officer=clerk, reason="撤销", paper="判决书1号", today=NEXT_DAY)
    return NEXT_DAY


def _past(fact: Violation, manager: Any, clerk: Any, judge: Any) -> date:
    assert fact.public_until is not None
    return fact.public_until + timedelta(days=1)


def _undone(fact: Violation, manager: Any, clerk: Any, judge: Any) -> date:
    importer = officer("13800000031", fact.enterprise.place.district, "import_records")
    assert fact.batch is not None
    undo(fact.batch, officer=importer, reason="导错了", today=NEXT_DAY)
    return NEXT_DAY


@pytest.mark.parametrize("end", [_repaired, _withdrawn, _past, _undone])
def test_a_penalty_that_ended_is_at_no_door(
    client: Client,
    enterprise: Enterprise,
    manager: Any,
    clerk: Any,
    judge_of_repairs: Any,
    opener: Any,
    end: Callable[..., date],
):
    batch = ImportBatch.objects.create(kind="violations", state="done", rows_new=1)
    fact = penalise(enterprise, PENALTY, batch=batch)
    with at(LATER):
        report = reports.issue(enterprise, person=opener, now=timezone.now())
        assert showing(client, PENALTY, LATER) == {
            f"enterprises/{CODE}/", f"/api/v1/credit/enterprises/{CODE}"
        }  # fmt: skip
    day = end(fact, manager, clerk, judge_of_repairs)
    with at(day):
        assert showing(client, PENALTY, LATER) == set()
        assert showing(client, fact.offence, LATER) == set()
        _is_used_no_more(client, report, day)
        assert reports.issue(enterprise, person=opener, now=timezone.now()).kind == "clean"
