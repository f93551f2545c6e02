"""An entry leaves its list early only when one officer asked and another granted it; red also by itself.

And no red announcement without an officer's look at what the platform keeps no record of.
"""

from dataclasses import replace
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.operations import RunSchema

before = import_module("credit.migrations.0020_second_person_lock")


def only_ends(guard):
    return replace(
        guard,
        allowed=f"""
        ({guard.allowed}) AND (
          (NEW.removed_by_id IS NULL AND NEW.colour = 'red')
          OR EXISTS (SELECT 1 FROM credit_caseevent e WHERE e.case_id = NEW.case_id
                     AND e.action = 'ask_removal' AND e.actor_id <> NEW.removed_by_id))
        """,  # noqa: S608  # every name is written here
    )


def takes_every_step(guard):
    return replace(
        guard,
        allowed=f"""
        ({guard.allowed}) AND (
          NEW.colour <> 'red' OR OLD.state <> 'proposed' OR NEW.state <> 'notice_sent'
          OR EXISTS (SELECT 1 FROM credit_caseevent e
                     WHERE e.case_id = NEW.id AND e.action = 'confirm'))
        """,  # noqa: S608
    )


def guards(vendor):
    """Those of 0020, two of them tighter."""
    tighter = {
        "credit_entry_only_ends": only_ends,
        "credit_case_takes_every_step": takes_every_step,
    }
    return [tighter.get(one.name, lambda same: same)(one) for one in before.guards(vendor)]


def lock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0022_facts_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        RunSchema(before.unlock, before.lock),
        migrations.AddField(
            model_name="listentry",
            name="removed_by",
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
