"""What credit is to know of training: an outbox."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0021_reminders"),
        ("credit", "0080_teams_and_trades"),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80, verbose_name="编号")),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("certificate", "取得证书"),
                            ("completed", "培训班完成"),
                            ("missed", "未按期培训"),
                        ],
                        max_length=12,
                        verbose_name="培训事项",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="课程或培训班")),
                ("people", models.PositiveIntegerField(default=1, verbose_name="人数")),
                ("happened_on", models.DateField(verbose_name="日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="终止日期")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="告知时间")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="已试次数")),
                (
                    "next_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="下次告知时间"
                    ),
                ),
                ("fault", models.CharField(blank=True, max_length=300, verbose_name="最近的错误")),
                (
                    "certificate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told",
                        to="courses.certificate",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="credit.enterprise",
                    ),
                ),
                (
                    "obligation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told",
                        to="courses.obligation",
                    ),
                ),
            ],
            options={
                "verbose_name": "告知信用系统的培训情况",
                "verbose_name_plural": "告知信用系统的培训情况",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("told_at__isnull", True)),
                        fields=["next_at"],
                        name="credit_fact_to_tell",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enterprise", "key"), name="one_credit_fact_per_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True),
                            ("ended_on__gte", models.F("happened_on")),
                            _connector="OR",
                        ),
                        name="credit_fact_ends_after_it_began",
                    ),
                ],
            },
        ),
    ]
