"""h5p.json: what is read, what is refused, everything at once; and what it reports."""

from typing import Any

import pytest

from courses.packages.problems import PackageError
from courses.packages.unpacking import unpack
from courses.rules.cmi import accepted, outcome
from tests.courses.package_kit import h5p, zipped


def told(files: dict[str, Any]) -> list[str]:
    with pytest.raises(PackageError) as fault:
        unpack(zipped(files), ("h5p",))
    return fault.value.problems


def test_a_good_one() -> None:
    found = unpack(zipped(h5p()), ("scorm12", "h5p"))
    assert (found.kind, found.title, found.launch) == ("h5p", "认一认隐患", "h5p.json")
    assert [item.identifier for item in found.items] == ["h5p"]


def test_every_problem_at_once() -> None:
    files = h5p({"h5p.json": '{"preloadedDependencies": [{"machineName": "H5P.Gone", "majorVersion": 1,'
                 ' "minorVersion": 2}, {"x": 1}]}', "content/content.json": "["})  # fmt: skip
    assert told(files) == [
        "h5p.json 没有写标题（title）",
        "h5p.json 没有写主程序（mainLibrary）",
        "content/content.json 不是正确的 JSON，请重新导出",
        "包里没有程序库 H5P.Gone-1.2，请在编辑器里导出带程序库的 .h5p",
        "h5p.json 里有一个程序库写得不对",
    ]


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, "\ud7ff"])
def test_what_is_no_json_object(text: str) -> None:
    assert len(told(h5p({"h5p.json": text}))) == 1


def test_without_content_or_libraries() -> None:
    files = h5p()
    del files["content/content.json"], files["H5P.Anxin-1.0/library.json"]
    assert told(files) == [
        "包里没有 content/content.json",
        "包里没有程序库 H5P.Anxin-1.0，请在编辑器里导出带程序库的 .h5p",
    ]


def test_what_it_reports() -> None:
    values = accepted(
        "h5p", {"cmi.completion_status": "completed", "cmi.score.raw": "8", "cmi.score.max": "10"}
    )
    found = outcome("h5p", values)
    assert (found.done, found.passed, found.score) == (True, None, 80)
    with pytest.raises(ValueError, match=r"cmi\.suspend_data"):
        accepted("h5p", {"cmi.suspend_data": "x"})
