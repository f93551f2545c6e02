"""How people, enrolments and things of ours are called in statements. No name and no phone is among it."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from courses.models import Cmi5Block, Cmi5Course, Cmi5Unit, Enrolment, LearnerAccount, Registration
from courses.xapi.cmi5 import BLOCK_TYPE, COURSE_TYPE

LANGUAGE: Final = "zh-CN"
_TYPES: Final = "http://adlnet.gov/expapi/activities"


def home() -> str:
    """The home page of the accounts that we give out."""
    return settings.BASE_URL.rstrip("/")


def agent_of(account: LearnerAccount | UUID | str) -> dict[str, Any]:
    """A learner as the actor of a statement."""
    name = account.name if isinstance(account, LearnerAccount) else account
    return {"objectType": "Agent", "account": {"homePage": home(), "name": str(name)}}


def ourselves() -> dict[str, Any]:
    """The authority of what we say."""
    return agent_of("anxin")


def thing(kind: str, key: object) -> str:
    """The IRI of something of ours: nobody else may make statements about it."""
    return f"{home()}/xapi/things/{kind}/{key}"


def is_ours(iri: str) -> bool:
    """Whether an activity is one of ours."""
    return iri.startswith(f"{home()}/xapi/things/")


def activity(kind: str, key: object, name: str, kind_iri: str = "") -> dict[str, Any]:
    """One of our things with its name."""
    types = {
        "course": f"{_TYPES}/course",
        "lesson": f"{_TYPES}/lesson",
        "exam": f"{_TYPES}/assessment",
    }
    definition: dict[str, Any] = {"name": {LANGUAGE: name}}
    if kind_iri or kind in types:
        definition["type"] = kind_iri or types[kind]
    return {"objectType": "Activity", "id": thing(kind, key), "definition": definition}


def unit_iri(unit: Cmi5Unit | int) -> str:
    """The activityId of a unit, the same in all registrations, and not its publisher's (cmi5 8.1.5)."""
    return thing("au", unit.pk if isinstance(unit, Cmi5Unit) else unit)


def part_of(structure: Cmi5Course, block: Cmi5Block | None) -> dict[str, Any]:
    """The object of a satisfied statement (cmi5 9.4)."""
    if block is None:
        return activity("cmi5-course", structure.pk, structure.title, COURSE_TYPE)
    return activity("cmi5-block", block.pk, block.title, BLOCK_TYPE)


def accounts_of(people: Iterable[int]) -> dict[int, UUID]:
    """The account of each person; whoever had none has one now. At most three queries."""
    return _ensured(LearnerAccount, "person_id", "name", set(people))


def registrations_of(enrolments: Iterable[int]) -> dict[int, UUID]:
    """The registration of each enrolment, in the same way."""
    return _ensured(Registration, "enrolment_id", "key", set(enrolments))


def _ensured(model: Any, owner: str, key: str, wanted: set[int]) -> dict[int, UUID]:
    rows = model.objects.filter(**{f"{owner}__in": wanted}).values_list(owner, key)
    found = dict(rows)
    if missing := wanted - found.keys():
        fresh = [model(**{owner: one}) for one in sorted(missing)]
        model.objects.bulk_create(fresh, ignore_conflicts=True)
        found = dict(rows.all())  # somebody else may have been quicker
    return found


def registration_of(enrolment: Enrolment) -> Registration:
    """The registration of one enrolment."""
    registrations_of([enrolment.pk])
    return Registration.objects.get(enrolment=enrolment)
