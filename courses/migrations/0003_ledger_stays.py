"""The hours ledger is append-only in the database itself: no event is edited or deleted."""

from django.db import migrations

from credit.locks import Guard
from credit.operations import RunSchema

GUARDS = [
    Guard("courses_study_event_stays", "courses_studyevent", "DELETE", "study is never deleted"),
    Guard(
        "courses_study_event_is_written_once",
        "courses_studyevent",
        "UPDATE",
        "study is never edited",
    ),
]


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_exams")]
    operations = [RunSchema(lock, unlock)]
