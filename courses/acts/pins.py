"""Learning PINs (学习密码): set by the worker, or handed out once by the manager; wrong tries are counted per worker.

A try is counted before it is looked at and forgotten when it was right, so that many guesses at once are no more than
five; whoever else is in the hall is not held up. The digest is keyed by the server and slow.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from courses.acts.class_reach import refuse
from courses.acts.coverage import staff
from courses.acts.managing import require_manager
from courses.models import PinTry, WorkerPin
from courses.rules import classes as rules
from credit.acts import audit
from credit.acts.messages import Note, tell_many
from credit.models import Employment, Enterprise

_SLOW: Final = {"n": 2**13, "r": 8, "p": 1}  # 8 MiB and some 30 ms a try
MOST: Final = 200


def set_own(person: Any, pin: str, *, now: datetime) -> WorkerPin:
    """The worker's own choice. Raises RefusedError."""
    if fault := rules.pin_fault(pin):
        raise refuse(fault)
    made: WorkerPin = WorkerPin.objects.create(**_row(person.pk, pin, person.pk, now))
    PinTry.objects.filter(person=person.pk).delete()
    return made


@transaction.atomic
def hand_out(
    enterprise: Enterprise, *, team: str, by: Any, now: datetime, anew: int | None = None
) -> list[tuple[str, str]]:
    """PINs for who has none in a team, or a new one for one employment (``anew``): name and PIN, shown this once.

    Each worker finds a message that says who handed it out. Raises RefusedError.
    """
    today = timezone.localdate(now)
    require_manager(by, enterprise, today)
    works = staff(enterprise, today).select_related("person").order_by("pk")
    works = works.filter(team=team) if anew is None else works.filter(pk=anew)
    people = {work.person_id: work.person for work in works[:MOST]}
    if anew is None:
        for known in WorkerPin.objects.filter(person__in=people).values_list("person", flat=True):
            people.pop(known, None)
    if not people:
        raise refuse("这个班组的人都有学习密码了，或者没有选到在岗的人")
    pins = {key: _new_pin() for key in people}
    rows = [WorkerPin(**_row(key, pin, by.pk, now)) for key, pin in pins.items()]
    WorkerPin.objects.bulk_create(rows)
    PinTry.objects.filter(person__in=pins).delete()
    tell_many(
        [
            Note(
                to=key, kind="pin-handed-out", key=f"pin:{enterprise.pk}:{now:%Y%m%d%H%M%S}",
                title="单位给您发了新的学习密码",
                body=f"{enterprise.name}的{by}发的。不是您要的，请自己重新设置一个，旧的就作废。",
                link=reverse("courses:pin"), enterprise=enterprise.pk,
            )
            for key in pins
        ]
    )  # fmt: skip
    audit.log(
        "pin.hand_out",
        by=by,
        subject=enterprise,
        enterprise=enterprise,
        team=team,
        people=len(pins),
    )
    return [(str(people[key]), pin) for key, pin in pins.items()]


def require(person: int, pin: str, *, now: datetime) -> None:
    """Whether ``pin`` is the person's. Call it outside a transaction. Raises RefusedError."""
    since = now - timedelta(minutes=rules.amount("pin_minutes"))
    PinTry.objects.filter(at__lte=since).delete()
    this = PinTry.objects.create(person_id=person, at=now)
    if PinTry.objects.filter(person=person, at__gt=since).count() > rules.amount("pin_tries"):
        this.delete()
        raise refuse(
            f"密码错了太多次，请等 {rules.amount('pin_minutes')} 分钟再试。别的工友不受影响"
        )
    held = WorkerPin.objects.filter(person=person).order_by("-pk").first()
    if held is None:
        this.delete()
        raise refuse("还没有学习密码。请登录自己的账号，在“我的学习”里设置，或者找企业管理员领一个")
    if not constant_time_compare(held.digest, _digest(person, pin, held.salt)):
        raise refuse("学习密码不对，请再输一次")
    PinTry.objects.filter(person=person).delete()


def without(works: Iterable[Employment]) -> set[int]:
    """The people of some employments who have no PIN yet."""
    people = {work.person_id for work in works}
    held = WorkerPin.objects.filter(person__in=people).values_list("person_id", flat=True)
    return people - set(held)


def _row(person: int, pin: str, by: int, now: datetime) -> dict[str, Any]:
    salt = secrets.token_hex(16)
    digest = _digest(person, pin, salt)
    return {"person_id": person, "salt": salt, "digest": digest, "by_id": by, "at": now}


def _digest(person: int, pin: str, salt: str) -> str:
    keyed = salted_hmac("courses.pin", f"{person}:{pin}", algorithm="sha256").digest()
    return hashlib.scrypt(keyed, salt=salt.encode(), dklen=32, **_SLOW).hex()


def _new_pin() -> str:
    while True:
        pin = f"{secrets.randbelow(10**6):06}"
        if not rules.pin_fault(pin):
            return pin
