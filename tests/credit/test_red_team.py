"""The red team: publish, extend, shorten, backdate, re-list or erase without due process, through every door."""
# ruff: noqa: S608  # every statement is written here

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.viewsets import viewsets

from accounts.roles import LABELS
from credit import tasks
from credit.acts import cases, expiry
from credit.models import (
    Accident,
    CaseArgument,
    CaseEvent,
    Enterprise,
    EntryChange,
    Jurisdiction,
    ListCase,
    ListEntry,
    Measure,
    Meeting,
    MeetingVote,
    Outcome,
    Posting,
    Suspension,
)
from credit.models.cases import LockedError
from tests.credit.casework import (
    LATER,
    TODAY,
    decided,
    heard,
    hide_accident,
    opened,
    promise,
    published,
    removed,
    reviewed,
    served,
    told,
    with_papers,
)
from tests.credit.officers import officer

LEGAL = [
    ListCase, ListEntry, CaseEvent, CaseArgument, Meeting, MeetingVote, Measure, Suspension, Outcome,
    EntryChange,
]  # fmt: skip
OFFICE = "/credit/office/"


def reach(how: Any, enterprise: Enterprise, opener: Any, decider: Any) -> ListCase:
    return how(enterprise, opener, decider) if how in (decided, served) else how(enterprise, opener)


def refused(statement: str, *values: Any) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


def picture() -> Any:
    """All of the legal standing, to compare."""
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in LEGAL}


@pytest.fixture
def villain(district: Jurisdiction) -> Any:
    """One who holds every permission of credit there is, posted to the district."""
    return officer(
        "13800000666", district, "open_case", "decide_case", "review_case", "import_records"
    )


def papered(case: ListCase, person: Any, day: date) -> ListCase:
    """With the papers of its decision, so that no service is refused for the lack of them alone."""
    return with_papers(case, person, day) if case.state == "decided" else case


# -- The acts, out of order and by one person -------------------------------------------------------------

ACTS: dict[str, Callable[[ListCase, Any, date], Any]] = {
    "legal_review": lambda c, p, d: cases.legal_review(c, officer=p, opinion="x", today=d),
    "meeting": lambda c, p, d: cases.record_meeting(
        c, officer=p, held_on=d, record="x", members=[("a", "for")] * 3, today=d
    ),
    "decide": lambda c, p, d: cases.decide(c, officer=p, number="9", reason="x", today=d),
    "serve": lambda c, p, d: cases.serve(
        papered(c, p, d), officer=p, served_on=d, how="x", today=d
    ),
    "publish": lambda c, p, d: cases.publish(c, officer=p, today=d),
    "remove": lambda c, p, d: cases.remove(c, officer=p, reason="x", today=d),
    "resume": lambda c, p, d: cases.resume(c, officer=p, reason="x", today=d),
    "change": lambda c, p, d: cases.apply_change(c, officer=p, reason="x", today=d),
    "annul": lambda c, p, d: cases.annul(c, officer=p, reason="x", today=d),
    "restore": lambda c, p, d: cases.open_restoration(c, officer=p, reason="x", paper="x", today=d),
}


@pytest.mark.parametrize("how", [opened, told, heard, reviewed])
def test_one_villain_alone_publishes_nothing(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, villain: Any, how: Any
):
    """Whoever takes over an undecided case never finishes it alone, however long they try."""
    case = reach(how, enterprise, opener, decider)
    day = LATER
    for _ in range(3):
        for act in ACTS.values():
            with suppress(cases.RefusedError):
                act(ListCase.objects.get(pk=case.pk), villain, day)
        day += timedelta(days=10)
    assert ListEntry.objects.count() == 0


def test_one_villain_alone_takes_nothing_off_the_list(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, villain: Any
):
    entry = published(enterprise, opener, decider)
    cases.ask_removal(entry.case, officer=villain, ground="wrong", reason="x", today=LATER)
    for act in ACTS.values():
        with pytest.raises(cases.RefusedError):
            act(entry.case, villain, LATER)
    assert list(ListEntry.objects.in_force(LATER)) == [entry]


@pytest.mark.parametrize("act", ["serve", "publish", "decide", "meeting"])
@pytest.mark.parametrize("how", [opened, told, heard])
def test_no_act_comes_before_its_turn(
    enterprise: Enterprise, concealed: Accident, opener: Any, villain: Any, how: Any, act: str
):
    case = how(enterprise, opener)
    before = picture()
    with pytest.raises(cases.RefusedError):
        ACTS[act](case, villain, LATER)
    assert picture() == before


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), LATER + timedelta(days=400)])
def test_no_step_is_dated_before_its_case_or_in_the_future(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, day: date
):
    case = opened(enterprise, opener)
    with pytest.raises(cases.RefusedError):
        cases.send_notice(case, officer=opener, text="x", served_on=day, today=LATER)
    case = with_papers(decided(other(enterprise), opener, decider, number="7"), opener)
    with pytest.raises(cases.RefusedError):
        cases.serve(case, officer=opener, served_on=day, how="x", today=LATER)


