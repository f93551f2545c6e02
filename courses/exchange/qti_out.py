"""QTI out: a package of one XML file for each question, its pictures, and the manifest with their tags."""

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from courses.exchange.archive import zipped
from courses.exchange.batch import Written, tags_of
from courses.exchange.qti_names import VERSIONS, Version, spelled
from courses.exchange.rich import KEPT
from courses.exchange.sheet import picture_name
from courses.rules.bodies import Blanks, Model, Number, Pairs, Spots, Steps, blank_ends
from courses.rules.items import Item, Parts, Picture
from courses.rules.questions import CHOICES, KIND_NAMES, LETTERS, MULTIPLE, TRUE_FALSE

_LOM: Final = "http://ltsc.ieee.org/xsd/LOM"
_CP: Final = "http://www.imsglobal.org/xsd/imscp_v1p1"
_KIND: Final = "题型："


def write(items: Sequence[Item], media: Mapping[str, bytes], name: str, code: str) -> Written:
    """A package of version ``code`` (qti21, qti22, qti3); nothing is left out."""
    version = VERSIONS[code]
    files: dict[str, bytes] = {}
    manifest = Element("manifest", {"xmlns": _CP, "identifier": "anxin"})
    about = SubElement(manifest, "metadata")
    SubElement(about, "schema").text = version.schema
    SubElement(about, "schemaversion").text = "1.0.0"
    SubElement(manifest, "organizations")
    resources = SubElement(manifest, "resources")
    for number, item in enumerate(items, start=1):
        href = f"items/q{number:05}.xml"
        files[href] = _xml(spelled(_Writer(item, number, version).root, version))
        resource = SubElement(
            resources, "resource", identifier=f"q{number:05}", type=version.resource, href=href
        )
        _tag(resource, [*tags_of(item), *_kinds(item), *_names(item)])
        SubElement(resource, "file", href=href)
        if item.picture:
            file = f"images/{picture_name(item.picture)}"
            SubElement(resource, "file", href=file)
            files[file] = media[item.picture.key]
    return Written(
        zipped({"imsmanifest.xml": _xml(manifest), **files}),
        f"{name}.{code}.zip",
        "application/zip",
    )


def _xml(root: Element) -> bytes:
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _tag(resource: Element, tags: Sequence[str]) -> None:
    if not tags:
        return
    lom = SubElement(SubElement(resource, "metadata"), "lom", xmlns=_LOM)
    general = SubElement(lom, "general")
    for tag in tags:
        SubElement(SubElement(general, "keyword"), "string", language="zh-CN").text = tag


def _kinds(item: Item) -> list[str]:
    """Which choices are judgements: QTI has one kind for both; and that a case of one part is a case."""
    found = [f"{_KIND}{KIND_NAMES[item.kind]}"] if item.kind in (TRUE_FALSE, "case") else []
    parts = item.body.items if isinstance(item.body, Parts) else ()
    return found + [
        f"小题{number}：{KIND_NAMES[TRUE_FALSE]}"
        for number, part in enumerate(parts, start=1)
        if part.kind == TRUE_FALSE
    ]


def _names(item: Item) -> list[str]:
    """What hazards are called: an area of QTI has no name."""
    areas = item.body.areas if isinstance(item.body, Spots) else ()
    return [f"隐患{number}：{area.name}" for number, area in enumerate(areas, start=1)]


