"""A certificate of a clean record, or a report of what stands: signed, checked online and offline."""

import json
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client

from credit.acts import reports
from credit.acts.casework import RefusedError
from credit.acts.signing import published_keys
from credit.acts.withdrawals import withdraw
from credit.models import (
    Accident,
    AuditEntry,
    CreditReport,
    Enterprise,
    EnterpriseManager,
    ManagerRevocation,
    Violation,
)
from tests.credit.casework import hide_accident, published

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
pytestmark = pytest.mark.usefixtures("own_key", "at_that_time")


@pytest.fixture
def at_that_time() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def own_key(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def manager(enterprise: Enterprise, opener: Any, django_user_model: Any) -> Any:
    person = django_user_model.objects.create_user("13900000001", real_name="李四")
    EnterpriseManager.objects.create(
        person=person, enterprise=enterprise, paper="授权委托书1号", from_day=date(2026, 1, 1),
        appointed_by=opener,
    )  # fmt: skip
    return person


@pytest.fixture
def penalty(enterprise: Enterprise) -> Violation:
    return Violation.objects.create(
        enterprise=enterprise, source="s", source_key="云应急罚〔2026〕9号", penalty_kind="罚款",
        happened_on=date(2026, 9, 1), offence="未按规定培训", fine=20000, authority="云溪区应急管理局",
    )  # fmt: skip


def said(report: CreditReport) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(report.content)
    return content


def verified(what: str, *more: str) -> str:
    out = StringIO()
    call_command("verify_certificate", what, *more, stdout=out)
    return out.getvalue()


def test_nothing_that_stands_is_a_clean_record(enterprise: Enterprise, manager: Any) -> None:
    report = reports.issue(enterprise, person=manager, now=NOW)
    content = said(report)
    assert (report.kind, content["found"]) == ("clean", [])
    assert content["as_of"] == "2026-11-18T09:30+08:00"
    assert content["issuer"] == "云溪区应急管理局"
    assert content["checked"] == [
        {"what": "严重失信主体名单", "span": "2026年11月18日在名单上", "found": 0},
        {"what": "行政处罚", "span": "2023年11月18日至2026年11月18日", "found": 0},
        {"what": "生产安全责任事故", "span": "2023年11月18日至2026年11月18日", "found": 0},
    ]
    assert content["not_checked"]
    assert AuditEntry.objects.get(verb="report.issue").enterprise == enterprise


def test_what_stands_is_listed_and_no_certificate_given(
    enterprise: Enterprise, manager: Any, penalty: Violation, opener: Any, decider: Any
) -> None:
    hide_accident(enterprise)
    with time_machine.travel(NOW, tick=False):
        published(enterprise, opener, decider)
    report = reports.issue(enterprise, person=manager, now=NOW)
    assert report.kind == "report"
    assert [(one["what"], one["on"]) for one in said(report)["found"]] == [
        ("严重失信主体名单", "2026-11-16"),
        ("行政处罚", "2026-09-01"),
        ("生产安全责任事故", "2026-03-05"),
    ]


@pytest.mark.parametrize(
    ("day", "responsible", "kind"),
    [
        (date(2023, 11, 18), True, "report"),
        (date(2023, 11, 17), True, "clean"),
        (date(2026, 11, 1), False, "clean"),
    ],
)
def test_an_accident_counts_for_three_years_if_it_was_theirs(
    enterprise: Enterprise, manager: Any, day: date, responsible: bool, kind: str
) -> None:
    Accident.objects.create(
        enterprise=enterprise, source="s", source_key="1", happened_on=day, title="事故", kind="坠落",
        deaths=1, grade="general", responsible=responsible,
    )  # fmt: skip
    assert reports.issue(enterprise, person=manager, now=NOW).kind == kind


def test_a_penalty_past_its_publication_is_not_in_it(enterprise: Enterprise, manager: Any) -> None:
    Violation.objects.create(
        enterprise=enterprise, source="s", source_key="1", penalty_kind="罚款", offence="x",
        happened_on=date(2025, 9, 1), fine=20000, authority="a", publish_until=date(2026, 1, 1),
    )  # fmt: skip
    assert reports.issue(enterprise, person=manager, now=NOW).kind == "clean"


def test_only_the_manager_and_officers_of_the_place_may_ask(
    enterprise: Enterprise, manager: Any, opener: Any, stranger: Any, django_user_model: Any
) -> None:
    anybody = django_user_model.objects.create_user("13900000009")
    for person in (stranger, anybody):
        with pytest.raises(RefusedError, match="只能查询本企业"):
            reports.issue(enterprise, person=person, now=NOW)
    assert reports.issue(enterprise, person=opener, now=NOW).asked_by == opener
    ManagerRevocation.objects.create(
        appointment=enterprise.managers.get(), by=opener, reason="离职"
    )
    with pytest.raises(RefusedError, match="只能查询本企业"):
        reports.issue(enterprise, person=manager, now=NOW)


def test_an_enterprise_without_a_checked_code_gets_none(
    enterprise: Enterprise, opener: Any
) -> None:
    Enterprise.objects.filter(pk=enterprise.pk).update(uscc=None, legacy_number="320321")
    enterprise.refresh_from_db()
    with pytest.raises(RefusedError, match="还没有核对"):
        reports.issue(enterprise, person=opener, now=NOW)


def test_a_second_press_gives_the_same_paper(enterprise: Enterprise, manager: Any) -> None:
    first = reports.issue(enterprise, person=manager, now=NOW)
    assert reports.issue(enterprise, person=manager, now=NOW) == first


@pytest.mark.parametrize("clean", [True, False])
def test_the_pdf_itself_is_checked_offline(
    enterprise: Enterprise, manager: Any, tmp_path: Path, clean: bool, request: Any,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    if not clean:
        request.getfixturevalue("penalty")
    report = reports.issue(enterprise, person=manager, now=NOW)
    paper, keys = tmp_path / "paper.pdf", tmp_path / "keys.json"
    paper.write_bytes(reports.printed_pdf(report, today=NOW.date()))
    keys.write_bytes(published_keys())
    assert paper.read_bytes().startswith(b"%PDF-")
    with django_assert_num_queries(0):
        lines = verified(str(paper), "--key", str(keys))
    assert report.number in lines
    assert "云溪长青化工有限公司（虚构）（91110000600037341L）" in lines
    assert ("查到 0 条记录" if clean else "行政处罚 2026-09-01 未按规定培训（罚款）") in lines


def test_the_text_of_the_code_is_enough(enterprise: Enterprise, manager: Any) -> None:
    report = reports.issue(enterprise, person=manager, now=NOW)
    lines = verified(f"{reports.address_of(report)}#{report.token}")
    assert "核验通过：无安全生产违法违规记录证明" in lines
    assert "只核对了二维码" in lines


def test_a_forgery_is_found(
    enterprise: Enterprise, manager: Any, penalty: Violation, tmp_path: Path
) -> None:
    report = reports.issue(enterprise, person=manager, now=NOW)
    other = reports.statement.carried({**said(report), "found": []})
    head, short, key, signature = report.token.split(".")
    forged_short = reports.statement.said({**said(report), "kind": "clean"}).decode()
    for text, words in (
        (f"{report.token} {other}", "明细被改过"),
        (f"{head}.{forged_short}.{key}.{signature}", "签名不符"),
        (f"{head}.{short}.{'0' * 16}.{signature}", "不在您给的公钥里"),
        ("https://example.cn/", "没有安信的签名内容"),
        ("\x00", "没有安信的签名内容"),
        ("x" * 5000, "没有安信的签名内容"),
    ):
        with pytest.raises(CommandError, match=words):
            verified(text)


def test_online_anybody_reads_as_of_when_and_not_what(
    enterprise: Enterprise, manager: Any, penalty: Violation, client: Client
) -> None:
    report = reports.issue(enterprise, person=manager, now=NOW)
    page = client.get(f"/credit/certificates/{report.number}/")
    text = page.content.decode()
    assert "真实。" in text
    assert "2026年11月18日 09:30" in text
    assert "之后的情况可能变化" in text
    assert "未按规定培训" not in text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    typed = client.get("/credit/certificates/", {"number": f" {report.number.lower()} "})
    assert typed["Location"] == f"/credit/certificates/{report.number}/"


@pytest.mark.parametrize("number", ["XY20260000000000", "x", "'"])
def test_an_unknown_number_is_told_in_words(client: Client, db: None, number: str) -> None:
    page = client.get("/credit/certificates/", {"number": number}).content.decode()
    assert "没有这个编号的证明" in page
    assert client.get("/credit/certificates/XY20260000000000/").status_code == 404
    assert client.get("/api/v1/credit/certificates/XY20260000000000").status_code == 404


def test_a_report_of_a_fact_that_was_withdrawn_is_not_used_again(
    enterprise: Enterprise, manager: Any, penalty: Violation, opener: Any, client: Client
) -> None:
    report = reports.issue(enterprise, person=manager, now=NOW)
    withdraw(penalty, officer=opener, reason="法院撤销", paper="判决书1号", today=NOW.date())
    with pytest.raises(RefusedError, match="请重新申请"):
        reports.printed_pdf(report, today=NOW.date())
    assert "不要再使用" in client.get(f"/credit/certificates/{report.number}/").content.decode()
    said = client.get(f"/api/v1/credit/certificates/{report.number}").json()
    assert (said["authentic"], said["usable"]) == (True, False)
    assert reports.issue(enterprise, person=manager, now=NOW).kind == "clean"


def test_a_manager_asks_on_the_page_and_prints(
    enterprise: Enterprise, manager: Any, stranger: Any, client: Client
) -> None:
    assert client.get("/credit/certificates/request/").status_code == 302
    client.force_login(manager)
    assert "为这家企业出具" in client.get("/credit/certificates/request/").content.decode()
    answer = client.post("/credit/certificates/request/", {"number": enterprise.uscc}, follow=True)
    assert "打开 PDF" in answer.content.decode()
    number = CreditReport.objects.get().number
    paper = client.get(f"/credit/certificates/{number}/pdf/")
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    refused = client.post("/credit/certificates/request/", {"number": "91320382MA1UUP3668"})
    assert (refused.status_code, "没有找到" in refused.content.decode()) == (422, True)


def test_others_do_not_read_the_paper(
    enterprise: Enterprise, manager: Any, client: Client, django_user_model: Any
) -> None:
    report = reports.issue(enterprise, person=manager, now=NOW)
    client.force_login(django_user_model.objects.create_user("13900000009"))
    assert client.get(f"/credit/certificates/{report.number}/pdf/").status_code == 404


def test_a_dismissed_manager_prints_nothing_more_and_the_officers_still_do(
    enterprise: Enterprise, manager: Any, opener: Any, client: Client
) -> None:
    report = reports.issue(enterprise, person=manager, now=NOW)
    page = f"/credit/certificates/{report.number}/"
    client.force_login(manager)
    assert client.get(f"{page}pdf/").status_code == 200
    appointment = enterprise.managers.get()
    ManagerRevocation.objects.create(appointment=appointment, by=opener, reason="离职")
    assert client.get(f"{page}pdf/").status_code == 404
    shown = client.get(page).content.decode()
    assert ("真实。" in shown, "打开 PDF" in shown) == (True, False)
    assert report.number not in client.get("/credit/certificates/request/").content.decode()
    client.force_login(opener)
    assert client.get(f"{page}pdf/").status_code == 200


def test_what_was_issued_stays(enterprise: Enterprise, manager: Any) -> None:
    reports.issue(enterprise, person=manager, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditReport._base_manager.update(content="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditReport._base_manager.all()._raw_delete(using="default")
