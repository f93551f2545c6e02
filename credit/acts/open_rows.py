"""The public rows of the lists as they stand: only what the public pages show, persons masked.

Open data, pushes and the API take their rows from here alone.
"""

import secrets
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from credit.models import EntryChange, ListEntry, OpenEntry
from credit.models.attachments import subject_of
from credit.models.objections import line_of, marks
from credit.opendata.rows import Row
from credit.rules.masking import mask_name, mask_numbers


@transaction.atomic
def standing_rows(today: date) -> list[Row]:
    """Every entry in force, of both lists, with a public id each; new ones are drawn. Three to five queries."""
    entries = (
        ListEntry.objects.in_force(today)
        .with_grounds()
        .select_related("case", "enterprise__place", "enterprise__sector")
    )
    found = list(entries.order_by("pk"))
    ids = _ids(found)
    missing = [entry for entry in found if entry.pk not in ids]
    if missing:
        OpenEntry.objects.bulk_create(
            [
                OpenEntry(entry=entry, public_id=secrets.token_hex(16), since=today)
                for entry in missing
            ]
        )
        ids = _ids(found)
    marked = marks({entry.enterprise_id for entry in found})
    return [row_of(entry, ids[entry.pk], disputed=_is_disputed(entry, marked)) for entry in found]


def gone_ids(today: date) -> list[OpenEntry]:
    """Those that were public and may not be any more, also because a judgment changed them since.

    A changed entry comes again under a new id: what the judgment took away leaves the days of the past.
    """
    standing = ListEntry.objects.in_force(today).values("pk")
    live = OpenEntry.objects.filter(gone_on__isnull=True)
    renewed = OpenEntry.objects.filter(entry=OuterRef("entry"), gone_on__gte=OuterRef("on"))
    changes = EntryChange.objects.filter(~Exists(renewed), entry=OuterRef("entry"))
    changed = Exists(changes.filter(on__gte=OuterRef("since")))
    return list(live.filter(~Q(entry__in=standing) | changed))


def row_of(entry: ListEntry, public_id: str, *, disputed: bool = False) -> Row:
    """One entry as the public reads it; ``disputed``: an objection to it is open, or was upheld."""
    firm, case = entry.enterprise, entry.case
    return {
        "id": public_id,
        "list": entry.colour,
        "name": firm.name,
        "number": firm.number,
        "legal_representative": mask_name(firm.legal_representative),
        "place": firm.place.name,
        "sector": firm.sector.name,
        "grounds": mask_numbers("；".join(_worded(ground) for ground in entry.grounds))[:4000],
        "decision_number": case.decision_number or "",
        "authority": entry.authority,
        "listed_on": entry.listed_on.isoformat(),
        "ends_on": entry.ends_on.isoformat(),
        "disputed": "是" if disputed else "否",
    }


def _is_disputed(entry: ListEntry, marked: frozenset[str]) -> bool:
    return line_of(entry) in marked or subject_of(entry) in marked


def _worded(ground: dict[str, str]) -> str:
    return f"{ground['name']}（{ground['article']}）"


def _ids(entries: list[ListEntry]) -> dict[int, str]:
    live = OpenEntry.objects.filter(gone_on__isnull=True)
    found = live.filter(entry__in=[entry.pk for entry in entries]) if len(entries) < 500 else live
    return dict(found.values_list("entry", "public_id"))
