"""Tell people something, once: a message that awaits them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from credit.models.enterprises import Enterprise
from credit.models.messages import Message


@transaction.atomic
def tell(
    people: Iterable[Any],
    *,
    kind: str,
    key: str,
    title: str,
    body: str = "",
    link: str = "",
    enterprise: Enterprise | None = None,
) -> int:
    """One message to each of ``people`` who has none with this ``key`` yet; how many are new.

    ``kind`` is a slug such as "case-deadline"; ``key`` the occasion, such as "case:12:hearing:3-days".
    """
    wanted = {person.pk: person for person in people}
    told = set(Message.objects.filter(to__in=wanted, key=key).values_list("to", flat=True))
    fresh = [
        Message(
            to=person, kind=kind, key=key, title=title[:200], body=body, link=link,
            enterprise=enterprise,
        )
        for pk, person in wanted.items()
        if pk not in told
    ]  # fmt: skip
    Message.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
