"""How questions did: the share of points, and whether the better ones get them right."""

from typing import Any

import pytest

from courses.acts import exams, statistics
from courses.models import CoursePage, Earned, QuestionStatistic
from courses.tasks import count_questions
from tests.courses.exam_kit import (
    NOON,
    enrol,
    make_course,
    make_learner,
    places_of,
    right_of,
    small_exam,
    wrong_of,
)


def sit(enrolment: Any, right: set[str]) -> None:
    """One attempt in which the questions whose stems are named are answered rightly."""
    learner = enrolment.person
    attempt = exams.start(enrolment, learner=learner, now=NOON)
    for place in places_of(attempt):
        chosen = right_of(place) if place.shown["stem"] in right else wrong_of(place)
        exams.save_answer(
            attempt, learner=learner, position=place.position, chosen=chosen, now=NOON
        )
    exams.submit(attempt, learner=learner, now=NOON)


def stems(*serials: int) -> set[str]:
    return {f"single第{serial}问" for serial in serials}


def four_attempts_of(course: CoursePage) -> None:
    """Questions 0 to 4. Question 0 is known to the good ones, 1 to all, 4 only to the weakest."""
    small_exam(course)
    for serial, right in enumerate([(0, 1, 2, 3), (0, 1, 2), (1, 2), (1, 4)], start=1):
        sit(enrol(make_learner("学员", serial), course), stems(*right))


@pytest.fixture
def four_attempts(db: None) -> CoursePage:
    course = make_course()
    four_attempts_of(course)
    return course


def figures(course: Any) -> dict[str, tuple[Any, ...]]:
    rows = QuestionStatistic.objects.filter(question__bank__course=course)
    return {
        row.question.stem[-2]: (
            row.answers,
            row.ease,
            None if row.biserial is None else round(row.biserial, 2),
            row.spread,
        )
        for row in rows.select_related("question")
    }


def test_difficulty_and_discrimination_of_each_question(four_attempts: CoursePage):
    assert Earned.objects.count() == 20
    assert statistics.count_questions(now=NOON) == 5
    assert figures(four_attempts) == {
        "0": (4, 0.5, 0.58, 1.0),
        "1": (4, 1.0, None, 0.0),
        "2": (4, 0.75, 0.0, 0.5),
        "3": (4, 0.25, 0.58, 1.0),
        "4": (4, 0.25, -0.77, -0.5),
    }


def test_counting_again_replaces_what_was_counted(four_attempts: CoursePage):
    statistics.count_questions(now=NOON)
    sit(enrol(make_learner("学员", 9), four_attempts), stems(0, 1, 2, 3, 4))
    assert count_questions() == 5
    assert [row[0] for row in figures(four_attempts).values()] == [5] * 5


def test_one_attempt_says_nothing(db: None):
    course = make_course()
    small_exam(course)
    sit(enrol(make_learner(), course), stems(0))
    assert statistics.count_questions(now=NOON) == 0


def test_the_count_is_one_statement(four_attempts: CoursePage, django_assert_num_queries: Any):
    with django_assert_num_queries(3):  # the statement and the test's savepoint around it
        statistics.count_questions(now=NOON)
