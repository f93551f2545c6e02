"""The text of a QTI element, without its interactions and what stands aside."""

import re
from collections.abc import Set
from typing import Final
from xml.etree.ElementTree import Element

from courses.exchange.rich import KEPT

INTERACTIONS: Final = frozenset({
    "choiceInteraction", "textEntryInteraction", "orderInteraction", "matchInteraction",
    "selectPointInteraction", "extendedTextInteraction",
})  # fmt: skip
_GAP: Final = re.compile(r"(?:_{2,}|（\s*）|\(\s*\))$")
_BREAKING: Final = frozenset({"p", "div", "li", "br", "tr", "prompt", "blockquote"})
_ASIDE: Final = frozenset({"rubricBlock", "feedbackBlock", "modalFeedback"})


class ItemText:
    """The text of an element without its interactions and asides; blanks collapse unless they are kept."""

    def __init__(
        self, pictures: list[tuple[str, str]], *, marks: bool = False, skip: Set[int] = frozenset()
    ) -> None:
        self.pictures, self.marks, self.skip = pictures, marks, skip
        self.pieces: list[str] = []

    def read(self, node: Element) -> str:
        """Walk."""
        self._inside(node, KEPT in node.get("style", ""))
        text = "".join(self.pieces)
        text = re.sub(r" *\x02[\x02 ]*", "\x02", text).strip("\x02 ").replace("\x02", "\n")
        return re.sub(r" {2,}", " ", text).replace("\x03", " ").replace("\x05", "\n").strip()

    def _said(self, text: str | None, kept: bool) -> None:
        if text and kept:
            self.pieces.append(text.replace(" ", "\x03").replace("\n", "\x05"))
        elif text:
            self.pieces.append(re.sub(r"\s+", " ", text))

    def _inside(self, node: Element, kept: bool) -> None:
        self._said(node.text, kept)
        for child in node:
            self._child(child, kept)
            self._said(child.tail, kept)

    def _child(self, child: Element, kept: bool) -> None:
        if id(child) in self.skip or child.tag in _ASIDE:
            return
        if child.tag in INTERACTIONS:
            self._field(child, kept)
        elif child.tag == "img":
            self.pictures.append((child.get("src", ""), child.get("alt", "")))
        elif child.tag != "object" and not (child.tag == "span" and child.get("class") == "unit"):
            breaking = child.tag in _BREAKING
            self.pieces.append("\x02" if breaking else "")
            self._inside(child, kept or child.tag == "pre" or KEPT in child.get("style", ""))
            self.pieces.append("\x02" if breaking else "")

    def _field(self, child: Element, kept: bool) -> None:
        """A place to fill is marked unless it is, or stands alone in its line."""
        for image in child.findall("img"):
            self.pictures.append((image.get("src", ""), image.get("alt", "")))
        before = "".join(self.pieces).replace("\x03", " ")
        alone = before.endswith("\x02") and not (child.tail or "").strip()
        if self.marks and not alone and not _GAP.search(before):
            self.pieces.append("____")
