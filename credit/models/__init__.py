"""The facts of credit, one file a subject. Rows are never edited: corrections supersede."""

from credit.models.alerts import Alert
from credit.models.audit import AuditEntry
from credit.models.cases import CaseEvent, Colour, ListCase, ListEntry, WorkdayException
from credit.models.enterprises import Employment, Enterprise
from credit.models.gaps import GapSeen
from credit.models.messages import Message
from credit.models.persons import ResponsiblePerson
from credit.models.places import Jurisdiction, Posting, Sector
from credit.models.records import Accident, ImportBatch, Violation
from credit.models.scores import Score, ScoreLine
from credit.models.withdrawals import Withdrawal

__all__ = [
    "Accident",
    "Alert",
    "AuditEntry",
    "CaseEvent",
    "Colour",
    "Employment",
    "Enterprise",
    "GapSeen",
    "ImportBatch",
    "Jurisdiction",
    "ListCase",
    "ListEntry",
    "Message",
    "Posting",
    "ResponsiblePerson",
    "Score",
    "ScoreLine",
    "Sector",
    "Violation",
    "Withdrawal",
    "WorkdayException",
]
