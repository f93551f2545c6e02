"""The ninth role: who does the legal review (法制审核). Backwards it goes if nobody holds it."""

from django.db import migrations


def make(apps, schema_editor):
    apps.get_model("auth", "Group").objects.get_or_create(name="legal_officer")


def unmake(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name="legal_officer", user=None).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_second_administrator")]
    operations = [migrations.RunPython(make, unmake)]
