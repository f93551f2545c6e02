"""An enrolment has a round, so that a course can be taken again and its history stays.

Every enrolment that is there becomes round 1. Going back is refused by the old constraint while somebody
has a second round: nothing may be thrown away for it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard
from credit.operations import RunSchema

# SQLite makes the table of revocations anew for a new column, and loses its guards.
GUARDS = [
    Guard(
        "courses_revocation_is_written_once",
        "courses_revocation",
        "UPDATE",
        "a revocation is never edited",
    ),
    Guard(
        "courses_revocation_stays",
        "courses_revocation",
        "DELETE",
        "a revocation is never deleted",
    ),
]


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("courses", "0005_minutes_are_the_courses_own"),
    ]
    operations = [
        RunSchema(unlock, lock),
        migrations.AddField(
            "revocation",
            "retrain",
            models.BooleanField("需重新培训（学员可以重新学习、考试）", default=False),
        ),
        RunSchema(lock, unlock),
        migrations.RemoveConstraint("enrolment", "one_enrolment_per_course"),
        migrations.AddField(
            "enrolment", "round", models.PositiveSmallIntegerField("轮次", default=1)
        ),
        migrations.AddField(
            "enrolment",
            "opened_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                verbose_name="安排人",
            ),
        ),
        migrations.AddField(
            "enrolment",
            "reason",
            models.CharField("重新学习的原因", max_length=300, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "enrolment",
            models.UniqueConstraint(
                fields=["person", "course", "round"], name="one_enrolment_per_round"
            ),
        ),
        migrations.AddConstraint(
            "enrolment",
            models.CheckConstraint(
                condition=models.Q(
                    ("round", 1),
                    models.Q(
                        ("opened_by__isnull", False),
                        ("round__gt", 1),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="later_round_names_who_and_why",
            ),
        ),
    ]
