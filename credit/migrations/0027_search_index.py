"""An index of two-character pieces over the register's search text, kept by the database itself.

A million enterprises are searched within milliseconds. SQLite: an FTS5 table and triggers; a later
migration that remakes credit_enterprise must run ``build`` again (tests/credit/test_search.py would
tell). PostgreSQL: a GIN index on an immutable function.
"""

from django.db import migrations

from credit.operations import RunSchema

LONGEST = (
    600  # characters of a search text that are indexed on SQLite: more than name and numbers hold
)
TABLE, INDEX, SERIES = "credit_enterprise", "credit_enterprise_pieces", "credit_piece_series"


def pieces(row):
    return (
        f"SELECT {row}.id, group_concat(substr({row}.search_text, n.at, 2), ' ') FROM {SERIES} n"
        f" WHERE n.at < max(2, length({row}.search_text))"
    )


SQLITE = [
    f"CREATE TABLE {SERIES} (at integer PRIMARY KEY)",
    f"INSERT INTO {SERIES} WITH RECURSIVE n(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n"
    f" WHERE at < {LONGEST}) SELECT at FROM n",
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(pieces, content='', detail=none,"
    " tokenize=\"unicode61 remove_diacritics 0\")",
    f"CREATE TRIGGER {INDEX}_insert AFTER INSERT ON {TABLE} BEGIN"
    f" INSERT INTO {INDEX} (rowid, pieces) {pieces('NEW')}; END",
    f"CREATE TRIGGER {INDEX}_delete AFTER DELETE ON {TABLE} BEGIN"
    f" INSERT INTO {INDEX} ({INDEX}, rowid, pieces) SELECT 'delete', o.* FROM ({pieces('OLD')}) o; END",
    f"CREATE TRIGGER {INDEX}_update AFTER UPDATE OF search_text ON {TABLE}"
    " WHEN OLD.search_text IS NOT NEW.search_text BEGIN"
    f" INSERT INTO {INDEX} ({INDEX}, rowid, pieces) SELECT 'delete', o.* FROM ({pieces('OLD')}) o;"
    f" INSERT INTO {INDEX} (rowid, pieces) {pieces('NEW')}; END",
    f"INSERT INTO {INDEX} (rowid, pieces)"
    f" SELECT e.id, (SELECT group_concat(substr(e.search_text, n.at, 2), ' ') FROM {SERIES} n"
    f" WHERE n.at < max(2, length(e.search_text))) FROM {TABLE} e",
]  # fmt: skip
SQLITE_BACK = [
    *(f"DROP TRIGGER IF EXISTS {INDEX}_{event}" for event in ("insert", "delete", "update")),
    f"DROP TABLE IF EXISTS {INDEX}",
    f"DROP TABLE IF EXISTS {SERIES}",
]
POSTGRESQL = [
    "CREATE FUNCTION credit_pieces(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
    " AS $$ SELECT ARRAY(SELECT DISTINCT substr(words, at, 2)"
    " FROM generate_series(1, length(words) - 1) at) $$",
    f"CREATE INDEX {INDEX} ON {TABLE} USING gin (credit_pieces(search_text))",
]
POSTGRESQL_BACK = [f"DROP INDEX IF EXISTS {INDEX}", "DROP FUNCTION IF EXISTS credit_pieces(text)"]


def build(schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def remove(schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE_BACK if sqlite else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("credit", "0026_audit_and_messages")]
    operations = [RunSchema(build, remove)]
