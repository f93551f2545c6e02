"""Courses, enrolments, the hours ledger, questions, exams, certificates and who owes what training."""

from courses.models.certificates import Certificate, Revocation
from courses.models.cmi5 import (
    AuSession,
    AuSessionEnd,
    AuToken,
    Cmi5Block,
    Cmi5Course,
    Cmi5Unit,
    Satisfaction,
    UnitResult,
)
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
from courses.models.pages import Audience, CourseIndexPage, CoursePage, LessonPage
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
from courses.models.xapi import (
    DerivedUpTo,
    LearnerAccount,
    LrsKey,
    Registration,
    XapiDocument,
    XapiMention,
    XapiStatement,
)

__all__ = [
    "Answer",
    "AnswerEvent",
    "Attempt",
    "AuSession",
    "AuSessionEnd",
    "AuToken",
    "Audience",
    "Blueprint",
    "Certificate",
    "Citation",
    "Cmi5Block",
    "Cmi5Course",
    "Cmi5Unit",
    "Correction",
    "CorrectionLook",
    "CourseAssignment",
    "CourseFor",
    "CourseIndexPage",
    "CoursePage",
    "CreditFact",
    "DerivedUpTo",
    "DeviceDay",
    "Earned",
    "Enrolment",
    "Exam",
    "HandMark",
    "LearnerAccount",
    "LessonPage",
    "LessonProgress",
    "LrsKey",
    "MailOrder",
    "Obligation",
    "ObligationNotice",
    "Option",
    "OutsideProof",
    "PaperQuestion",
    "Question",
    "QuestionBank",
    "QuestionPicture",
    "QuestionStatistic",
    "Registration",
    "Revocation",
    "RosterChange",
    "RosterImport",
    "Satisfaction",
    "StudyEvent",
    "SuspectedPerson",
    "Suspicion",
    "SuspicionAnswer",
    "UnitResult",
    "WorkSpan",
    "XapiDocument",
    "XapiMention",
    "XapiStatement",
]
