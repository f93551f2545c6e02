"""The lock asks for legal review, an opinion on each argument, a chair who did not investigate, and the heads' vote.

Since 0025 a case went from the hearing to the decision at once. Cases that were decided before keep going;
those that were not go through legal review first. A case says which term its decision fixed, and an entry
runs neither longer nor shorter. Sources: 行政处罚法 第四十五条、第五十七条、第五十八条、第六十四条.

No table is made anew on SQLite: columns are added beside the standing ones, so guards of others stay.
"""

from dataclasses import replace
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

before = import_module("credit.migrations.0025_red_waits_for_objections")
first = import_module("credit.migrations.0005_tighter_lock")
second = import_module("credit.migrations.0020_second_person_lock")
same = first.same

OPEN = "('proposed', 'notice_sent', 'heard', 'legal_reviewed', 'decided', 'served')"
ALWAYS = (*first.ALWAYS, "heavy", "restores_id")
DEFENCE = (*first.DEFENCE, "hearing_chair_id")
REVIEW = ("legal_review_by_id", "legal_review_on", "legal_review_opinion")
DECISION = (*first.DECISION, "term_months")
DROP = ("drop_reason", "dropped_by_id")
HEAVY = ("major_accident", "two_larger_accidents", "multiplied_fine", "other_serious")
ANSWERED = (
    "NOT EXISTS (SELECT 1 FROM credit_caseargument a WHERE a.case_id = NEW.id AND a.opinion = '')"
)
# Three is the least; credit.rules.procedure reads the bureau's own figure.
AGREED = """
EXISTS (SELECT 1 FROM credit_meeting m WHERE m.case_id = NEW.id
  AND NOT EXISTS (SELECT 1 FROM credit_meeting l WHERE l.case_id = m.case_id AND l.id > m.id)
  AND (SELECT COUNT(*) FROM credit_meetingvote v WHERE v.meeting_id = m.id) >= 3
  AND (SELECT COUNT(*) FROM credit_meetingvote v WHERE v.meeting_id = m.id AND v.vote = 'for') * 2
      > (SELECT COUNT(*) FROM credit_meetingvote v WHERE v.meeting_id = m.id))
"""


def did_a_step(person, case="NEW.id"):
    return second.OTHER_STEP.format(case=case, person=person)


def begins(guard):
    return replace(
        guard,
        allowed=f"""
        ({guard.allowed}) AND NEW.hearing_chair_id IS NULL AND NEW.legal_review_by_id IS NULL
        AND NEW.legal_review_on IS NULL AND NEW.term_months IS NULL
        AND (NEW.restores_id IS NULL OR EXISTS (
          SELECT 1 FROM credit_listentry f WHERE f.id = NEW.restores_id AND f.removed_on < f.ends_on
          AND f.enterprise_id = NEW.enterprise_id AND f.colour = NEW.colour))
        """,  # noqa: S608  # every name is written here
    )


