"""The party is told the day and the place of its hearing seven working days before (行政处罚法 第六十四条第二项).

The calendar is no part of the database: it asks for the seven days as such, which seven working days never
fall short of, and for a hearing on the very day of the newest notice.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied

NOTICE = "credit_hearingnotice"
FIRST_DAY = {"sqlite": "date(NEW.told_on, '+7 days')", "postgresql": "NEW.told_on + 7"}


def guards(vendor):
    return [
        Guard(
            "credit_hearing_is_announced_in_time", NOTICE, "INSERT",
            "a hearing that was asked for is announced seven days before",
            f"""NEW.set_for >= {FIRST_DAY[vendor]} AND EXISTS (
                SELECT 1 FROM credit_listcase c WHERE c.id = NEW.case_id AND c.state = 'notice_sent'
                AND c.colour = 'black' AND c.hearing_requested_on <= NEW.told_on)""",  # noqa: S608
        ),
        Guard(
            "credit_case_hearing_is_announced", "credit_listcase", "UPDATE",
            "a hearing is held on the day of which the party was told",
            f"""NEW.hearing_held_on IS NULL
                OR (OLD.hearing_held_on IS NOT NULL AND NEW.hearing_held_on = OLD.hearing_held_on)
                OR NEW.hearing_held_on = (SELECT n.set_for FROM {NOTICE} n
                    WHERE n.case_id = NEW.id ORDER BY n.id DESC LIMIT 1)""",  # noqa: S608
        ),
        Guard(f"{NOTICE}_is_written_once", NOTICE, "UPDATE", "what the party was told is never edited"),
        Guard(f"{NOTICE}_stays", NOTICE, "DELETE", "this is never deleted"),
        comes_new(NOTICE),
        never_emptied(NOTICE),
    ]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0070_second_looks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="HearingNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("told_on", models.DateField(verbose_name="听证通知送达日期")),
                ("set_for", models.DateField(verbose_name="听证日期")),
                ("place", models.CharField(max_length=120, verbose_name="听证地点")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hearing_notices",
                        to="credit.listcase",
                    ),
                ),
            ],
            options={
                "verbose_name": "听证通知",
                "verbose_name_plural": "听证通知",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("set_for__gt", models.F("told_on"))),
                        name="hearing_is_told_before_its_day",
                    )
                ],
            },
        ),
        guarding(guards),
    ]
