"""One current fact per document, however its number is printed."""

from django.db import migrations, models
from django.db.models import Q


def one_current(model, key):
    return migrations.AddConstraint(
        model,
        models.UniqueConstraint(
            fields=["source", key, "enterprise"],
            condition=Q(replaced_at__isnull=True),
            name=f"one_current_{model}_per_source_key",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("credit", "0010_document_identity")]
    operations = [
        migrations.RemoveConstraint("accident", "one_current_accident_per_source_key"),
        migrations.RemoveConstraint("violation", "one_current_violation_per_source_key"),
        one_current("accident", "identity"),
        one_current("violation", "identity"),
    ]
