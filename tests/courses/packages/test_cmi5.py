"""Packages with a cmi5.xml: a kind like the others; units inside are looked for, units elsewhere are addresses."""

from typing import Any

import pytest

from courses.acts.xapi.importing import look_into
from courses.packages.archive import Archive
from courses.packages.manifests import Item, manifest_of
from courses.packages.problems import PackageError
from courses.packages.unpacking import READERS
from courses.xapi.faults import FaultError
from tests.courses.package_kit import zipped
from tests.courses.xapi_kit import au, block, course_xml


def read(files: dict[str, Any], *kinds: str) -> Any:
    """The manifest of a zip of these files."""
    return manifest_of(Archive(zipped(files)), READERS, kinds or ("cmi5",))


def test_a_package_with_units_inside_and_elsewhere() -> None:
    """Section 14.1: relative addresses are files of the package, with what follows them."""
    inside = au(1, url="lesson%201/start.html?page=2")
    files = {
        "cmi5.xml": course_xml(block(1, inside), au(2, "")),
        "lesson 1/start.html": "<p>学</p>",
    }
    found = read(files)
    assert (found.kind, found.title) == ("cmi5", "有限空间")
    assert found.items == (
        Item(
            "https://publisher.example/au/1", "第1课", "lesson 1/start.html", "?page=2",
            data={"publisher": "https://publisher.example/au/1", "move_on": "CompletedAndPassed"},
        ),
        Item(
            "https://publisher.example/au/2", "第2课", "https://content.example/au2/index.html?theme=dark",
            data={"publisher": "https://publisher.example/au/2", "move_on": "NotApplicable"},
        ),
    )  # fmt: skip


def test_what_is_wrong_is_told() -> None:
    """A file that is not there, a structure that is none, a package of another kind."""
    with pytest.raises(PackageError, match="不在包里"):
        read({"cmi5.xml": course_xml(au(1, url="start.html"))})
    with pytest.raises(PackageError, match="没有课件"):
        read({"cmi5.xml": course_xml()})
    with pytest.raises(PackageError, match="这里要的是"):
        read({"cmi5.xml": course_xml(au())}, "scorm12")


def test_a_zip_is_looked_into_like_the_file_alone() -> None:
    """Units elsewhere are taken; what lies in the package is told, for nothing here opens it yet."""
    assert [
        one.title for one in look_into(zipped({"cmi5.xml": course_xml(au())}).getvalue()).units()
    ] == ["第1课"]
    files = {"cmi5.xml": course_xml(au(1, url="start.html")), "start.html": "x"}
    with pytest.raises(FaultError, match="包里的文件"):
        look_into(zipped(files).getvalue())
    with pytest.raises(FaultError, match="课件包"):
        look_into(zipped({"other.xml": "<a/>"}).getvalue())
