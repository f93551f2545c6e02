"""Courses, enrolments, the hours ledger, questions, exams, certificates and who owes what training."""

from courses.models.appeals import (
    Appeal,
    AppealDecision,
    Remark,
)
from courses.models.articles import (
    ArticleChange,
    Recheck,
    RecheckAnswer,
)
from courses.models.certificates import (
    Certificate,
    Revocation,
)
from courses.models.classes import (
    ClassClosing,
    ClassMember,
    ClassSession,
    ClassSign,
    Evaluation,
    EvaluationGiven,
    SessionCancelling,
    TrainingClass,
)
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
from courses.models.contests import (
    Contest,
    ContestDraw,
    ContestPractice,
    ContestRound,
    DrawTicket,
    Entrant,
    Play,
    PlayDoubt,
    PlayLook,
    PlayQuestion,
)
from courses.models.corrections import (
    Correction,
    CorrectionLook,
)
from courses.models.enrolment import (
    Enrolment,
)
from courses.models.exams import (
    Answer,
    AnswerEvent,
    Attempt,
    Blueprint,
    Exam,
    HandMark,
    PaperQuestion,
)
from courses.models.facts import (
    CreditFact,
)
from courses.models.inspections import (
    Inspection,
    SpotAnswer,
    SpotQuestion,
)
from courses.models.lecturers import (
    Lecturer,
)
from courses.models.ledger import (
    LessonProgress,
    StudyEvent,
)
from courses.models.mails import (
    MailOrder,
)
from courses.models.obligations import (
    CourseFor,
    Obligation,
    ObligationNotice,
    OutsideProof,
)
from courses.models.packages import (
    ActivityEvent,
    CoursePackage,
    PackageState,
)
from courses.models.pages import (
    Audience,
    CourseIndexPage,
    CoursePage,
    LessonPage,
    Prerequisite,
)
from courses.models.papers import (
    CertificateSeal,
    HolderPhoto,
    PrintOrder,
    SealImage,
)
from courses.models.passport import (
    Share,
    SharedProof,
    ShareEnd,
    ShareItem,
    ShareLook,
)
from courses.models.plans import (
    PlanFigure,
)
from courses.models.practice import (
    DailyAnswer,
    Mock,
    PracticeCard,
)
from courses.models.presence import (
    PresenceCheck,
)
from courses.models.questions import (
    Citation,
    Option,
    Question,
    QuestionBank,
    QuestionPicture,
)
from courses.models.rooms import (
    ExtraTime,
    IdentityCheck,
    IdentityCode,
    IdentityUse,
    LeaveEvent,
    RefusedAnswer,
)
from courses.models.roster import (
    CourseAssignment,
    RosterChange,
    RosterImport,
)
from courses.models.snapshots import (
    Snapshot,
    SnapshotConsent,
    SnapshotView,
)
from courses.models.statistics import (
    Earned,
    QuestionStatistic,
)
from courses.models.suspicions import (
    DeviceDay,
    SuspectedPerson,
    Suspicion,
    SuspicionAnswer,
    WorkSpan,
)
from courses.models.teams import (
    Foreman,
    ForemanEnd,
    PinTry,
    TeamAnswer,
    TeamClosing,
    TeamLesson,
    TeamPresence,
    WorkerPin,
)
from courses.models.versions import (
    CourseVersion,
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
    "ActivityEvent",
    "Answer",
    "AnswerEvent",
    "Appeal",
    "AppealDecision",
    "ArticleChange",
    "Attempt",
    "AuSession",
    "AuSessionEnd",
    "AuToken",
    "Audience",
    "Blueprint",
    "Certificate",
    "CertificateSeal",
    "Citation",
    "ClassClosing",
    "ClassMember",
    "ClassSession",
    "ClassSign",
    "Cmi5Block",
    "Cmi5Course",
    "Cmi5Unit",
    "Contest",
    "ContestDraw",
    "ContestPractice",
    "ContestRound",
    "Correction",
    "CorrectionLook",
    "CourseAssignment",
    "CourseFor",
    "CourseIndexPage",
    "CoursePackage",
    "CoursePage",
    "CourseVersion",
    "CreditFact",
    "DailyAnswer",
    "DerivedUpTo",
    "DeviceDay",
    "DrawTicket",
    "Earned",
    "Enrolment",
    "Entrant",
    "Evaluation",
    "EvaluationGiven",
    "Exam",
    "ExtraTime",
    "Foreman",
    "ForemanEnd",
    "HandMark",
    "HolderPhoto",
    "IdentityCheck",
    "IdentityCode",
    "IdentityUse",
    "Inspection",
    "LearnerAccount",
    "LeaveEvent",
    "Lecturer",
    "LessonPage",
    "LessonProgress",
    "LrsKey",
    "MailOrder",
    "Mock",
    "Obligation",
    "ObligationNotice",
    "Option",
    "OutsideProof",
    "PackageState",
    "PaperQuestion",
    "PinTry",
    "PlanFigure",
    "Play",
    "PlayDoubt",
    "PlayLook",
    "PlayQuestion",
    "PracticeCard",
    "Prerequisite",
    "PresenceCheck",
    "PrintOrder",
    "Question",
    "QuestionBank",
    "QuestionPicture",
    "QuestionStatistic",
    "Recheck",
    "RecheckAnswer",
    "RefusedAnswer",
    "Registration",
    "Remark",
    "Revocation",
    "RosterChange",
    "RosterImport",
    "Satisfaction",
    "SealImage",
    "SessionCancelling",
    "Share",
    "ShareEnd",
    "ShareItem",
    "ShareLook",
    "SharedProof",
    "Snapshot",
    "SnapshotConsent",
    "SnapshotView",
    "SpotAnswer",
    "SpotQuestion",
    "StudyEvent",
    "SuspectedPerson",
    "Suspicion",
    "SuspicionAnswer",
    "TeamAnswer",
    "TeamClosing",
    "TeamLesson",
    "TeamPresence",
    "TrainingClass",
    "UnitResult",
    "WorkSpan",
    "WorkerPin",
    "XapiDocument",
    "XapiMention",
    "XapiStatement",
]
