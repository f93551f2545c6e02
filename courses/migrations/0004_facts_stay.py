"""What was drawn, given, marked or issued is never deleted either; a question's history stays whole.

A deleted correction would silently bring the wrong question back into every later paper.
"""

from django.db import migrations

from credit.locks import Guard
from credit.operations import RunSchema

GUARDS = [
    Guard(
        "courses_answer_event_stays",
        "courses_answerevent",
        "DELETE",
        "an answer given is never deleted",
    ),
    Guard(
        "courses_answer_stays",
        "courses_answer",
        "DELETE",
        "an answer is never deleted",
    ),
    Guard(
        "courses_answer_is_final",
        "courses_answer",
        "UPDATE",
        "an answer is never edited after the attempt has ended",
        "EXISTS (SELECT 1 FROM courses_attempt a "
        "WHERE a.id = OLD.attempt_id AND a.submitted_at IS NULL)",
    ),
    Guard(
        "courses_paper_stays",
        "courses_paperquestion",
        "DELETE",
        "a drawn paper is never deleted",
    ),
    Guard(
        "courses_attempt_stays",
        "courses_attempt",
        "DELETE",
        "an attempt is never deleted",
    ),
    Guard(
        "courses_certificate_stays",
        "courses_certificate",
        "DELETE",
        "a certificate is never deleted",
    ),
    Guard(
        "courses_revocation_stays",
        "courses_revocation",
        "DELETE",
        "a revocation is never deleted",
    ),
    Guard(
        "courses_question_history_stays",
        "courses_question",
        "DELETE",
        "a corrected or drawn question is never deleted",
        "OLD.supersedes_id IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM courses_paperquestion p WHERE p.question_id = OLD.id)",
    ),
]


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_ledger_stays")]
    operations = [RunSchema(lock, unlock)]
