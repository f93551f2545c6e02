"""Guards in the database itself: a trigger that refuses a write unless a condition holds.

Used by migrations, on SQLite and PostgreSQL alike. SQLite drops a table's triggers when a later migration
remakes the table: such a migration must set its guards again (the tests of the lock would tell).
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses ``event`` (INSERT, UPDATE, DELETE) on ``table`` unless ``allowed`` holds (SQL; "" never).

    The condition may use OLD and NEW. ``message`` is what the database says.
    """

    name: str
    table: str
    event: str
    message: str
    allowed: str = ""

    def up(self, schema_editor: Any) -> None:
        """Set it."""
        refused = f"NOT COALESCE(({self.allowed}), {_FALSE[schema_editor.connection.vendor]})"
        condition = refused if self.allowed else _TRUE[schema_editor.connection.vendor]
        schema_editor.execute(_statement(self, schema_editor.connection.vendor, condition))

    def down(self, schema_editor: Any) -> None:
        """Take it away."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {self.name}() CASCADE")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name}")


_FALSE = {"sqlite": "0", "postgresql": "FALSE"}
_TRUE = {"sqlite": "1", "postgresql": "TRUE"}


def _statement(guard: Guard, vendor: str, refused: str) -> str:
    if vendor == "sqlite":
        return (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
            f"WHEN {refused} BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        )
    answer = "OLD" if guard.event == "DELETE" else "NEW"
    return (
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {refused} THEN RAISE EXCEPTION '{guard.message}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {answer}; END $$; "
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
    )
