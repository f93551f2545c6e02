"""The facts of credit, one file a subject. Rows are never edited: corrections supersede."""

from credit.models.attachments import Attachment
from credit.models.audit import AuditEntry
from credit.models.cases import CaseEvent, Colour, ListCase, ListEntry, WorkdayException
from credit.models.enterprises import Employment, Enterprise
from credit.models.managers import EnterpriseManager, ManagerRevocation, ServiceConsent
from credit.models.messages import Message
from credit.models.objections import Objection, ObjectionStep
from credit.models.places import Jurisdiction, Posting, Sector
from credit.models.records import Accident, ImportBatch, Violation
from credit.models.repairs import RepairApplication, RepairStep
from credit.models.scores import Score, ScoreLine
from credit.models.statements import PartyStatement, StatementTaken
from credit.models.texts import TextOrder
from credit.models.withdrawals import Withdrawal

__all__ = [
    "Accident",
    "Attachment",
    "AuditEntry",
    "CaseEvent",
    "Colour",
    "Employment",
    "Enterprise",
    "EnterpriseManager",
    "ImportBatch",
    "Jurisdiction",
    "ListCase",
    "ListEntry",
    "ManagerRevocation",
    "Message",
    "Objection",
    "ObjectionStep",
    "PartyStatement",
    "Posting",
    "RepairApplication",
    "RepairStep",
    "Score",
    "ScoreLine",
    "Sector",
    "ServiceConsent",
    "StatementTaken",
    "TextOrder",
    "Violation",
    "Withdrawal",
    "WorkdayException",
]
