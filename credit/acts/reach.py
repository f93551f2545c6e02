"""How far a person of the office sees: the places of the postings, or all for one who only looks on."""

from typing import Any, Final

from django.db.models import QuerySet

from credit.acts.casework import DECIDE, OPEN, REVIEW, RefusedError, refuse
from credit.models import Enterprise, Posting

LOOKS: Final = "credit.view_listcase"
WORKS: Final = (
    OPEN, DECIDE, REVIEW, "credit.answer_objection", "credit.accept_repair", "credit.decide_repair",
)  # fmt: skip
# Who registers those who act for an enterprise may be the administrator, who otherwise looks on.
_APPOINTS: Final = "credit.appoint_manager"


def sees_all(person: Any, works: tuple[str, ...] = WORKS, looks: str = LOOKS) -> bool:
    """Whether ``person`` only looks and is posted nowhere (an auditor), or is the superuser."""
    if person.is_superuser:
        return True
    works_here = any(person.has_perm(permission) for permission in works)
    if works_here or not person.has_perm(looks):  # a posting alone opens nothing
        return False
    return not Posting.objects.filter(officer=person.pk).exists()


def register_of(
    person: Any, works: tuple[str, ...] = WORKS, looks: str = LOOKS
) -> QuerySet[Enterprise]:
    """The enterprises whose files ``person`` may open as one of the office; else none.

    ``works`` are the permissions that reach as far as the posting, ``looks`` the one that reads.
    """
    if sees_all(person, works, looks):
        return Enterprise.objects.all()
    if any(person.has_perm(permission) for permission in (*works, looks, _APPOINTS)):
        return Enterprise.objects.in_reach_of(person)
    return Enterprise.objects.none()


def require_within(person: Any, permission: str, enterprise: Enterprise | int) -> None:
    """Permission and reach. Raises RefusedError."""
    if not person.has_perm(permission):
        raise refuse("您没有办理这件事的权限")
    key = enterprise.pk if isinstance(enterprise, Enterprise) else enterprise
    if not register_of(person).filter(pk=key).exists():
        raise refuse("这家企业不在您的辖区")


__all__ = ["LOOKS", "RefusedError", "refuse", "register_of", "require_within", "sees_all"]
