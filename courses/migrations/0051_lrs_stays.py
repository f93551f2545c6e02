"""Statements, sessions and what units earned are added and stay; no result without its session and statement."""

from django.db import migrations

from credit.locks import Guard, comes_new, guarding, never_emptied

TABLES = {
    "courses_xapistatement": "a statement",
    "courses_xapimention": "a mention of a statement",
    "courses_learneraccount": "an account",
    "courses_registration": "a registration",
    "courses_cmi5course": "a course structure",
    "courses_cmi5block": "a block",
    "courses_ausession": "a session",
    "courses_autoken": "a token",
    "courses_ausessionend": "an end of a session",
    "courses_unitresult": "a result",
    "courses_satisfaction": "a satisfaction",
}
# Beside the primary key: by what a row could be replaced.
KEYS = {
    "courses_xapistatement": ["(o.fact <> '' AND o.fact = NEW.fact AND o.fact_id = NEW.fact_id)"],
    "courses_xapimention": [
        "(o.statement_id = NEW.statement_id AND o.kind = NEW.kind AND o.key = NEW.key)"
    ],
    "courses_learneraccount": ["o.person_id = NEW.person_id", "o.name = NEW.name"],
    "courses_registration": ["o.enrolment_id = NEW.enrolment_id", "o.key = NEW.key"],
    "courses_ausession": ["o.key = NEW.key"],
    "courses_autoken": ["o.session_id = NEW.session_id"],
    "courses_ausessionend": ["o.session_id = NEW.session_id"],
    "courses_unitresult": [
        "o.statement_id = NEW.statement_id",
        "(o.registration_id = NEW.registration_id AND o.unit_id = NEW.unit_id "
        "AND o.verb = NEW.verb AND o.verb <> 'failed')",
    ],
    "courses_satisfaction": ["o.statement_id = NEW.statement_id"],
}
RESULT = (
    "EXISTS (SELECT 1 FROM courses_xapistatement s LEFT JOIN courses_ausession a "
    "ON a.id = s.session_id WHERE s.id = NEW.statement_id AND s.defined AND s.key_id IS NULL "
    "AND ((NEW.session_id IS NULL AND s.session_id IS NULL) OR (a.id = NEW.session_id "
    "AND a.registration_id = NEW.registration_id AND a.unit_id = NEW.unit_id)))"
)
UNIT = " AND ".join(
    f"NEW.{column} = OLD.{column}"
    for column in (
        "id", "structure_id", "publisher", "url", "move_on", "launch_method", "launch_parameters",
        "entitlement_key",
    )
)  # fmt: skip


def guards(vendor):
    for table, what in TABLES.items():
        yield Guard(f"{table}_stays", table, "DELETE", f"{what} is never deleted")
        yield Guard(f"{table}_is_written_once", table, "UPDATE", f"{what} is never edited")
        yield comes_new(table, *KEYS.get(table, []))
        yield never_emptied(table)
    yield Guard(
        "courses_unit_result_was_said",
        "courses_unitresult",
        "INSERT",
        "a result needs a statement of its own session",
        RESULT,
    )
    yield Guard("courses_cmi5_unit_stays", "courses_cmi5unit", "DELETE", "a unit is never deleted")
    yield Guard(
        "courses_cmi5_unit_is_its_publishers",
        "courses_cmi5unit",
        "UPDATE",
        "only the lesson of a unit is changed",
        f"{UNIT} AND COALESCE(NEW.mastery, -1) = COALESCE(OLD.mastery, -1)",
    )


class Migration(migrations.Migration):
    dependencies = [("courses", "0050_lrs")]

    operations = [guarding(lambda vendor: [*guards(vendor)])]
