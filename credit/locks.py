"""Guards in the database itself: a trigger that refuses a write unless a condition holds.

Used by migrations, on SQLite and PostgreSQL alike. SQLite drops a table's triggers when a later migration
remakes the table: such a migration must set its guards again (the tests of the lock would tell).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from credit.operations import RunSchema


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses ``event`` (INSERT, UPDATE, DELETE) on ``table`` unless ``allowed`` holds (SQL; "" never).

    The condition may use OLD and NEW. ``message`` is what the database says. With a ``vendor`` the
    guard stands on that database alone; TRUNCATE is PostgreSQL's.
    """

    name: str
    table: str
    event: str
    message: str
    allowed: str = ""
    vendor: str = ""

    def up(self, schema_editor: Any) -> None:
        """Set it."""
        if self.vendor not in ("", schema_editor.connection.vendor):
            return
        refused = f"NOT COALESCE(({self.allowed}), {_FALSE[schema_editor.connection.vendor]})"
        condition = refused if self.allowed else _TRUE[schema_editor.connection.vendor]
        schema_editor.execute(_statement(self, schema_editor.connection.vendor, condition))

    def down(self, schema_editor: Any) -> None:
        """Take it away."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {self.name}() CASCADE")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name}")


def comes_new(table: str, *keys: str) -> Guard:
    """No row comes in under a key that stands: SQLite's INSERT OR REPLACE would take the old row away.

    REPLACE passes the guards on UPDATE and DELETE. ``keys`` are conditions in SQL on ``o``, the standing
    row, and NEW.
    """
    standing = " OR ".join(["o.id = NEW.id", *keys])
    return Guard(
        f"{table}_comes_new", table, "INSERT", "a row that stands is never replaced",
        f"NOT EXISTS (SELECT 1 FROM {table} o WHERE {standing})", "sqlite",  # noqa: S608
    )  # fmt: skip


def never_emptied(table: str) -> Guard:
    """TRUNCATE passes every guard on rows. Only a session that says so may: the tests between two tests."""
    return Guard(
        f"{table}_never_emptied", table, "TRUNCATE", "this table is never emptied",
        "current_setting('anxin.may_empty', true) = 'yes'", "postgresql",
    )  # fmt: skip


def guarding(guards: Callable[[str], Sequence[Guard]]) -> RunSchema:
    """The operation that sets the guards of a vendor's database, and takes them away on the way back.

    Migrations of before 0070 write this loop themselves: they are left as they were merged.
    """

    def lock(schema_editor: Any) -> None:
        for guard in guards(schema_editor.connection.vendor):
            guard.up(schema_editor)

    def unlock(schema_editor: Any) -> None:
        for guard in guards(schema_editor.connection.vendor):
            guard.down(schema_editor)

    return RunSchema(lock, unlock)


_FALSE = {"sqlite": "0", "postgresql": "FALSE"}
_TRUE = {"sqlite": "1", "postgresql": "TRUE"}


def _statement(guard: Guard, vendor: str, refused: str) -> str:
    if vendor == "sqlite":
        return (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
            f"WHEN {refused} BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        )
    answer = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(guard.event, "NEW")
    each = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
    return (
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {refused} THEN RAISE EXCEPTION '{guard.message}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {answer}; END $$; "
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
        f"FOR EACH {each} EXECUTE FUNCTION {guard.name}()"
    )
