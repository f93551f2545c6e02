"""Questions whether somebody is there: asked once, answered once, never taken away."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied

TABLE = "courses_presencecheck"
SAME = " AND ".join(
    f"NEW.{name} = OLD.{name}"
    for name in ("id", "person_id", "enrolment_id", "lesson_id", "tab", "asked_at")
)


def guards(vendor):
    return [
        Guard("courses_presence_stays", TABLE, "DELETE", "a question is never deleted"),
        Guard(
            "courses_presence_is_answered_once", TABLE, "UPDATE", "a question is answered once",
            f"OLD.answered_at IS NULL AND {SAME}",
        ),
        comes_new(TABLE, "(o.tab = NEW.tab AND o.answered_at IS NULL AND NEW.answered_at IS NULL)"),
        never_emptied(TABLE),
    ]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0040_packages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PresenceCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tab", models.UUIDField(verbose_name="页面")),
                ("asked_at", models.DateTimeField(verbose_name="提问时间")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="回答时间"),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="presence_checks",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courses.lessonpage",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "在场确认",
                "verbose_name_plural": "在场确认",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["tab", "-asked_at"], name="presence_of_tab")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)),
                        fields=("tab",),
                        name="one_open_presence_check",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None),
                            ("answered_at__gte", models.F("asked_at")),
                            _connector="OR",
                        ),
                        name="presence_answered_after_asked",
                    ),
                ],
            },
        ),
        guarding(guards),
    ]
