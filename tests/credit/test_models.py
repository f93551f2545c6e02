"""The register and the facts keep their promises in the database itself."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from credit.models import Employment, Enterprise, Jurisdiction, Posting, Sector, Violation


def penalise(enterprise: Enterprise, **more: Any) -> Violation:
    facts = {
        "source": "test",
        "source_key": "云应急罚〔2026〕1号",
        "happened_on": date(2026, 3, 1),
        "offence": "未如实记录安全生产教育培训情况",
        "penalty_kind": "罚款",
        "authority": "云溪区应急管理局（虚构）",
    }
    return Violation.objects.create(enterprise=enterprise, **{**facts, **more})


@pytest.mark.parametrize(
    "words",
    [
        "长青",
        "91110000",
        "6000373",
        "cqhg",
        "CQHG",
        "公司（虚构",
        "公司(虚构)",
        "ＹＸＣＱ",
        "云溪 化工",
        "化工 云溪",
        "９１１１",
    ],
)
def test_an_enterprise_is_found_by_two_or_more_characters(enterprise: Enterprise, words: str):
    assert list(Enterprise.objects.matching(words)) == [enterprise]


@pytest.mark.parametrize(
    "words", ["", " ", "长", "青长", "%%", "__", "不存在", "云溪 烟花", "云 溪"]
)
def test_fewer_characters_wildcards_and_strangers_find_nothing(enterprise: Enterprise, words: str):
    assert list(Enterprise.objects.matching(words)) == []


def test_an_officer_reaches_the_posting_and_below_only(street: Jurisdiction, sector: Sector):
    elsewhere = Jurisdiction.objects.create(
        code="990001002", name="东山镇", kind="town", parent=street.parent
    )
    near = Enterprise.objects.create(name="近", legacy_number="1", place=street, sector=sector)
    far = Enterprise.objects.create(name="远", legacy_number="2", place=elsewhere, sector=sector)
    officer = User.objects.create_user("+8613800000001", "long-enough-9")
    assert list(Enterprise.objects.in_reach_of(officer)) == []
    Posting.objects.create(officer=officer, place=street)
    assert list(Enterprise.objects.in_reach_of(officer)) == [near]
    Posting.objects.create(officer=officer, place=street.parent)
    assert set(Enterprise.objects.in_reach_of(officer)) == {near, far}


def test_an_enterprise_without_any_number_is_refused(street: Jurisdiction, sector: Sector):
    with pytest.raises(IntegrityError), transaction.atomic():
        Enterprise.objects.create(name="无号", place=street, sector=sector)


def test_a_source_key_has_one_current_row(enterprise: Enterprise):
    penalise(enterprise)
    with pytest.raises(IntegrityError), transaction.atomic():
        penalise(enterprise, fine=1)


def test_two_printings_of_a_number_cannot_both_stand(enterprise: Enterprise):
    assert penalise(enterprise).identity == "云应急罚〔2026〕1号"
    with pytest.raises(IntegrityError), transaction.atomic():
        penalise(enterprise, source_key="云应急罚[2026] 1号")


def test_a_correction_closes_the_old_row_and_adds_one(enterprise: Enterprise):
    old = penalise(enterprise)
    old.replaced_at = timezone.now()
    old.save()
    new = penalise(enterprise, fine=20_000, supersedes=old)
    assert list(Violation.objects.current()) == [new]
    assert Violation.objects.count() == 2


def test_an_employment_does_not_end_before_it_began(enterprise: Enterprise):
    person = User.objects.create_user("+8613800000002", "long-enough-9")
    with pytest.raises(IntegrityError), transaction.atomic():
        Employment.objects.create(
            person=person,
            enterprise=enterprise,
            position="worker",
            began_on=date(2026, 2, 1),
            ended_on=date(2026, 1, 1),
        )