def takes_every_step(vendor):
    reviewer = (
        "EXISTS (SELECT 1 FROM credit_caseevent e WHERE e.case_id = NEW.id"
        " AND e.actor_id = NEW.legal_review_by_id AND e.action NOT IN ('legal_review', 'legal_object'))"
    )
    later = first.FIVE_DAYS_LATER[vendor]
    return Guard(
        "credit_case_takes_every_step", "credit_listcase", "UPDATE",
        "a case takes every step: notice, hearing, legal review, decision by another officer, service",
        f"""
        {same(vendor, ALWAYS)}
        AND (OLD.state = 'proposed' OR ({same(vendor, first.NOTICE)}))
        AND (OLD.state IN ('proposed', 'notice_sent') OR ({same(vendor, DEFENCE)}))
        AND ((OLD.state = 'heard' AND NEW.state = 'legal_reviewed') OR ({same(vendor, REVIEW)}))
        AND ((OLD.state = 'legal_reviewed' AND NEW.state = 'decided') OR ({same(vendor, DECISION)}))
        AND ((OLD.state = 'decided' AND NEW.state = 'served') OR ({same(vendor, first.SERVICE)}))
        AND ((NEW.state = 'dropped' AND OLD.state <> 'dropped') OR ({same(vendor, DROP)}))
        AND (({same(vendor, ("hearing_held_on", "hearing_chair_id"))})
             OR (NEW.hearing_chair_id IS NOT NULL AND NEW.hearing_requested_on IS NOT NULL
                 AND NEW.hearing_chair_id <> NEW.opened_by_id
                 AND NOT {did_a_step("NEW.hearing_chair_id")}))
        AND (NEW.colour <> 'red' OR ({same(vendor, (*before.PARTYS_OWN, "hearing_chair_id"))}))
        AND (NEW.decision_number IS NULL OR NOT EXISTS (
             SELECT 1 FROM credit_listcase o
             WHERE o.id <> NEW.id AND o.decision_number = NEW.decision_number))
        AND (
          (NEW.state = OLD.state AND OLD.state IN {OPEN})
          OR (OLD.state = 'proposed' AND NEW.state = 'notice_sent' AND NEW.notice_text <> ''
              AND NEW.notice_served_on IS NOT NULL
              AND (NEW.colour <> 'red' OR EXISTS (
                   SELECT 1 FROM credit_caseevent e
                   WHERE e.case_id = NEW.id AND e.action = 'confirm')))
          OR (OLD.state = 'notice_sent' AND NEW.state = 'heard' AND {ANSWERED}
              AND (NEW.statement_on IS NULL OR NEW.statement_opinion <> '')
              AND (NEW.hearing_requested_on IS NULL OR NEW.hearing_held_on IS NOT NULL))
          OR (OLD.state = 'heard' AND NEW.state = 'legal_reviewed'
              AND NEW.legal_review_by_id <> NEW.opened_by_id AND NEW.legal_review_opinion <> ''
              AND NEW.legal_review_on >= NEW.notice_served_on AND NOT {reviewer})
          OR (OLD.state = 'legal_reviewed' AND NEW.state = 'decided' AND {ANSWERED}
              AND NEW.decided_by_id <> NEW.opened_by_id AND NEW.decision_number <> ''
              AND NEW.decided_by_id <> NEW.legal_review_by_id
              AND NOT {did_a_step("NEW.decided_by_id")}
              AND NEW.decided_on >= NEW.legal_review_on AND NEW.term_months > 0
              AND (NOT COALESCE(NEW.heavy, TRUE) OR {AGREED})
              AND (NEW.decided_on > {later} OR (NEW.colour <> 'red'
                   AND (NEW.waived_on IS NOT NULL OR NEW.hearing_held_on IS NOT NULL))))
          OR (OLD.state = 'decided' AND NEW.state = 'served' AND NEW.served_on >= NEW.decided_on)
          OR (OLD.state = 'served' AND NEW.state = 'published'
              AND EXISTS (SELECT 1 FROM credit_listentry e WHERE e.case_id = NEW.id))
          OR (OLD.state IN {OPEN} AND NEW.state = 'dropped' AND NEW.drop_reason <> ''
              AND NEW.dropped_by_id IS NOT NULL
              AND (OLD.decided_on IS NULL OR (NEW.dropped_by_id <> OLD.opened_by_id
                   AND NOT {did_a_step("NEW.dropped_by_id")})))
        )
        """,  # noqa: S608
    )  # fmt: skip


MONTHS_LATER = {
    "sqlite": "date({start}, '+' || COALESCE(c.term_months, 36) || ' months')",
    "postgresql": "({start} + make_interval(months => COALESCE(c.term_months, 36)::int))::date",
}
DAYS = {
    "sqlite": "(julianday({end}) - julianday({start}))",
    "postgresql": "({end}::date - {start}::date)",
}


