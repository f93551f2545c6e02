"""What was drawn, given, marked or issued stays as it is, whatever the code or a console says."""

import pytest
from django.db import DatabaseError, connection, transaction

from courses.acts import certificates
from courses.acts.questions import revise_question
from courses.models import Certificate, Question
from courses.seeding_questions import load_bank
from tests.courses.exam_kit import NOON, a_question, make_course
from tests.courses.test_certificates import certificate  # noqa: F401  # a passed exam
from tests.courses.test_questions import draft

FACTS = {
    "courses_answerevent": ("an answer given is never deleted", "kept = NOT kept"),
    "courses_answer": ("an answer is never deleted", "sequence = sequence + 1"),
    "courses_paperquestion": ("a drawn paper is never deleted", "points = 99"),
    "courses_attempt": ("an attempt is never deleted", "points = 99"),
    "courses_certificate": ("a certificate is never deleted", "points = 99"),
    "courses_revocation": ("a revocation is never deleted", "reason = 'x'"),
}


def refused(statement: str) -> str:
    """What the database says to ``statement``."""
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    return str(caught.value)


@pytest.mark.parametrize("table", FACTS)
def test_the_database_deletes_and_edits_no_fact(certificate: Certificate, table: str):  # noqa: F811
    officer, today = certificate.enrolment.person, NOON.date()
    certificates.revoke(certificate, officer=officer, reason="替考", today=today)
    message, change = FACTS[table]
    assert message in refused(f"DELETE FROM {table}")  # noqa: S608
    assert "never edited" in refused(f"UPDATE {table} SET {change}")  # noqa: S608


def test_a_drawn_question_and_a_correction_are_never_deleted(certificate: Certificate):  # noqa: F811
    drawn = Question.objects.first()
    assert drawn is not None
    corrected = revise_question(drawn, draft())
    for question in (drawn, corrected):
        assert "a corrected or drawn question is never deleted" in refused(
            f"DELETE FROM courses_question WHERE id = {question.pk}"  # noqa: S608
        )


def test_a_question_that_nobody_drew_may_go(db: None):
    load_bank(make_course(), [a_question(1)]).questions.get().delete()
    assert Question.objects.count() == 0
