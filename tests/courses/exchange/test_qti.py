"""QTI 2.1, 2.2 and 3: every kind comes back as it was, pictures too; what cannot be read is named."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.exchange import qti, qti_out
from courses.exchange.archive import Archive, zipped
from courses.exchange.batch import UnreadableError
from courses.rules.bodies import Area, Blanks, Model, Number, Pairs, Spots, Steps
from courses.rules.items import Item
from tests.courses.exchange_kit import batch, different, media_of, told
from tests.courses.item_kit import SOUND, items, steady

VERSIONS = ["qti21", "qti22", "qti3"]


@pytest.mark.parametrize("version", VERSIONS)
@steady
@given(found=st.lists(items(), min_size=1, max_size=4).map(different))
def test_qti_keeps_every_kind_with_its_picture(version: str, found: list[Item]):
    written = qti_out.write(found, media_of(found), "题库", version)
    again = qti.read(written.content, batch())
    assert told(again) == []
    assert again.items == found
    assert again.media == media_of(found)


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("qti21", ["imsqti_v2p1", "<choiceInteraction", 'responseIdentifier="RESPONSE"']),
        ("qti22", ["imsqti_v2p2", "<simpleChoice"]),
        (
            "qti3",
            ["imsqtiasi_v3p0", "<qti-choice-interaction", 'response-identifier="RESPONSE"', "<div"],
        ),
    ],
)
def test_each_version_is_spelled_as_its_own(version: str, words: list[str]):
    archive = Archive(qti_out.write([SOUND["single"]], {}, "题库", version).content)
    item = archive.read("items/q00001.xml").decode()
    assert [word for word in words if word not in item] == []
    assert version[-1] in archive.read("imsmanifest.xml").decode()


HEAD = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="a" title="题">'


def item(declared: str, body: str, more: str = "") -> bytes:
    return f"{HEAD}{declared}<itemBody>{body}</itemBody>{more}</assessmentItem>".encode()


def declared(
    right: str, cardinality: str = "single", base: str = "identifier", more: str = ""
) -> str:
    values = "".join(f"<value>{value}</value>" for value in right.split("|") if value)
    return (
        f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{values}</correctResponse>{more}</responseDeclaration>"
    )


CHOICE = (
    '<choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>先做<b>什么</b>？</prompt>'
    '<simpleChoice identifier="x"> 通风\n 换气 </simpleChoice><simpleChoice identifier="y">下井</simpleChoice>'
    "</choiceInteraction>"
)
ENTRY = '<textEntryInteraction responseIdentifier="R"/>'


@pytest.mark.parametrize(
    ("source", "facts"),
    [
        (
            item(declared("y"), f"<p>看题。</p>{CHOICE}", "<modalFeedback><p>讲解</p></modalFeedback>"),
            {
                "kind": "single",
                "stem": "看题。\n先做什么？",
                "options": ("通风 换气", "下井"),
                "right": frozenset({1}),
                "explanation": "讲解",
            },
        ),
        (
            item(
                declared("", "multiple", more='<mapping><mapEntry mapKey="x" mappedValue="1"/>'
                         '<mapEntry mapKey="y" mappedValue="1"/></mapping>'),
                CHOICE,
            ),
            {"kind": "multiple", "right": frozenset({0, 1})},
        ),
        (
            item(declared("通风", base="string"), f"<p>先{ENTRY}，再检测。</p>"),
            {"kind": "fill", "stem": "先____，再检测。", "body": Blanks((("通风",),))},
        ),
        (
            item(
                declared("19.5", base="float"), f"<p>多少{ENTRY}</p>",
                '<responseProcessing><equal toleranceMode="absolute" tolerance="0.5 0.5">'
                '<variable identifier="R"/><correct identifier="R"/></equal></responseProcessing>',
            ),
            {"kind": "numeric", "body": Number(Decimal("19.5"), Decimal("0.5"))},
        ),
        (
            item(declared("b|a", "ordered"), '<orderInteraction responseIdentifier="R"><prompt>排</prompt>'
                 '<simpleChoice identifier="a">甲</simpleChoice><simpleChoice identifier="b">乙</simpleChoice>'
                 "</orderInteraction>"),
            {"stem": "排", "body": Steps(("乙", "甲"))},
        ),
        (
            item(declared("a x|b y", "multiple", "directedPair"), "<p>连</p>"
                 '<matchInteraction responseIdentifier="R"><simpleMatchSet>'
                 '<simpleAssociableChoice identifier="a">帽</simpleAssociableChoice>'
                 '<simpleAssociableChoice identifier="b">镜</simpleAssociableChoice></simpleMatchSet>'
                 '<simpleMatchSet><simpleAssociableChoice identifier="x">头</simpleAssociableChoice>'
                 '<simpleAssociableChoice identifier="y">眼</simpleAssociableChoice></simpleMatchSet>'
                 "</matchInteraction>"),
            {"body": Pairs((("帽", "头"), ("镜", "眼")))},
        ),
        (
            item(declared("", base="string"), '<p>为什么？</p><extendedTextInteraction responseIdentifier="R"/>'
                 '<rubricBlock view="scorer"><p>会死人</p></rubricBlock>'),
            {"kind": "short", "stem": "为什么？", "body": Model("会死人")},
        ),
    ],
)  # fmt: skip
def test_qti_of_other_hands(source: bytes, facts: dict[str, Any]):
    found = qti.read(source, batch())
    assert told(found) == []
    assert {name: getattr(found.items[0], name) for name in facts} == facts


def package(*sources: bytes, more: dict[str, bytes] | None = None) -> bytes:
    files = {f"i{number}.xml": source for number, source in enumerate(sources)}
    rows = "".join(
        f'<resource type="imsqti_item_xmlv2p1" href="{name}"/>' for name in [*files, "weg.xml"]
    )
    manifest = f"<manifest><resources>{rows}</resources></manifest>".encode()
    return zipped({"imsmanifest.xml": manifest, **files, **(more or {})})


def test_every_problem_of_a_package_at_once():
    found = qti.read(
        package(
            item(declared("x"), CHOICE),
            item(declared("z"), CHOICE),
            item("", CHOICE),
            item(declared("x"), "<p>问</p>"),
            item(declared("x"), '<sliderInteraction responseIdentifier="R"/>'),
            b"<assessmentItem><itemBody>",
            b"<assessmentTest/>",
            item(declared("x"), f'<p><img src="weg.png"/></p>{CHOICE}'),
            item(declared("x"), f'<p><img src="a.png"/></p>{CHOICE}'),
            item(declared("a b", "multiple", "directedPair"), '<matchInteraction responseIdentifier="R"/>'),
            item(declared("", "multiple", "point", '<areaMapping><areaMapEntry shape="rect" coords="1,2"/>'
                 "</areaMapping>"), '<p>找</p><selectPointInteraction responseIdentifier="R"/>'),
            more={"a.png": b"MZ"},
        ),
        batch(),
    )  # fmt: skip
    assert [(where, advice[:9]) for where, _, advice in told(found)] == [
        ("第2题", "答案 z 不是任何"),
        ("第3题", "没有写答案（res"),
        ("第4题", "一道题里应有一个交"),
        ("第5题", "不收这种交互（sl"),
        ("第6题", "i5.xml第1行"),
        ("第7题", "这个文件不是一道试"),
        ("第8题", "压缩包里没有这张图"),
        ("第9题", "不是图片或者已损坏"),
        ("第10题", "连线题应有两组（s"),
        ("第11题", "找隐患题要有一张图"),
        ("第12题", "清单里写了这道题，"),
    ]
    assert (len(found.items), found.total) == (1, 12)


def test_an_area_without_a_name_gets_a_number():
    kept = qti_out.write([SOUND["hotspot"]], media_of([SOUND["hotspot"]]), "题库", "qti21")
    archive = Archive(kept.content)
    files = {name: archive.read(name) for name in archive.entries}
    manifest = files["imsmanifest.xml"].decode().replace("隐患1：没戴帽", "安全")
    again = qti.read(zipped(files | {"imsmanifest.xml": manifest.encode()}), batch()).items[0]
    assert isinstance(again.body, Spots)
    assert again.body.areas[0] == Area("rect", (10, 10, 90, 90), "隐患1")
    assert again.topic == "安全"


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (zipped({"a": b""}), "压缩包里没有 imsmanifest.xml"),
        (zipped({"imsmanifest.xml": b"<manifest/>"}), "imsmanifest.xml 里没有试题"),
        (b"<assessmentItem>", "QTI 文件第1行"),
    ],
)
def test_a_file_that_is_no_qti_is_told(content: bytes, advice: str):
    with pytest.raises(UnreadableError, match=advice):
        qti.read(content, batch())
