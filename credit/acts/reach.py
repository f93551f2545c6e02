"""How far a person of the office sees: the places of the postings, or all for one who only looks on."""

from typing import Any, Final

from credit.acts.casework import DECIDE, OPEN, REVIEW, RefusedError, refuse
from credit.models import Enterprise, Posting

LOOKS: Final = "credit.view_listcase"
_WORKS: Final = (OPEN, DECIDE, REVIEW)


def register_of(person: Any) -> Any:
    """The enterprises whose files ``person`` may open as one of the office, as a queryset; else none."""
    if person.is_superuser:
        return Enterprise.objects.all()
    works = any(person.has_perm(permission) for permission in _WORKS)
    if not works and not person.has_perm(LOOKS):  # a posting alone opens nothing
        return Enterprise.objects.none()
    if works or Posting.objects.filter(officer=person.pk).exists():
        return Enterprise.objects.in_reach_of(person)
    return Enterprise.objects.all()


def require_within(person: Any, permission: str, enterprise: Enterprise | int) -> None:
    """Permission and reach. Raises RefusedError."""
    if not person.has_perm(permission):
        raise refuse("您没有办理这件事的权限")
    key = enterprise.pk if isinstance(enterprise, Enterprise) else enterprise
    if not register_of(person).filter(pk=key).exists():
        raise refuse("这家企业不在您的辖区")


__all__ = ["LOOKS", "RefusedError", "refuse", "register_of", "require_within"]
