"""Courses, enrolments, the hours ledger, questions, exams, certificates and who owes what training."""

from courses.models.articles import ArticleChange, Recheck, RecheckAnswer
from courses.models.certificates import Certificate, Revocation
from courses.models.corrections import Correction, CorrectionLook
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
from courses.models.facts import CreditFact
from courses.models.ledger import LessonProgress, StudyEvent
from courses.models.mails import MailOrder
from courses.models.obligations import CourseFor, Obligation, ObligationNotice, OutsideProof
from courses.models.pages import (
    Audience,
    CourseIndexPage,
    CoursePage,
    LessonPage,
    Prerequisite,
)
from courses.models.plans import PlanFigure
from courses.models.questions import Citation, Option, Question, QuestionBank, QuestionPicture
from courses.models.roster import CourseAssignment, RosterChange, RosterImport
from courses.models.statistics import Earned, QuestionStatistic
from courses.models.suspicions import (
    DeviceDay,
    SuspectedPerson,
    Suspicion,
    SuspicionAnswer,
    WorkSpan,
)
from courses.models.versions import CourseVersion

__all__ = [
    "Answer",
    "AnswerEvent",
    "ArticleChange",
    "Attempt",
    "Audience",
    "Blueprint",
    "Certificate",
    "Citation",
    "Correction",
    "CorrectionLook",
    "CourseAssignment",
    "CourseFor",
    "CourseIndexPage",
    "CoursePage",
    "CourseVersion",
    "CreditFact",
    "DeviceDay",
    "Earned",
    "Enrolment",
    "Exam",
    "HandMark",
    "LessonPage",
    "LessonProgress",
    "MailOrder",
    "Obligation",
    "ObligationNotice",
    "Option",
    "OutsideProof",
    "PaperQuestion",
    "PlanFigure",
    "Prerequisite",
    "Question",
    "QuestionBank",
    "QuestionPicture",
    "QuestionStatistic",
    "Recheck",
    "RecheckAnswer",
    "Revocation",
    "RosterChange",
    "RosterImport",
    "StudyEvent",
    "SuspectedPerson",
    "Suspicion",
    "SuspicionAnswer",
    "WorkSpan",
]
