"""The facts of credit, one file a subject. Rows are never edited: corrections supersede."""

from credit.models.agencies import Agency, Delivery
from credit.models.alerts import Alert
from credit.models.attachments import Attachment
from credit.models.audit import AuditEntry
from credit.models.cases import CaseEvent, Colour, ListCase, ListEntry, WorkdayException
from credit.models.defence import CaseArgument, HearingNotice, Meeting, MeetingVote
from credit.models.documents import CaseDocument, DocumentCounter, DocumentTemplate, ServiceRecord
from credit.models.enterprises import Employment, Enterprise
from credit.models.gaps import GapSeen
from credit.models.kinds import (
    Commendation,
    DutyReport,
    ExternalFact,
    LiabilityInsurance,
    MajorHazard,
    PermitChange,
    Standardisation,
    TrainingFact,
)
from credit.models.managers import EnterpriseManager, ManagerRevocation, ServiceConsent
from credit.models.matching import CasualtyDecision, CasualtyProposal, NameMatch
from credit.models.measures import Measure
from credit.models.messages import Message
from credit.models.objections import Objection, ObjectionStep
from credit.models.opendata import OpenDay, OpenEntry, OpenFile, Redaction, SigningKey
from credit.models.persons import ResponsiblePerson
from credit.models.places import Jurisdiction, Posting, Sector
from credit.models.records import Accident, ImportBatch, Violation
from credit.models.repairs import RepairApplication, RepairStep
from credit.models.reports import CreditReport
from credit.models.rulesets import RulesetDraft, RulesetVersion, Simulation
from credit.models.scores import Score, ScoreLine
from credit.models.sources import ImportUndo, SourceSystem
from credit.models.standing import EntryAnnulment, EntryChange, Outcome, Suspension
from credit.models.statements import PartyStatement, StatementTaken
from credit.models.supervision import SupervisionVisit
from credit.models.texts import TextOrder
from credit.models.withdrawals import Withdrawal

__all__ = [
    "Accident",
    "Agency",
    "Alert",
    "Attachment",
    "AuditEntry",
    "CaseArgument",
    "CaseDocument",
    "CaseEvent",
    "CasualtyDecision",
    "CasualtyProposal",
    "Colour",
    "Commendation",
    "CreditReport",
    "Delivery",
    "DocumentCounter",
    "DocumentTemplate",
    "DutyReport",
    "Employment",
    "Enterprise",
    "EnterpriseManager",
    "EntryAnnulment",
    "EntryChange",
    "ExternalFact",
    "GapSeen",
    "HearingNotice",
    "ImportBatch",
    "ImportUndo",
    "Jurisdiction",
    "LiabilityInsurance",
    "ListCase",
    "ListEntry",
    "MajorHazard",
    "ManagerRevocation",
    "Measure",
    "Meeting",
    "MeetingVote",
    "Message",
    "NameMatch",
    "Objection",
    "ObjectionStep",
    "OpenDay",
    "OpenEntry",
    "OpenFile",
    "Outcome",
    "PartyStatement",
    "PermitChange",
    "Posting",
    "Redaction",
    "RepairApplication",
    "RepairStep",
    "ResponsiblePerson",
    "RulesetDraft",
    "RulesetVersion",
    "Score",
    "ScoreLine",
    "Sector",
    "ServiceConsent",
    "ServiceRecord",
    "SigningKey",
    "Simulation",
    "SourceSystem",
    "Standardisation",
    "StatementTaken",
    "SupervisionVisit",
    "Suspension",
    "TextOrder",
    "TrainingFact",
    "Violation",
    "Withdrawal",
    "WorkdayException",
]
