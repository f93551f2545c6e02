"""The party speaks online: a receipt at once, no step of the case, and no hearing closed past it."""

from datetime import date
from typing import Any

import pytest
import time_machine

from credit.acts import cases, party
from credit.acts.casework import RefusedError
from credit.acts.managers import record_consent
from credit.models import (
    Accident,
    AuditEntry,
    CaseEvent,
    Enterprise,
    Jurisdiction,
    ListCase,
    Message,
    PartyStatement,
    TextOrder,
)
from tests.credit.casework import LATER, TODAY, told
from tests.credit.officers import officer
from tests.credit.party import appointed, paper, person

pytestmark = pytest.mark.django_db
NOW = time_machine.travel("2026-11-02 09:30:00+08:00", tick=False)
WAITS = "企业网上提交的陈述申辩还没有登记入案，请先登记"


@pytest.fixture
def manager(enterprise: Enterprise, opener: Any) -> Any:
    return appointed(enterprise, opener)


def said(case: ListCase, manager: Any, kind: str = "statement", **more: Any) -> PartyStatement:
    words = {"text": "事故不是瞒报，我们当天就报了", "today": TODAY}
    return party.submit(case, kind=kind, by=manager, **{**words, **more})


@NOW
def test_a_statement_gets_a_receipt_and_the_officers_hear_of_it(
    enterprise: Enterprise, concealed: Accident, opener: Any, manager: Any
):
    case = told(enterprise, opener)
    sent = said(case, manager, files=[paper("报告回执.pdf")])
    assert sent.number == f"HZ20261102-{sent.pk:05}"
    message = Message.objects.get(kind="party")
    assert (message.to, message.title) == (opener, "企业提交了陈述申辩，请登记入案")
    assert AuditEntry.objects.filter(verb="party.statement", actor=manager).count() == 1


@NOW
def test_whoever_sends_it_handles_nothing_in_the_case(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, manager: Any
):
    case = told(enterprise, opener)
    sent = said(case, manager)
    party.take(sent, officer=opener, today=TODAY)
    assert not CaseEvent.objects.filter(actor=manager).exists()
    case.refresh_from_db()
    text = f"【企业网上提交，回执 {sent.number}】\n事故不是瞒报，我们当天就报了"
    assert (case.statement_on, case.statement_text) == (TODAY, text)
    with pytest.raises(RefusedError, match="已经登记入案"):
        party.take(sent, officer=opener, today=TODAY)


@NOW
def test_the_hearing_of_the_party_is_not_closed_past_what_it_sent(
    enterprise: Enterprise, concealed: Accident, opener: Any, manager: Any
):
    case = told(enterprise, opener)
    sent = said(case, manager)
    with pytest.raises(RefusedError, match=WAITS):
        cases.close_hearing(case, officer=opener, today=LATER)
    party.take(sent, officer=opener, today=LATER)
    cases.consider_statement(case, officer=opener, opinion="不成立", today=LATER)
    case = cases.close_hearing(case, officer=opener, today=LATER)
    assert (case.state, case.statement_on) == ("heard", TODAY)  # as of the day on which it came


@NOW
def test_a_hearing_is_asked_for_online_once(
    enterprise: Enterprise, concealed: Accident, opener: Any, manager: Any
):
    case = told(enterprise, opener)
    sent = said(case, manager, "hearing", text="")
    with pytest.raises(RefusedError, match="已经申请过听证，不用再申请"):
        said(case, manager, "hearing")
    party.take(sent, officer=opener, today=TODAY)
    case.refresh_from_db()
    assert (case.hearing_requested_on, case.statement_on) == (TODAY, None)


@NOW
def test_why_not(
    enterprise: Enterprise, concealed: Accident, opener: Any, manager: Any, stranger: Any
):
    case = told(enterprise, opener)
    with pytest.raises(RefusedError, match="您不是这家企业的管理员"):
        said(case, person("13900000009"))
    with pytest.raises(RefusedError, match="请写明您的意见和理由"):
        said(case, manager, text=" ")
    with pytest.raises(RefusedError, match="已过期限，最后一天是2026年11月9日"):
        said(case, manager, today=date(2026, 11, 10))
    with pytest.raises(RefusedError, match="没有收下"):
        said(case, manager, files=[paper("a.pdf", b"MZ")])
    assert PartyStatement.objects.count() == 0
    with pytest.raises(RefusedError, match="这家企业不在您的辖区"):
        party.take(said(case, manager), officer=stranger, today=TODAY)


@NOW
def test_the_notice_reaches_the_managers_as_a_courtesy_or_as_service(
    enterprise: Enterprise, concealed: Accident, opener: Any, manager: Any, district: Jurisdiction
):
    case = told(enterprise, opener)
    message = Message.objects.get(to=manager)
    assert (message.title, message.asks) == ("收到列入失信名单的告知书", True)
    assert message.body.endswith("本消息只是提醒，不代替文书送达。")
    assert message.link == f"/credit/mine/{enterprise.pk}/cases/{case.pk}/"
    assert list(TextOrder.objects.values_list("message", flat=True)) == [message.pk]
    clerk = officer("13800000021", district, "open_case", "appoint_manager")
    record_consent(enterprise, by=clerk, action="give", on=TODAY, paper="确认书1号", today=TODAY)
    cases.drop(case, officer=opener, reason="证据不足", today=TODAY)
    dropped = Message.objects.filter(to=manager).first()
    assert (dropped.title, dropped.asks) == ("列入案件已经撤回", False)
    assert dropped.body.endswith("你单位已签电子送达确认书，本消息到达即为送达。")


def test_before_the_notice_the_enterprise_hears_nothing(
    enterprise: Enterprise, concealed: Accident, opener: Any, manager: Any
):
    case = cases.open_case(enterprise, "black", officer=opener, today=TODAY)
    assert list(party.cases_of(enterprise)) == []
    cases.drop(case, officer=opener, reason="证据不足", today=TODAY)
    assert Message.objects.count() == 0
