"""The shipped rule-set is the first version, so that nothing changes."""

from hashlib import sha256

from django.db import migrations
from django.utils import timezone

from credit.rules.ruleset import parse_ruleset, shipped_text


def adopt(apps, schema_editor):
    text = shipped_text()
    ruleset = parse_ruleset(text)
    apps.get_model("credit", "RulesetVersion")._base_manager.create(
        code=ruleset.code,
        version=ruleset.version,
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        effective_from=ruleset.effective_from,
        recorded_at=timezone.now().replace(microsecond=0),
        reason="随系统交付的第一版规则集",
    )


class Migration(migrations.Migration):
    dependencies = [("credit", "0035_rulesets")]
    operations = [migrations.RunPython(adopt, migrations.RunPython.noop)]
