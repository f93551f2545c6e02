"""The register and the facts keep their promises in the database itself."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from credit.models import Employment, Enterprise, Jurisdiction, Posting, Sector, Violation
from credit.models.locked import LockedError
from tests.credit.casework import hide_accident


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
        "云 溪",
    ],
)
def test_an_enterprise_is_found_by_two_or_more_characters(enterprise: Enterprise, words: str):
    assert list(Enterprise.objects.matching(words)) == [enterprise]


@pytest.mark.parametrize(
    "words", ["", " ", "长", "青长", "%%", "__", "不存在", "云溪 烟花", "溪 云"]
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


def test_a_new_code_moves_everything_below_and_keeps_the_officers_reach(street: Jurisdiction):
    village = Jurisdiction.objects.create(code="v", name="河口", kind="town", parent=street)
    other = Jurisdiction.objects.create(code="9900010", name="邻区", kind="district")
    officer = User.objects.create_user("+8613800000001", "long-enough-9")
    Posting.objects.create(officer=officer, place=street.parent)
    district = street.parent
    district.code = "990009"
    district.save()
    paths = dict(Jurisdiction.objects.values_list("name", "path"))
    assert paths == {
        "云溪区": "/990009/",
        "河滨街道": "/990009/990001001/",
        "河口": "/990009/990001001/v/",
        "邻区": "/9900010/",
    }
    assert Jurisdiction.objects.of_officer(officer).count() == 3
    village.parent = other  # moves alone
    village.save()
    assert Jurisdiction.objects.get(pk=village.pk).path == "/9900010/v/"
    assert Jurisdiction.objects.of_officer(officer).count() == 2


def test_a_place_lies_below_no_place_of_its_own(street: Jurisdiction):
    village = Jurisdiction.objects.create(code="v", name="河口", kind="town", parent=street)
    for above in (street, village):
        street.parent = above
        with pytest.raises(ValidationError, match="上级不能是它自己或它的下级"):
            street.save()
    assert Jurisdiction.objects.get(pk=street.pk).path == "/990001/990001001/"


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
    Violation.objects.filter(pk=old.pk).update(replaced_at=timezone.now())
    new = penalise(enterprise, fine=20_000, supersedes=old)
    assert list(Violation.objects.current()) == [new]
    assert Violation.objects.count() == 2


@pytest.mark.parametrize("kind", ["violation", "accident"])
def test_a_fact_is_marked_but_never_edited_or_deleted(enterprise: Enterprise, kind: str):
    fact: Any = penalise(enterprise) if kind == "violation" else hide_accident(enterprise)
    facts = type(fact).objects
    for write in (
        fact.save,
        fact.delete,
        lambda: facts.update(happened_on=date(2020, 1, 1)),
        lambda: facts.all().delete(),
        lambda: facts.bulk_update([fact], ["happened_on"]),
        lambda: facts.update_or_create(pk=fact.pk, defaults={"source": "x"}),
    ):
        with pytest.raises(LockedError):
            write()
    assert facts.update(withdrawn_at=timezone.now()) == 1


# 信用修复管理办法: a warning 3 months, a fine 12, a large fine 36, counted from the document's date.
@pytest.mark.parametrize(
    ("penalty", "given", "last"),
    [
        ({"penalty_kind": "警告"}, None, date(2026, 5, 31)),
        ({"fine": 20_000}, None, date(2027, 2, 28)),
        ({"fine": 99_999}, date(2040, 1, 1), date(2027, 2, 28)),
        ({"fine": 99_999}, date(2026, 6, 1), date(2026, 6, 1)),
        ({"fine": 100_000}, None, date(2029, 2, 28)),
        ({"penalty_kind": "责令停产停业"}, date(2040, 1, 1), date(2029, 2, 28)),
    ],
)
def test_credit_repair_measures_a_penalty_is_public_no_longer_than_its_term(
    enterprise: Enterprise, penalty: Any, given: date | None, last: date
):
    penalise(enterprise, publish_until=given, **penalty)
    Violation.objects.bulk_create(
        [
            Violation(
                enterprise=enterprise, source="x", source_key="2", authority="x", offence="x",
                publish_until=given, happened_on=date(2026, 3, 1),
                **{"penalty_kind": "罚款", **penalty},
            )
        ]
    )  # fmt: skip
    assert set(Violation.objects.values_list("public_until", flat=True)) == {last}
    assert Violation.objects.public(last).count() == 2
    assert Violation.objects.public(last + timedelta(days=1)).count() == 0


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