def needs_due_process(guard, vendor):
    """The term that was decided, to the day; SQLite lets 31 January plus a month overflow by three days."""

    def later(start):
        return MONTHS_LATER[vendor].format(start=start)

    def days(end, start):
        return DAYS[vendor].format(end=end, start=start)

    longest = "CASE WHEN f.ends_on > NEW.listed_on THEN f.ends_on ELSE NEW.listed_on END"
    return replace(
        guard,
        allowed=f"""
        ({guard.allowed}) AND EXISTS (
          SELECT 1 FROM credit_listcase c LEFT JOIN credit_listentry f ON f.id = NEW.former_id
          WHERE c.id = NEW.case_id AND (
            (c.restores_id IS NOT NULL AND NEW.former_id = c.restores_id
             AND {days("NEW.ends_on", "NEW.listed_on")} = {days("f.ends_on", "f.removed_on")})
            OR (c.restores_id IS NULL AND NEW.former_id IS NULL
                AND {days(later("NEW.listed_on"), "NEW.ends_on")} BETWEEN 0 AND 3)
            OR (c.restores_id IS NULL AND f.enterprise_id = NEW.enterprise_id
                AND f.colour = NEW.colour
                AND {days(later(longest), "NEW.ends_on")} >= 0
                AND {days("NEW.ends_on", later("NEW.listed_on"))} >= -3)))
        """,  # noqa: S608
    )


def only_ends(guard, vendor):
    return replace(guard, allowed=f"({guard.allowed}) AND {same(vendor, ['former_id'])}")


def new_guards(vendor):
    kept = same(vendor, ("id", "case_id", "received_on", "text"))
    waits = "EXISTS (SELECT 1 FROM credit_listcase c WHERE c.id = {} AND c.state = '{}')"
    heard = waits.format("NEW.case_id", "notice_sent")
    answered_once = f"OLD.opinion = '' AND NEW.opinion <> '' AND {kept} AND {heard}"
    of_meeting = "(SELECT m.case_id FROM credit_meeting m WHERE m.id = NEW.meeting_id)"
    tables = ("credit_caseargument", "credit_meeting", "credit_meetingvote")
    return [
        Guard("credit_argument_is_new", tables[0], "INSERT",
              "an argument is made while the party is heard, and answered later",
              f"NEW.opinion = '' AND {waits.format('NEW.case_id', 'notice_sent')}"),
        Guard("credit_argument_is_answered_once", tables[0], "UPDATE",
              "an argument is answered once, while the party is heard", answered_once),
        Guard("credit_meeting_is_in_time", tables[1], "INSERT",
              "the heads meet after the legal review and before the decision",
              waits.format("NEW.case_id", "legal_reviewed")),
        Guard("credit_vote_is_in_time", tables[2], "INSERT",
              "votes are cast after the legal review and before the decision",
              waits.format(of_meeting, "legal_reviewed")),
        *(Guard(f"{table}_is_written_once", table, "UPDATE", "what was voted is never edited")
          for table in tables[1:]),
        *(Guard(f"{table}_stays", table, "DELETE", "this is never deleted") for table in tables),
        comes_new(tables[0]),
        comes_new(tables[1]),
        comes_new(tables[2], "(o.meeting_id = NEW.meeting_id AND o.member = NEW.member)"),
        *(never_emptied(table) for table in tables),
    ]  # fmt: skip


def guards(vendor):
    """Those of 0025, four of them tighter, and those of the new tables."""
    tighter = {
        "credit_case_begins_proposed": begins,
        "credit_case_takes_every_step": lambda guard: takes_every_step(vendor),
        "credit_entry_needs_due_process": lambda guard: needs_due_process(guard, vendor),
        "credit_entry_only_ends": lambda guard: only_ends(guard, vendor),
    }
    rows = [tighter.get(one.name, lambda same: same)(one) for one in before.guards(vendor)]
    return [*rows, *new_guards(vendor)]


def lock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in guards(schema_editor.connection.vendor):
        guard.down(schema_editor)


def weigh(apps, schema_editor):
    """Say of each undecided case whether the heads decide it together."""
    cases = apps.get_model("credit", "ListCase")._base_manager
    for case in cases.filter(state__in=["proposed", "notice_sent", "heard"]):
        heavy = any(ground.get("code") in HEAVY for ground in case.grounds)
        cases.filter(pk=case.pk).update(heavy=heavy)


def person(**more):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        **more,
    )


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def to(model, related_name, **more):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=model, **more
    )


STATES = [
    ("proposed", "已提出"), ("notice_sent", "已告知"), ("heard", "已听取意见"),
    ("legal_reviewed", "已法制审核"), ("decided", "已决定"), ("served", "已送达"),
    ("published", "已公示"), ("dropped", "已撤回"),
]  # fmt: skip


