"""Facts stay in the database itself: a penalty or an accident is only marked as corrected or withdrawn.

SQLite drops these guards when a later migration remakes one of the two tables: such a migration must
set them again (tests/credit/test_lock.py tells).
"""

from importlib import import_module

from django.db import migrations

from credit.locks import Guard, comes_new, never_emptied

same = import_module("credit.migrations.0005_tighter_lock").same
MARKS = {"replaced_at", "withdrawn_at"}


def guards_of(model, vendor):
    table = model._meta.db_table
    fixed = [f.column for f in model._meta.concrete_fields if f.column not in MARKS]
    corrected_once = f"(OLD.replaced_at IS NULL OR {same(vendor, ['replaced_at'])})"
    return [
        Guard(
            f"{table}_is_written_once", table, "UPDATE",
            "a fact is corrected by a new row or withdrawn, never edited",
            f"{same(vendor, fixed)} AND {corrected_once}",
        ),
        Guard(f"{table}_stays", table, "DELETE", "a fact is never deleted"),
        comes_new(
            table,
            "o.supersedes_id = NEW.supersedes_id",
            "(o.source = NEW.source AND o.identity = NEW.identity"
            " AND o.enterprise_id = NEW.enterprise_id"
            " AND o.replaced_at IS NULL AND NEW.replaced_at IS NULL)",
        ),
        never_emptied(table),
    ]  # fmt: skip


def guards(apps, vendor):
    models = [apps.get_model("credit", name) for name in ("Violation", "Accident")]
    return [guard for model in models for guard in guards_of(model, vendor)]


def lock(apps, schema_editor):
    for guard in guards(apps, schema_editor.connection.vendor):
        guard.up(schema_editor)


def unlock(apps, schema_editor):
    for guard in guards(apps, schema_editor.connection.vendor):
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("credit", "0021_public_until")]
    operations = [migrations.RunPython(lock, unlock)]
