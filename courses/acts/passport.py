"""The worker's passport: share, end, look, count as proof. The worker decides, and reads of every look."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from courses.acts import proofs
from courses.acts.managing import require_manager
from courses.acts.person_files import Round, rounds_of
from courses.acts.refusing import RefusedError as RefusedError
from courses.models import (
    CourseFor,
    Enrolment,
    Obligation,
    OutsideProof,
    Share,
    SharedProof,
    ShareEnd,
    ShareItem,
    ShareLook,
)
from courses.models.passport import counted_in
from courses.models.roster import at_work
from courses.rules.hours import clock
from courses.rules.passport import (
    ARTICLE,
    LENGTH,
    CodeError,
    may_count,
    may_open,
    may_share,
    parse_code,
)
from courses.rules.validity import ALPHABET
from credit.acts import audit, messages
from credit.models import Employment, Enterprise
from credit.rules.ruling import Ruling
from credit.sealing import fingerprint, fingerprints, seal, unseal

AGAIN = timedelta(minutes=10)  # looks of one manager within this are one
_MINUTE = 60_000


def shareable(person: Any) -> QuerySet[Enrolment]:
    """The rounds that a person may share: finished, or with a certificate."""
    done = Q(finished_at__isnull=False) | Q(certificates__isnull=False)
    rows = Enrolment.objects.filter(done, person=person.pk).distinct()
    return rows.select_related("course").order_by("-enrolled_at", "-pk")


@transaction.atomic
def share(person: Any, *, rounds: list[int], days: int, whom: str, now: datetime) -> Share:
    """Share some rounds for some days. Raises RefusedError."""
    chosen = list(shareable(person).filter(pk__in=rounds))
    if len(chosen) != len(set(rounds)):
        raise _no("选的课程不对，请刷新页面再选")
    standing = Share.objects.standing(now).filter(person=person).count()
    ruling = may_share(chosen=len(chosen), days=days, standing=standing)
    if not ruling:
        raise RefusedError(ruling)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    made = Share.objects.create(
        person=person, code_sealed=seal(code), code_fingerprint=fingerprint(code),
        whom=whom.strip(), made_at=now, until=now + timedelta(days=days),
    )  # fmt: skip
    ShareItem.objects.bulk_create(ShareItem(share=made, enrolment=one) for one in chosen)
    audit.log("passport.share", by=person, subject=made, rounds=len(chosen), days=days)
    return made


@transaction.atomic
def end(row: Share, *, by: Any, now: datetime) -> ShareEnd:
    """End a share at once. Raises RefusedError."""
    Share.objects.select_for_update().get(pk=row.pk)
    if row.person_id != by.pk:
        raise _no("只有本人可以停止分享")
    if ShareEnd.objects.filter(share=row).exists():
        raise _no("已经停止了")
    audit.log("passport.end", by=by, subject=row)
    return ShareEnd.objects.create(share=row, at=now)


def code_of(row: Share) -> str:
    """The code, for its owner."""
    return unseal(row.code_sealed)


@transaction.atomic
def enter(typed: str, *, firm: Enterprise, by: Any, now: datetime) -> Share:
    """A manager enters a code for an enterprise. Raises RefusedError."""
    require_manager(by, firm, timezone.localdate(now))
    try:
        marks = fingerprints(parse_code(typed))
    except CodeError as fault:
        raise _no(str(fault)) from fault
    rows = Share.objects.select_related("person", "ended")
    found: Share | None = rows.filter(code_fingerprint__in=marks).first()
    if found is None:
        raise _no("没有这个分享码，请对照员工的手机再输入一次")
    _require_open(found, now)
    _note(found, firm, by, now)
    return found


@transaction.atomic
def look(row: Share, *, firm: Enterprise, by: Any, now: datetime) -> tuple[Round, ...]:
    """What is shared, for an enterprise that entered the code; the look is noted. Raises RefusedError."""
    require_manager(by, firm, timezone.localdate(now))
    if not row.looks.filter(enterprise=firm).exists():
        raise _no("请先输入分享码")
    _require_open(row, now)
    _note(row, firm, by, now)
    return rounds_of(Enrolment.objects.filter(shared__share=row))


@transaction.atomic
def count(
    item: ShareItem, work: Employment, *, requirement: str, by: Any, now: datetime
) -> OutsideProof:
    """Count a shared round as proof for a requirement of ``work``. Raises RefusedError."""
    today, row = timezone.localdate(now), item.share
    found = {one.enrolment.pk: one for one in look(row, firm=work.enterprise, by=by, now=now)}
    taken = found[item.enrolment_id]
    Employment.objects.select_for_update().get(pk=work.pk)
    asked = Obligation.objects.newest().filter(employment=work, requirement=requirement).first()
    here = at_work(Employment.objects.filter(pk=work.pk, person=row.person_id), today).exists()
    done_on, sound = _done(taken)
    automatic = CourseFor.objects.filter(
        active=True, requirement=requirement, course=taken.enrolment.course_id
    )
    ruling = may_count(
        works_here=here,
        asked=asked is not None,
        paper=asked is not None and asked.paper,
        sound=sound,
        automatic=automatic.exists(),
        counted=item.enrolment_id in counted_in(work),
        done_on=done_on or today,
        from_on=asked.from_on if asked else None,
    )
    if not ruling:
        raise RefusedError(ruling)
    hours = taken.counted // (clock().period * _MINUTE)
    told = proofs.tell(
        work, requirement=requirement, done_on=done_on or today, hours=hours, paper=_paper(taken),
        by=by, today=today,
    )  # fmt: skip
    SharedProof.objects.create(item=item, proof=told)
    return told


def shares_of(person: Any) -> QuerySet[Share]:
    """A person's shares with what they show and who looked: four queries."""
    looks = ShareLook.objects.select_related("enterprise", "by")
    items = ShareItem.objects.select_related("enrolment__course")
    rows = Share.objects.filter(person=person.pk).select_related("ended")
    return rows.prefetch_related(Prefetch("items", items), Prefetch("looks", looks))