def widen(schema_editor):
    """SQLite does not look at the length of a text."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE credit_listcase ALTER COLUMN state TYPE varchar(20)")


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0041_supervision"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        RunSchema(before.unlock, before.lock),
        migrations.AlterModelOptions(
            name="listcase",
            options={
                "ordering": ["-id"],
                "permissions": [
                    ("open_case", "可以立案、告知、送达和公示"),
                    ("decide_case", "可以作出列入决定"),
                    ("review_case", "可以作法制审核"),
                ],
                "verbose_name": "列入案件",
                "verbose_name_plural": "列入案件",
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                RunSchema(widen),
                migrations.RunSQL(
                    "ALTER TABLE credit_listcase"
                    " ADD COLUMN legal_review_opinion text NOT NULL DEFAULT ''",
                    "ALTER TABLE credit_listcase DROP COLUMN legal_review_opinion",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="listcase",
                    name="state",
                    field=models.CharField(
                        choices=STATES, default="proposed", max_length=20, verbose_name="状态"
                    ),
                ),
                migrations.AddField(
                    model_name="listcase",
                    name="legal_review_opinion",
                    field=models.TextField(blank=True, verbose_name="法制审核意见"),
                ),
            ],
        ),
        migrations.AddField("listcase", "hearing_chair", person(blank=True, null=True)),
        migrations.AddField(
            "listcase",
            "heavy",
            models.BooleanField(blank=True, null=True, verbose_name="须集体讨论"),
        ),
        migrations.AddField("listcase", "legal_review_by", person(blank=True, null=True)),
        migrations.AddField(
            "listcase",
            "legal_review_on",
            models.DateField(blank=True, null=True, verbose_name="法制审核日期"),
        ),
        migrations.AddField(
            "listcase",
            "term_months",
            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="管理期限（月）"),
        ),
        migrations.AddField(
            "listcase", "restores", to("credit.listentry", "restorations", blank=True, null=True)
        ),
        migrations.AddField(
            "listentry", "former", to("credit.listentry", "repeats", blank=True, null=True)
        ),
        migrations.CreateModel(
            name="CaseArgument",
            fields=[
                ("id", key()),
                ("received_on", models.DateField(verbose_name="收到日期")),
                ("text", models.TextField(verbose_name="意见")),
                ("opinion", models.TextField(blank=True, verbose_name="复核意见")),
                ("accepted", models.BooleanField(blank=True, null=True, verbose_name="采纳")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="复核日期")),
                ("answered_by", person(blank=True, null=True)),
                ("case", to("credit.listcase", "arguments")),
            ],
            options={
                "verbose_name": "陈述申辩意见",
                "verbose_name_plural": "陈述申辩意见",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted__isnull", True),
                            ("answered_by__isnull", True),
                            ("opinion", ""),
                        )
                        | models.Q(
                            ("accepted__isnull", False),
                            ("answered_by__isnull", False),
                            ("answered_on__isnull", False),
                        )
                        & ~models.Q(("opinion", "")),
                        name="argument_is_answered_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", key()),
                ("held_on", models.DateField(verbose_name="讨论日期")),
                ("record", models.TextField(verbose_name="讨论记录")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                ("case", to("credit.listcase", "meetings")),
                ("recorded_by", person()),
            ],
            options={
                "verbose_name": "集体讨论",
                "verbose_name_plural": "集体讨论",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="MeetingVote",
            fields=[
                ("id", key()),
                ("member", models.CharField(max_length=60, verbose_name="姓名和职务")),
                (
                    "vote",
                    models.CharField(
                        choices=[("for", "同意"), ("against", "不同意"), ("abstain", "弃权")],
                        max_length=7,
                        verbose_name="表决",
                    ),
                ),
                ("meeting", to("credit.meeting", "votes")),
            ],
            options={
                "verbose_name": "表决",
                "verbose_name_plural": "表决",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "member"), name="one_vote_per_member"
                    )
                ],
            },
        ),
        migrations.RunPython(weigh, migrations.RunPython.noop),
        RunSchema(lock, unlock),
    ]
    operations = at_once(operations)
