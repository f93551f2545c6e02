"""Search that finds Chinese words of two characters on SQLite and on PostgreSQL.

Both databases take a run of Chinese for one word, so that 事故 is never found inside a sentence. We hand them
overlapping pairs instead (see ``culture.search.text``). In the settings:
``WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "culture.search"}}``.
"""

from typing import Any

from django.db import connection


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802  # modelsearch asks for this name
    """The backend of the default database; one without pairs where we have none of our own."""
    if connection.vendor == "sqlite":
        from culture.search.sqlite import SQLiteBackend

        return SQLiteBackend(params)
    if connection.vendor == "postgresql":
        from culture.search.postgres import PostgresBackend

        return PostgresBackend(params)
    from modelsearch.backends import database

    return database.SearchBackend(params)
