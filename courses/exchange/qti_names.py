"""The names of QTI 2.1, 2.2 and 3: one item model, three spellings.

QTI 3 writes ``qti-simple-choice`` and ``response-identifier`` for 2.x's ``simpleChoice`` and
``responseIdentifier``. Source: IMS QTI v2.1, v2.2 and v3.0 ASI information models and XML bindings.
"""

import re
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element


@dataclass(frozen=True, slots=True)
class Version:
    """A version: the item's namespace, the manifest's type of its items, whether names are in kebab case."""

    code: str
    namespace: str
    resource: str
    schema: str
    kebab: bool


_PLAIN: Final = "http://www.imsglobal.org/xsd"
VERSIONS: Final = {
    "qti21": Version(
        "qti21", f"{_PLAIN}/imsqti_v2p1", "imsqti_item_xmlv2p1", "QTIv2.1 Package", False
    ),
    "qti22": Version(
        "qti22", f"{_PLAIN}/imsqti_v2p2", "imsqti_item_xmlv2p2", "QTIv2.2 Package", False
    ),
    "qti3": Version("qti3", f"{_PLAIN}/imsqtiasi_v3p0", "imsqti_item_xmlv3p0", "QTI Package", True),
}
# Names of HTML within an item body are the same in every version.
_HTML: Final = frozenset({
    "div", "p", "span", "img", "br", "pre", "object", "b", "i", "strong", "em", "u", "sub", "sup", "ul", "ol",
    "li", "table", "tbody", "thead", "tr", "td", "th", "a", "code", "hr", "blockquote", "h1", "h2", "h3", "h4",
})  # fmt: skip


def spelled(root: Element, version: Version) -> Element:
    """An item in 2.x names, spelled as ``version`` does; the tree is changed in place."""
    if version.kebab:
        for node in root.iter():
            if node.tag not in _HTML:
                node.tag = f"qti-{_kebab(node.tag)}"
            for name in list(node.attrib):
                if name != _kebab(name):
                    node.attrib[_kebab(name)] = node.attrib.pop(name)
    root.set("xmlns", version.namespace)
    return root


def common(root: Element) -> Element:
    """An item of any version in 2.x names without namespaces; the tree is changed in place."""
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        name = node.tag.rpartition("}")[2]
        node.tag = _camel(name.removeprefix("qti-")) if name.startswith("qti-") else name
        for attribute in list(node.attrib):
            plain = _camel(attribute.rpartition("}")[2])
            if plain != attribute and not plain.startswith("data"):
                node.attrib[plain] = node.attrib.pop(attribute)
    return root


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"-{match[1].lower()}", name)


def _camel(name: str) -> str:
    return re.sub(r"-([a-z0-9])", lambda match: match[1].upper(), name)
