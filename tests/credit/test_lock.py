"""The publication lock: models, database, admin and API refuse every way round the acts."""
# ruff: noqa: S608  # every statement is written here

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.test import Client

from credit.acts import cases
from credit.models import Accident, CaseEvent, Enterprise, ListCase, ListEntry
from credit.models.cases import LockedError
from tests.credit.acts.test_scores import penalise
from tests.credit.casework import (
    LATER,
    TODAY,
    decided,
    heard,
    hide_accident,
    legal_reviewer,
    looked_up,
    met,
    opened,
    promise,
    published,
    reviewed,
    served,
    told,
    with_hearing_notice,
    with_papers,
)

REVIEW = (
    "UPDATE credit_listcase SET state = 'legal_reviewed', legal_review_by_id = %s,"
    " legal_review_on = %s, legal_review_opinion = 'x'"
)
DECIDE = (
    "UPDATE credit_listcase SET state = 'decided', decision_number = '1', decision_text = 'x',"
    " term_months = 36, decided_by_id = %s, decided_on = %s"
)


def entry_of(case: ListCase, person: Any) -> ListEntry:
    return ListEntry(
        case=case, enterprise=case.enterprise, colour="black", listed_on=LATER,
        ends_on=date(2029, 11, 16), authority="x", published_by=person,
    )  # fmt: skip


