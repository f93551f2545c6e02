"""Writers of one person's ledger take turns by the number of the event; different persons never wait."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, connection, transaction

TRIES = 5
P = ParamSpec("P")
R = TypeVar("R")


def in_turn(*, refuses: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """One transaction. Where somebody else wrote the person's next event meanwhile, look and do it again.

    The database lets nobody write a number twice; SQLite lets one writer in at a time anyhow. No row is
    locked, and a heartbeat asks for nothing beyond its own read and write. Inside somebody's transaction there
    is one try, and an act that ``refuses`` (raises on purpose) has a savepoint there.
    """

    def turned(act: Callable[P, R]) -> Callable[P, R]:
        @wraps(act)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            for left in reversed(range(1 if connection.in_atomic_block else TRIES)):
                try:
                    with transaction.atomic(savepoint=refuses):
                        return act(*args, **kwargs)
                except IntegrityError:
                    if not left:
                        raise
            raise AssertionError("not reached")

        return run

    return turned
