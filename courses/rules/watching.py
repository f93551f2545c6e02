"""How far a film can have been watched, as far as the ledger knows. Pure.

A page says how far it came; the server believes no more than the time that the ledger credited in this lesson,
at the highest speed that is allowed. Source: AQ 8011-2023 4.5 (its text was not seen: the figures are data).
"""

from typing import Final

SLACK: Final = 30  # seconds: one beat is still under way
WHOLE: Final = 0.95  # of a film: the credits need not be seen


def believed(claimed: float, *, before: float, credited_ms: int, speed: float) -> float:
    """Seconds of the film; never less than ``before``."""
    return max(before, min(claimed, credited_ms / 1000 * speed + SLACK))


def is_whole(furthest: float, duration: float) -> bool:
    """Whether a film of ``duration`` seconds was watched."""
    return duration > 0 and furthest >= duration * WHOLE
