"""A long list that lies in a temporary file, so that half a million rows are read and recorded in bounded memory."""

import pickle
import tempfile
import weakref
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar, overload

import pandas as pd

_Item = TypeVar("_Item")
PIECE: Final = 1000  # items that are written, and read again, together
IN_MEMORY: Final = 1024 * 1024  # bytes; a small list never meets the disk


class Spool(Sequence[_Item]):
    """Items added at the end and read in order; what is read may be a copy, so nothing in it is changed.

    One piece is in memory for each reader. Equal to any sequence of equal items.
    """

    __hash__ = None  # type: ignore[assignment]  # as of a list

    def __init__(self, items: Iterable[_Item] = ()) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # next line
        weakref.finalize(self, self._file.close)
        self._places: list[int] = []  # where each full piece begins
        self._last: list[_Item] = []  # the piece that is not full yet
        self._read: tuple[int, list[_Item]] = (-1, [])  # the piece asked for last, and its number
        self.extend(items)

    def append(self, item: _Item) -> None:
        """Add an item at the end."""
        self._last.append(item)
        if len(self._last) == PIECE:
            self._places.append(self._file.seek(0, 2))
            pickle.dump(self._last, self._file, pickle.HIGHEST_PROTOCOL)
            self._last = []

    def extend(self, items: Iterable[_Item]) -> None:
        """Add items at the end."""
        for item in items:
            self.append(item)

    def __len__(self) -> int:
        return len(self._places) * PIECE + len(self._last)

    def __iter__(self) -> Iterator[_Item]:
        for number in range(len(self._places) + 1):
            yield from self._piece(number)

    @overload
    def __getitem__(self, at: int) -> _Item: ...
    @overload
    def __getitem__(self, at: slice) -> list[_Item]: ...
    def __getitem__(self, at: int | slice) -> _Item | list[_Item]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(at)
        return self._piece(place // PIECE)[place % PIECE]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __repr__(self) -> str:
        return f"<Spool of {len(self)}: {', '.join(map(repr, self[:5]))}>"

    def _piece(self, number: int) -> list[_Item]:
        if number == len(self._places):
            return self._last
        if self._read[0] != number:
            self._file.seek(self._places[number])
            self._read = number, _load(self._file)
        return self._read[1]


def repeated(hashes: Iterable[int]) -> set[int]:
    """The numbers that come more than once, at some bytes for each that is looked at."""
    values = pd.Series(array("q", hashes), dtype="int64")
    return set(values[values.duplicated()].tolist())


def _load(file: Any) -> Any:
    return pickle.load(file)  # noqa: S301  # written by ``append``
