"""Rules of cmi5 that need no database: moveOn, blocks, course structures."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.xapi import cmi5
from courses.xapi.faults import FaultError
from courses.xapi.structure import Block, Unit, read_structure
from tests.courses.xapi_kit import au, block, course_xml, fault_of

VERBS = [cmi5.COMPLETED, cmi5.PASSED, cmi5.FAILED]


@pytest.mark.parametrize(
    ("move_on", "verbs", "met"),
    [
        ("Passed", [cmi5.PASSED], True),
        ("Passed", [cmi5.COMPLETED, cmi5.FAILED], False),
        ("Completed", [cmi5.COMPLETED], True),
        ("Completed", [cmi5.PASSED], False),
        ("CompletedAndPassed", [cmi5.COMPLETED], False),
        ("CompletedAndPassed", [cmi5.COMPLETED, cmi5.PASSED], True),
        ("CompletedOrPassed", [cmi5.PASSED], True),
        ("CompletedOrPassed", [cmi5.FAILED], False),
        ("NotApplicable", [], True),
        ("Passed", [cmi5.WAIVED], True),
    ],
)
def test_move_on(move_on: str, verbs: list[str], met: bool) -> None:
    """13.1.4, 9.3.9."""
    assert cmi5.is_satisfied(move_on, verbs) is met


@given(
    st.sampled_from(cmi5.MOVE_ONS), st.sets(st.sampled_from(VERBS)), st.sets(st.sampled_from(VERBS))
)
def test_more_never_takes_satisfaction_away(move_on: str, one: set[str], more: set[str]) -> None:
    """Satisfaction only grows, and failing alone never gives it."""
    if cmi5.is_satisfied(move_on, one):
        assert cmi5.is_satisfied(move_on, one | more)
    if move_on != "NotApplicable":
        assert not cmi5.is_satisfied(move_on, {cmi5.FAILED})


@given(st.lists(st.tuples(st.sampled_from([None, 1, 2, 3]), st.booleans()), max_size=8))
def test_a_block_is_satisfied_exactly_when_all_within_are(
    units: list[tuple[int | None, bool]],
) -> None:
    """1 holds 2, 2 holds 3; the course holds all."""
    parents = {1: None, 2: 1, 3: 2}
    within: dict[int | None, set[int | None]] = {
        None: {None, 1, 2, 3},
        1: {1, 2, 3},
        2: {2, 3},
        3: {3},
    }
    expected = {
        one for one, inner in within.items() if all(done for place, done in units if place in inner)
    }
    assert cmi5.satisfied_blocks(units, parents) == expected


def test_a_structure_is_read_whole() -> None:
    """13.1: white space at the ends goes, Chinese texts come first, defaults are the schema's."""
    content = course_xml(
        block(1, au(1), block(2, au(2, ""))), au(3, 'launchMethod="OwnWindow" masteryScore="1.0"')
    )
    found = read_structure(content)
    assert (found.id, found.title) == ("https://publisher.example/course/1", "有限空间")
    first, last = found.parts
    assert isinstance(first, Block)
    assert isinstance(last, Unit)
    assert (last.launch_method, last.mastery, last.move_on) == (
        "OwnWindow",
        Decimal("1.0"),
        "NotApplicable",
    )
    assert [one.title for one in found.units()] == ["第1课", "第2课", "第3课"]
    one = next(found.units())
    assert one == Unit(
        id="https://publisher.example/au/1",
        title="第1课",
        description="说明",
        url="https://content.example/au1/index.html?theme=dark",
        move_on="CompletedAndPassed",
        mastery=Decimal("0.8"),
        launch_parameters="level=1",
        entitlement_key="key-1",
    )


def test_more_than_a_thousand_units() -> None:
    """6.1: an LMS takes more than 1000."""
    assert len(list(read_structure(course_xml(*[au(n) for n in range(1200)])).units())) == 1200


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "XML"),
        (b"<a/>", "courseStructure"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DTD"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "XML"),
        (course_xml(), "没有课件"),
        (course_xml(block(1)), "没有课件"),
        (course_xml(au(1), au(1)), "编号重复"),
        (course_xml(block(1, au(1)), block(1, au(2))), "编号重复"),
        (course_xml(au(1, 'moveOn="Never"')), "moveOn"),
        (course_xml(au(1, 'launchMethod="Frame"')), "launchMethod"),
        (course_xml(au(1, 'masteryScore="1.1"')), "masteryScore"),
        (course_xml(au(1, 'masteryScore="0.12345"')), "masteryScore"),
        (course_xml(au(1, 'masteryScore="NaN"')), "masteryScore"),
        (course_xml(au(1, url="javascript:alert(1)")), "url"),
        (course_xml(au(1, url="//content.example/a")), "url"),
        (course_xml(au(1, url="/a.html")), "url"),
        (course_xml(au(1, url="a/../../b.html")), "url"),
        (course_xml(au(1, url="https://content.example/a?fetch=1")), "fetch"),
        (course_xml(au(1, url="http://[bad")), "url"),
        (course_xml(au(1).replace("https://publisher.example/au/1", "no-iri")), "IRI"),
        (course_xml(au(1).replace("<title>", "<name>").replace("</title>", "</name>")), "title"),
    ],
)
def test_what_is_wrong_in_a_structure_is_told(content: bytes, told: str) -> None:
    """13.1 and the schema."""
    with pytest.raises(FaultError) as fault:
        read_structure(content)
    assert told in str(fault.value)


@given(st.binary(max_size=300))
def test_whatever_bytes_are_read_or_told(content: bytes) -> None:
    """No other error than ours, within the course as well."""
    for given_bytes in (content, course_xml(content.decode("latin-1"))):
        fault = fault_of(read_structure, given_bytes)
        assert fault is None or fault.advice
