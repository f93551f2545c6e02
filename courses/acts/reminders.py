"""Reminders 60, 30 and 7 days before a training is due, escalation to the enterprise's managers after it.

Each occasion is a row that the database keeps unique, so nobody hears the same thing twice; a person hears of all
that is new on a day in one message, and so does a manager. Message, text and mail are ordered together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse

from courses.acts import mails
from courses.models import Obligation, ObligationNotice
from courses.rules.cycles import reminder
from courses.rules.requirements import reminder_days
from credit.acts import texts
from credit.acts.messages import Note, tell_many
from credit.models import Enterprise, EnterpriseManager
from credit.rules.terms import printed

MOST_NAMED: Final = 20  # people or trainings named in one message
BATCH: Final = 500
OVERDUE: Final = ObligationNotice.OVERDUE
Fresh = dict[str, list[Obligation]]  # by mark


@transaction.atomic
def remind_range(first: int, last: int, *, today: date) -> int:
    """Remind and escalate in the enterprises from key to key; how many messages are new."""
    here = {"enterprise_id__gte": first, "enterprise_id__lte": last}
    firms = Enterprise.objects.filter(pk__gte=first, pk__lte=last).order_by("pk")
    list(firms.select_for_update(no_key=True).values_list("pk", flat=True))  # runs take turns
    fresh = _fresh(here, today)
    written = [
        ObligationNotice(obligation=owed, mark=mark, on=today)
        for mark, rows in fresh.items()
        for owed in rows
    ]
    ObligationNotice.objects.bulk_create(written, batch_size=BATCH)
    return _send([*_to_learners(fresh), *_to_managers(fresh.get(OVERDUE, []), today)])


def _send(notes: list[Note]) -> int:
    people = get_user_model()._default_manager.filter(is_active=True)
    active = set(people.filter(pk__in={one.to for one in notes}).values_list("pk", flat=True))
    told = tell_many([one for one in notes if one.to in active])
    texts.order(told)
    mails.order(told)
    return len(told)


def _fresh(here: Mapping[str, Any], today: date) -> Fresh:
    """What is near or past its day and was not told of yet."""
    near = today + timedelta(days=max(reminder_days()))
    rows = Obligation.objects.open().filter(
        due_on__lte=near, **{f"employment__{name}": value for name, value in here.items()}
    )
    rows = rows.exclude(employment__ended_on__lt=today)
    notices = ObligationNotice.objects.filter(obligation__in=rows.values("pk"))
    told = set(notices.values_list("obligation_id", "mark"))
    found: Fresh = defaultdict(list)
    wanted = rows.select_related("employment__person").defer("explanation").order_by("pk")
    for owed in wanted:
        mark = OVERDUE if owed.due_on < today else str(reminder(owed.due_on, today))
        if (owed.pk, mark) not in told:
            found[mark].append(owed)
    return found


# -- In words ----------------------------------------------------------------------------------------------


def _to_learners(fresh: Fresh) -> Iterable[Note]:
    for mark, rows in fresh.items():
        of_person: dict[int, list[Obligation]] = defaultdict(list)
        for owed in rows:
            of_person[owed.employment.person_id].append(owed)
        for person, mine in of_person.items():
            yield _to_learner(person, mark, mine)


def _to_learner(person: int, mark: str, mine: list[Obligation]) -> Note:
    late = mark == OVERDUE
    title = (
        f"{len(mine)} 项安全培训已过期，请尽快补上"
        if late
        else f"{len(mine)} 项安全培训要在 {mark} 天内学完"
    )
    return Note(
        to=person,
        kind="training-overdue" if late else "training-due",
        key=f"training:{mark}:{mine[0].pk}",
        title=title,
        body=_listed(f"{one.name}，期限{printed(one.due_on)}，依据：{one.article}" for one in mine),
        link=reverse("courses:obligations"),
        enterprise=mine[0].employment.enterprise_id,
    )


def _to_managers(late: list[Obligation], today: date) -> Iterable[Note]:
    """One message to each manager of an enterprise, with the people who are late."""
    of_firm: dict[int, list[Obligation]] = defaultdict(list)
    for owed in late:
        of_firm[owed.employment.enterprise_id].append(owed)
    for person, firm in _managers(of_firm, today):
        mine = of_firm[firm]
        people = len({one.employment.person_id for one in mine})
        yield Note(
            to=person,
            kind="training-staff",
            key=f"training:staff:{mine[0].pk}",
            title=f"{people} 人的安全培训已过期，请安排补训",
            body=_listed(
                f"{one.employment.person}：{one.name}，期限{printed(one.due_on)}" for one in mine
            )
            + "\n没有按规定培训就安排上岗的，依照安全生产法第九十七条会受处罚。",
            link=reverse("enterprise:overview", args=[firm]),
            enterprise=firm,
        )


def _managers(firms: Iterable[int], today: date) -> list[tuple[int, int]]:
    standing = EnterpriseManager.objects.standing(today).filter(enterprise__in=list(firms))
    return list(standing.order_by("pk").values_list("person_id", "enterprise_id").distinct())


def _listed(lines: Iterable[str]) -> str:
    named = list(lines)
    more = [f"……一共 {len(named)} 项"] if len(named) > MOST_NAMED else []
    return "\n".join([*named[:MOST_NAMED], *more])
