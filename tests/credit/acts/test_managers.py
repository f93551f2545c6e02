"""Who acts for an enterprise: appointed on a paper, never by working there; revoked at once."""

from datetime import date
from typing import Any

import pytest

from credit.acts.casework import RefusedError
from credit.acts.informing import consent_of
from credit.acts.managers import appoint, record_consent, revoke
from credit.models import (
    AuditEntry,
    Employment,
    Enterprise,
    EnterpriseManager,
    Jurisdiction,
    Message,
)
from credit.models.managers import managed_by, managers_of
from tests.credit.casework import TODAY
from tests.credit.officers import officer
from tests.credit.party import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(district: Jurisdiction) -> Any:
    return officer("13800000021", district, "open_case", "appoint_manager")


def given(enterprise: Enterprise, clerk: Any, **more: Any) -> EnterpriseManager:
    said = {
        "phone": "139 0000 0001", "paper": "授权委托书1号", "from_day": TODAY, "last_day": None,
    }  # fmt: skip
    return appoint(enterprise, by=clerk, today=TODAY, **{**said, **more})


def test_an_appointment_opens_the_file_until_it_ends(enterprise: Enterprise, clerk: Any):
    who = person()
    assert list(managed_by(who, TODAY)) == []
    given(enterprise, clerk, last_day=date(2026, 12, 31))
    assert list(managed_by(who, TODAY)) == [enterprise]
    assert list(managers_of(enterprise, date(2026, 12, 31))) == [who]
    assert list(managed_by(who, date(2027, 1, 1))) == []
    assert list(managed_by(who, date(2026, 11, 1))) == []
    assert Message.objects.get().title == "您已登记为企业管理员"
    said = AuditEntry.objects.get(verb="manager.appoint").said
    assert "授权委托书1号" in said
    assert "139" not in said


def test_an_employment_opens_nothing(enterprise: Enterprise):
    who = person()
    Employment.objects.create(
        person=who, enterprise=enterprise, position="principal", began_on=date(2020, 1, 1)
    )
    assert list(managed_by(who, TODAY)) == []


def test_a_revocation_closes_the_file_at_once(enterprise: Enterprise, clerk: Any):
    who = person()
    made = given(enterprise, clerk)
    revoke(made, by=clerk, reason="离职", today=TODAY)
    assert list(managed_by(who, TODAY)) == []
    with pytest.raises(RefusedError, match="已经撤销过了"):
        revoke(made, by=clerk, reason="离职", today=TODAY)
    given(enterprise, clerk)  # and may be appointed anew
    assert list(managed_by(who, TODAY)) == [enterprise]
    verbs = AuditEntry.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["manager.appoint", "manager.revoke", "manager.appoint"]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"phone": "13900000007"}, "没有这个手机号的账号。请本人先用这个手机号注册登录一次"),
        ({"phone": "12"}, "手机号"),
        ({"paper": " "}, "请写明授权委托书的名称和编号"),
        ({"last_day": date(2026, 11, 1)}, "最后一天不能早于起始日期，也不能早于今天"),
        ({"phone": "13800000002"}, "办案人员不能登记为企业管理员"),
        ({"phone": "13800000021"}, "办案人员不能登记为企业管理员"),
    ],
)
def test_why_not(enterprise: Enterprise, clerk: Any, decider: Any, more: dict, reason: str):
    person()
    with pytest.raises(RefusedError, match=reason):
        given(enterprise, clerk, **more)


def test_nobody_appoints_out_of_reach_or_without_the_right(
    enterprise: Enterprise, opener: Any, street: Jurisdiction, district: Jurisdiction
):
    person()
    town = Jurisdiction.objects.create(
        code="990001102", name="南塘镇", kind="town", parent=district
    )
    with pytest.raises(RefusedError, match="您没有办理这件事的权限"):
        given(enterprise, opener)
    with pytest.raises(RefusedError, match="这家企业不在您的辖区"):
        given(enterprise, officer("13800000022", town, "open_case", "appoint_manager"))
    given(enterprise, officer("13800000023", None, "view_listcase", "appoint_manager"))


def test_the_newest_confirmation_of_electronic_service_counts(enterprise: Enterprise, clerk: Any):
    said = {"by": clerk, "paper": "确认书1号", "today": TODAY}
    assert consent_of(enterprise, TODAY) is None
    given_on = record_consent(enterprise, action="give", on=date(2026, 10, 1), **said)
    assert consent_of(enterprise, TODAY) == given_on
    assert consent_of(enterprise, date(2026, 9, 30)) is None
    record_consent(enterprise, action="take_back", on=TODAY, **said)
    assert consent_of(enterprise, TODAY) is None
    with pytest.raises(RefusedError, match="签署日期不能晚于今天"):
        record_consent(enterprise, action="give", on=date(2026, 11, 3), **said)
