"""Courses, enrolments, the hours ledger, questions, exams, certificates and who owes what training."""

from courses.models.appeals import Appeal, AppealDecision, Remark
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
from courses.models.pages import Audience, CourseIndexPage, CoursePage, LessonPage
from courses.models.practice import DailyAnswer, Mock, PracticeCard
from courses.models.questions import Citation, Option, Question, QuestionBank, QuestionPicture
from courses.models.rooms import (
    ExtraTime,
    IdentityCheck,
    IdentityCode,
    IdentityUse,
    LeaveEvent,
    RefusedAnswer,
)
from courses.models.roster import CourseAssignment, RosterChange, RosterImport
from courses.models.snapshots import Snapshot, SnapshotConsent, SnapshotView
from courses.models.statistics import Earned, QuestionStatistic
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
    "Appeal",
    "AppealDecision",
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
    "CreditFact",
    "DailyAnswer",
    "DeviceDay",
    "Earned",
    "Enrolment",
    "Exam",
    "ExtraTime",
    "HandMark",
    "IdentityCheck",
    "IdentityCode",
    "IdentityUse",
    "LeaveEvent",
    "LessonPage",
    "LessonProgress",
    "MailOrder",
    "Mock",
    "Obligation",
    "ObligationNotice",
    "Option",
    "OutsideProof",
    "PaperQuestion",
    "PracticeCard",
    "Question",
    "QuestionBank",
    "QuestionPicture",
    "QuestionStatistic",
    "RefusedAnswer",
    "Remark",
    "Revocation",
    "RosterChange",
    "RosterImport",
    "Snapshot",
    "SnapshotConsent",
    "SnapshotView",
    "StudyEvent",
    "SuspectedPerson",
    "Suspicion",
    "SuspicionAnswer",
    "WorkSpan",
]
