"""Two kinds of papers more: the announcement and the grant of the red list. No column changes."""

from django.db import migrations, models

KINDS = [
    ("listing_notice", "列入告知书"),
    ("hearing_notice", "听证通知书"),
    ("listing_decision", "列入决定书"),
    ("repair_letter", "信用修复告知书"),
    ("service_receipt", "送达回证"),
    ("removal_decision", "移出决定书"),
    ("not_listed", "不予列入（撤案）通知书"),
    ("objection_answer", "异议答复书"),
    ("repair_decision", "信用修复决定书"),
    ("red_announcement", "守信激励名单公告"),
    ("red_grant", "授予守信激励决定书"),
]
PAPERS = ("casedocument", "documentcounter", "documenttemplate")


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0072_annulled_after_leaving"),
    ]

    operations = [
        migrations.AlterField(
            model_name=paper,
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20, verbose_name="文书"),
        )
        for paper in PAPERS
    ]
