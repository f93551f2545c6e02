"""Reads cmi5.xml of a package: every unit, and that the files from which units start are there.

Source: cmi5 section 14.1. The structure itself is read by ``courses.xapi.structure``.
"""

from typing import Final
from urllib.parse import unquote, urlsplit

from courses.packages.archive import Archive
from courses.packages.manifests import Item, Manifest, Reader
from courses.packages.problems import PackageError, shown
from courses.xapi.faults import FaultError
from courses.xapi.structure import Structure, Unit, read_structure

FILE: Final = "cmi5.xml"


def structure_of(archive: Archive) -> Structure:
    """The course structure of a package. Raises PackageError."""
    return _read(archive.read(FILE, archive.rules.manifest_bytes))


def read(content: bytes, archive: Archive) -> Manifest:
    """The manifest. Raises PackageError with all that is wrong."""
    structure = _read(content)
    units = list(structure.units())
    missing = [
        f"课件“{shown(one.title)}”要打开的 {shown(path_of(one))} 不在包里"
        for one in units
        if not one.remote and path_of(one) not in archive
    ]
    if missing:
        raise PackageError(missing)
    return Manifest("cmi5", structure.title[:200], tuple(_item(one) for one in units))


def path_of(unit: Unit) -> str:
    """The file from which a unit of the package starts."""
    return unquote(urlsplit(unit.url).path)


def _item(unit: Unit) -> Item:
    """``launch`` is the whole address where the unit lies elsewhere."""
    data = {"publisher": unit.id, "move_on": unit.move_on}
    if unit.remote:
        return Item(unit.id[:200], unit.title[:200], unit.url, data=data)
    query = urlsplit(unit.url).query
    return Item(
        unit.id[:200], unit.title[:200], path_of(unit), f"?{query}" if query else "", data=data
    )


def _read(content: bytes) -> Structure:
    try:
        return read_structure(content)
    except FaultError as fault:
        raise PackageError([f"{FILE}：{fault}"]) from fault


READER: Final = Reader(FILE, frozenset({"cmi5"}), read)
