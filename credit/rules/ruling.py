"""The answer that every rule gives: yes or no, with the reason that we would print."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether something is ``allowed`` (or applies), why, and under which article.

    ``reason`` is Simplified Chinese, ready to print; ``article`` names the source.
    A ruling is true when it allows, so ``if may_leave_early(...):`` reads as it should.
    """

    allowed: bool
    reason: str
    article: str

    def __bool__(self) -> bool:
        return self.allowed
