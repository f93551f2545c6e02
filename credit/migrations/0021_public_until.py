"""A penalty says until when it is public: as its source says, never longer than the law allows.

Before, one without an end was public for ever.
"""

from collections import defaultdict

from django.db import migrations, models

from credit.rules.repair import public_until
from credit.rules.ruleset import load_ruleset
from credit.rules.violations import kind_of


def fill(apps, schema_editor):
    violations = apps.get_model("credit", "Violation")._base_manager
    rules = load_ruleset()
    by_day = defaultdict(list)
    for pk, penalty, fine, licence, day, given in violations.values_list(
        "pk", "penalty_kind", "fine", "licence", "happened_on", "publish_until"
    ):
        kind = kind_of(penalty, fine, rules, licence=licence)
        by_day[public_until(day, kind, given, rules)].append(pk)
    for last, keys in by_day.items():
        for start in range(0, len(keys), 1000):
            violations.filter(pk__in=keys[start : start + 1000]).update(public_until=last)


class Migration(migrations.Migration):
    dependencies = [("credit", "0020_second_person_lock")]
    operations = [
        migrations.AddField(
            model_name="violation",
            name="public_until",
            field=models.DateField(
                db_index=True, editable=False, null=True, verbose_name="依法公示至"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
