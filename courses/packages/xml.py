"""XML of a manifest: without entities, DTD or outside references; everything else is told with its place."""

from typing import Final
from xml.etree.ElementTree import Element  # the type alone: defusedxml reads

from defusedxml import ElementTree as Safe
from defusedxml.common import DefusedXmlException

from courses.packages.problems import PackageError


def parsed(content: bytes, what: str, *, deepest: int) -> Element:
    """The root of ``content``. Raises PackageError naming line and column."""
    try:
        root: Element = Safe.fromstring(content, forbid_dtd=True)
    except DefusedXmlException as fault:
        raise PackageError([f"{what} 里有 DTD 或实体声明，为安全不读，请去掉"]) from fault
    except Safe.ParseError as fault:
        row, column = fault.position
        raise PackageError(
            [f"{what} 第{row}行第{column + 1}列不是正确的 XML，请重新导出"]
        ) from fault
    except (LookupError, ValueError, RecursionError) as fault:
        raise PackageError([f"{what} 的文字编码认不出来，请存为 UTF-8"]) from fault
    if _deeper_than(root, deepest):
        raise PackageError([f"{what} 的标签套得太深，最多 {deepest} 层"])
    return root


def _deeper_than(root: Element, deepest: int) -> bool:
    level = [root]
    for _ in range(deepest):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True


_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"


def space_of(element: Element) -> str:
    """The namespace of an element; "" without one."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def base_of(element: Element) -> str:
    """Its xml:base."""
    return element.get(_BASE, "")
