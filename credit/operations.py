"""Operations for the migrations of every app, for what Django's own do slowly.

Django keeps all models of a migration's day as classes, and builds them anew as they change. With a hundred
related models that is nearly all of what a fresh ``migrate`` costs (docs/decisions/0020).
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from django.db import router
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.operations.fields import AddField
from django.db.migrations.operations.models import AddConstraint, AddIndex, CreateModel
from django.db.migrations.operations.special import SeparateDatabaseAndState


class RunSchema(Operation):
    """Runs ``forwards(schema_editor)``, and ``backwards`` on the way back: for guards, and other plain SQL.

    It asks for no models; RunPython has all of them built.
    """

    category = OperationCategory.SQL

    def __init__(
        self,
        forwards: Callable[[Any], None],
        backwards: Callable[[Any], None] = lambda schema_editor: None,
    ) -> None:
        """Without ``backwards`` there is nothing to take back."""
        self.forwards = forwards
        self.backwards = backwards

    def state_forwards(self, app_label: str, state: Any) -> None:
        """No model changes."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Run ``forwards``."""
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            self.forwards(schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Run ``backwards``."""
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            self.backwards(schema_editor)

    def describe(self) -> str:
        """What ``migrate`` and ``sqlmigrate`` print."""
        return f"Run {self.forwards.__name__} on the database"


def triggers_aside(table: str) -> tuple[RunSchema, RunSchema]:
    """Two operations around those that add to ``table``: for the way back on SQLite, which makes it anew.

    SQLite renames a table only while no trigger names it, and drops the table's own. The second operation, which
    the way back meets first, takes all of them away; the first sets them again as they were.
    """
    kept: list[str] = []

    def take(schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "sqlite":
            return
        kept.clear()
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE %s",
                [f"%{table}%"],
            )
            found = cursor.fetchall()
        for name, sql in found:
            kept.append(sql)
            schema_editor.execute(f'DROP TRIGGER "{name}"')

    def set_again(schema_editor: Any) -> None:
        for sql in kept:
            schema_editor.execute(sql)

    return RunSchema(_nothing, set_again), RunSchema(_nothing, take)


def _nothing(schema_editor: Any) -> None:
    pass


class AtOnce(Operation):
    """Takes many steps with the models built once: new tables are made as they stand after all of them.

    A step is CreateModel, or adds to such a new model, or adds to an older one a column that may be empty.
    The way back is taken step by step.
    """

    category = OperationCategory.ADDITION

    def __init__(self, steps: Sequence[Any]) -> None:
        """See ``at_once``, which chooses them."""
        self.steps = steps

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Take the steps on paper; the classes are built again when somebody asks for them."""
        if "apps" in state.__dict__:
            del state.apps
            state.is_delayed = False
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Make tables and columns; what is added to a new table came with it."""
        new = _new_models(self.steps)
        for step in self.steps:
            if isinstance(step, CreateModel) or step.model_name_lower not in new:
                step.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """As Django does it."""
        SeparateDatabaseAndState(self.steps).database_backwards(
            app_label, schema_editor, from_state, to_state
        )

    def describe(self) -> str:
        """What ``migrate`` and ``sqlmigrate`` print."""
        return "; ".join(step.describe() for step in self.steps)


def at_once(operations: Sequence[Any]) -> list[Any]:
    """The same operations, joined where they may be.

    What makes new models, or adds to them, comes together in the place of the first: not for a migration
    where some operation before the last of these is one that they build on.
    """
    new = _new_models(operations)
    making = [one for one in operations if _makes(one, new)]
    first = operations.index(making[0]) if making else 0
    others = [one for one in operations[first:] if one not in making]
    runs = groupby(
        [*operations[:first], *making, *others],
        lambda one: _makes(one, new) or _adds_empty_column(one),
    )
    return [one for may, run in runs for one in ([AtOnce([*run])] if may else run)]


def _new_models(operations: Sequence[Any]) -> set[str]:
    return {one.name_lower for one in operations if isinstance(one, CreateModel)}


def _makes(operation: Any, new: set[str]) -> bool:
    if isinstance(operation, AddField | AddConstraint | AddIndex):
        return operation.model_name_lower in new
    return isinstance(operation, CreateModel)


def _adds_empty_column(operation: Any) -> bool:
    """Whether it adds a column that SQLite takes without making the table anew."""
    if not isinstance(operation, AddField):
        return False
    field = operation.field
    return field.null and not (field.unique or field.many_to_many or field.has_default())
