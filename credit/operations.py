"""Operations for the migrations of every app, for what Django's own do slowly.

Django keeps all models of a migration's day as classes, and builds them anew as they change. With a hundred
related models that is nearly all of what a fresh ``migrate`` costs (docs/decisions/0020).
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import router
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.operations.fields import AddField
from django.db.migrations.operations.models import AddConstraint, AddIndex, CreateModel


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


class CreateModels(Operation):
    """Makes several new tables at once, as they stand after all ``steps``; the models are built once."""

    category = OperationCategory.ADDITION

    def __init__(self, steps: Sequence[Any]) -> None:
        """Of CreateModel, and of what is added to those same new models."""
        self.steps = steps
        self.new = [step for step in steps if isinstance(step, CreateModel)]

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
        """Make the tables."""
        for step in self.new:
            step.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Drop the tables."""
        for step in reversed(self.new):
            step.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What ``migrate`` and ``sqlmigrate`` print."""
        return f"Create models {', '.join(step.name for step in self.new)}"


def at_once(operations: Sequence[Any]) -> list[Any]:
    """The same operations, those that make new models, and add to them, as one in the place of the first.

    Only for a migration none of whose other operations, up to the last that makes a model, is asked for
    by the new models.
    """
    new = {one.name_lower for one in operations if isinstance(one, CreateModel)}
    steps = [one for one in operations if isinstance(one, CreateModel) or _adds_to(one, new)]
    place = operations.index(steps[0])
    rest = [one for one in operations[place:] if one not in steps]
    return [*operations[:place], CreateModels(steps), *rest]


def _adds_to(operation: Any, models: set[str]) -> bool:
    added = isinstance(operation, AddField | AddConstraint | AddIndex)
    return added and operation.model_name_lower in models
