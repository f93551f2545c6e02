"""Migrations join their steps so that the models are built once, and set guards without any models."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, models
from django.db.migrations import AddConstraint, AddField, AlterField, CreateModel
from django.db.migrations.state import ProjectState

from credit.operations import AtOnce, RunSchema, at_once

SHELF = CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))])
BOOK = CreateModel("Book", [("id", models.BigAutoField(primary_key=True))])
PLACE = AddField("book", "shelf", models.ForeignKey("credit.Shelf", models.PROTECT))
ONCE = AddConstraint("book", models.UniqueConstraint(fields=["shelf"], name="one_book_per_shelf"))
EMPTY = AddField(
    "enterprise", "shelf", models.ForeignKey("credit.Shelf", models.PROTECT, null=True)
)
FILLED = AddField("enterprise", "floor", models.IntegerField(default=0))
WIDER = AlterField("enterprise", "name", models.CharField(max_length=200))
GUARDS = RunSchema(print)


def joined(*operations: Any) -> list[Any]:
    return [one.steps if isinstance(one, AtOnce) else one for one in at_once(operations)]


def test_what_makes_new_models_comes_together_and_the_rest_keeps_its_order():
    assert joined(GUARDS, SHELF, WIDER, BOOK, FILLED, PLACE, ONCE, GUARDS) == [
        GUARDS, [SHELF, BOOK, PLACE, ONCE], WIDER, FILLED, GUARDS,
    ]  # fmt: skip


def test_only_a_column_that_may_be_empty_joins_on_a_table_that_was_there():
    assert joined(SHELF, EMPTY, FILLED, EMPTY) == [[SHELF, EMPTY], FILLED, [EMPTY]]


@pytest.mark.django_db(transaction=True)
def test_the_tables_come_as_they_stand_at_the_end_and_go_again():
    old, new = ProjectState(), ProjectState()
    (operation,) = at_once([SHELF, BOOK, PLACE, ONCE])
    operation.state_forwards("credit", new)
    with connection.schema_editor() as editor:
        operation.database_forwards("credit", editor, old, new)
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "credit_book")
        columns = connection.introspection.get_table_description(cursor, "credit_book")
    assert "one_book_per_shelf" in found
    assert [column.name for column in columns] == ["id", "shelf_id"]
    with connection.schema_editor() as editor:
        operation.database_backwards("credit", editor, new, old)
    assert not {"credit_book", "credit_shelf"} & {*connection.introspection.table_names()}


def test_guards_are_set_and_lifted_without_any_models():
    heard = []
    guards = RunSchema(lambda editor: heard.append("set"), lambda editor: heard.append("lifted"))
    editor = SimpleNamespace(connection=SimpleNamespace(alias="default"))
    guards.database_forwards("credit", editor, None, None)
    guards.database_backwards("credit", editor, None, None)
    assert heard == ["set", "lifted"]
