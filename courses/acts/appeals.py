"""Appeals: a learner asks for another look at the marks; somebody who did not mark decides; a certificate follows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.urls import reverse
from django.utils import timezone

from courses.acts.certificates import issue, revoke
from courses.acts.exams import marks_of
from courses.acts.sitting import RefusedError, figures, lock
from courses.models import (
    Appeal,
    AppealDecision,
    Attempt,
    Certificate,
    HandMark,
    PaperQuestion,
    Remark,
    Revocation,
)
from courses.models.reach import APPEALS, learners_of_office
from courses.rules.rooms import ARTICLE, LONGEST_REASON, may_appeal, may_decide
from credit.acts.audit import log
from credit.acts.messages import Note, tell_many
from credit.rules.ruling import Ruling


def may(attempt: Attempt, *, now: datetime, reason: str | None = None) -> Ruling:
    """Whether its learner may appeal now; one query.

    Its points were there at the hand-in, or with the last mark by hand.
    """
    others = Attempt.objects.filter(enrolment=OuterRef("enrolment")).exclude(pk=OuterRef("pk"))
    known = Attempt.objects.annotate(
        last=Max("paper__hand_mark__marked_at"),
        raised=Exists(Appeal.objects.filter(attempt=OuterRef("pk"))),
        sitting=Exists(others.open()),
        passed_elsewhere=Exists(others.filter(passed=True)),
    )
    facts = known.values("points", "submitted_at", "last", "raised", "sitting", "passed_elsewhere")
    found = facts.get(pk=attempt.pk)
    ended = [moment for moment in (found["submitted_at"], found["last"]) if moment]
    return may_appeal(
        marked_at=None if found["points"] is None else max(ended),
        now=timezone.localtime(now),
        days=figures(now).amount("appeal.days"),
        reason=reason,
        raised=found["raised"],
        sitting=found["sitting"],
        passed_elsewhere=found["passed_elsewhere"],
    )


@transaction.atomic
def appeal(attempt: Attempt, *, learner: Any, reason: str, now: datetime) -> Appeal:
    """The learner's own attempt, once. Raises RefusedError, Attempt.DoesNotExist for somebody else's."""
    locked = lock(attempt, learner)
    ruling = may(locked, now=now, reason=reason.strip())
    if not ruling:
        raise RefusedError(ruling)
    days = figures(now).amount("appeal.decide")
    row = Appeal.objects.create(
        attempt=locked,
        reason=reason.strip()[:1000],
        at=now,
        due_on=timezone.localdate(now) + timedelta(days=days),
    )
    log("appeal.raise", by=learner, subject=row, points=locked.points)
    return row


def to_decide(officer: Any, *, now: datetime) -> Any:
    """The appeals that wait within the officer's reach, the most urgent first; never the own."""
    people = learners_of_office(officer, timezone.localdate(now))
    rows = Appeal.objects.waiting().filter(attempt__enrolment__person__in=people)
    return rows.exclude(attempt__enrolment__person=officer).select_related(
        "attempt__exam", "attempt__enrolment__person"
    )


@transaction.atomic
def decide(
    row: Appeal, *, officer: Any, points: Mapping[int, int], reason: str, now: datetime
) -> AppealDecision:
    """``points`` by position are those that the officer gives; places not named keep theirs.

    Every change is a row with the points before and after. A pass that was none issues the certificate, a pass that
    is none any more revokes it, with the word that its holder may train anew. Raises RefusedError.
    """
    attempt = lock(row.attempt)
    _require(row, attempt, officer, reason.strip())
    marks = {place.position: (place, had) for place, had, _ in marks_of(attempt)}
    changed = {
        at: (*marks[at], to) for at, to in points.items() if at in marks and to != marks[at][1]
    }
    if len(points.keys() - marks.keys()) or any(
        not 0 <= to <= p.points for p, _, to in changed.values()
    ):
        raise RefusedError(odd_points())
    total = sum(had for _, had in marks.values()) + sum(to - had for _, had, to in changed.values())
    passed = total >= attempt.pass_mark
    decision = AppealDecision.objects.create(
        appeal=row,
        points_before=attempt.points or 0,
        points_after=total,
        passed_after=passed,
        reason=reason.strip()[:1000],
        by=officer,
        at=now,
    )
    _write(decision, attempt, changed)
    _follow(attempt, decision, officer, now)
    log(
        "appeal.decide", by=officer, subject=decision, before=decision.points_before, after=total,
        passed=passed, reason=decision.reason[:LONGEST_REASON],
    )  # fmt: skip
    _tell(decision, attempt)
    return decision


def odd_points() -> Ruling:
    """What is said of points that no place can have."""
    return Ruling(False, "每道题的得分应是 0 到这道题分值之间的整数", ARTICLE)


def _require(row: Appeal, attempt: Attempt, officer: Any, reason: str) -> None:
    if not officer.has_perm(APPEALS):
        raise RefusedError(Ruling(False, "您没有处理考试申诉的权限", ARTICLE))
    people = learners_of_office(officer, timezone.localdate())
    if not people.filter(pk=attempt.enrolment.person_id).exists():
        raise RefusedError(Ruling(False, "这名考生不归您管", ARTICLE))
    hands = HandMark.objects.filter(paper_question__attempt=attempt)
    ruling = may_decide(
        decider=officer.pk,
        learner=attempt.enrolment.person_id,
        markers=set(hands.values_list("marker", flat=True)),
        decided=AppealDecision.objects.filter(appeal=row).exists(),
        reason=reason,
    )
    if not ruling:
        raise RefusedError(ruling)


def _write(
    decision: AppealDecision,
    attempt: Attempt,
    changed: Mapping[int, tuple[PaperQuestion, int, int]],
) -> None:
    Remark.objects.bulk_create(
        Remark(place=place, decision=decision, points_before=had, points_after=to)
        for place, had, to in changed.values()
    )
    attempt.points, attempt.passed = decision.points_after, decision.passed_after
    attempt.save(update_fields=["points", "passed"])


def _follow(attempt: Attempt, decision: AppealDecision, officer: Any, now: datetime) -> None:
    """The certificate follows the marks."""
    today = timezone.localdate(now)
    held = Certificate.objects.filter(attempt=attempt).first()
    if attempt.passed:
        issue(attempt, issued_on=today)
    elif held and not Revocation.objects.filter(certificate=held).exists():
        reason = f"考试申诉改分，现在 {decision.points_after} 分，不合格"
        revoke(held, officer=officer, reason=reason, today=today, retrain=True)


def _tell(decision: AppealDecision, attempt: Attempt) -> None:
    kept = decision.points_before == decision.points_after
    title = "考试申诉：维持原来的成绩" if kept else f"考试申诉：成绩改为 {decision.points_after} 分"
    tell_many(
        [
            Note(
                to=attempt.enrolment.person_id,
                kind="exam-appeal",
                key=f"appeal:{decision.appeal_id}",
                title=title,
                body=decision.reason,
                link=reverse("courses:exam_result", args=[attempt.pk]),
            )
        ]
    )
