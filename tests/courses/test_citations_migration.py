"""Questions that were there before get their articles from their basis."""

from importlib import import_module

import pytest
from django.db import connection

from courses.models import Citation, Question, QuestionBank
from tests.courses.exam_kit import make_course


@pytest.mark.django_db
def test_articles_of_older_questions_are_read():
    bank = QuestionBank.objects.create(course=make_course(), name="旧题库")
    for basis in ("安全生产法第28条", "", "《消防法》第十六条、第十七条"):
        Question.objects.create(
            bank=bank, kind="short", stem="问", body={"answer": "答"}, basis=basis
        )
    migration = import_module("courses.migrations.0018_citations")

    class Editor:
        collect_sql = False

    editor = Editor()
    editor.connection = connection  # type: ignore[attr-defined]
    migration.read_articles(editor)
    found = Citation.objects.order_by("pk").values_list("law", "article")
    assert list(found) == [("安全生产法", 28), ("消防法", 16), ("消防法", 17)]