def refused(statement: str, *values: Any) -> bool:
    """Whether the database itself refuses."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


def test_the_models_refuse_every_ordinary_write(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = opened(enterprise, opener)
    entry = entry_of(case, opener)
    event = CaseEvent.objects.get()
    writes = [
        case.save,
        case.delete,
        entry.save,
        entry.delete,
        event.save,
        event.delete,
        lambda: ListCase.objects.filter(pk=case.pk).update(state="published"),
        lambda: ListCase.objects.all().delete(),
        lambda: ListCase.objects.bulk_update([case], ["state"]),
        lambda: ListEntry.objects.create(case=case),
        lambda: ListEntry.objects.get_or_create(case=case),
        lambda: ListEntry.objects.bulk_create([entry]),
        lambda: enterprise.entries.create(case=case),
        lambda: enterprise.cases.update(state="published"),
        lambda: CaseEvent.objects.update(reason="x"),
        lambda: case.events.all().delete(),
    ]
    for write in writes:
        with pytest.raises(LockedError):
            write()
    assert ListCase.objects.get().state == "proposed"


@pytest.mark.parametrize("reach", [opened, told, heard, reviewed, decided])
def test_the_database_takes_no_entry_before_service(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, reach: Any
):
    people = [opener, decider] if reach is decided else [opener]
    case = reach(enterprise, *people)
    with pytest.raises(DatabaseError), transaction.atomic():
        ListEntry._base_manager.bulk_create([entry_of(case, opener)])
    assert refused(
        "INSERT INTO credit_listentry (case_id, enterprise_id, colour, listed_on, ends_on, "
        "authority, published_by_id, removal_reason) VALUES (%s, %s, 'black', %s, %s, 'x', %s, '')",
        case.pk, enterprise.pk, LATER, date(2029, 1, 1), opener.pk,
    )  # fmt: skip
    assert ListEntry.objects.count() == 0


STEPS = ["proposed", "notice_sent", "heard", "legal_reviewed", "decided", "served", "published"]


@pytest.mark.parametrize("reach", [opened, told, heard, reviewed, decided, served])
def test_the_database_lets_no_step_be_skipped_or_undone(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, reach: Any
):
    people = [opener, decider] if reach in (decided, served) else [opener]
    case = reach(enterprise, *people)
    for state in STEPS:
        # That the term is over, the rule asks; the database asks again at the decision.
        if state != case.state and (case.state, state) != ("notice_sent", "heard"):
            assert refused("UPDATE credit_listcase SET state = %s", state), state
    assert refused("UPDATE credit_listcase SET state = 'dropped'")  # without a reason
    assert refused("DELETE FROM credit_listcase")


def test_a_case_cannot_begin_half_way(enterprise: Enterprise, opener: Any):
    for begun in (
        {"state": "served"},
        {"notice_served_on": TODAY},
        {"decided_on": TODAY},
        {"served_on": TODAY},
        {"waived_on": TODAY},
    ):
        case = ListCase(
            enterprise=enterprise, colour="black", grounds=[], ruleset="x", opened_by=opener,
            opened_on=TODAY, **begun,
        )  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            ListCase._base_manager.bulk_create([case])


def test_the_database_asks_for_the_defence(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = told(enterprise, opener)
    cases.record_statement(case, officer=opener, text="辩", received_on=TODAY, today=TODAY)
    assert refused("UPDATE credit_listcase SET state = 'heard'")
    cases.consider_statement(case, officer=opener, opinion="答", today=TODAY)
    assert not refused("UPDATE credit_listcase SET state = 'heard'")
    lawyer = legal_reviewer(enterprise)
    assert refused(DECIDE, decider.pk, LATER)  # no legal review yet
    assert refused(REVIEW, opener.pk, TODAY)  # the officer who opened it
    assert not refused(REVIEW, lawyer.pk, TODAY)
    assert refused(DECIDE, opener.pk, LATER)  # the officer who opened it
    assert refused(DECIDE, lawyer.pk, LATER)  # who did the legal review
    assert refused(DECIDE, decider.pk, TODAY + timedelta(days=5))  # five working days are not over
    assert not refused(DECIDE, decider.pk, LATER)


def test_the_database_asks_for_an_opinion_on_each_argument(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = told(enterprise, opener)
    cases.record_statement(
        case, officer=opener, text="书", arguments=["一", "二"], received_on=TODAY, today=TODAY
    )
    answer = (
        "UPDATE credit_caseargument SET opinion = 'x', accepted = %s, answered_by_id = %s,"
        " answered_on = '2026-11-02' WHERE text = %s"
    )
    assert not refused(answer, False, opener.pk, "一")
    assert refused(answer, True, opener.pk, "一")  # once
    opinion = "UPDATE credit_listcase SET statement_opinion = 'x'"
    assert not refused(opinion)
    assert refused("UPDATE credit_listcase SET state = 'heard'")
    assert refused("UPDATE credit_caseargument SET text = 'x'")
    assert refused("DELETE FROM credit_caseargument")
    assert not refused(answer, False, opener.pk, "二")
    assert not refused("UPDATE credit_listcase SET state = 'heard'")
    assert refused(
        "INSERT INTO credit_caseargument (case_id, received_on, text, opinion)"
        " VALUES (%s, '2026-11-02', '三', '')", case.pk,
    )  # fmt: skip


def test_the_database_asks_for_a_chair_who_did_not_investigate(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = told(enterprise, opener)
    hold = "UPDATE credit_listcase SET hearing_held_on = '2026-11-16', hearing_chair_id = %s"
    lawyer = legal_reviewer(enterprise)
    assert refused(hold, lawyer.pk)  # nobody asked
    cases.request_hearing(case, officer=opener, requested_on=TODAY, today=TODAY)
    assert refused(hold, None)
    assert refused(hold, opener.pk)
    assert refused(hold, lawyer.pk)  # nobody told the party of a day
    with_hearing_notice(case, opener, LATER, TODAY)
    cases.announce_hearing(
        case, officer=opener, told_on=TODAY, set_for=LATER, place="二楼会议室", today=TODAY
    )
    assert refused(hold, opener.pk)
    assert not refused(hold, lawyer.pk)


def test_the_database_asks_for_the_vote_of_the_heads(
    enterprise: Enterprise, opener: Any, decider: Any
):
    hide_accident(enterprise, concealed=False, deaths=10, grade="major")
    case = heard(enterprise, opener)
    meet = (
        "INSERT INTO credit_meeting (case_id, held_on, record, recorded_by_id, recorded_at)"
        f" VALUES ({case.pk}, '2026-11-16', 'x', {opener.pk}, '2026-11-16')"
    )
    assert refused(meet)  # before the legal review
    cases.legal_review(case, officer=legal_reviewer(enterprise), opinion="合法", today=LATER)
    assert refused(DECIDE, decider.pk, LATER)
    assert refused("UPDATE credit_listcase SET heavy = FALSE")
    few = [("甲", "for"), ("乙", "for")]
    against = [("甲", "for"), ("乙", "against"), ("丙", "abstain")]
    for members in (few, against):
        cases.record_meeting(
            case, officer=opener, held_on=LATER, record="录", members=members, today=LATER
        )
        assert refused(DECIDE, decider.pk, LATER), members
    for statement in (
        "UPDATE credit_meetingvote SET vote = 'for'",
        "DELETE FROM credit_meetingvote",
        "UPDATE credit_meeting SET record = 'y'",
        "DELETE FROM credit_meeting",
    ):
        assert refused(statement), statement
    met(case, opener)
    assert not refused(DECIDE, decider.pk, LATER)
    assert refused(meet)


def test_an_entry_runs_for_the_decided_term_alone(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = served(enterprise, opener, decider)
    for ends_on in (date(2029, 11, 17), date(2029, 11, 10), date(2099, 1, 1), date(2027, 1, 1)):
        entry = entry_of(case, opener)
        entry.ends_on = ends_on
        with pytest.raises(DatabaseError), transaction.atomic():
            ListEntry._base_manager.bulk_create([entry])
    ListEntry._base_manager.bulk_create([entry_of(case, opener)])


FIXED = {
    "decision_text": "other",
    "legal_review_opinion": "other",
    "legal_review_on": "2026-01-01",
    "term_months": 72,
    "heavy": True,
    "decision_number": "other",
    "notice_text": "other",
    "notice_served_on": "2026-01-01",
    "statement_text": "other",
    "waived_on": "2026-01-01",
    "served_on": "2026-12-01",
    "served_how": "other",
    "opened_on": "2026-01-01",
    "grounds": "[]",
}


@pytest.mark.parametrize("column", FIXED)
def test_the_facts_of_a_served_case_stay(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, column: str
):
    served(enterprise, opener, decider)
    assert refused(f"UPDATE credit_listcase SET {column} = %s", FIXED[column])


def test_the_decision_is_by_one_who_did_no_other_step(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = told(enterprise, opener)
    case = cases.close_hearing(case, officer=decider, today=LATER)
    assert refused(REVIEW, decider.pk, LATER)
    cases.legal_review(case, officer=legal_reviewer(enterprise), opinion="合法", today=LATER)
    assert refused(DECIDE, decider.pk, LATER)


def test_the_opener_does_not_kill_a_decided_case(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    decided(enterprise, opener, decider)
    drop = "UPDATE credit_listcase SET state = 'dropped', drop_reason = 'x', dropped_by_id = %s"
    assert refused(drop, None)
    assert refused(drop, opener.pk)
    assert not refused(drop, decider.pk)


def test_an_entry_leaves_by_two_officers_alone(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    entry = published(enterprise, opener, decider)
    remove = (
        "UPDATE credit_listentry SET removed_on = '2026-11-17', removal_reason = 'x',"
        " removed_by_id = %s"
    )
    assert refused(remove, decider.pk)  # nobody asked
    cases.ask_removal(entry.case, officer=opener, ground="wrong", reason="撤销", today=LATER)
    assert refused(remove, None)
    assert refused(remove, opener.pk)
    assert refused(remove, decider.pk)  # its measures run
    assert not refused("UPDATE credit_measure SET lifted_on = '2026-11-17', lift_reason = 'x'")
    assert not refused(remove, decider.pk)


def test_the_red_announcement_needs_a_look_at_what_no_record_shows(
    enterprise: Enterprise, opener: Any
):
    promise(enterprise)
    case = opened(enterprise, opener, "red")
    tell = (
        "UPDATE credit_listcase SET state = 'notice_sent', notice_text = 'x',"
        " notice_served_on = '2026-11-02'"
    )
    assert refused(tell)
    looked_up(case, opener)
    assert not refused(tell)


def test_the_time_for_objections_to_red_has_no_short_cut(
    enterprise: Enterprise, opener: Any, decider: Any
):
    promise(enterprise)
    case = told(enterprise, opener, "red")
    for fact in ("waived_on", "hearing_requested_on", "hearing_held_on"):
        assert refused(f"UPDATE credit_listcase SET {fact} = '2026-11-03'"), fact
    assert not refused("UPDATE credit_listcase SET state = 'heard'")
    assert not refused(REVIEW, legal_reviewer(enterprise).pk, case.notice_served_on)
    assert refused(DECIDE, decider.pk, case.notice_served_on + timedelta(days=5))
    assert not refused(DECIDE, decider.pk, LATER)


def test_the_decider_does_not_publish(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = served(enterprise, opener, decider)
    with pytest.raises(DatabaseError), transaction.atomic():
        ListEntry._base_manager.bulk_create([entry_of(case, decider)])
    ListEntry._base_manager.bulk_create([entry_of(case, opener)])


def test_no_row_is_replaced_or_emptied_away(enterprise: Enterprise, opener: Any, decider: Any):
    """INSERT OR REPLACE on SQLite and TRUNCATE on PostgreSQL pass the guards on UPDATE and DELETE."""
    hide_accident(enterprise, concealed=False, deaths=10, grade="major")
    case = told(enterprise, opener)
    cases.record_statement(case, officer=opener, text="辩", received_on=TODAY, today=TODAY)
    case = cases.consider_statement(case, officer=opener, opinion="答", today=TODAY)
    case = cases.close_hearing(case, officer=opener, today=LATER)
    case = met(
        cases.legal_review(case, officer=legal_reviewer(enterprise), opinion="x", today=LATER),
        opener,
    )
    case = cases.decide(case, officer=decider, number="1", reason="x", today=LATER)
    case = with_papers(case, opener)
    case = cases.serve(case, officer=opener, served_on=LATER, how="直接", today=LATER)
    cases.publish(case, officer=opener, today=LATER)
    tables = [
        "credit_listcase", "credit_listentry", "credit_caseevent", "credit_accident",
        "credit_caseargument", "credit_meeting", "credit_meetingvote",
    ]  # fmt: skip
    for table in tables:
        if connection.vendor == "postgresql":
            assert refused(f"TRUNCATE {table} CASCADE"), table
            continue
        for pragma in ("OFF", "ON"):
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA recursive_triggers={pragma}")
            copy = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
            assert refused(copy), (table, pragma)
    if connection.vendor == "postgresql":
        assert refused("TRUNCATE courses_studyevent CASCADE")


@pytest.mark.parametrize("kind", ["violation", "accident"])
def test_what_a_fact_says_stays(enterprise: Enterprise, kind: str):
    (penalise if kind == "violation" else hide_accident)(enterprise)
    table = f"credit_{kind}"
    other = {"violation": "fine = 1", "accident": "deaths = 9"}[kind]
    for statement in (
        f"UPDATE {table} SET {other}",
        f"UPDATE {table} SET happened_on = '2020-01-01'",
        f"UPDATE {table} SET source_key = 'x', replaced_at = '2026-10-01'",
        f"DELETE FROM {table}",
    ):
        assert refused(statement), statement
    assert not refused(f"UPDATE {table} SET withdrawn_at = '2026-10-01'")
    assert not refused(f"UPDATE {table} SET replaced_at = '2026-10-01'")
    assert refused(f"UPDATE {table} SET replaced_at = NULL")


def test_a_new_case_does_not_replace_the_open_one(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    case = opened(enterprise, opener)
    if connection.vendor == "sqlite":
        columns = [f.column for f in ListCase._meta.concrete_fields if not f.primary_key]
        names = ", ".join(columns)
        assert refused(
            f"INSERT OR REPLACE INTO credit_listcase ({names}) SELECT {names} FROM credit_listcase"
        )
    assert list(ListCase.objects.all()) == [case]


def test_sqlite_fires_the_guards_on_rows_that_replace_takes_away(db: None):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA recursive_triggers").fetchone() == (1,)


def test_an_entry_and_its_steps_stay(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    published(enterprise, opener, decider)
    for statement in (
        "UPDATE credit_listentry SET ends_on = '2040-01-01'",
        "UPDATE credit_listentry SET removed_on = '2027-01-01'",  # without a reason
        "UPDATE credit_listentry SET removed_on = '2027-01-01', removal_reason = 'x', authority = 'y'",
        "DELETE FROM credit_listentry",
        "DELETE FROM credit_caseevent",
        "UPDATE credit_caseevent SET reason = 'x'",
        "UPDATE credit_listcase SET state = 'served'",
        "UPDATE credit_listcase SET drop_reason = 'x', state = 'dropped'",
    ):
        assert refused(statement), statement


# -- The administrator and the API -----------------------------------------------------------------------


@pytest.mark.parametrize("model", ["listcase", "listentry", "caseevent", "score", "violation"])
def test_the_admin_shows_and_changes_nothing(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    as_staff: Any,
    model: str,
):
    entry = published(enterprise, opener, decider)
    chief = get_user_model().objects.create_superuser(
        "13800000099", "long-enough-9", phone_verified=True
    )
    as_staff(client, chief)
    home = f"/django-admin/credit/{model}/"
    assert client.get(home).status_code == 200
    assert client.get(f"{home}add/").status_code == 403
    assert client.post(f"{home}add/", {"state": "published"}).status_code == 403
    key = {"listcase": entry.case_id, "listentry": entry.pk}.get(model)
    if key:
        assert client.get(f"{home}{key}/change/").status_code == 200
        assert client.post(f"{home}{key}/change/", {"state": "x"}).status_code == 403
        assert client.post(f"{home}{key}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [key or 1], "post": "yes"}
    client.post(home, chosen)
    assert ListEntry.objects.get() == entry
    assert ListCase.objects.get().state == "published"


@pytest.mark.parametrize("colour", ["black", "red"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_only_reads(client: Client, db: None, colour: str, method: str):
    answer = getattr(client, method)(f"/api/v1/credit/lists/{colour}", {})
    assert answer.status_code == 405
