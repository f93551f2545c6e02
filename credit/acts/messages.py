"""Tell people something, once: a message that awaits them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from credit.models.enterprises import Enterprise
from credit.models.messages import Message

AT_ONCE: Final = 500  # messages in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One message for one person, by keys: for many at once."""

    to: int
    kind: str
    key: str
    title: str
    body: str = ""
    link: str = ""
    enterprise: int | None = None


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


@transaction.atomic
def tell_many(notes: Sequence[Note]) -> list[Message]:
    """The messages of those notes that nobody had told yet, in a few statements for each ``AT_ONCE``."""
    return [message for some in _some(notes) for message in _tell_some(some)]


def _tell_some(notes: Sequence[Note]) -> list[Message]:
    wanted = {(note.to, note.key): note for note in notes}
    about = Message.objects.filter(key__in={key for _, key in wanted})
    told = set(about.values_list("to", "key"))
    fresh = [
        Message(
            to_id=note.to, enterprise_id=note.enterprise, kind=note.kind, key=note.key,
            title=note.title[:200], body=note.body, link=note.link,
        )
        for occasion, note in wanted.items()
        if occasion not in told
    ]  # fmt: skip
    Message.objects.bulk_create(fresh, ignore_conflicts=True)
    rows = [row for row in about if (row.to_id, row.key) not in told]
    return [row for row in rows if (row.to_id, row.key) in wanted]


def _some(notes: Sequence[Note]) -> Iterator[Sequence[Note]]:
    for start in range(0, len(notes), AT_ONCE):
        yield notes[start : start + AT_ONCE]
