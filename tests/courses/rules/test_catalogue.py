"""For whom a course is, and what comes before it."""

import pytest

from courses.rules.catalogue import goes_round, mark_fault, may_enrol


@pytest.mark.parametrize(
    ("mark", "audience", "fault"),
    [
        ("trade", "special_operator", ""),
        ("trade", "worker", "工种只用于特种作业人员的课程"),
        ("induction", "migrant", ""),
        ("induction", "student", "三级教育只用于从业人员、农民工的课程"),
        ("stage", "student", ""),
        ("stage", "official", "学段只用于学生的课程"),
    ],
)
def test_a_mark_fits_its_audience(mark: str, audience: str, fault: str):
    assert mark_fault(mark, audience) == fault


def test_what_is_missing_is_named():
    assert may_enrol([])
    assert may_enrol(["甲", "乙"]).reason == "学这门课以前，要先学完《甲》《乙》"


@pytest.mark.parametrize(
    ("needs", "known", "round_"),
    [
        ([], {}, False),
        ([2], {2: {3}}, False),
        ([1], {}, True),
        ([2], {2: {3}, 3: {1}}, True),
        ([2], {2: {3}, 3: {2}}, False),  # somebody else's circle is not ours, and ends
    ],
)
def test_no_course_comes_before_itself(needs: list[int], known: dict[int, set[int]], round_: bool):
    assert goes_round(1, needs, known) is round_
