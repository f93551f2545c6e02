"""A sealed identity number with a fingerprint to find it by: one person per number."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_roles")]
    operations = [
        migrations.AddField(
            "user",
            "id_number_sealed",
            models.TextField("身份证号（加密）", blank=True, editable=False, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "user",
            "id_number_fingerprint",
            models.CharField("身份证号指纹", max_length=64, blank=True, editable=False, default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(
                fields=["id_number_fingerprint"],
                condition=~Q(id_number_fingerprint=""),
                name="one_person_per_id_number",
            ),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=Q(id_number_sealed="", id_number_fingerprint="")
                | ~Q(id_number_sealed="") & ~Q(id_number_fingerprint=""),
                name="id_number_sealed_and_findable",
            ),
        ),
    ]
