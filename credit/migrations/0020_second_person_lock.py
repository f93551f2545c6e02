"""The lock asks for a second person at both ends, and sees the ways round row guards.

Since 0005 one person could hear, decide, serve and publish a case that a colleague had opened, and the
officer who opened a case could drop it after it was decided. SQLite's INSERT OR REPLACE and PostgreSQL's
TRUNCATE passed the guards. Now a case says who dropped it.
"""

from dataclasses import replace
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import comes_new, never_emptied
from credit.operations import RunSchema

before = import_module("credit.migrations.0005_tighter_lock")
TABLES = ("credit_listcase", "credit_listentry", "credit_caseevent")
OTHER_STEP = (
    "EXISTS (SELECT 1 FROM credit_caseevent e WHERE e.case_id = {case} AND e.actor_id = {person}"
    " AND e.action <> 'decide')"
)


def takes_every_step(guard, vendor):
    decider = OTHER_STEP.format(case="NEW.id", person="NEW.decided_by_id")
    dropper = OTHER_STEP.format(case="NEW.id", person="NEW.dropped_by_id")
    return replace(
        guard,
        allowed=f"""
        ({guard.allowed})
        AND (OLD.state <> 'heard' OR NEW.state <> 'decided' OR NOT {decider})
        AND (NEW.state = 'dropped' OR ({before.same(vendor, ("drop_reason", "dropped_by_id"))}))
        AND (NEW.state <> 'dropped' OR NEW.dropped_by_id IS NOT NULL)
        AND (NEW.state <> 'dropped' OR OLD.decided_on IS NULL
             OR (NEW.dropped_by_id <> OLD.opened_by_id AND NOT {dropper}))
        AND (NEW.decision_number IS NULL OR NOT EXISTS (
             SELECT 1 FROM credit_listcase o
             WHERE o.id <> NEW.id AND o.decision_number = NEW.decision_number))
        """,  # noqa: S608  # every name is written here
    )


def needs_due_process(guard):
    decider = OTHER_STEP.format(case="c.id", person="c.decided_by_id")
    return replace(
        guard,
        allowed=f"""
        ({guard.allowed}) AND EXISTS (
          SELECT 1 FROM credit_listcase c WHERE c.id = NEW.case_id
          AND c.decided_by_id <> NEW.published_by_id AND NOT {decider})
        """,  # noqa: S608
    )


def guards(vendor):
    """Those of 0005, two of them tighter, and those that see REPLACE and TRUNCATE."""
    tighter = {
        "credit_case_takes_every_step": lambda guard: takes_every_step(guard, vendor),
        "credit_entry_needs_due_process": needs_due_process,
    }
    rows = [tighter.get(one.name, lambda same: same)(one) for one in before.guards(vendor)]
    new = [
        comes_new(
            "credit_listcase",
            "o.decision_number = NEW.decision_number",
            "(o.enterprise_id = NEW.enterprise_id AND o.colour = NEW.colour"
            " AND o.state NOT IN ('published', 'dropped'))",
        ),
        comes_new("credit_listentry", "o.case_id = NEW.case_id"),
        comes_new("credit_caseevent"),
    ]
    return [*rows, *new, *(never_emptied(table) for table in TABLES)]


def lock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0012_folded_search_text"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        RunSchema(before.unlock, before.lock),
        migrations.AddField(
            model_name="listcase",
            name="dropped_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        RunSchema(lock, unlock),
    ]
