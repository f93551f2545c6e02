"""Courses, enrolments, the hours ledger, questions, exams and certificates."""

from courses.models.certificates import Certificate, Revocation
from courses.models.corrections import Correction, CorrectionLook
from courses.models.enrolment import Enrolment
from courses.models.exams import Answer, AnswerEvent, Attempt, Blueprint, Exam, PaperQuestion
from courses.models.ledger import LessonProgress, StudyEvent
from courses.models.pages import Audience, CourseIndexPage, CoursePage, LessonPage
from courses.models.questions import Option, Question, QuestionBank
from courses.models.suspicions import (
    DeviceDay,
    SuspectedPerson,
    Suspicion,
    SuspicionAnswer,
    WorkSpan,
)

__all__ = [
    "Answer",
    "AnswerEvent",
    "Attempt",
    "Audience",
    "Blueprint",
    "Certificate",
    "Correction",
    "CorrectionLook",
    "CourseIndexPage",
    "CoursePage",
    "DeviceDay",
    "Enrolment",
    "Exam",
    "LessonPage",
    "LessonProgress",
    "Option",
    "PaperQuestion",
    "Question",
    "QuestionBank",
    "Revocation",
    "StudyEvent",
    "SuspectedPerson",
    "Suspicion",
    "SuspicionAnswer",
    "WorkSpan",
]
