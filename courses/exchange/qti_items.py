"""One QTI item, in 2.x names: its interactions with their declared answers become a question."""

import re
from collections.abc import Callable, Mapping, Set
from decimal import Decimal
from typing import Any, Final
from xml.etree.ElementTree import Element

from courses.exchange.qti_text import ItemText
from courses.rules.bodies import Area, Blanks, Body, Model, Number, Pairs, Spots, Steps, number_of
from courses.rules.items import Item, Parts
from courses.rules.questions import (
    FILL,
    HOTSPOT,
    KIND_NAMES,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    ORDERING,
    SHORT,
    SINGLE,
    TRUE_FALSE,
)

_JUDGE: Final = KIND_NAMES[TRUE_FALSE]


class QtiError(ValueError):
    """An item that cannot be read; the message says what to do."""


class ItemReader:
    """Reads an item; ``pictures`` are (source, description), ``names`` those of areas by number."""

    def __init__(self, root: Element, tags: list[str]) -> None:
        if root.tag != "assessmentItem":
            raise QtiError(f"这个文件不是一道试题（{str(root.tag)[:30]}）")
        found = root.find("itemBody")
        if found is None:
            raise QtiError("没有题目正文（itemBody）")
        self.root, self.body = root, found
        self.declared = {
            node.get("identifier", ""): node for node in root.findall("responseDeclaration")
        }
        self.pictures: list[tuple[str, str]] = []
        self.judged = f"题型：{_JUDGE}" in tags
        self.case = f"题型：{KIND_NAMES['case']}" in tags
        self.judged_parts = {
            int(m[1]) for tag in tags if (m := re.fullmatch(rf"小题(\d{{1,3}})：{_JUDGE}", tag))
        }
        named = (re.fullmatch(r"隐患(\d{1,3})：(.*)", tag, re.S) for tag in tags)
        self.names = {int(match[1]): match[2] for match in named if match}
        ours = re.compile(r"题型：|小题\d+：|隐患\d+：")
        self.plain_tags = [tag for tag in tags if not ours.match(tag)]

    def facts(self) -> dict[str, Any]:
        """Kind, stem, options or body, explanation."""
        holders = [node for node in self.body.iter("div") if node.get("class") == "part"]
        if holders or self.case:
            return self._case(holders)
        return self._question(self.body, judged=self.judged)

    def _case(self, holders: list[Element]) -> dict[str, Any]:
        parts = [
            Item(**self._question(holder, judged=number in self.judged_parts))
            for number, holder in enumerate(holders, start=1)
        ]
        inside = {id(node) for holder in holders for node in holder.iter()}
        stem = ItemText(self.pictures, skip=inside).read(self.body)
        explanation = self._aside(self.body, "tutor", inside)
        return {
            "kind": "case",
            "stem": stem,
            "body": Parts(tuple(parts)),
            "explanation": explanation,
        }

    def _question(self, holder: Element, *, judged: bool) -> dict[str, Any]:
        asked = [node for node in holder.iter() if node.tag in _READERS]
        odd = [
            node
            for node in holder.iter()
            if node.tag.endswith("Interaction") and node.tag not in _READERS
        ]
        if odd:
            raise QtiError(f"不收这种交互（{odd[0].tag}）；收 {'、'.join(_READERS)}")
        fields = [node for node in asked if node.tag == "textEntryInteraction"]
        if not asked or (len(asked) > 1 and len(fields) < len(asked)):
            raise QtiError("一道题里应有一个交互；几个填空可以在同一道题里")
        text = ItemText(self.pictures, marks=len(fields) > 0 and not self._is_number(fields[0]))
        stem = text.read(holder)
        content = _READERS[asked[0].tag](self, asked)
        if judged and content["kind"] == SINGLE:
            content["kind"] = TRUE_FALSE
        if content["kind"] == SHORT:
            content["body"] = Model(self._aside(holder, "scorer", set()))
        prompt = asked[0].find("prompt")
        if prompt is not None:
            stem = "\n".join(filter(None, [stem, ItemText(self.pictures).read(prompt)]))
        explanation = self._aside(holder, "tutor", set()) or self._feedback(holder)
        return {"body": None, **content, "stem": stem, "explanation": explanation}

    def _aside(self, holder: Element, view: str, inside: Set[int]) -> str:
        blocks = (node for node in holder.iter("rubricBlock") if id(node) not in inside)
        found = [
            ItemText(self.pictures).read(node)
            for node in blocks
            if view in node.get("view", "").split()
        ]
        return "\n".join(filter(None, found))

    def _feedback(self, holder: Element) -> str:
        if holder is not self.body:
            return ""
        return "\n".join(
            filter(
                None,
                (ItemText(self.pictures).read(node) for node in self.root.findall("modalFeedback")),
            )
        )

    # -- Answers -------------------------------------------------------------------------------------

    def right(self, node: Element) -> list[str]:
        """The values of the correct response of an interaction."""
        declared = self.declaration(node)
        return [(value.text or "").strip() for value in declared.findall("correctResponse/value")]

    def declaration(self, node: Element) -> Element:
        """The response declaration of an interaction."""
        found = self.declared.get(node.get("responseIdentifier", ""))
        if found is None:
            raise QtiError("没有写答案（responseDeclaration）")
        return found

    def _is_number(self, node: Element) -> bool:
        return self.declaration(node).get("baseType") in ("float", "integer")

    def choice(self, asked: list[Element]) -> dict[str, Any]:
        """单选、多选."""
        choices = asked[0].findall("simpleChoice")
        ids = [node.get("identifier", "") for node in choices]
        right = self.right(asked[0])
        if not right:
            right = [key for key, value in self._mapped(asked[0]) if value > 0]
        if missing := [key for key in right if key not in ids]:
            raise QtiError(f"答案 {missing[0][:30]} 不是任何选项")
        several = self.declaration(asked[0]).get("cardinality") == "multiple"
        places = frozenset(map(ids.index, right))
        kind = MULTIPLE if several and len(places) != 1 else SINGLE
        return {"kind": kind, "options": tuple(map(self.words, choices)), "right": places}

    def _mapped(self, node: Element) -> list[tuple[str, Decimal]]:
        rows = self.declaration(node).findall("mapping/mapEntry")
        pairs = ((row.get("mapKey", ""), number_of(row.get("mappedValue", ""))) for row in rows)
        return [(key, value) for key, value in pairs if value is not None]

    def words(self, node: Element) -> str:
        """The text of a choice."""
        return ItemText(self.pictures).read(node)

    def entries(self, asked: list[Element]) -> dict[str, Any]:
        """填空，或一个数字."""
        if self._is_number(asked[0]):
            return self._number(asked)
        blanks = []
        for node in asked:
            mapped = [(key, value) for key, value in self._mapped(node) if value > 0]
            best = max((value for _, value in mapped), default=Decimal(0))
            texts = self.right(node) + [key for key, value in mapped if value == best]
            blanks.append(tuple(dict.fromkeys(text for text in texts if text)))
        return {"kind": FILL, "body": Blanks(tuple(blanks))}

    def _number(self, asked: list[Element]) -> dict[str, Any]:
        right = self.right(asked[0])
        value = number_of(right[0]) if right else None
        if value is None or len(asked) > 1:
            raise QtiError("计算题应有一个数字作答案")
        name = asked[0].get("responseIdentifier")
        wide = Decimal(0)
        for equal in self.root.iter("equal"):
            mine = any(node.get("identifier") == name for node in equal.iter("variable"))
            if mine and equal.get("toleranceMode") == "absolute":
                wide = number_of((equal.get("tolerance", "").split() or ["0"])[0]) or Decimal(0)
            elif mine and equal.get("toleranceMode") == "relative":
                raise QtiError("不收相对误差，请改成 absolute")
        body = Number(value, wide, self._unit(asked[0]))
        return {"kind": NUMERIC, "body": body}

    def _unit(self, field: Element) -> str:
        for holder in self.body.iter():
            if field in list(holder):
                units = [node for node in holder.findall("span") if node.get("class") == "unit"]
                return (units[0].text or "").strip() if units else ""
        return ""

    def order(self, asked: list[Element]) -> dict[str, Any]:
        """排序."""
        texts = {
            node.get("identifier", ""): self.words(node)
            for node in asked[0].findall("simpleChoice")
        }
        right = self.right(asked[0])
        if sorted(right) != sorted(texts):
            raise QtiError("排序题的答案应把每一步都写一次")
        return {"kind": ORDERING, "body": Steps(tuple(texts[key] for key in right))}

    def match(self, asked: list[Element]) -> dict[str, Any]:
        """连线."""
        sets = asked[0].findall("simpleMatchSet")
        if len(sets) != 2:
            raise QtiError("连线题应有两组（simpleMatchSet）")
        lefts, rights = (
            {
                node.get("identifier", ""): self.words(node)
                for node in side.findall("simpleAssociableChoice")
            }
            for side in sets
        )
        joined: dict[str, str] = {}
        for pair in self.right(asked[0]):
            keys = pair.split()
            if len(keys) != 2 or keys[0] not in lefts or keys[1] not in rights or keys[0] in joined:
                raise QtiError(f"连线题的答案 {pair[:30]} 对不上；左边每项只能连一个")
            joined[keys[0]] = keys[1]
        if set(joined) != set(lefts):
            raise QtiError("连线题左边每项都要有答案")
        pairs = tuple((text, rights[joined[key]]) for key, text in lefts.items())
        spare = tuple(text for key, text in rights.items() if key not in joined.values())
        return {"kind": MATCHING, "body": Pairs(pairs, spare)}

    def spots(self, asked: list[Element]) -> dict[str, Any]:
        """找隐患."""
        areas = []
        for row in self.declaration(asked[0]).findall("areaMapping/areaMapEntry"):
            numbers = re.findall(r"-?\d+", row.get("coords", ""))
            areas.append(
                Area(row.get("shape", ""), tuple(min(int(n[:9]), 10**6) for n in numbers), "")
            )
        for shown in asked[0].findall("object"):
            self.pictures.append(
                (shown.get("data", ""), " ".join("".join(shown.itertext()).split()))
            )
        return {"kind": HOTSPOT, "body": Spots(tuple(areas))}

    def essay(self, asked: list[Element]) -> dict[str, Any]:
        """简答."""
        body: Body = Model("")
        return {"kind": SHORT, "body": body}


_READERS: Final[Mapping[str, Callable[[ItemReader, list[Element]], dict[str, Any]]]] = {
    "choiceInteraction": ItemReader.choice,
    "textEntryInteraction": ItemReader.entries,
    "orderInteraction": ItemReader.order,
    "matchInteraction": ItemReader.match,
    "selectPointInteraction": ItemReader.spots,
    "extendedTextInteraction": ItemReader.essay,
}
