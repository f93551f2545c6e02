"""The facts of credit, one file a subject. Rows are never edited: corrections supersede."""

from credit.models.agencies import Agency, Delivery
from credit.models.audit import AuditEntry
from credit.models.cases import CaseEvent, Colour, ListCase, ListEntry, WorkdayException
from credit.models.enterprises import Employment, Enterprise
from credit.models.messages import Message
from credit.models.opendata import OpenDay, OpenEntry, OpenFile, Redaction, SigningKey
from credit.models.places import Jurisdiction, Posting, Sector
from credit.models.records import Accident, ImportBatch, Violation
from credit.models.reports import CreditReport
from credit.models.scores import Score, ScoreLine
from credit.models.withdrawals import Withdrawal

__all__ = [
    "Accident",
    "Agency",
    "AuditEntry",
    "CaseEvent",
    "Colour",
    "CreditReport",
    "Delivery",
    "Employment",
    "Enterprise",
    "ImportBatch",
    "Jurisdiction",
    "ListCase",
    "ListEntry",
    "Message",
    "OpenDay",
    "OpenEntry",
    "OpenFile",
    "Posting",
    "Redaction",
    "Score",
    "ScoreLine",
    "Sector",
    "SigningKey",
    "Violation",
    "Withdrawal",
    "WorkdayException",
]