class _Writer:
    """One item. Declarations come first, so that interactions are written into a body made before."""

    def __init__(self, item: Item, number: int, version: Version) -> None:
        self.root = Element(
            "assessmentItem",
            identifier=f"q{number:05}",
            title=" ".join(item.stem.split())[:80],
            adaptive="false",
            timeDependent="false",
        )
        self.version = version
        self.body = Element("itemBody")
        self.equal: list[tuple[str, Number]] = []
        if isinstance(item.body, Parts):
            self._stem(self.body, item.stem)
            self._look(self.body, item)
            for at, part in enumerate(item.body.items, start=1):
                holder = SubElement(self.body, "div", {"class": "part"})
                self._ask(holder, part, f"P{at}")
                self._explain(holder, part.explanation)
        else:
            self._ask(self.body, item, "RESPONSE")
        self._explain(self.body, item.explanation)
        SubElement(
            self.root,
            "outcomeDeclaration",
            identifier="SCORE",
            cardinality="single",
            baseType="float",
        )
        self.root.append(self.body)
        self._process()

    def _declare(self, name: str, cardinality: str, base: str, right: Sequence[str]) -> Element:
        declared = SubElement(
            self.root,
            "responseDeclaration",
            identifier=name,
            cardinality=cardinality,
            baseType=base,
        )
        if right:
            correct = SubElement(declared, "correctResponse")
            for value in right:
                SubElement(correct, "value").text = value
        return declared

    def _stem(self, holder: Element, text: str) -> Element:
        stem = SubElement(holder, "div", {"class": "stem", "style": KEPT})
        stem.text = text
        return stem

    def _look(self, holder: Element, item: Item) -> None:
        if item.picture and not isinstance(item.body, Spots):
            self._image(SubElement(holder, "p"), item.picture, item.picture_alt)

    def _image(self, holder: Element, picture: Picture, alt: str) -> None:
        SubElement(
            holder, "img", src=f"../images/{picture_name(picture)}", alt=alt,
            width=str(picture.width), height=str(picture.height),
        )  # fmt: skip

    def _explain(self, holder: Element, text: str) -> None:
        if text:
            self._stem(SubElement(holder, "rubricBlock", view="tutor"), text)

    def _ask(self, holder: Element, item: Item, name: str) -> None:
        body = item.body
        if isinstance(body, Blanks):
            self._blanks(holder, item, body, name)
            return
        stem = self._stem(holder, item.stem)
        self._look(holder, item)
        if item.kind in CHOICES:
            self._choice(holder, item, name)
        elif isinstance(body, Number):
            self._number(holder, body, name)
        elif isinstance(body, Steps):
            ids = [f"S{at}" for at in range(1, len(body.steps) + 1)]
            self._declare(name, "ordered", "identifier", ids)
            asked = SubElement(holder, "orderInteraction", responseIdentifier=name, shuffle="true")
            for key, text in zip(ids, body.steps, strict=True):
                SubElement(asked, "simpleChoice", identifier=key).text = text
        elif isinstance(body, Pairs):
            self._pairs(holder, body, name)
        elif isinstance(body, Spots) and item.picture:
            self._spots(holder, item, body, item.picture, name)
        elif isinstance(body, Model):
            self._declare(name, "single", "string", [])
            SubElement(holder, "extendedTextInteraction", responseIdentifier=name)
            self._stem(SubElement(holder, "rubricBlock", view="scorer"), body.answer)
        stem.tail = "\n"

    def _choice(self, holder: Element, item: Item, name: str) -> None:
        several = item.kind == MULTIPLE
        right = [LETTERS[at] for at in sorted(item.right)]
        self._declare(name, "multiple" if several else "single", "identifier", right)
        asked = SubElement(
            holder, "choiceInteraction", responseIdentifier=name,
            shuffle="false" if item.kind == TRUE_FALSE else "true", maxChoices="0" if several else "1",
        )  # fmt: skip
        for letter, text in zip(LETTERS, item.options, strict=False):
            SubElement(asked, "simpleChoice", identifier=letter).text = text

    def _blanks(self, holder: Element, item: Item, body: Blanks, name: str) -> None:
        """Each field stands behind its mark; a stem without a mark has its field in a line below."""
        ends = blank_ends(item.stem)
        stem = self._stem(holder, item.stem[: ends[0]] if ends else item.stem)
        for at, texts in enumerate(body.accepted):
            key = name if len(body.accepted) == 1 else f"{name}_{at + 1}"
            declared = self._declare(key, "single", "string", texts[:1])
            mapping = SubElement(declared, "mapping", defaultValue="0")
            for text in dict.fromkeys(texts):
                SubElement(mapping, "mapEntry", mapKey=text, mappedValue="1")
            inside = stem if ends else SubElement(holder, "p")
            field = SubElement(inside, "textEntryInteraction", responseIdentifier=key)
            if ends:
                field.tail = item.stem[ends[at] : ends[at + 1] if at + 1 < len(ends) else None]
        self._look(holder, item)

    def _number(self, holder: Element, body: Number, name: str) -> None:
        self._declare(name, "single", "float", [f"{body.value:f}"])
        self.equal.append((name, body))
        line = SubElement(holder, "p")
        field = SubElement(line, "textEntryInteraction", responseIdentifier=name)
        if body.unit:
            unit = SubElement(line, "span", {"class": "unit"})
            unit.text = body.unit
        field.tail = " "

    def _pairs(self, holder: Element, body: Pairs, name: str) -> None:
        rights = body.rights()
        ids = {right: f"R{at}" for at, right in enumerate(rights, start=1)}
        right = [f"L{at} {ids[side]}" for at, (_, side) in enumerate(body.pairs, start=1)]
        self._declare(name, "multiple", "directedPair", right)
        asked = SubElement(
            holder, "matchInteraction", responseIdentifier=name, shuffle="true", maxAssociations="0"
        )
        for prefix, texts in (("L", [left for left, _ in body.pairs]), ("R", rights)):
            side = SubElement(asked, "simpleMatchSet")
            for at, text in enumerate(texts, start=1):
                most = "1" if prefix == "L" else "0"
                choice = SubElement(
                    side, "simpleAssociableChoice", identifier=f"{prefix}{at}", matchMax=most
                )
                choice.text = text

    def _spots(self, holder: Element, item: Item, body: Spots, picture: Picture, name: str) -> None:
        declared = self._declare(name, "multiple", "point", [])
        areas = SubElement(declared, "areaMapping", defaultValue="0")
        for area in body.areas:
            coords = ",".join(map(str, area.numbers))
            SubElement(areas, "areaMapEntry", shape=area.shape, coords=coords, mappedValue="1")
        most = str(len(body.areas))
        asked = SubElement(
            holder, "selectPointInteraction", responseIdentifier=name, maxChoices=most
        )
        if self.version.kebab:
            self._image(asked, picture, item.picture_alt)
            return
        shown = SubElement(
            asked, "object", data=f"../images/{picture_name(picture)}", type=f"image/{picture.kind}",
            width=str(picture.width), height=str(picture.height),
        )  # fmt: skip
        shown.text = item.picture_alt

    def _process(self) -> None:
        """The scoring: by the declared answers, and for numbers within their tolerance."""
        rules = SubElement(self.root, "responseProcessing")
        for name, body in self.equal:
            condition = SubElement(SubElement(rules, "responseCondition"), "responseIf")
            wide = f"{body.tolerance:f}"
            equal = SubElement(
                condition, "equal", toleranceMode="absolute", tolerance=f"{wide} {wide}"
            )
            SubElement(equal, "variable", identifier=name)
            SubElement(equal, "correct", identifier=name)
            score = SubElement(condition, "setOutcomeValue", identifier="SCORE")
            SubElement(score, "baseValue", baseType="float").text = "1"
