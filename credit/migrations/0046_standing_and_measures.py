"""Measures that begin and end with their entry, suspension of red entries, judgments and what they change; expiry once.

An entry may be shortened by a judgment, on two officers' word, and leaves its list only when its measures are
lifted. Sources: 应急管理部令第11号; 安监总办〔2017〕133号; 行政处罚法 第四十八条.
"""

from dataclasses import replace
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

before = import_module("credit.migrations.0045_legal_review_and_meeting")
same = before.same
MEASURE, CHANGE = "credit_measure", "credit_entrychange"
SUSPENSION, OUTCOME = "credit_suspension", "credit_outcome"
FIXED = (
    "id", "case_id", "enterprise_id", "colour", "listed_on", "authority", "published_by_id",
    "former_id", "removed_on", "removal_reason", "removed_by_id",
)  # fmt: skip
ASKED = (
    "EXISTS (SELECT 1 FROM credit_caseevent a JOIN credit_listentry e ON e.case_id = a.case_id"
    " WHERE e.id = NEW.entry_id AND a.action = '{action}' AND a.actor_id = NEW.asked_by_id)"
)


def only_ends(guard, vendor):
    return replace(
        guard,
        message="an entry can only be removed, once, with a reason and its measures; a judgment shortens it",
        allowed=f"""
        (({guard.allowed}) AND NOT EXISTS (
          SELECT 1 FROM {MEASURE} m WHERE m.entry_id = NEW.id
          AND (m.lifted_on IS NULL OR m.lifted_on > NEW.removed_on)))
        OR (OLD.removed_on IS NULL AND NEW.ends_on < OLD.ends_on AND {same(vendor, FIXED)}
            AND EXISTS (SELECT 1 FROM {CHANGE} c WHERE c.entry_id = NEW.id AND c.ends_on = NEW.ends_on
              AND NOT EXISTS (SELECT 1 FROM {CHANGE} l WHERE l.entry_id = c.entry_id AND l.id > c.id)))
        """,  # noqa: S608  # every name is written here
    )


def new_guards(vendor):
    kept = ("id", "entry_id", "code", "name", "basis", "confirmed", "department", "begun_on")
    last = (
        f"(SELECT s.action FROM {SUSPENSION} s WHERE s.entry_id = NEW.entry_id"  # noqa: S608
        " ORDER BY s.id DESC LIMIT 1)"
    )
    return [
        Guard(
            "credit_measure_begins_with_its_entry", MEASURE, "INSERT",
            "a measure begins with an entry that stands",
            """NEW.lifted_on IS NULL AND EXISTS (
              SELECT 1 FROM credit_listentry e WHERE e.id = NEW.entry_id AND e.removed_on IS NULL
              AND NEW.begun_on >= e.listed_on AND NEW.begun_on < e.ends_on)""",
        ),
        Guard(
            "credit_measure_is_only_lifted", MEASURE, "UPDATE",
            "a measure is lifted, once, and otherwise stays",
            f"OLD.lifted_on IS NULL AND NEW.lifted_on IS NOT NULL AND {same(vendor, kept)}",
        ),
        Guard(
            "credit_suspension_is_of_red", SUSPENSION, "INSERT",
            "a red entry is suspended by the system and resumed by two officers",
            f"""
            EXISTS (SELECT 1 FROM credit_listentry e WHERE e.id = NEW.entry_id
                    AND e.colour = 'red' AND e.removed_on IS NULL)
            AND ((NEW.action = 'suspend' AND COALESCE({last}, 'resume') = 'resume')
                 OR (NEW.action = 'resume' AND {last} = 'suspend'
                     AND {ASKED.format(action="ask_resume")}))
            """,  # noqa: S608
        ),
        Guard(
            "credit_change_follows_a_judgment", CHANGE, "INSERT",
            "an entry is changed by a judgment, by two officers, and never made longer",
            f"""
            EXISTS (SELECT 1 FROM {OUTCOME} o WHERE o.id = NEW.outcome_id
                    AND o.entry_id = NEW.entry_id AND o.result = 'changed')
            AND EXISTS (SELECT 1 FROM credit_listentry e WHERE e.id = NEW.entry_id
                        AND e.removed_on IS NULL AND NEW.ends_on <= e.ends_on
                        AND NEW.ends_on > e.listed_on)
            AND {ASKED.format(action="outcome")}
            """,  # noqa: S608
        ),
        *(Guard(f"{table}_is_written_once", table, "UPDATE", "what was judged is never edited")
          for table in (SUSPENSION, OUTCOME, CHANGE)),
        *(Guard(f"{table}_stays", table, "DELETE", "this is never deleted")
          for table in (MEASURE, SUSPENSION, OUTCOME, CHANGE)),
        comes_new(MEASURE, "(o.entry_id = NEW.entry_id AND o.code = NEW.code)"),
        comes_new(SUSPENSION),
        comes_new(OUTCOME),
        comes_new(CHANGE, "o.outcome_id = NEW.outcome_id"),
        *(never_emptied(table) for table in (MEASURE, SUSPENSION, OUTCOME, CHANGE)),
    ]  # fmt: skip


