"""Corrections of study time: rows with a name and a reason, and a second person's look where time is added.

The ledger takes a correcting event only for a correction that says the same, and one that adds only after
another person agreed.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

GUARDS = [
    *(
        guard
        for table in ("courses_correction", "courses_correctionlook")
        for guard in (
            Guard(f"{table}_stays", table, "DELETE", "a correction is never deleted"),
            Guard(f"{table}_is_written_once", table, "UPDATE", "a correction is never edited"),
            never_emptied(table),
        )
    ),
    comes_new("courses_correction"),
    comes_new("courses_correctionlook", "o.correction_id = NEW.correction_id"),
    Guard(
        "courses_correction_is_looked_at_by_another",
        "courses_correctionlook",
        "INSERT",
        "time is added by two people, none of them the learner",
        "EXISTS (SELECT 1 FROM courses_correction c "
        "JOIN courses_enrolment e ON e.id = c.enrolment_id WHERE c.id = NEW.correction_id "
        "AND c.minutes > 0 AND c.by_id <> NEW.by_id AND e.person_id <> NEW.by_id)",
    ),
    Guard(
        "courses_study_event_is_corrected_on_paper",
        "courses_studyevent",
        "INSERT",
        "study is corrected only by a correction, and added by two people",
        "NEW.kind <> 'fix' OR EXISTS (SELECT 1 FROM courses_correction c "
        "WHERE c.id = NEW.sequence AND c.enrolment_id = NEW.enrolment_id "
        "AND c.lesson_id = NEW.lesson_id AND c.by_id = NEW.by_id "
        "AND c.minutes * 60000 = NEW.credited_ms AND (c.minutes < 0 OR EXISTS "
        "(SELECT 1 FROM courses_correctionlook l WHERE l.correction_id = c.id AND l.agreed)))",
    ),
]


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


STEPS = [
    migrations.CreateModel(
        name="Correction",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("minutes", models.IntegerField(verbose_name="加减（分钟）")),
            ("reason", models.CharField(max_length=200, verbose_name="原因")),
            ("at", models.DateTimeField(verbose_name="时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="更正人",
                ),
            ),
            (
                "enrolment",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="corrections",
                    to="courses.enrolment",
                ),
            ),
            (
                "lesson",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="corrections",
                    to="courses.lessonpage",
                ),
            ),
        ],
        options={
            "verbose_name": "学时更正",
            "verbose_name_plural": "学时更正",
            "ordering": ["-id"],
            "permissions": [
                ("correct_hours", "可以更正学时"),
                ("oversee_training", "可以查看辖区学员的学时和可疑记录"),
            ],
        },
    ),
    migrations.CreateModel(
        name="CorrectionLook",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("agreed", models.BooleanField(verbose_name="同意")),
            ("remark", models.CharField(blank=True, max_length=200, verbose_name="意见")),
            ("at", models.DateTimeField(verbose_name="时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="复核人",
                ),
            ),
            (
                "correction",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="look",
                    to="courses.correction",
                ),
            ),
        ],
        options={
            "verbose_name": "学时更正复核",
            "verbose_name_plural": "学时更正复核",
            "ordering": ["-id"],
        },
    ),
    migrations.AddConstraint(
        model_name="correction",
        constraint=models.CheckConstraint(
            condition=models.Q(("minutes", 0), _negated=True), name="correction_changes_something"
        ),
    ),
    migrations.AddConstraint(
        model_name="correction",
        constraint=models.CheckConstraint(
            condition=models.Q(("reason", ""), _negated=True), name="correction_says_why"
        ),
    ),
    migrations.AddConstraint(
        model_name="correctionlook",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("agreed", True), models.Q(("remark", ""), _negated=True), _connector="OR"
            ),
            name="refused_correction_says_why",
        ),
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("courses", "0010_ledger_chain"),
    ]
    operations = [*at_once(STEPS), RunSchema(lock, unlock)]
