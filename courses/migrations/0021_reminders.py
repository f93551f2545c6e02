"""Who was told of an obligation, once for each occasion; mails that are to leave."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from credit.locks import Guard
from credit.operations import RunSchema, at_once

NOTICE = "courses_obligationnotice"
GUARDS = [
    Guard("courses_notice_stays", NOTICE, "DELETE", "a notice is never deleted"),
    Guard("courses_notice_is_written_once", NOTICE, "UPDATE", "a notice is never edited"),
]


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0020_obligations"),
        ("credit", "0080_teams_and_trades"),
    ]

    operations = [
        *at_once(
            [
                migrations.CreateModel(
                    name="MailOrder",
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
                        (
                            "tries",
                            models.PositiveSmallIntegerField(default=0, verbose_name="已试次数"),
                        ),
                        (
                            "next_at",
                            models.DateTimeField(
                                db_index=True,
                                default=django.utils.timezone.now,
                                verbose_name="下次发送时间",
                            ),
                        ),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="发出时间"),
                        ),
                        (
                            "fault",
                            models.CharField(blank=True, max_length=120, verbose_name="最近的错误"),
                        ),
                        (
                            "message",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="mail_order",
                                to="credit.message",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "待发邮件",
                        "verbose_name_plural": "待发邮件",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="ObligationNotice",
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
                        ("mark", models.CharField(max_length=10, verbose_name="时点")),
                        ("on", models.DateField(verbose_name="提醒日期")),
                        (
                            "obligation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="courses.obligation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "培训提醒",
                        "verbose_name_plural": "培训提醒",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("obligation", "mark"), name="one_notice_per_occasion"
                            )
                        ],
                    },
                ),
            ]
        ),
        RunSchema(lock, unlock),
    ]
