"""The study ledger also stays against SQLite's INSERT OR REPLACE and PostgreSQL's TRUNCATE."""

from django.db import migrations

from credit.locks import comes_new, never_emptied
from credit.operations import RunSchema

GUARDS = [comes_new("courses_studyevent"), never_emptied("courses_studyevent")]


def up(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def down(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("courses", "0006_rounds")]
    operations = [RunSchema(up, down)]
