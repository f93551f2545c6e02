"""The day until which a penalty is public follows from the rules: it is filled anew when they change.

Everything else of a fact stays as it was written.
"""

from importlib import import_module

from django.db import migrations

from credit.locks import Guard

same = import_module("credit.migrations.0005_tighter_lock").same
FOLLOWS = {"replaced_at", "withdrawn_at", "public_until"}


def guard_of(apps, vendor, follows):
    model = apps.get_model("credit", "Violation")
    table = model._meta.db_table
    fixed = [f.column for f in model._meta.concrete_fields if f.column not in follows]
    return Guard(
        f"{table}_is_written_once", table, "UPDATE",
        "a fact is corrected by a new row or withdrawn, never edited",
        f"{same(vendor, fixed)} AND (OLD.replaced_at IS NULL OR {same(vendor, ['replaced_at'])})",
    )  # fmt: skip


def loosen(apps, schema_editor):
    _set(apps, schema_editor, FOLLOWS)


def tighten(apps, schema_editor):
    _set(apps, schema_editor, FOLLOWS - {"public_until"})


def _set(apps, schema_editor, follows):
    guard = guard_of(apps, schema_editor.connection.vendor, follows)
    guard.down(schema_editor)
    guard.up(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("credit", "0036_first_ruleset")]
    operations = [migrations.RunPython(loosen, tighten)]
