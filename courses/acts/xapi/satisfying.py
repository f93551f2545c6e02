"""Satisfied blocks and courses (cmi5 9.3.9): told once each, as soon as the last of their units is."""

from datetime import datetime
from uuid import UUID, uuid4

from courses.acts.xapi.identity import part_of
from courses.acts.xapi.keeping import keep, stamps
from courses.acts.xapi.telling import account_of, context_of, draft
from courses.models import (
    AuSession,
    Cmi5Block,
    Cmi5Course,
    Cmi5Unit,
    Registration,
    Satisfaction,
)
from courses.models.cmi5 import earned_in
from courses.xapi import cmi5


def satisfy(
    registration: Registration,
    structure: Cmi5Course,
    *,
    session: AuSession | None,
    now: datetime,
) -> None:
    """Tell the blocks, and the course, that are satisfied and were not. A handful of queries."""
    units = list(Cmi5Unit.objects.filter(structure=structure).values_list("pk", "block", "move_on"))
    blocks = {one.pk: one for one in Cmi5Block.objects.filter(structure=structure)}
    earned = earned_in(registration.enrolment_id, [pk for pk, _, _ in units])
    whole = cmi5.satisfied_blocks(
        [(block, cmi5.is_satisfied(move_on, earned.get(pk, ()))) for pk, block, move_on in units],
        {pk: one.parent_id for pk, one in blocks.items()},
    )
    told = Satisfaction.objects.filter(registration=registration, structure=structure)
    fresh = whole - set(told.values_list("block", flat=True))
    order = sorted(fresh, key=lambda one: (one is None, one or 0))
    if order:
        _tell([blocks.get(one or 0) for one in order], registration, structure, session, now)


def _tell(
    parts: list[Cmi5Block | None],
    registration: Registration,
    structure: Cmi5Course,
    session: AuSession | None,
    now: datetime,
) -> None:
    account = account_of(registration)
    session_id = session.key if session else uuid4()
    drafts = [
        draft(
            registration,
            account,
            cmi5.SATISFIED,
            part_of(structure, part),
            context_of(registration, (part or structure).publisher, session_id),
            session=session,
            at=at,
        )
        for part, at in zip(parts, stamps(now, len(parts)), strict=True)
    ]
    keep(drafts)
    Satisfaction.objects.bulk_create(
        [
            Satisfaction(
                registration=registration,
                structure=structure,
                block=part,
                statement_id=UUID(one.id),
                at=now,
            )
            for part, one in zip(parts, drafts, strict=True)
        ]
    )
