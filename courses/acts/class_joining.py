"""Join a class: by its QR, or sent by the enterprise. One seat a person; the round of the course begins with it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from courses.acts.class_reach import offered_to, refuse, require_open, require_run
from courses.acts.coverage import staff
from courses.acts.enrolment import enrol, renew, renewal
from courses.acts.managing import require_manager
from courses.models import ClassMember, CoursePage, Enrolment, TrainingClass
from courses.models.roster import at_work
from courses.rules.names import parse_name
from credit.acts import audit
from credit.models import Employment, Enterprise

Way = ClassMember.Way
MOST = 500  # people sent at once


@transaction.atomic
def join(training_class: TrainingClass, *, person: Any, now: datetime) -> ClassMember:
    """Who read the QR joins; a second time gives the same seat back. Raises RefusedError."""
    _hold(training_class)
    if held := ClassMember.objects.filter(training_class=training_class, person=person).first():
        same: ClassMember = held
        return same
    require_open(training_class)
    _require_name(person)
    firm = _employer(person, training_class, timezone.localdate(now))
    if training_class.enterprise_id and firm != training_class.enterprise_id:
        raise refuse(
            "这个班只收本企业的员工，您不在这家企业的花名册里。请让企业管理员先把您登记进花名册"
        )
    _require_seats(training_class, 1)
    return _seat(training_class, person, firm, way=Way.CODE, by=person, now=now)


@transaction.atomic
def send(
    training_class: TrainingClass,
    employments: Iterable[int],
    *,
    enterprise: Enterprise,
    by: Any,
    now: datetime,
) -> int:
    """An enterprise sends people of its own; how many are new. Raises RefusedError."""
    today = timezone.localdate(now)
    require_manager(by, enterprise, today)
    _hold(training_class)
    require_open(training_class)
    if not offered_to(enterprise).filter(pk=training_class.pk).exists():
        raise refuse("这个班不对您的企业开放")
    works = staff(enterprise, today).filter(pk__in=list(employments)[:MOST], began_on__lte=today)
    people = {work.person_id: work.person for work in works.select_related("person")}
    there = ClassMember.objects.filter(training_class=training_class, person__in=people)
    for known in there.values_list("person_id", flat=True):
        del people[known]
    if not people:
        raise refuse("选中的人都已经在班里，或者没有选到在岗的人")
    _require_seats(training_class, len(people))
    for person in people.values():
        _seat(training_class, person, enterprise.pk, way=Way.ENTERPRISE, by=by, now=now)
    audit.log(
        "class.send", by=by, subject=training_class, enterprise=enterprise, people=len(people)
    )
    return len(people)


@transaction.atomic
def add(training_class: TrainingClass, *, phone: str, by: Any, now: datetime) -> ClassMember:
    """Whoever runs the class seats a learner without a phone at hand, by the account's number. Raises RefusedError."""
    today = timezone.localdate(now)
    require_run(by, training_class, today)
    _hold(training_class)
    require_open(training_class)
    person = get_user_model()._default_manager.filter(phone=phone).first()
    if person is None:
        raise refuse("没有这个手机号的账号。请学员先注册，或让企业把他登记进花名册")
    _require_name(person)
    firm = _employer(person, training_class, today)
    if training_class.enterprise_id and firm != training_class.enterprise_id:
        raise refuse("这名学员不在本企业的花名册里，请先登记进花名册")
    if ClassMember.objects.filter(training_class=training_class, person=person).exists():
        raise refuse("这名学员已经在班里")
    _require_seats(training_class, 1)
    return _seat(training_class, person, firm, way=Way.TRAINER, by=by, now=now)


def _hold(training_class: TrainingClass) -> None:
    """Seats are taken in turn."""
    TrainingClass.objects.select_for_update(of=("self",)).get(pk=training_class.pk)


def _require_name(person: Any) -> None:
    try:
        parse_name(person.real_name)
    except ValueError as fault:
        raise refuse("请先在“我的”里填写身份证上的姓名，再来报名") from fault


def _require_seats(training_class: TrainingClass, wanted: int) -> None:
    if training_class.seats is None:
        return
    left = training_class.seats - training_class.members.count()
    if wanted > left:
        raise refuse(f"这个班最多 {training_class.seats} 人，只剩 {max(left, 0)} 个名额")


def _employer(person: Any, training_class: TrainingClass, today: date) -> int | None:
    """The employer of today; of several the class's own, else the one of longest."""
    works = at_work(Employment.objects.filter(person=person, began_on__lte=today), today)
    firms = list(works.order_by("began_on", "pk").values_list("enterprise_id", flat=True))
    if training_class.enterprise_id in firms:
        return training_class.enterprise_id
    return firms[0] if firms else None


def _seat(
    training_class: TrainingClass, person: Any, firm: int | None, *, way: str, by: Any, now: datetime
) -> ClassMember:  # fmt: skip
    today = timezone.localdate(now)
    made: ClassMember = ClassMember.objects.create(
        training_class=training_class, person=person, enterprise_id=firm, way=way, by=by, at=now,
        enrolment=round_for(training_class.course, person, today),
    )  # fmt: skip
    return made


def round_for(course: CoursePage, person: Any, today: date) -> Enrolment:
    """The running round of the course; a new one where the certificate of the last is due or over."""
    current = enrol(course, person=person)
    return renew(current, learner=person, today=today) if renewal(current, today=today) else current
