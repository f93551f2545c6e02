"""The facts of credit, one file a subject. Rows are never edited: corrections supersede."""

from credit.models.audit import AuditEntry
from credit.models.cases import CaseEvent, Colour, ListCase, ListEntry, WorkdayException
from credit.models.defence import CaseArgument, Meeting, MeetingVote
from credit.models.enterprises import Employment, Enterprise
from credit.models.measures import Measure
from credit.models.messages import Message
from credit.models.places import Jurisdiction, Posting, Sector
from credit.models.records import Accident, ImportBatch, Violation
from credit.models.scores import Score, ScoreLine
from credit.models.standing import EntryChange, Outcome, Suspension
from credit.models.withdrawals import Withdrawal

__all__ = [
    "Accident",
    "AuditEntry",
    "CaseArgument",
    "CaseEvent",
    "Colour",
    "Employment",
    "Enterprise",
    "EntryChange",
    "ImportBatch",
    "Jurisdiction",
    "ListCase",
    "ListEntry",
    "Measure",
    "Meeting",
    "MeetingVote",
    "Message",
    "Outcome",
    "Posting",
    "Score",
    "ScoreLine",
    "Sector",
    "Suspension",
    "Violation",
    "Withdrawal",
    "WorkdayException",
]
