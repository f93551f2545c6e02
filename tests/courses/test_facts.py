"""Training facts flow to credit through its one door: once, corrected when they change, never lost."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from courses import tasks
from courses.acts import certificates, facts, obligations
from courses.models import CoursePage, CreditFact, Obligation, OutsideProof
from credit.acts import intake
from credit.models import Enterprise, ImportBatch, Score, ScoreLine, TrainingFact
from tests.courses.obligation_kit import TODAY, a_person, at_work, counts, won

LATE = date(2026, 12, 26)  # the day after what is entered on TODAY is due


def known() -> list[tuple[Any, ...]]:
    """What credit has now."""
    rows = TrainingFact.objects.current().order_by("pk")
    return list(rows.values_list("event", "title", "happened_on", "ended_on", "people"))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the minute's task on a day."""

    def run(day: date) -> None:
        CreditFact.objects.filter(told_at=None).update(next_at=timezone.now())
        monkeypatch.setattr(timezone, "localdate", lambda *_: day)
        tasks.tell_credit()
        monkeypatch.undo()

    return run


def test_a_certificate_reaches_every_employer_of_its_day_once(
    enterprise: Enterprise, learner: Any, course: CoursePage, at: Any
):
    other = Enterprise.objects.create(
        name="乙厂（虚构）", legacy_number="1", place=enterprise.place, sector=enterprise.sector
    )
    at_work(enterprise, learner)
    at_work(other, learner, began_on=date(2025, 1, 1), ended_on=date(2026, 11, 9))
    held = won(course, learner, on=date(2026, 11, 10), minutes=60)
    at(TODAY)
    at(TODAY)
    assert known() == [("certificate", "有限空间", held.issued_on, held.valid_until, 1)]
    fact = TrainingFact.objects.get()
    assert (fact.enterprise, fact.source, fact.source_key) == (
        enterprise,
        "安信在线培训",
        held.number,
    )
    assert ImportBatch.objects.count() == 1


def test_a_revoked_certificate_ends_there(
    enterprise: Enterprise, learner: Any, course: CoursePage, at: Any
):
    at_work(enterprise, learner)
    held = won(course, learner, on=date(2026, 11, 10), minutes=60)
    at(TODAY)
    certificates.revoke(held, officer=learner, reason="替考", today=TODAY)
    at(TODAY)
    assert known() == [("certificate", "有限空间", held.issued_on, TODAY, 1)]
    assert TrainingFact.objects.count() == 2  # the first word is kept


def test_what_was_missed_lowers_the_score_until_it_is_made_up_for(
    enterprise: Enterprise, learner: Any, at: Any
):
    work = at_work(enterprise, learner, position="special_operator", trades="welding")
    obligations.refresh([enterprise.pk], today=TODAY)
    obligations.refresh([enterprise.pk], today=LATE - timedelta(days=1))
    at(LATE - timedelta(days=1))
    assert known() == []
    for _ in range(2):
        obligations.refresh([enterprise.pk], today=LATE)
        at(LATE)
    title = "特种作业人员：特种作业操作证：焊接与热切割作业"
    assert ("missed", title, LATE, None, 1) in known()
    assert len(known()) == 4  # three levels of induction and the certificate
    score = Score.objects.get(enterprise=enterprise)
    assert score.deducted == Decimal(15)  # four times five, the cap of training is fifteen
    assert {line.name for line in ScoreLine.objects.all()} == {"三项岗位人员培训不到位"}
    later = LATE + timedelta(days=5)
    for owed in Obligation.objects.open().filter(due_on__lt=LATE):
        OutsideProof.objects.create(
            employment=work, requirement=owed.requirement, done_on=later, hours=owed.hours,
            paper="补训记录", by=learner,
        )  # fmt: skip
    obligations.refresh([enterprise.pk], today=later)
    at(later)
    assert {ended for *_, ended, _ in known()} == {later}
    assert Score.objects.get(enterprise=enterprise).deducted == 0


