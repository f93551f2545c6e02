"""The facts of credit, one file a subject. Rows are never edited: corrections supersede."""

from credit.models.enterprises import Employment, Enterprise
from credit.models.places import Jurisdiction, Posting, Sector
from credit.models.records import Accident, ImportBatch, Violation

__all__ = [
    "Accident",
    "Employment",
    "Enterprise",
    "ImportBatch",
    "Jurisdiction",
    "Posting",
    "Sector",
    "Violation",
]
