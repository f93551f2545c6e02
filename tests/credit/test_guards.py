"""Every guard that the database of credit must hold, by name, on both databases: a migration that remakes a
table on SQLite takes its triggers away, and parts that are joined remake each other's tables.
"""
# ruff: noqa: S608  # every statement is written here

from typing import Any, Final

import pytest
from django.db import DatabaseError, connection, transaction

from credit.models import Accident, Enterprise, ListCase, ListEntry
from tests.credit.casework import LATER, TODAY, opened, promise

# Guards on single rows, named alike on both databases, without "credit_".
ON_ROWS: Final = """
    accident_comes_back_on_paper accident_is_written_once accident_stays agency_stays
    annulment_follows_a_judgment
    argument_is_answered_once argument_is_new attachment_is_written_once attachment_stays
    audit_is_a_chain audit_is_written_once audit_stays case_begins_proposed
    case_hearing_follows_its_request case_hearing_is_announced case_reads_what_the_party_sent case_stays
    case_takes_every_step caseargument_stays casualty_decision_is_fixed casualty_decision_stays
    casualty_proposal_is_fixed casualty_proposal_stays casualty_second_person
    change_follows_a_judgment change_takes_nothing_in commendation_comes_back_on_paper
    commendation_is_written_once commendation_stays counter_begins counter_moves_by_one
    counter_stays delivery_says_the_same delivery_stays document_is_written_once
    document_replaces_its_own document_stays draft_has_one_drafter dutyreport_comes_back_on_paper
    dutyreport_is_written_once dutyreport_stays enterprisemanager_is_written_once
    enterprisemanager_stays entry_needs_due_process entry_only_ends entry_stays
    entry_restores_nothing_annulled entryannulment_is_written_once
    entryannulment_stays entrychange_is_written_once entrychange_stays event_is_written_once event_stays
    externalfact_comes_back_on_paper externalfact_is_written_once externalfact_stays
    hearing_is_announced_in_time hearingnotice_is_written_once hearingnotice_stays
    liabilityinsurance_comes_back_on_paper liabilityinsurance_is_written_once
    liabilityinsurance_stays majorhazard_comes_back_on_paper majorhazard_is_written_once
    majorhazard_stays managerrevocation_is_written_once managerrevocation_stays
    measure_begins_with_its_entry measure_is_only_lifted measure_stays meeting_is_in_time
    meeting_is_written_once meeting_stays meetingvote_is_written_once meetingvote_stays
    objection_is_the_only_one objection_is_written_once objection_stays
    objection_step_comes_before_the_end objectionstep_is_written_once objectionstep_stays
    openday_is_a_chain openday_is_written_once openday_stays openentry_ends_once openentry_stays
    outcome_is_written_once outcome_stays partystatement_is_written_once partystatement_stays
    permitchange_comes_back_on_paper permitchange_is_written_once permitchange_stays
    redaction_is_a_chain redaction_is_written_once redaction_stays repair_is_decided_by_a_second
    repair_is_revoked_by_another repair_steps_in_order repairapplication_is_written_once
    repairapplication_stays repairstep_is_written_once repairstep_stays report_is_written_once
    report_stays responsibleperson_is_written_once responsibleperson_stays
    ruleset_is_simulated_and_adopted_by_a_second_person ruleset_is_written_once ruleset_stays
    service_is_written_once service_stays serviceconsent_is_written_once serviceconsent_stays
    signingkey_is_written_once signingkey_stays simulation_begins_waiting
    simulation_is_of_one_text simulation_stays standardisation_comes_back_on_paper
    standardisation_is_written_once standardisation_stays statementtaken_is_written_once
    statementtaken_stays supervisionvisit_is_written_once supervisionvisit_stays
    suspension_is_of_red suspension_is_written_once suspension_stays template_comes_unapproved
    template_is_written_once template_stays trainingfact_comes_back_on_paper
    trainingfact_is_written_once trainingfact_stays undo_is_written_once undo_stays
    violation_comes_back_on_paper violation_is_written_once violation_stays vote_is_in_time
    withdrawal_is_restored_by_another withdrawal_is_written_once withdrawal_stays
"""
# No row is replaced (SQLite: comes_new), no table emptied (PostgreSQL: never_emptied).
WHOLE_TABLES: Final = """
    accident attachment auditentry caseargument casedocument caseevent casualtydecision
    casualtyproposal commendation creditreport delivery documentcounter documenttemplate
    dutyreport enterprisemanager entryannulment entrychange externalfact hearingnotice
    importundo liabilityinsurance listcase
    listentry majorhazard managerrevocation measure meeting meetingvote objection objectionstep
    openday openentry outcome partystatement permitchange redaction repairapplication repairstep
    responsibleperson rulesetversion serviceconsent servicerecord simulation standardisation
    statementtaken supervisionvisit suspension trainingfact violation withdrawal
"""
OWN: Final = {
    "sqlite": {
        "credit_rulesetdraft_comes_new",
        # the search index of two-character pieces
        "credit_enterprise_pieces_insert",
        "credit_enterprise_pieces_update",
        "credit_enterprise_pieces_delete",
    },
    "postgresql": {"credit_signingkey_never_emptied"},
}
ENDING: Final = {"sqlite": "comes_new", "postgresql": "never_emptied"}