def reseal_all() -> int:
    """Every code that still opens sealed anew with the newest key; how many."""
    keys = list(Share.objects.standing(timezone.now()).values_list("pk", flat=True))
    for pk in keys:
        with transaction.atomic():
            rows = Share._base_manager.filter(pk=pk)
            code = unseal(rows.values_list("code_sealed", flat=True).get())
            rows.update(code_sealed=seal(code), code_fingerprint=fingerprint(code))
    return len(keys)


def _require_open(row: Share, now: datetime) -> None:
    ruling = may_open(until=row.until, ended=row.is_ended, now=now)
    if not ruling:
        raise RefusedError(ruling)


def _note(row: Share, firm: Enterprise, by: Any, now: datetime) -> None:
    """The look, once in ten minutes; the first of an enterprise is told to the owner."""
    mine = ShareLook.objects.filter(share=row, enterprise=firm, by=by)
    if mine.filter(at__gt=now - AGAIN).exists():
        return
    ShareLook.objects.create(share=row, enterprise=firm, by=by, at=now)
    audit.log("passport.open", by=by, subject=row, enterprise=firm)
    messages.tell(
        [row.person], kind="training", key=f"passport {row.pk} {firm.pk}",
        title=f"{firm.name}看了您的培训护照",
        body="这是您分享的。每次查看都有记录，您可以随时停止分享。",
        link=reverse("courses:passport"),
    )  # fmt: skip


def _done(taken: Round) -> tuple[Any, bool]:
    """When a round was completed, and whether it is whole: with a standing certificate where there is an exam."""
    for held in taken.certificates:
        return held.issued_on, held.revoked_on is None
    at = taken.enrolment.finished_at
    has_exam = bool(taken.attempts) or hasattr(taken.enrolment.course, "exam")
    return (timezone.localdate(at) if at else None), bool(at) and not has_exam


def _paper(taken: Round) -> str:
    number = "".join(f"，证书 {held.printed_number}" for held in taken.certificates[:1])
    return f"培训护照：《{taken.enrolment.course.title[:100]}》{number}"


def _no(reason: str) -> RefusedError:
    return RefusedError(Ruling(False, reason, ARTICLE))
