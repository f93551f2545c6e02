"""What is wrong with a package: everything at once, in Chinese, each with what to do."""

from collections.abc import Iterable
from typing import Final

MOST: Final = 30


class PackageError(ValueError):
    """A package that is not taken. ``problems``: one sentence each; at most ``MOST``, then how many more."""

    def __init__(self, problems: Iterable[str]) -> None:
        told = list(dict.fromkeys(problems))
        more = len(told) - MOST
        self.problems = [*told[:MOST], f"还有 {more} 处同类问题没有列出"] if more > 0 else told
        super().__init__("；".join(self.problems))


def shown(name: str, most: int = 60) -> str:
    """A path as it may be told: no control characters, not too long."""
    clean = "".join(character if character.isprintable() else "□" for character in name)
    return clean if len(clean) <= most else f"…{clean[-most:]}"
