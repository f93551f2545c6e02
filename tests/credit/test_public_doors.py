"""Whatever ended its time in public is behind no public door: one enterprise, each end, every door."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from credit.acts import cases, persons, repairs, reports, scores, undo, withdrawals
from credit.acts.casework import RefusedError
from credit.acts.open_data import publish_day
from credit.acts.open_folder import served as open_file
from credit.acts.open_rows import standing_rows
from credit.acts.outcomes import Judgment
from credit.models import Enterprise, ImportBatch, ListEntry, Violation
from tests.credit.acts.test_scores import penalise
from tests.credit.casework import (
    LATER,
    TODAY,
    hide_accident,
    promise,
    published,
    removed,
)
from tests.credit.officers import officer
from tests.credit.party import appointed, paper

DOCUMENT, OFFENCE = "云应急罚〔2026〕8807号", "未按规定设置八八零七号警示标志"
WHILE = date(2026, 12, 1)  # everything below stands on this day
BEFORE = {"as_of": "2026-11-30"}

pytestmark = pytest.mark.django_db


class People(NamedTuple):
    """Those who act."""

    opener: Any
    decider: Any
    manager: Any


@pytest.fixture
def people(enterprise: Enterprise, opener: Any, decider: Any) -> People:
    return People(opener, decider, appointed(enterprise, opener))


@pytest.fixture(autouse=True)
def own_key(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def on(day: date) -> Any:
    return time_machine.travel(f"{day} 09:00:00+08:00", tick=False)


# -- What stands, and how it ends: (words that must be gone, the first day without them) --------------------

Ended = tuple[list[str], date]


def listed(firm: Enterprise, who: People, colour: str = "black") -> tuple[ListEntry, list[str]]:
    if colour == "black":
        hide_accident(firm)
    else:
        promise(firm)
    entry = published(firm, who.opener, who.decider, colour)
    return entry, [entry.case.decision_number or "", f"/credit/{colour}/{entry.pk}/"]


def an_entry_is_removed(firm: Enterprise, who: People) -> Any:
    entry, words = listed(firm, who)
    yield words
    removed(entry, who.opener, who.decider, WHILE)
    yield WHILE


def an_entry_is_repaired(firm: Enterprise, who: People) -> Any:
    entry, words = listed(firm, who)
    yield words
    day = date(2027, 12, 1)
    clerk, judge = repairers(firm)
    made = repairs.apply(
        entry, by=who.manager, statement="已整改", promised=True, files=[paper()], today=day
    )
    repairs.accept(made, officer=clerk, today=day)
    repairs.grant(made, officer=judge, reason="材料齐全", today=day)
    yield day


def an_entry_expires(firm: Enterprise, who: People) -> Any:
    entry, words = listed(firm, who)
    yield words
    yield entry.ends_on


def a_judgment_shortens_an_entry(firm: Enterprise, who: People) -> Any:
    entry, words = listed(firm, who)
    yield words
    end = WHILE + timedelta(days=9)
    judgment = Judgment(
        body="court", result="changed", paper="判决书1号", on=WHILE, reason="判", ends_on=end
    )
    cases.register_outcome(entry.case, officer=who.opener, judgment=judgment, today=WHILE)
    cases.apply_change(entry.case, officer=who.decider, reason="按判决", today=WHILE)
    yield end


def a_red_entry_is_suspended(firm: Enterprise, who: People) -> Any:
    _, words = listed(firm, who, "red")
    yield words
    hide_accident(firm, happened_on=WHILE, penalised=False)
    cases.end_red_entries(today=WHILE)
    yield WHILE


def a_red_entry_ends_by_a_penalty(firm: Enterprise, who: People) -> Any:
    _, words = listed(firm, who, "red")
    yield words
    penalise(firm, happened_on=WHILE)
    cases.end_red_entries(today=WHILE)
    yield WHILE


def fined(firm: Enterprise, **more: Any) -> Violation:
    return penalise(firm, DOCUMENT, offence=OFFENCE, **more)


def a_penalty_is_repaired(firm: Enterprise, who: People) -> Any:
    penalty = fined(firm)
    yield [DOCUMENT, OFFENCE]
    clerk, judge = repairers(firm)
    made = repairs.apply(
        penalty, by=who.manager, statement="已整改", promised=True, files=[paper()], today=WHILE
    )
    repairs.accept(made, officer=clerk, today=WHILE)
    repairs.grant(made, officer=judge, reason="材料齐全", today=WHILE)
    yield WHILE


def a_penalty_is_withdrawn(firm: Enterprise, who: People) -> Any:
    penalty = fined(firm)
    yield [DOCUMENT, OFFENCE]
    withdrawals.withdraw(
        penalty, officer=who.opener, reason="复议撤销", paper="复议1号", today=WHILE
    )
    yield WHILE


def a_penalty_is_corrected(firm: Enterprise, who: People) -> Any:
    old = fined(firm)
    yield [OFFENCE]
    Violation.objects.filter(pk=old.pk).update(replaced_at=timezone.now())
    fined_again = {"supersedes": old, "offence": "改正后的事由"}
    penalise(firm, DOCUMENT, **fined_again)
    yield WHILE


def a_penalty_is_past_its_publication(firm: Enterprise, who: People) -> Any:
    penalty = fined(firm)
    yield [DOCUMENT, OFFENCE]
    assert penalty.public_until is not None
    yield penalty.public_until + timedelta(days=1)


def an_import_is_undone(firm: Enterprise, who: People) -> Any:
    importer = officer("13800000071", firm.place, "import_records")
    batch = ImportBatch.objects.create(
        kind="violations", file_name="x", by=importer, state="done", rows_new=1
    )
    fined(firm, batch=batch)
    yield [DOCUMENT, OFFENCE]
    undo.undo(batch, officer=importer, reason="传错了文件", today=WHILE)
    yield WHILE


def repairers(firm: Enterprise) -> tuple[Any, Any]:
    return (
        officer("13800000072", firm.place, "open_case", "accept_repair"),
        officer("13800000073", firm.place, "decide_case", "decide_repair"),
    )


ENDS: list[Callable[[Enterprise, People], Any]] = [
    an_entry_is_removed, an_entry_is_repaired, an_entry_expires, a_judgment_shortens_an_entry,
    a_red_entry_is_suspended, a_red_entry_ends_by_a_penalty, a_penalty_is_repaired,
    a_penalty_is_withdrawn, a_penalty_is_corrected, a_penalty_is_past_its_publication,
    an_import_is_undone,
]  # fmt: skip


# -- The doors ----------------------------------------------------------------------------------------------


def doors(client: Client, firm: Enterprise, who: People) -> dict[str, str]:
    """What each public door says today, and what it says of an earlier day."""
    number, place = firm.number, firm.place.code
    addresses = [
        f"/credit/enterprises/{number}/", f"/credit/enterprises/{number}/feed/",
        f"/api/v1/credit/enterprises/{number}", f"/credit/places/{place}/feed/",
        "/credit/black/", "/credit/red/", "/credit/black/feed/", "/credit/red/feed/",
        "/api/v1/credit/lists/black", "/api/v1/credit/lists/red", "/credit/red/notice/",
        f"/credit/?q={firm.name[:4]}", f"/api/v1/credit/enterprises?q={firm.name[:4]}",
        f"/credit/?q={DOCUMENT}", f"/search/?q={firm.name[:4]}", f"/search/?q={OFFENCE}",
        "/credit/objections/", "/credit/certificates/", "/credit/documents/",
    ]  # fmt: skip
    said = {}
    for address in addresses:
        for query in ({}, BEFORE, {"as_of": str(LATER)}):
            mark = "&" if "?" in address else "?"
            asked = address + (f"{mark}as_of={query['as_of']}" if query else "")
            said[asked] = client.get(asked).content.decode()
    for entry in firm.entries.all():
        for query in ({}, BEFORE):
            address = f"/credit/{entry.colour}/{entry.pk}/"
            answer = client.get(address, query)
            said[f"entry page {query}"] = f"{address} is there" * (answer.status_code == 200)
    today = timezone.localdate()
    said["open rows"] = json.dumps(standing_rows(today), ensure_ascii=False)
    publish_day(today)
    for colour in ("black", "red"):
        found = open_file(f"{today}/{colour}.jsonl")
        said[f"open data {colour}"] = found.content.decode() if found else ""
    made = reports.issue(firm, person=who.manager, now=timezone.now())
    said["report"] = made.content
    said["report page"] = client.get(f"/credit/certificates/{made.number}/").content.decode()
    return said


def showing(said: dict[str, str], words: list[str]) -> list[str]:
    """The doors that show one of the words; the address that was asked for is no word of theirs."""
    return [
        door for door, text in said.items()
        if any(word in text for word in words if word not in door)
    ]  # fmt: skip


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_what_ended_is_behind_no_public_door(
    client: Client, enterprise: Enterprise, people: People, end: Any
):
    steps = end(enterprise, people)
    words = next(steps)
    scores.refresh([enterprise.pk], as_of=WHILE - timedelta(days=1))
    with on(WHILE - timedelta(days=1)):
        shown = showing(doors(client, enterprise, people), words)
    assert f"/credit/enterprises/{enterprise.number}/" in shown  # it was public
    old = list(enterprise.reports.all())
    with on(WHILE):
        day = next(steps)
    with on(day):
        scores.refresh([enterprise.pk], as_of=day)
        assert showing(doors(client, enterprise, people), words) == []
        for report in old:
            if report.kind == "report":
                with pytest.raises(RefusedError):
                    reports.printed_pdf(report, today=day)


def test_a_ground_that_a_judgment_took_away_is_gone_with_its_persons_and_does_not_come_back(
    client: Client, enterprise: Enterprise, people: People
):
    with on(TODAY):
        hide_accident(enterprise)
        fled = hide_accident(enterprise, "SG-2", concealed=False, principal_fled=True)
        persons.record_person(
            fled, officer=people.opener, name="欧阳八八", role="principal", finding="逃匿",
            notice_served_on=TODAY, today=TODAY,
        )  # fmt: skip
        entry = published(enterprise, people.opener, people.decider)
    struck = next(g["name"] for g in entry.grounds if g["code"] == "principal_fled")
    shown = f"/credit/black/{entry.pk}/"
    with on(LATER):
        before = reports.issue(enterprise, person=people.manager, now=timezone.now())
        assert struck in before.content
        assert "欧**" in client.get(shown).content.decode()
    judgment = Judgment(
        body="court", result="changed", paper="判决书1号", on=LATER, reason="判",
        grounds=["concealment"],
    )  # fmt: skip
    cases.register_outcome(entry.case, officer=people.opener, judgment=judgment, today=LATER)
    cases.apply_change(entry.case, officer=people.decider, reason="按判决", today=LATER)
    with on(WHILE):
        said = doors(client, enterprise, people)
        filters = {door for door in said if door.startswith(("/credit/black/?", "/credit/black/"))}
        assert set(showing(said, [struck])) <= filters - {"/credit/black/feed/"}
        page = client.get(shown).content.decode()
        assert (struck in page, "欧**" in page) == (False, False)
        assert not reports.may_be_printed(before, WHILE)
    day = date(2027, 12, 1)
    met = {"duties_performed": True, "harm_remedied": True}
    asked = {"ground": "early", "reason": "申请书", "today": day, **met}
    cases.ask_removal(entry.case, officer=people.opener, **asked)
    cases.remove(entry.case, officer=people.decider, reason="符合条件", today=day)
    proof = {"reason": "凭证系伪造", "paper": "公安函1号"}
    again = cases.open_restoration(
        entry.case, officer=people.opener, today=date(2028, 3, 1), **proof
    )
    assert [ground["code"] for ground in again.grounds] == ["concealment"]
