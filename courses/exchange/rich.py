"""HTML of other systems as plain text, and plain text as HTML that comes back as it was."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_BREAKS: Final = frozenset({"br", "hr"})
_BLOCKS: Final = frozenset(
    {"p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_SILENT: Final = frozenset({"script", "style", "head", "title"})
KEPT: Final = "white-space: pre-wrap"


@dataclass(slots=True)
class Rich:
    """What HTML holds: its text, and the sources and descriptions of its pictures."""

    text: str
    pictures: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.pictures: list[tuple[str, str]] = []
        self.kept: list[str] = []  # open elements whose blanks are kept
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {key: value or "" for key, value in attrs}
        if tag in _SILENT:
            self.silent += 1
        elif tag == "img":
            self.pictures.append((facts.get("src", ""), facts.get("alt", "")))
        elif tag in _BREAKS:
            self.pieces.append("\x01")
        elif tag in _BLOCKS:
            self.pieces.append("\x02")
        keeps = tag == "pre" or KEPT in facts.get("style", "") or self.kept
        if keeps and tag not in _BREAKS and tag != "img":
            self.kept.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag in _BLOCKS:
            self.pieces.append("\x02")
        if tag in self.kept:
            del self.kept[len(self.kept) - 1 - self.kept[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.kept:
            self.pieces.append(
                data.replace("\n", "\x01").replace(" ", "\x03").replace("\t", "\x04")
            )
        else:
            self.pieces.append(re.sub(r"[ \t\r\n\f]+", " ", data))


def rich(source: str) -> Rich:
    """Text and pictures of an HTML piece; blanks collapse as a browser does it."""
    reader = _Reader()
    reader.feed(re.sub(r"[\x01-\x04]", "", source))
    reader.close()
    text = "".join(reader.pieces)
    text = re.sub(r" *\x02[\x02 ]*", "\x02", text).strip("\x02 ")
    text = re.sub(r" *\x01 *", "\n", text).replace("\x02", "\n")
    text = re.sub(r" {2,}", " ", text).replace("\x03", " ").replace("\x04", "\t")
    return Rich(text.strip(), reader.pictures)


def plain(source: str) -> str:
    """The text alone."""
    return rich(source).text


def page(text: str) -> str:
    """Plain text as HTML in which blanks and line breaks stay."""
    return f'<div style="{KEPT}">{html.escape(text)}</div>'
