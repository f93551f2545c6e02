"""Courses, enrolments, the hours ledger, questions, exams and certificates."""

from courses.models.certificates import Certificate, Revocation
from courses.models.enrolment import Enrolment
from courses.models.exams import (
    Answer,
    AnswerEvent,
    Attempt,
    Blueprint,
    Exam,
    HandMark,
    PaperQuestion,
)
from courses.models.ledger import LessonProgress, StudyEvent
from courses.models.pages import Audience, CourseIndexPage, CoursePage, LessonPage
from courses.models.questions import Citation, Option, Question, QuestionBank, QuestionPicture
from courses.models.statistics import Earned, QuestionStatistic

__all__ = [
    "Answer",
    "AnswerEvent",
    "Attempt",
    "Audience",
    "Blueprint",
    "Certificate",
    "Citation",
    "CourseIndexPage",
    "CoursePage",
    "Earned",
    "Enrolment",
    "Exam",
    "HandMark",
    "LessonPage",
    "LessonProgress",
    "Option",
    "PaperQuestion",
    "Question",
    "QuestionBank",
    "QuestionPicture",
    "QuestionStatistic",
    "Revocation",
    "StudyEvent",
]
