"""imsmanifest.xml of both versions: what is read, what is refused, everything at once."""

from typing import Any

import pytest

from courses.packages.manifests import Item, Manifest
from courses.packages.problems import PackageError
from courses.packages.scorm import UNSEQUENCED
from courses.packages.unpacking import unpack
from tests.courses.package_kit import item, manifest, resource, scorm, zipped

BOTH = ("scorm12", "scorm2004")
BOMB = """<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]>
<manifest xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"><x>&b;</x></manifest>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<manifest xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"><x>&x;</x></manifest>"""


def read(text: str, more: dict[str, Any] | None = None, kinds: Any = BOTH) -> Any:
    return unpack(zipped(scorm(more={"imsmanifest.xml": text, **(more or {})})), kinds)


def told(text: str, kinds: Any = BOTH) -> list[str]:
    with pytest.raises(PackageError) as fault:
        read(text, kinds=kinds)
    return fault.value.problems


@pytest.mark.parametrize("version", BOTH)
def test_one_part(version: str) -> None:
    found = read(manifest(version))
    assert (found.kind, found.launch, found.notes) == (version, "index.html", ())
    assert found.items == (Item("i1", "第一节", "index.html"),)


def test_many_parts_in_order_with_bases_and_parameters() -> None:
    nested = f"<item identifier='g'><title>组</title>{item(2, '第二节', parameters='?a=1')}</item>"
    text = manifest(
        items=item() + nested + item(3, "资料"),
        resources=resource()
        + resource(2, "two.html?b=2#c", more=' xml:base="sub/"')
        + resource(3, "%E5%9B%BE.html", kind="asset"),
    )
    found = read(text, {"sub/two.html": "2", "图.html": "3"})
    assert found.items == (
        Item("i1", "第一节", "index.html"),
        Item("i2", "第二节", "sub/two.html", "?b=2&a=1#c"),
        Item("i3", "资料", "图.html", tracked=False),
    )


def test_what_a_part_wants_to_be_told() -> None:
    data = "<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>a=1</adlcp:datafromlms>"
    assert read(manifest(items=item(more=data))).items[0].data == {
        "mastery": "80",
        "launch_data": "a=1",
    }
    measure = (
        "<imsss:sequencing><imsss:objectives><imsss:primaryObjective satisfiedByMeasure='true'>"
        "<imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure></imsss:primaryObjective>"
        "</imsss:objectives></imsss:sequencing>"
    )
    assert read(manifest("scorm2004", item(more=measure))).items[0].data == {"mastery": "0.8"}


def test_sequencing_is_not_carried_out_and_said_so() -> None:
    rule = "<imsss:sequencing><imsss:controlMode flow='true' choice='false'/></imsss:sequencing>"
    assert read(manifest("scorm2004", item(more=rule))).notes == (UNSEQUENCED,)


@pytest.mark.parametrize("text", [BOMB, OUTSIDE])
def test_entities(text: str) -> None:
    assert told(text) == ["imsmanifest.xml 里有 DTD 或实体声明，为安全不读，请去掉"]


def test_a_wrong_namespace() -> None:
    text = manifest().replace("imscp_rootv1p1p2", "imscp_v9")
    assert told(text) == [
        "imsmanifest.xml 的命名空间“http://www.imsproject.org/xsd/imscp_v9”不是 SCORM 1.2 或"
        " SCORM 2004 的，请在制作工具里选择导出为 SCORM 1.2 或 SCORM 2004"
    ]
    assert "（没有）" in told("<manifest/>")[0]


def test_another_kind_than_is_wanted() -> None:
    assert told(manifest("scorm2004"), kinds=("scorm12",)) == [
        "这是 SCORM 2004 包，这里只收 SCORM 1.2"
    ]


def test_xml_that_is_none() -> None:
    assert told("<manifest><a></manifest>") == [
        "imsmanifest.xml 第1行第16列不是正确的 XML，请重新导出"
    ]
    assert told("<a>" * 80 + "</a>" * 80) == ["imsmanifest.xml 的标签套得太深，最多 60 层"]


def test_every_problem_of_a_manifest_at_once() -> None:
    text = manifest(
        items=item() + item(2, "外面的") + item(3, "没有的") + item(4, "无") + item(
            5, "分", more="<adlcp:masteryscore>nan</adlcp:masteryscore>"
        ) + item(6, "上面的"),
        resources=resource() + resource(1) + resource(2, "https://evil.example/x.html")
        + resource(3, "gone.html") + resource(5) + resource(6, "../../etc/passwd"),
    ).replace("<schemaversion>1.2<", "<schemaversion>1.3<")  # fmt: skip
    assert told(text) == [
        "imsmanifest.xml 写的版本是“1.3”，和命名空间不一致，应是 1.2",
        "imsmanifest.xml 里有两个资源都叫“r1”",
        "“外面的”要打开的是“https://evil.example/x.html”，只能打开包里的文件",
        "“没有的”要打开的文件 gone.html 不在包里",
        "“无”指的资源“r4”不在 imsmanifest.xml 里",
        "通过分数“nan”不对，应是数字",
        "“上面的”要打开的文件 ../../etc/passwd 不在包里",
    ]


def test_no_part_or_too_many() -> None:
    assert told(manifest(items="<item identifier='x'><title>空</title></item>")) == [
        "imsmanifest.xml 里没有可以打开的一节，请重新导出"
    ]
    assert told(manifest(items=item() * 201)) == ["包里有 201 节，最多 200 节，请拆成几个包"]


def test_a_further_kind_is_a_reader_more() -> None:
    from courses.packages.manifests import NAMES, Reader

    def cmi5(content: bytes, archive: Any) -> Manifest:
        assert content == b"<courseStructure/>"
        return Manifest("cmi5", "一门课", (Item("au", "一节", "au.html"),))

    assert "cmi5" in NAMES
    reader = Reader("cmi5.xml", frozenset({"cmi5"}), cmi5)
    file = zipped({"cmi5.xml": "<courseStructure/>", "au.html": "x"})
    assert unpack(file, ("cmi5",), readers=[reader]).kind == "cmi5"