def guards(vendor):
    """Those of 0045, one of them tighter, and those of the new tables."""
    tighter = {"credit_entry_only_ends": lambda guard: only_ends(guard, vendor)}
    rows = [tighter.get(one.name, lambda same: same)(one) for one in before.guards(vendor)]
    return [*rows, *new_guards(vendor)]


def lock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0045_legal_review_and_meeting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        RunSchema(before.unlock, before.lock),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "body",
                    models.CharField(
                        choices=[("review", "行政复议"), ("court", "行政诉讼")],
                        max_length=6,
                        verbose_name="机关",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[("upheld", "维持"), ("changed", "变更"), ("annulled", "撤销")],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                ("paper", models.CharField(max_length=200, verbose_name="文书名称和文号")),
                ("on", models.DateField(verbose_name="文书日期")),
                ("reason", models.TextField(verbose_name="内容摘要")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="credit.listentry",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "复议诉讼结果",
                "verbose_name_plural": "复议诉讼结果",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, verbose_name="代码")),
                ("name", models.CharField(max_length=200, verbose_name="措施")),
                ("basis", models.CharField(max_length=200, verbose_name="依据")),
                ("confirmed", models.BooleanField(verbose_name="依据已核对")),
                ("department", models.CharField(max_length=120, verbose_name="执行部门")),
                ("begun_on", models.DateField(verbose_name="开始日期")),
                ("lifted_on", models.DateField(blank=True, null=True, verbose_name="解除日期")),
                (
                    "lift_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="解除理由"),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="credit.listentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "惩戒或激励措施",
                "verbose_name_plural": "惩戒或激励措施",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "code"), name="one_measure_of_a_kind"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_on__isnull", True),
                            models.Q(
                                ("lifted_on__gte", models.F("begun_on")),
                                models.Q(("lift_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="measure_is_lifted_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ends_on", models.DateField(verbose_name="期满日期")),
                ("grounds", models.JSONField(verbose_name="列入情形")),
                ("on", models.DateField(verbose_name="日期")),
                ("reason", models.TextField(verbose_name="理由")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="credit.listentry",
                    ),
                ),
                (
                    "outcome",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change",
                        to="credit.outcome",
                    ),
                ),
            ],
            options={
                "verbose_name": "条目变更",
                "verbose_name_plural": "条目变更",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("asked_by")), _negated=True),
                        name="entry_is_changed_by_two",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("suspend", "暂停"), ("resume", "恢复")],
                        max_length=7,
                        verbose_name="办理",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("reason", models.TextField(verbose_name="发生了什么")),
                ("record", models.CharField(blank=True, max_length=400, verbose_name="依据的记录")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="credit.listentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "红名单暂停",
                "verbose_name_plural": "红名单暂停",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("action", "suspend"),
                                ("asked_by__isnull", True),
                                ("by__isnull", True),
                            ),
                            models.Q(
                                ("action", "resume"),
                                ("asked_by__isnull", False),
                                ("by__isnull", False),
                                models.Q(("by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="suspension_is_ended_by_two",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="caseevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("action", "expire")),
                fields=("case",),
                name="one_expiry_per_case",
            ),
        ),
        RunSchema(lock, unlock),
    ]
    operations = at_once(operations)
