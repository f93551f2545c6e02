"""A score knows the next day on which it changes, so that the nightly run touches only what changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("credit", "0037_public_until_follows_the_rules")]

    operations = [
        migrations.AddField(
            model_name="score",
            name="next_change_on",
            field=models.DateField(db_index=True, null=True, verbose_name="下次变动之日"),
        ),
        migrations.AddField(
            model_name="score",
            name="seen_until",
            field=models.DateTimeField(null=True, verbose_name="记录计入至"),
        ),
        migrations.AddField(
            model_name="score",
            name="level",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="标准化等级"),
        ),
    ]