def test_a_proof_of_an_earlier_day_leaves_nothing_missed(
    enterprise: Enterprise, learner: Any, at: Any
):
    work = at_work(enterprise, learner, position="special_operator", trades="welding")
    obligations.refresh([enterprise.pk], today=TODAY)
    obligations.refresh([enterprise.pk], today=LATE)
    at(LATE)
    OutsideProof.objects.create(
        employment=work, requirement="operator-certificate.welding", done_on=date(2026, 1, 5),
        paper="操作证", by=learner,
    )  # fmt: skip
    obligations.refresh([enterprise.pk], today=LATE)
    at(LATE)
    missed = TrainingFact.objects.current().get(title__contains="操作证")
    assert (missed.happened_on, missed.ended_on) == (LATE, LATE)
    assert not TrainingFact.objects.true_on(LATE).filter(pk=missed.pk).exists()


def test_who_left_no_longer_counts(enterprise: Enterprise, learner: Any, at: Any):
    work = at_work(enterprise, learner, position="principal", began_on=date(2026, 1, 1))
    obligations.refresh([enterprise.pk], today=TODAY)
    obligations.refresh([enterprise.pk], today=LATE)
    at(LATE)
    work.ended_on = LATE + timedelta(days=1)
    work.save()
    obligations.refresh([enterprise.pk], today=LATE + timedelta(days=2))
    at(LATE + timedelta(days=2))
    assert {ended for *_, ended, _ in known()} == {LATE + timedelta(days=1)}


def test_what_a_worker_missed_is_not_told_as_one_of_the_three_posts(
    enterprise: Enterprise, learner: Any
):
    at_work(enterprise, learner)
    obligations.refresh([enterprise.pk], today=TODAY)
    obligations.refresh([enterprise.pk], today=LATE)
    assert Obligation.objects.open().filter(due_on__lt=LATE).count() == 3
    assert CreditFact.objects.count() == 0


def test_a_completed_class_is_told_once(enterprise: Enterprise, at: Any):
    for _ in range(2):
        facts.note_class(enterprise, key="PXB-1", title="主要负责人初训班", people=12, on=TODAY)
    at(TODAY)
    assert known() == [("completed", "主要负责人初训班", TODAY, None, 12)]


def test_a_failure_in_credit_loses_no_certificate(
    enterprise: Enterprise, learner: Any, course: CoursePage, at: Any, monkeypatch: Any
):
    at_work(enterprise, learner)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the register is away")

    with monkeypatch.context() as patch:
        patch.setattr(intake, "tell", broken)
        held = won(course, learner, on=date(2026, 11, 10), minutes=60)
        tasks.tell_credit()
    waits = CreditFact.objects.get()
    assert (waits.certificate, waits.told_at, waits.tries) == (held, None, 1)
    assert waits.fault == "RuntimeError"
    assert waits.next_at > timezone.now()
    tasks.tell_credit()  # not yet
    assert known() == []
    at(TODAY)
    waits.refresh_from_db()
    assert (len(known()), waits.fault) == (1, "")
    assert waits.told_at is not None


def test_what_credit_refuses_is_kept_with_its_remedy(enterprise: Enterprise, at: Any):
    facts.note_class(enterprise, key="PXB-1", title="班", people=12, on=TODAY + timedelta(days=3))
    at(TODAY)
    waits = CreditFact.objects.get()
    assert (waits.told_at, waits.fault) == (None, "日期晚于今天（2026-11-25），请核对")


def test_a_certificate_meets_what_is_owed_within_the_minute(
    enterprise: Enterprise, learner: Any, course: CoursePage, at: Any
):
    at_work(enterprise, learner)
    counts(course, "worker-plant-high")
    obligations.refresh([enterprise.pk], today=TODAY)
    held = won(course, learner, on=date(2026, 11, 20), minutes=24 * 45)
    at(TODAY)
    met = Obligation.objects.get(requirement="worker-plant-high")
    assert (met.met_on, met.certificate) == (held.issued_on, held)


@pytest.mark.parametrize("people", [1, 3, 30])
def test_many_facts_are_written_with_the_same_statements(
    enterprise: Enterprise, people: int, django_assert_num_queries: Any
):
    for number in range(people):
        at_work(enterprise, a_person(number), position="principal", began_on=date(2026, 1, 1))
    obligations.refresh([enterprise.pk], today=TODAY)
    works = enterprise.employments.all()
    with django_assert_num_queries(3):
        assert facts.follow(works, LATE) == people
