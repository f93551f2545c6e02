"""A court may judge a listing that left its list already: annulled, it never stood; changed, it is shortened.

Annulled by a row of its own, by two officers, and what was annulled is not restored. Two guards of 0046 let a
judgment shorten an entry that was removed, as they do one that stands or expired. Sources: 行政诉讼法
第七十条、第七十七条; 行政处罚法 第四十八条.
"""

from dataclasses import replace
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema

before = import_module("credit.migrations.0046_standing_and_measures")
ANNULMENT = "credit_entryannulment"
# What the guards of 0046 ask beside a judgment: that the entry was not removed.
STILL_THERE = {
    "credit_entry_only_ends": "OLD.removed_on IS NULL AND NEW.ends_on",
    "credit_change_follows_a_judgment": "AND e.removed_on IS NULL AND NEW.ends_on",
}
ALSO_GONE = {
    "credit_entry_only_ends": "NEW.ends_on",
    "credit_change_follows_a_judgment": "AND NEW.ends_on",
}


def standing(vendor):
    """The two guards as 0046 set them."""
    return [one for one in before.guards(vendor) if one.name in STILL_THERE]


def wider(guard):
    allowed = guard.allowed.replace(STILL_THERE[guard.name], ALSO_GONE[guard.name])
    if allowed == guard.allowed:
        raise ValueError(guard.name)
    return replace(guard, allowed=allowed)


def new_guards():
    return [
        Guard(
            "credit_annulment_follows_a_judgment", ANNULMENT, "INSERT",
            "a listing that left is annulled by a judgment, by another person than registered it",
            """
            EXISTS (SELECT 1 FROM credit_outcome o WHERE o.id = NEW.outcome_id
                    AND o.entry_id = NEW.entry_id AND o.result = 'annulled'
                    AND o.registered_by_id = NEW.asked_by_id)
            AND EXISTS (SELECT 1 FROM credit_listentry e WHERE e.id = NEW.entry_id
                        AND (e.removed_on IS NOT NULL OR e.ends_on <= NEW."on"))
            """,
        ),
        Guard(
            "credit_entry_restores_nothing_annulled", "credit_listentry", "INSERT",
            "what was annulled is not restored",
            f"""NOT EXISTS (SELECT 1 FROM credit_listcase c JOIN {ANNULMENT} a
                ON a.entry_id = c.restores_id WHERE c.id = NEW.case_id)""",  # noqa: S608
        ),
        Guard(f"{ANNULMENT}_is_written_once", ANNULMENT, "UPDATE", "what was judged is never edited"),
        Guard(f"{ANNULMENT}_stays", ANNULMENT, "DELETE", "this is never deleted"),
        comes_new(ANNULMENT, "o.entry_id = NEW.entry_id", "o.outcome_id = NEW.outcome_id"),
        never_emptied(ANNULMENT),
    ]  # fmt: skip


def lock(schema_editor):
    for guard in standing(schema_editor.connection.vendor):
        guard.down(schema_editor)
        wider(guard).up(schema_editor)
    for guard in new_guards():
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in new_guards():
        guard.down(schema_editor)
    for guard in standing(schema_editor.connection.vendor):
        guard.down(schema_editor)
        guard.up(schema_editor)


def person():
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


def judged(model):
    return models.OneToOneField(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="annulment",
        to=model,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0071_hearing_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="EntryAnnulment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("reason", models.TextField(verbose_name="理由")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                ("asked_by", person()),
                ("by", person()),
                ("entry", judged("credit.listentry")),
                ("outcome", judged("credit.outcome")),
            ],
            options={
                "verbose_name": "列入自始无效",
                "verbose_name_plural": "列入自始无效",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("asked_by")), _negated=True),
                        name="entry_is_annulled_by_two",
                    )
                ],
            },
        ),
        RunSchema(lock, unlock),
    ]
