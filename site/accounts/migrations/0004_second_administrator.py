"""Whose setting of an account waits for another administrator. Backwards, nothing waits."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_identity")]
    operations = [
        migrations.AddField(
            "user",
            "set_up_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                django.db.models.deletion.PROTECT,
                null=True,
                blank=True,
                editable=False,
                related_name="+",
                verbose_name="等待确认，最后由谁设置",
            ),
        ),
    ]