def standing() -> set[str]:
    """The triggers of credit that this database holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall() if name.startswith("credit_")}


def test_after_all_migrations_every_guard_stands(db: None):
    """A guard that is missing fails here, and so does a new one that nobody wrote down."""
    vendor = connection.vendor
    rows = {f"credit_{name}" for name in ON_ROWS.split()}
    tables = {f"credit_{table}_{ENDING[vendor]}" for table in WHOLE_TABLES.split()}
    assert standing() == rows | tables | OWN[vendor]


def test_on_postgresql_no_guard_is_switched_off(db: None):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"
            )
            assert cursor.fetchall() == []


def refused(statement: str, *values: Any) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


ENTRY = (
    "INSERT INTO credit_listentry (case_id, enterprise_id, colour, listed_on, ends_on, authority,"
    " published_by_id, removal_reason) VALUES (%s, %s, %s, %s, '2029-11-16', 'x', %s, '')"
)


@pytest.mark.parametrize("colour", ["black", "red"])
def test_an_entry_without_the_steps_is_refused(
    enterprise: Enterprise, concealed: Accident, opener: Any, colour: str
):
    if colour == "red":
        Accident.objects.update(withdrawn_at="2026-10-01T00:00Z")
        promise(enterprise)
    case = opened(enterprise, opener, colour)
    for day in (TODAY, LATER):
        assert refused(ENTRY, case.pk, enterprise.pk, colour, day, opener.pk)
    assert refused(ENTRY, None, enterprise.pk, colour, LATER, opener.pk)  # of no case at all
    assert ListEntry.objects.count() == 0


def test_a_case_is_not_written_down_as_served(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    """A forged case that says it took every step is refused, so that no entry can stand on it."""
    columns = [field.column for field in ListCase._meta.concrete_fields if not field.primary_key]
    forged = {
        "colour": "'red'", "state": "'served'", "notice_served_on": "'2026-11-02'",
        "decided_by_id": str(decider.pk), "decided_on": "'2026-11-16'", "term_months": "36",
        "served_on": "'2026-11-16'", "legal_review_on": "'2026-11-16'",
    }  # fmt: skip
    opened(enterprise, opener)
    said = ", ".join(forged.get(column, column) for column in columns)
    copy = f"INSERT INTO credit_listcase ({', '.join(columns)}) SELECT {said} FROM credit_listcase"
    assert refused(copy)
    assert list(ListCase.objects.values_list("state", flat=True)) == ["proposed"]
