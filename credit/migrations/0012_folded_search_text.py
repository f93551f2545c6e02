"""The search text of every enterprise in one width and one kind of bracket, as questions are folded too."""

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Replace
from pypinyin import Style, lazy_pinyin

from credit.rules.names import fold

CHUNK = 2000


def forward(apps, schema_editor):
    enterprises = apps.get_model("credit", "Enterprise").objects
    half = Replace(F("search_text"), Value("（"), Value("("))
    enterprises.update(search_text=Replace(half, Value("）"), Value(")")))
    rewrite(enterprises, lambda enterprise: fold(enterprise.search_text))  # what is left is rare


def backward(apps, schema_editor):
    rewrite(apps.get_model("credit", "Enterprise").objects, as_before)


def as_before(enterprise):
    initials = "".join(lazy_pinyin(enterprise.name, style=Style.FIRST_LETTER))
    parts = [enterprise.name, enterprise.uscc or "", enterprise.legacy_number or "", initials]
    return "\n".join(parts).lower()


def rewrite(enterprises, make):
    changed = []
    for enterprise in enterprises.only("name", "uscc", "legacy_number", "search_text").iterator():
        text = make(enterprise)
        if text != enterprise.search_text:
            enterprise.search_text = text
            changed.append(enterprise)
    for start in range(0, len(changed), CHUNK):
        enterprises.bulk_update(changed[start : start + CHUNK], ["search_text"], batch_size=400)


class Migration(migrations.Migration):
    dependencies = [("credit", "0011_identity_is_the_key")]
    operations = [migrations.RunPython(forward, backward)]
