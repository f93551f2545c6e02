"""Snapshots of an exam: off by default, with consent, bytes for some days; consent and every look are written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied
from credit.operations import at_once

TABLES = {
    "courses_snapshotconsent": ("a consent to snapshots", ["o.attempt_id = NEW.attempt_id"]),
    "courses_snapshotview": ("a look at a snapshot", []),
}
GUARDS = [
    *(
        guard
        for table, (what, keys) in TABLES.items()
        for guard in (
            Guard(f"{table}_stays", table, "DELETE", f"{what} is never deleted"),
            Guard(f"{table}_is_written_once", table, "UPDATE", f"{what} is never edited"),
            comes_new(table, *keys),
            never_emptied(table),
        )
    ),
    Guard(
        "courses_snapshot_with_consent",
        "courses_snapshot",
        "INSERT",
        "a snapshot is taken with consent, while the attempt is open",
        "EXISTS (SELECT 1 FROM courses_snapshotconsent c JOIN courses_attempt a ON a.id = c.attempt_id "
        "WHERE a.id = NEW.attempt_id AND a.submitted_at IS NULL AND c.agreed)",
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0037_practice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *at_once(
            [
                migrations.AddField(
                    model_name="exam",
                    name="snapshots",
                    field=models.BooleanField(
                        default=False, verbose_name="考试中抓拍（不同意的考生由人核对身份）"
                    ),
                ),
                migrations.CreateModel(
                    name="Snapshot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("file", models.CharField(max_length=200, verbose_name="存放位置")),
                        ("size", models.PositiveIntegerField(verbose_name="字节数")),
                        ("taken_at", models.DateTimeField(verbose_name="时间")),
                        ("keep_until", models.DateField(verbose_name="保存到")),
                        (
                            "deleted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="删除时间"),
                        ),
                        (
                            "attempt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="snapshots",
                                to="courses.attempt",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "考试抓拍",
                        "verbose_name_plural": "考试抓拍",
                        "ordering": ["taken_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="SnapshotConsent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("agreed", models.BooleanField(verbose_name="同意抓拍")),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "attempt",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="snapshot_consent",
                                to="courses.attempt",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "抓拍同意",
                        "verbose_name_plural": "抓拍同意",
                    },
                ),
                migrations.CreateModel(
                    name="SnapshotView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="查看人",
                            ),
                        ),
                        (
                            "snapshot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="views",
                                to="courses.snapshot",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "查看抓拍",
                        "verbose_name_plural": "查看抓拍",
                        "ordering": ["-id"],
                    },
                ),
                migrations.AddIndex(
                    model_name="snapshot",
                    index=models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["keep_until"],
                        name="snapshot_to_delete",
                    ),
                ),
            ]
        ),
        guarding(lambda vendor: GUARDS),
    ]
