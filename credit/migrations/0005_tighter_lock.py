"""The lock holds the facts of each step fast once the next is taken, and asks for the defence itself.

Since 0004 it was possible, with SQL, to change the grounds of a decided case or the day of service while
the entry was made. Also: a step says what it wrote (snapshot), and may be the system's (no actor);
a score says when its figures changed. SQLite remakes the table of steps, so all guards are set anew.
"""

from importlib import import_module

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard
from credit.operations import RunSchema

BEFORE = import_module("credit.migrations.0004_publication_lock").GUARDS
OPEN = "('proposed', 'notice_sent', 'heard', 'decided', 'served')"
ALWAYS = ("id", "enterprise_id", "colour", "opened_by_id", "opened_on", "grounds", "ruleset")
NOTICE = ("notice_text", "notice_served_on")
DEFENCE = (
    "statement_on", "statement_text", "statement_opinion",
    "hearing_requested_on", "hearing_held_on", "hearing_record", "waived_on",
)  # fmt: skip
DECISION = ("decided_by_id", "decided_on", "decision_number", "decision_text")
SERVICE = ("served_on", "served_how")
# Five working days are never fewer than five days; the exact day is the rule's (credit.rules.cases).
FIVE_DAYS_LATER = {
    "sqlite": "date(NEW.notice_served_on, '+5 days')",
    "postgresql": "NEW.notice_served_on + 5",
}
SAME = {"sqlite": "IS", "postgresql": "IS NOT DISTINCT FROM"}


def same(vendor, columns):
    return " AND ".join(f"NEW.{name} {SAME[vendor]} OLD.{name}" for name in columns)


def begins(vendor):
    return Guard(
        "credit_case_begins_proposed", "credit_listcase", "INSERT",
        "a case begins as proposed, with nothing done yet",
        "NEW.state = 'proposed' AND NEW.drop_reason = '' AND "
        + " AND ".join(
            f"NEW.{name} IS NULL"
            for name in (*NOTICE, *DEFENCE, *DECISION, *SERVICE)
            if name.endswith(("_on", "_id", "_number"))
        ),
    )  # fmt: skip


def takes_every_step(vendor):
    return Guard(
        "credit_case_takes_every_step", "credit_listcase", "UPDATE",
        "a case takes every step: notice, hearing, decision by another officer, service",
        f"""
        {same(vendor, ALWAYS)}
        AND (OLD.state = 'proposed' OR ({same(vendor, NOTICE)}))
        AND (OLD.state IN ('proposed', 'notice_sent') OR ({same(vendor, DEFENCE)}))
        AND ((OLD.state = 'heard' AND NEW.state = 'decided') OR ({same(vendor, DECISION)}))
        AND ((OLD.state = 'decided' AND NEW.state = 'served') OR ({same(vendor, SERVICE)}))
        AND (
          (NEW.state = OLD.state AND OLD.state IN {OPEN})
          OR (OLD.state = 'proposed' AND NEW.state = 'notice_sent' AND NEW.notice_text <> ''
              AND NEW.notice_served_on IS NOT NULL)
          OR (OLD.state = 'notice_sent' AND NEW.state = 'heard'
              AND (NEW.statement_on IS NULL OR NEW.statement_opinion <> '')
              AND (NEW.hearing_requested_on IS NULL OR NEW.hearing_held_on IS NOT NULL))
          OR (OLD.state = 'heard' AND NEW.state = 'decided'
              AND NEW.decided_by_id <> NEW.opened_by_id AND NEW.decision_number <> ''
              AND NEW.decided_on >= NEW.notice_served_on
              AND (NEW.waived_on IS NOT NULL OR NEW.hearing_held_on IS NOT NULL
                   OR NEW.decided_on > {FIVE_DAYS_LATER[vendor]}))
          OR (OLD.state = 'decided' AND NEW.state = 'served' AND NEW.served_on >= NEW.decided_on)
          OR (OLD.state = 'served' AND NEW.state = 'published'
              AND EXISTS (SELECT 1 FROM credit_listentry e WHERE e.case_id = NEW.id))
          OR (OLD.state IN {OPEN} AND NEW.state = 'dropped' AND NEW.drop_reason <> '')
        )
        """,  # noqa: S608  # every name is written here
    )  # fmt: skip


def only_ends(vendor):
    fixed = (
        "id", "case_id", "enterprise_id", "colour", "listed_on", "ends_on", "authority",
        "published_by_id",
    )  # fmt: skip
    return Guard(
        "credit_entry_only_ends", "credit_listentry", "UPDATE",
        "an entry can only be removed, once, with a reason",
        f"""
        OLD.removed_on IS NULL AND NEW.removed_on >= OLD.listed_on AND NEW.removal_reason <> ''
        AND {same(vendor, fixed)}
        """,
    )  # fmt: skip


def guards(vendor):
    """Those of 0004, three of them tighter."""
    tighter = {
        guard.name: guard for guard in (begins(vendor), takes_every_step(vendor), only_ends(vendor))
    }
    return [tighter.get(guard.name, guard) for guard in BEFORE]


def set_before(schema_editor):
    for guard in BEFORE:
        guard.up(schema_editor)


def drop_before(schema_editor):
    for guard in BEFORE:
        guard.down(schema_editor)


def lock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0004_publication_lock"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        RunSchema(drop_before, set_before),
        migrations.AddField(
            model_name="caseevent",
            name="snapshot",
            field=models.JSONField(
                blank=True,
                default=dict,
                encoder=django.core.serializers.json.DjangoJSONEncoder,
                verbose_name="留痕",
            ),
        ),
        migrations.AlterField(
            model_name="caseevent",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="score",
            name="computed_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, verbose_name="数值变动时间"
            ),
        ),
        RunSchema(lock, unlock),
    ]
