"""How an act says no: with the ruling, whose reason is printed."""

from credit.rules.ruling import Ruling


class RefusedError(Exception):
    """The rules say no; ``ruling`` holds the printable reason."""

    def __init__(self, ruling: Ruling) -> None:
        super().__init__(ruling.reason)
        self.ruling = ruling


def refuse(reason: str, article: str = "") -> RefusedError:
    """The refusal to raise, where no rule gave a ruling."""
    return RefusedError(Ruling(False, reason, article))
