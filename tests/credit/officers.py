"""People of the bureau for tests: officers with permissions and a posting."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from credit.models import Jurisdiction, Posting


def officer(phone: str, place: Jurisdiction | None, *permissions: str) -> Any:
    """One with ``permissions`` (credit's code names), posted to ``place``."""
    person = get_user_model().objects.create_user(phone, "long-enough-9", phone_verified=True)
    for permission in permissions:
        person.user_permissions.add(
            Permission.objects.get(codename=permission, content_type__app_label="credit")
        )
    if place is not None:
        Posting.objects.create(officer=person, place=place)
    return person
