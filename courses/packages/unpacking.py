"""The one door for packages: judge a zip whole, then lay its files under a random key in private storage.

Nothing half-written stays: the files are written beside and moved at once. Never under the public uploads.
"""

import secrets
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from django.core.files.storage import Storage, storages

from courses.packages import cmi5, h5p, scorm
from courses.packages.archive import Archive
from courses.packages.manifests import Item, Reader, manifest_of
from courses.rules.packages import Limits

READERS: Final[list[Reader]] = [scorm.READER, h5p.READER, cmi5.READER]
FOLDER: Final = "packages"


@dataclass(frozen=True, slots=True)
class Package:
    """What was unpacked. ``key``: its folder; ``entries``: the paths in it; ``launch``: what opens first.

    ``size``: bytes in all; ``notes``: in Chinese, what of it the platform does not do.
    """

    kind: str
    key: str
    title: str
    entries: tuple[str, ...]
    launch: str
    items: tuple[Item, ...]
    size: int
    notes: tuple[str, ...] = ()


def unpack(
    file: IO[bytes],
    kinds: Collection[str],
    *,
    readers: Collection[Reader] | None = None,
    rules: Limits | None = None,
) -> Package:
    """Check ``file``, a zip, and unpack it. Raises PackageError with all that is wrong; then nothing is left.

    ``kinds``: see ``manifests.NAMES``.
    """
    archive = Archive(file, rules)
    manifest = manifest_of(archive, READERS if readers is None else readers, kinds)
    key = secrets.token_hex(16)
    size = _write(archive, key)
    return Package(
        manifest.kind,
        key,
        manifest.title,
        tuple(archive),
        manifest.items[0].launch,
        manifest.items,
        size,
        manifest.notes,
    )


def folder_of(key: str, storage: Storage | None = None) -> Path:
    """Where a package lies. Private storage of packages is a folder: its files move there at once."""
    return Path((storage or storages["private"]).path(f"{FOLDER}/{key}"))


def forget(key: str) -> None:
    """Take a package away again, e.g. when it could not be written down."""
    shutil.rmtree(folder_of(key), ignore_errors=True)


def _write(archive: Archive, key: str) -> int:
    """Write beside, move at once; the bytes written."""
    there = folder_of(key)
    beside = there.with_name(f".{key}")
    beside.mkdir(mode=0o700, parents=True)
    try:
        size = sum(_write_one(archive, name, beside / name) for name in archive)
        beside.rename(there)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return size


def _write_one(archive: Archive, name: str, path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    size = 0
    with path.open("xb") as out:
        for chunk in archive.chunks(name):
            size += out.write(chunk)
    path.chmod(0o600)
    return size
