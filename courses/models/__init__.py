"""Courses, enrolments, the hours ledger, questions, exams, certificates and who owes what training."""

from courses.models.certificates import Certificate, Revocation
from courses.models.enrolment import Enrolment
from courses.models.exams import Answer, AnswerEvent, Attempt, Blueprint, Exam, PaperQuestion
from courses.models.facts import CreditFact
from courses.models.ledger import LessonProgress, StudyEvent
from courses.models.mails import MailOrder
from courses.models.obligations import CourseFor, Obligation, ObligationNotice, OutsideProof
from courses.models.pages import Audience, CourseIndexPage, CoursePage, LessonPage
from courses.models.questions import Option, Question, QuestionBank
from courses.models.roster import CourseAssignment, RosterChange, RosterImport

__all__ = [
    "Answer",
    "AnswerEvent",
    "Attempt",
    "Audience",
    "Blueprint",
    "Certificate",
    "CourseAssignment",
    "CourseFor",
    "CourseIndexPage",
    "CoursePage",
    "CreditFact",
    "Enrolment",
    "Exam",
    "LessonPage",
    "LessonProgress",
    "MailOrder",
    "Obligation",
    "ObligationNotice",
    "Option",
    "OutsideProof",
    "PaperQuestion",
    "Question",
    "QuestionBank",
    "Revocation",
    "RosterChange",
    "RosterImport",
    "StudyEvent",
]
