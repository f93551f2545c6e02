"""The eight roles as groups. Backwards, only those that nobody holds are removed."""

from django.db import migrations

from accounts.roles import LABELS


def make(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in LABELS:
        group.objects.get_or_create(name=name)


def unmake(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=LABELS, user=None).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make, unmake)]
