"""QTI 2.1, 2.2 and 3 in: a package (zip with imsmanifest.xml) or one item; tests in the package are passed over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree.ElementTree import Element

from courses.exchange.archive import Archive, parsed
from courses.exchange.batch import Batch, UnreadableError, facts_from
from courses.exchange.qti_items import ItemReader, QtiError
from courses.exchange.qti_names import common
from courses.rules.bodies import Area, Spots
from courses.rules.items import Item, Picture
from courses.rules.pictures import LARGEST, PictureError

MANIFEST: Final = "imsmanifest.xml"
_ITEM: Final = "imsqti_item_xmlv"


@dataclass(slots=True)
class _Resource:
    """One item of the manifest."""

    href: str
    tags: list[str] = field(default_factory=list)


def read(content: bytes, batch: Batch) -> Batch:
    """Every item of a package or of one XML file. Raises UnreadableError."""
    if not content.startswith(b"PK\x03\x04"):
        batch.total = 1
        _take(parsed(content, "QTI 文件"), _Resource(""), batch, 1, _no_picture)
        return batch
    archive = Archive(content)
    found = [name for name in archive.entries if name.rpartition("/")[2] == MANIFEST]
    if not found:
        raise UnreadableError(f"压缩包里没有 {MANIFEST}，不是 QTI 题库包")
    manifest = min(found, key=len)
    for number, resource in enumerate(_resources(archive, manifest), start=1):
        batch.total += 1
        name = archive.beside(manifest, resource.href)
        if not name:
            batch.blame(
                "清单里写了这道题，压缩包里没有它的文件", number=number, value=resource.href
            )
            continue
        try:
            root = parsed(archive.read(name), resource.href)
        except UnreadableError as fault:
            batch.blame(str(fault), number=number, value=resource.href)
            continue
        _take(root, resource, batch, number, _from(archive, name))
    return batch


def _resources(archive: Archive, manifest: str) -> list[_Resource]:
    root = common(parsed(archive.read(manifest), MANIFEST))
    found = []
    for node in root.iter("resource"):
        if node.get("type", "").startswith(_ITEM):
            words = (word.text or "" for word in node.findall("metadata/lom/general/keyword//"))
            found.append(
                _Resource(node.get("href", ""), [word.strip() for word in words if word.strip()])
            )
    if not found:
        raise UnreadableError(f"{MANIFEST} 里没有试题（{_ITEM}…）")
    return found


def _take(
    root: Element,
    resource: _Resource,
    batch: Batch,
    number: int,
    open_picture: Callable[[str], bytes],
) -> None:
    try:
        batch.take(_item(root, resource, batch, number, open_picture), row=0, number=number)
    except (QtiError, PictureError) as fault:
        batch.blame(str(fault), number=number, value=resource.href or root.get("title", ""))


def _item(
    root: Element,
    resource: _Resource,
    batch: Batch,
    number: int,
    open_picture: Callable[[str], bytes],
) -> Item:
    reader = ItemReader(common(root), resource.tags)
    facts: dict[str, Any] = reader.facts()
    facts |= facts_from(reader.plain_tags, batch, row=0, number=number)
    picture: Picture | None = None
    if reader.pictures:
        if len(set(reader.pictures)) > 1:
            raise QtiError("一道题只收一张图片")
        source, facts["picture_alt"] = reader.pictures[0]
        picture = batch.picture(open_picture(source))
    if isinstance(facts["body"], Spots):
        facts["body"] = _named(facts["body"], reader.names)
    return Item(picture=picture, **facts)


def _named(body: Spots, names: dict[int, str]) -> Spots:
    """The areas with the names that the manifest says, or numbers."""
    areas = (
        Area(area.shape, area.numbers, names.get(number, f"隐患{number}"))
        for number, area in enumerate(body.areas, start=1)
    )
    return Spots(tuple(areas))


def _from(archive: Archive, item: str) -> Callable[[str], bytes]:
    def open_picture(source: str) -> bytes:
        name = archive.beside(item, source)
        if not name:
            raise QtiError(f"压缩包里没有这张图片：{source[-60:]}")
        return archive.read(name, LARGEST + 1)

    return open_picture


def _no_picture(source: str) -> bytes:
    raise QtiError("图片要和题目一起打成 QTI 压缩包")