def other(enterprise: Enterprise) -> Enterprise:
    firm = Enterprise.objects.create(
        name="别家", legacy_number="2", place=enterprise.place, sector=enterprise.sector
    )
    hide_accident(firm, "SG-9")
    return firm


# -- Models and querysets --------------------------------------------------------------------------------


@pytest.mark.parametrize("model", LEGAL, ids=lambda model: model.__name__)
def test_no_model_or_queryset_edits_or_deletes(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, model: Any
):
    published(enterprise, opener, decider)
    row = model.objects.first()
    before = picture()
    if row is not None:
        for write in (row.save, row.delete, lambda: model.objects.bulk_update([row], ["id"])):
            with pytest.raises(LockedError):
                write()
    for write in (model.objects.all().delete, lambda: model.objects.update(id=1)):
        with pytest.raises(LockedError):
            write()
    assert picture() == before


@pytest.mark.parametrize("model", [ListCase, ListEntry, CaseArgument, Measure])
def test_no_manager_makes_a_standing(db: None, model: Any):
    for write in (
        model.objects.create,
        model.objects.get_or_create,
        model.objects.update_or_create,
    ):
        with pytest.raises(LockedError):
            write(id=1)
    with pytest.raises(LockedError):
        model.objects.bulk_create([model()])


# -- Plain SQL -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [opened, told, heard, reviewed, decided])
def test_no_statement_makes_an_entry_before_service(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, how: Any
):
    case = reach(how, enterprise, opener, decider)
    for verb in verbs("INSERT"):
        assert refused(
            f"{verb} INTO credit_listentry (case_id, enterprise_id, colour, listed_on, ends_on, authority,"
            f" published_by_id, removal_reason) VALUES ({case.pk}, {enterprise.pk}, 'black', '2026-11-16',"
            f" '2029-11-16', 'x', {opener.pk}, '')"
        ), verb
    assert ListEntry.objects.count() == 0


def verbs(plain: str) -> list[str]:
    """SQLite has more words for INSERT and UPDATE."""
    if connection.vendor == "postgresql":
        return [plain]
    return [plain, *(f"{plain} OR {way}" for way in ("REPLACE", "ROLLBACK", "FAIL"))]


def test_a_served_case_makes_one_entry_with_its_own_days_and_term(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, villain: Any
):
    case = served(enterprise, opener, decider)
    insert = (
        "INSERT INTO credit_listentry (case_id, enterprise_id, colour, listed_on, ends_on, authority,"
        " published_by_id, removal_reason, former_id) VALUES (%s, %s, %s, %s, %s, 'x', %s, '', NULL)"
    )
    right = [case.pk, enterprise.pk, "black", LATER, date(2029, 11, 16), opener.pk]
    wrong = {
        1: other(enterprise).pk,  # another enterprise
        2: "red",
        3: TODAY,  # backdated before the service
        4: date(2036, 1, 1),  # extended
        5: decider.pk,  # by the one who decided
    }
    for place, value in wrong.items():
        assert refused(insert, *right[:place], value, *right[place + 1 :]), value
    assert refused(insert, *right[:4], date(2027, 1, 1), right[5])  # shortened
    assert not refused(insert, *right)
    assert refused(insert, *right)


EDITS = [
    "credit_listentry SET ends_on = '2036-01-01'",
    "credit_listentry SET ends_on = '2027-01-01'",
    "credit_listentry SET listed_on = '2020-01-01'",
    "credit_listentry SET colour = 'red'",
    "credit_listentry SET former_id = id",
    "credit_listentry SET removed_on = '2026-11-17', removal_reason = 'x'",
    "credit_listentry SET removed_on = NULL",
    "credit_listcase SET state = 'proposed'",
    "credit_listcase SET state = 'served'",
    "credit_listcase SET decided_on = '2020-01-01'",
    "credit_listcase SET notice_served_on = '2020-01-01'",
    "credit_listcase SET legal_review_on = '2020-01-01'",
    "credit_listcase SET legal_review_opinion = 'y'",
    "credit_listcase SET term_months = 120",
    "credit_listcase SET heavy = NULL",
    "credit_listcase SET grounds = '[]'",
    "credit_listcase SET opened_by_id = decided_by_id",
    "credit_caseevent SET actor_id = NULL",
    "credit_caseevent SET action = 'x'",
    "credit_measure SET begun_on = '2020-01-01'",
    "credit_measure SET basis = 'x'",
    "credit_auditentry SET said = '{}'",
]


