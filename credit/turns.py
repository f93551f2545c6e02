"""Writers that take turns: on PostgreSQL one at a time holds a named lock until its transaction ends."""

from typing import Final

from django.db import connection

# Any constants of our own, each for one thing that must not happen twice at once.
IMPORTING: Final = 19_860_514
LOGGING: Final = 19_860_515
PUBLISHING: Final = 19_860_516
DERIVING: Final = 19_860_517


def take_turn(lock: int) -> None:
    """Wait until no other transaction holds ``lock``. On SQLite a transaction that writes is alone anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
