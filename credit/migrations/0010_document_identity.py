"""Beside the printed number of a document, the writing that two printings of it share.

Until now 审〔2026〕14号 and 审[2026]14号 were two penalties. Where such twins stand already, the one that is
printed plainly (else the newest) takes the shared key and the others a key of their own: which of them is to
be withdrawn, an officer decides.
"""

from django.db import migrations, models
from django.db.models import F

from credit.rules.documents import document_key

CHUNK = 1000


def fill(apps, schema_editor):
    for name in ("Violation", "Accident"):
        model = apps.get_model("credit", name)
        model.objects.update(identity=F("source_key"))  # most are printed as the key is
        rows = model.objects.order_by("-pk").values_list(
            "pk", "source", "source_key", "enterprise_id", "replaced_at"
        )
        odd = [row for row in rows.iterator() if document_key(row[2]) != row[2]]
        for start in range(0, len(odd), CHUNK):
            spell(model, odd[start : start + CHUNK])


def spell(model, rows):
    keys = [document_key(printed) for _, _, printed, _, _ in rows]
    standing = model.objects.filter(identity__in=keys, replaced_at__isnull=True)
    taken = set(standing.values_list("source", "identity", "enterprise_id"))
    changed = []
    for (pk, source, _, enterprise, replaced_at), key in zip(rows, keys, strict=True):
        place = (source, key, enterprise)
        twin = replaced_at is None and place in taken
        changed.append(model(pk=pk, identity=f"{key[:150]}#{pk}" if twin else key))
        if replaced_at is None:
            taken.add(place)
    model.objects.bulk_update(changed, ["identity"], batch_size=200)


def field():
    return models.CharField(
        default="",
        editable=False,
        help_text="credit.rules.documents",
        max_length=200,
        verbose_name="来源编号（统一写法）",
    )


class Migration(migrations.Migration):
    dependencies = [("credit", "0005_tighter_lock")]
    operations = [
        migrations.AddField("accident", "identity", field(), preserve_default=False),
        migrations.AddField("violation", "identity", field(), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
