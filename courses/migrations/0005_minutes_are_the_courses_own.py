"""The minutes of a course are its own and not the hours that the law asks for: the form says so."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0004_facts_stay")]
    operations = [
        migrations.AlterField(
            "coursepage",
            "required_minutes",
            models.PositiveSmallIntegerField(
                "本课学习时间（分钟）",
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(60 * 200),
                ],
                help_text="学员要在这门课里学满的时间，不能超过各课时之和；它不是法规规定的培训学时。",
            ),
        ),
    ]