@pytest.mark.parametrize("edit", EDITS)
def test_no_update_touches_what_is_published(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, edit: str
):
    published(enterprise, opener, decider)
    before = picture()
    for verb in verbs("UPDATE"):
        if "ROLLBACK" not in verb:
            assert refused(f"{verb} {edit}"), verb
    assert picture() == before


def test_a_removed_entry_is_not_listed_again_by_hand(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    entry = removed(published(enterprise, opener, decider), opener, decider)
    for statement in (
        "UPDATE credit_listentry SET removed_on = NULL, removal_reason = ''",
        "UPDATE credit_listentry SET removed_on = '2029-01-01'",
        "UPDATE credit_listcase SET state = 'served'",
        "INSERT INTO credit_listentry (case_id, enterprise_id, colour, listed_on, ends_on, authority,"
        " published_by_id, removal_reason) SELECT case_id, enterprise_id, colour, '2026-11-20',"
        " '2029-11-20', authority, published_by_id, '' FROM credit_listentry",
    ):
        assert refused(statement), statement
    with pytest.raises(cases.RefusedError):
        cases.publish(entry.case, officer=opener, today=LATER)
    with pytest.raises(cases.RefusedError):
        cases.open_case(enterprise, "black", officer=opener, today=LATER)
    assert list(ListEntry.objects.in_force(LATER)) == []


@pytest.mark.parametrize("model", LEGAL, ids=lambda model: model.__name__)
def test_nothing_is_deleted_replaced_or_emptied(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, model: Any
):
    published(enterprise, opener, decider)
    table = model._meta.db_table
    if model._base_manager.exists():
        assert refused(f"DELETE FROM {table}")
    if connection.vendor == "postgresql":
        assert refused(f"TRUNCATE {table} CASCADE")
    elif model._base_manager.exists():
        assert refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_every_table_of_standing_refuses_to_be_emptied_or_replaced(db: None):
    """A new model of legal standing without its guards fails here."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {name for (name,) in cursor.fetchall()}
    ending = "never_emptied" if connection.vendor == "postgresql" else "comes_new"
    assert {f"{model._meta.db_table}_{ending}" for model in LEGAL} <= names


# -- Admins ----------------------------------------------------------------------------------------------


def test_no_admin_site_writes_standing(rf: Any, db: None):
    chief = get_user_model().objects.create_superuser("13800000099", "long-enough-9")
    request = rf.get("/")
    request.user = chief
    for model in LEGAL:
        shown = admin.site._registry.get(model)
        if shown is not None:
            assert not shown.has_add_permission(request)
            assert not shown.has_change_permission(request)
            assert not shown.has_delete_permission(request)
            assert shown.actions is None
    for hook in hooks.get_hooks("register_admin_viewset"):
        hook()
    managed = {getattr(viewset, "model", None) for viewset in viewsets.viewsets}
    assert managed.isdisjoint(LEGAL)


@pytest.mark.parametrize("model", LEGAL, ids=lambda model: model.__name__)
def test_the_administrators_forms_are_not_there(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    as_staff: Any,
    model: Any,
):
    published(enterprise, opener, decider)
    before = picture()
    people = get_user_model().objects
    as_staff(client, people.create_superuser("13800000099", "long-enough-9", phone_verified=True))
    row = model.objects.first()
    name = model._meta.model_name
    for door in ("django-admin", "admin/snippets", "admin"):
        home = f"/{door}/credit/{name}/"
        for address in (
            f"{home}add/",
            f"{home}{row and row.pk}/change/",
            f"{home}{row and row.pk}/delete/",
        ):
            answer = client.post(
                address, {"state": "published", "post": "yes", "ends_on": "2040-01-01"}
            )
            assert answer.status_code in (302, 403, 404), address
    assert picture() == before


# -- The API, and other people's sessions ----------------------------------------------------------------


def test_no_unkeyed_call_of_the_api_changes_standing(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    published(enterprise, opener, decider)
    before = picture()
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert paths
    for path in paths:
        address = path.replace("{colour}", "black")
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(
                address, data='{"state": "published"}', content_type="application/json"
            )
            assert answer.status_code >= 400, (method, address)
    assert picture() == before


STEPS = [
    "confirm", "send_notice", "statement", "consider", "request_hearing", "announce_hearing",
    "hold_hearing", "waive", "hear", "legal_review", "meeting", "decide", "serve",
    "publish", "drop", "ask_removal", "remove", "refuse_removal", "annul",
]  # fmt: skip
WORDS = {
    "text": "x", "served_on": "2026-11-02", "received_on": "2026-11-02", "opinion": "x", "passes": "yes",
    "number": "1", "reason": "x", "how": "x", "held_on": "2026-11-02", "record": "x", "ground": "wrong",
    "told_on": "2026-11-02", "set_for": "2026-11-11", "place": "x",
    "waived_on": "2026-11-02", "requested_on": "2026-11-02", "code": "x", "finding": "x",
    "state": "published", "officer": "1", "today": "2020-01-01",
}  # fmt: skip
AUTHORISED = {"credit_officer", "decision_officer", "legal_officer"}


@pytest.mark.parametrize("role", ["visitor", *sorted(set(LABELS) - AUTHORISED)])
def test_no_other_role_does_any_step_by_any_page(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    district: Jurisdiction,
    as_staff: Any,
    role: str,
):
    entry = published(enterprise, opener, decider)
    running = told(other(enterprise), opener)
    if role != "visitor":
        person = get_user_model().objects.create_user("13800000055", phone_verified=True)
        person.groups.add(Group.objects.get(name=role))
        Posting.objects.create(officer=person, place=district)
        as_staff(client, person)
    before = picture()
    for case in (entry.case, running):
        for step in STEPS:
            answer = client.post(f"{OFFICE}cases/{case.pk}/{step}/", WORDS)
            assert answer.status_code in (302, 403, 404, 422), step
            assert answer.status_code != 302 or "/login/" in answer["Location"]
    client.post(f"{OFFICE}proposals/black/{enterprise.pk}/open/")
    assert picture() == before


def test_no_page_of_credit_changes_standing_by_reading(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    villain: Any,
    as_staff: Any,
):
    """GET never moves a case, whatever the address."""
    case = served(enterprise, opener, decider)
    as_staff(client, villain)
    before = picture()
    for step in STEPS:
        assert client.get(f"{OFFICE}cases/{case.pk}/{step}/").status_code == 405
    assert picture() == before


def test_a_forged_form_field_gives_no_other_officer_and_no_other_day(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    as_staff: Any,
):
    case = reviewed(enterprise, opener)
    as_staff(client, opener)
    forged = {**WORDS, "officer": decider.pk, "decided_by": decider.pk, "decided_on": "2020-01-01"}
    answer = client.post(reverse("credit:act", args=[case.pk, "decide"]), forged)
    assert answer.status_code == 422
    assert ListCase.objects.get().decided_by is None


def test_a_page_needs_its_token(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, as_staff: Any
):
    case = served(enterprise, opener, decider)
    strict = Client(enforce_csrf_checks=True)
    as_staff(strict, opener)
    assert strict.post(f"{OFFICE}cases/{case.pk}/publish/").status_code == 403
    assert ListEntry.objects.count() == 0


# -- Commands and tasks ----------------------------------------------------------------------------------


def test_no_command_of_ours_moves_a_case(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, tmp_path: Any
):
    served(enterprise, opener, decider)
    other_case = told(other(enterprise), opener)
    before = picture()
    ours = {name for name, app in get_commands().items() if app == "credit"}
    assert "import_records" in ours
    paper = tmp_path / "x.csv"
    paper.write_text("状态\n已公示\n")
    for name in ours:
        for words in ([], [str(paper)], ["violations", str(paper)]):
            with suppress(CommandError, SystemExit, Exception), transaction.atomic():
                call_command(name, *words, verbosity=0)
    assert picture() == before
    assert other_case.state == "notice_sent"


def test_no_task_publishes_extends_or_removes_black(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    served(enterprise, opener, decider)
    published(other(enterprise), opener, decider, number="2")
    before = picture()
    for task in (tasks.end_red_entries, tasks.expire_entries, tasks.refresh_scores):
        task()
        task()
    assert picture() == before


def test_expiry_ends_nothing_before_its_day(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    entry = published(enterprise, opener, decider)
    assert expiry.expire_entries(today=entry.ends_on - timedelta(days=1)) == 0
    assert not CaseEvent.objects.filter(action="expire").exists()


def test_a_red_entry_is_not_bought_by_a_waiver_or_a_hearing(
    enterprise: Enterprise, opener: Any, decider: Any
):
    promise(enterprise)
    case = told(enterprise, opener, "red")
    for act in (
        lambda: cases.waive(case, officer=opener, waived_on=TODAY, reason="x", today=TODAY),
        lambda: cases.request_hearing(case, officer=opener, requested_on=TODAY, today=TODAY),
        lambda: cases.close_hearing(case, officer=opener, today=TODAY + timedelta(days=4)),
    ):
        with pytest.raises(cases.RefusedError):
            act()
