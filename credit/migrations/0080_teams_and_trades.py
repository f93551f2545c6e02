"""An employment says in which team it is, and which special operations it covers: columns that may be empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("credit", "0073_red_papers")]
    operations = [
        migrations.AddField(
            "employment", "team", models.CharField("班组", max_length=60, null=True, blank=True)
        ),
        migrations.AddField(
            "employment",
            "trades",
            models.CharField(
                "工种（特种作业，代码用空格隔开）", max_length=200, null=True, blank=True
            ),
        ),
    ]
