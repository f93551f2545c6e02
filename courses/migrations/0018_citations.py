"""The articles that questions rest on, as rows: those of the questions that are there are read from their basis."""

import django.db.models.deletion
from django.db import migrations, models

from courses.rules.basis import articles_of
from credit.operations import RunSchema

CHUNK = 2000
_READ = "SELECT id, basis FROM courses_question WHERE basis <> ''"
_WRITE = "INSERT INTO courses_citation (question_id, law, article) VALUES (%s, %s, %s)"


def read_articles(schema_editor):
    """Plain SQL: building every model of this day would cost a fresh database more than the work."""
    if schema_editor.collect_sql:
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_READ)
        rows = cursor.fetchall()
        for start in range(0, len(rows), CHUNK):
            cited = [
                (key, one.law, one.article)
                for key, basis in rows[start : start + CHUNK]
                for one in articles_of(basis)
            ]
            if cited:
                cursor.executemany(_WRITE, cited)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0017_statistics"),
    ]

    operations = [
        migrations.CreateModel(
            name="Citation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("law", models.CharField(max_length=80, verbose_name="法规")),
                ("article", models.PositiveSmallIntegerField(default=0, verbose_name="第几条")),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="courses.question",
                        verbose_name="试题",
                    ),
                ),
            ],
            options={
                "verbose_name": "试题依据",
                "verbose_name_plural": "试题依据",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("law", "article", "question"),
                        name="a_question_cites_an_article_once",
                    )
                ],
            },
        ),
        RunSchema(read_articles),
    ]
