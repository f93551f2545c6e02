"""A check on the spot: the worker's short-lived code, an officer who opens the file, three questions marked at once.

It records facts. Nothing follows from them by itself: what to do, a person decides.
"""

import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.core import signing
from django.db import transaction
from django.utils import timezone

from courses.acts.exams import RefusedError
from courses.models import Attempt, Certificate, Inspection, Question, SpotAnswer, SpotQuestion
from courses.models.reach import learners_of_office
from courses.rules.files import ARTICLE, ON_THE_SPOT, figure, may_ask, may_inspect
from courses.rules.marking import WHOLE, share_of
from courses.rules.papers import AnswerError, cleaned, laid
from credit.acts import audit
from credit.rules.ruling import Ruling

INSPECT: Final = "courses.inspect_training"
_SALT: Final = "courses.spot_checks"


def code_for(person: Any) -> str:
    """A code that opens the file of ``person`` to an inspector for some minutes; nothing is written."""
    return signing.TimestampSigner(sep=".", salt=_SALT).sign(str(person.pk))


def good_until(now: datetime) -> datetime:
    """Until when a code made ``now`` opens."""
    return now + timedelta(minutes=figure("check_minutes"))


def person_of(code: str) -> Any:
    """Whose code it is. Raises RefusedError for one that is too old, or none of ours."""
    signer = signing.TimestampSigner(sep=".", salt=_SALT)
    try:
        key = signer.unsign(code, max_age=timedelta(minutes=figure("check_minutes")))
    except signing.SignatureExpired as fault:
        raise _no("检查码过期了，请学员刷新页面，再扫新的码") from fault
    except signing.BadSignature as fault:
        raise _no("不是检查码，请扫学员“检查码”页面上的码") from fault
    person = get_user_model()._default_manager.filter(pk=key, is_active=True).first()
    if person is None:
        raise _no("没有这名学员")
    return person


@transaction.atomic
def open_file(
    person: Any, *, officer: Any, now: datetime, certificate: Certificate | None = None
) -> Inspection:
    """Note that ``officer`` opens the file; once more within a code's life gives the same. Raises RefusedError."""
    people = learners_of_office(officer, timezone.localdate(now))
    permitted, own = officer.has_perm(INSPECT), officer.pk == person.pk
    within = permitted and people.filter(pk=person.pk).exists()
    ruling = may_inspect(permitted=permitted, own=own, within=within)
    if not ruling:
        raise RefusedError(ruling)
    way = Inspection.Way.CERTIFICATE if certificate else Inspection.Way.CODE
    get_user_model()._default_manager.select_for_update().get(pk=person.pk)  # one after the other
    since = now - timedelta(minutes=figure("check_minutes"))
    same = Inspection.objects.filter(person=person, officer=officer, way=way, at__gt=since)
    found: Inspection | None = same.filter(certificate=certificate).first()
    if found is not None:
        return found
    made = Inspection.objects.create(
        person=person, officer=officer, way=way, certificate=certificate, at=now
    )
    audit.log("inspection.open", by=officer, subject=made, person=person.pk, way=way)
    return made


def pool_of(person: Any) -> Any:
    """The questions of the courses whose exams this person passed, of kinds that are marked at once."""
    passed = Attempt.objects.filter(enrolment__person=person, passed=True)
    courses = passed.order_by().values("enrolment__course")
    return Question.objects.current().filter(
        bank__course__in=courses, active=True, kind__in=ON_THE_SPOT
    )


@transaction.atomic
def ask(inspection: Inspection, *, officer: Any) -> list[SpotQuestion]:
    """Draw the questions, once for an inspection. Raises RefusedError."""
    Inspection.objects.select_for_update().get(pk=inspection.pk)
    keys = list(pool_of(inspection.person).order_by("pk").values_list("pk", flat=True))
    ruling = may_ask(
        mine=inspection.officer_id == officer.pk,
        asked=inspection.questions.exists(),
        pool=len(keys),
    )
    if not ruling:
        raise RefusedError(ruling)
    chance = random.Random(secrets.randbits(63))  # noqa: S311  # seeded by the system's secret source
    drawn = chance.sample(keys, figure("spot_questions"))
    questions = Question.objects.whole().in_bulk(drawn)
    made = [
        _frozen(inspection, position, questions[key], chance)
        for position, key in enumerate(drawn, start=1)
    ]
    SpotQuestion.objects.bulk_create(made)
    audit.log("inspection.ask", by=officer, subject=inspection, questions=drawn)
    return list(inspection.questions.order_by("position"))


@transaction.atomic
def answer(
    inspection: Inspection, *, officer: Any, given: Mapping[int, Sequence[Any]], now: datetime
) -> int:
    """Write and mark the answers, by position; how many are right. What is not given is wrong. Raises RefusedError."""
    if inspection.officer_id != officer.pk:
        raise _no("只有打开这次检查的人可以记答案")
    Inspection.objects.select_for_update().get(pk=inspection.pk)
    places = list(inspection.questions.select_related("answer"))
    if not places:
        raise _no("还没有抽题")
    if any(hasattr(place, "answer") for place in places):
        raise _no("答案已经记下了，不能再改")
    rows = [_marked(place, given.get(place.position, []), now) for place in places]
    SpotAnswer.objects.bulk_create(rows)
    return sum(row.right for row in rows)


def _frozen(
    inspection: Inspection, position: int, question: Question, chance: random.Random
) -> SpotQuestion:
    kept = laid(question.item(), chance)
    return SpotQuestion(
        inspection=inspection, position=position, question=question, shown=kept.shown,
        sealed=kept.sealed,
    )  # fmt: skip


def _marked(place: SpotQuestion, chosen: Sequence[Any], now: datetime) -> SpotAnswer:
    try:
        answer = cleaned(place.shown, chosen)
    except AnswerError as fault:
        raise _no(f"第{place.position}题{fault}") from fault
    right = share_of(place.shown["kind"], place.sealed["right"], answer) == WHOLE
    return SpotAnswer(place=place, chosen=answer, right=right, at=now)


def _no(reason: str) -> RefusedError:
    return RefusedError(Ruling(False, reason, ARTICLE))
