"""Mail alerts: one row for an address and what it wants to hear of."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0065_persons_and_gaps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("target", models.CharField(max_length=40, verbose_name="对象")),
                ("address_sealed", models.TextField(editable=False, verbose_name="邮箱（密封）")),
                (
                    "address_fingerprint",
                    models.CharField(db_index=True, editable=False, max_length=64),
                ),
                (
                    "known",
                    models.JSONField(default=list, editable=False, verbose_name="已告知的条目"),
                ),
                ("asked_at", models.DateTimeField(db_index=True, verbose_name="申请时间")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="确认时间"),
                ),
                ("told_on", models.DateField(blank=True, null=True, verbose_name="最近一次发信")),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="credit.enterprise",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="credit.jurisdiction",
                    ),
                ),
            ],
            options={
                "verbose_name": "邮件订阅",
                "verbose_name_plural": "邮件订阅",
                "ordering": ["id"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("address_fingerprint", "target"),
                        name="one_alert_per_address_and_target",
                    )
                ],
            },
        ),
    ]
