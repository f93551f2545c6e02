"""The auditor's pages: search, detail, export, the state of the chain."""

import csv
import io
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from credit.acts import anchors, audit
from credit.models import Accident, AuditEntry, Enterprise, Posting
from tests.credit.acts.test_audit import tamper
from tests.credit.casework import LATER, published
from tests.credit.officers import officer

AUDIT = "/credit/office/audit/"
THEN = time_machine.travel("2026-11-16 09:00:00+08:00", tick=False)


@pytest.fixture
def reader(client: Client, db: None, as_staff: Any) -> Client:
    as_staff(client, officer("13800000008", None, "view_auditentry", "view_listcase"))
    return client


def text(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def shown(client: Client, **query: str) -> list[str]:
    """The verbs of the entries on the page, newest first."""
    return [row[1] for row in client.get(AUDIT, query).context["rows"]]


@THEN
def test_the_log_is_searched_by_everything_that_it_says(
    reader: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    get_user_model().objects.filter(pk=decider.pk).update(real_name="决定人乙")
    entry = published(enterprise, opener, decider)
    case = f"credit.listcase:{entry.case_id}"
    assert shown(reader) == [
        "列入并公示",
        "送达",
        "制作文书",
        "制作文书",
        "决定",
        "法制审核",
        "听取意见结束",
        "告知",
        "立案",
    ]
    for query, found in (
        ({"verb": "case.serve"}, ["送达"]),
        ({"person": "决定人"}, ["决定"]),
        ({"enterprise": "长青", "verb": "case.open"}, ["立案"]),
        ({"enterprise": "别家公司"}, []),
        ({"subject": case, "verb": "case.decide"}, ["决定"]),
        ({"subject": "credit.violation"}, []),
        ({"since": "2026-11-16", "until": "2026-11-16", "verb": "case.hear"}, ["听取意见结束"]),
        ({"until": "2026-11-15"}, []),
        ({"since": "2026-11-17"}, []),
        ({"verb": "\x00", "person": "\x00"}, shown(reader)),
    ):
        assert shown(reader, **query) == found
    bad = reader.get(AUDIT, {"since": "2026-02-30"})
    assert (bad.status_code, "请写成 2026-05-01 这样" in bad.content.decode()) == (400, True)


@THEN
def test_an_entry_says_in_words_what_was_done(
    reader: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    published(enterprise, opener, decider)
    number = AuditEntry.objects.get(verb="case.decide").number
    page = text(reader, f"{AUDIT}{number}/")
    for said in ("决定", enterprise.name, "事实清楚", "云应急列〔2026〕1号", "（与内容相符）"):
        assert said in page
    assert reader.get(f"{AUDIT}999999999999999999/").status_code == 404


@THEN
def test_a_broken_chain_is_told_on_the_page(reader: Client, enterprise: Enterprise):
    audit.log("record.withdraw", by=None, subject=enterprise)
    audit.log("record.restore", by=None, subject=enterprise)
    anchors.note(LATER)
    assert "到第 2 条，没有不符" in text(reader, AUDIT)
    tamper("DELETE FROM credit_auditentry WHERE number = 2")
    assert "末尾被删去了" in text(reader, AUDIT)


@THEN
def test_an_export_runs_no_formula_and_is_in_the_log_itself(reader: Client, enterprise: Enterprise):
    Enterprise.objects.update(name="=1+1")
    audit.log("record.withdraw", by=None, subject=enterprise, enterprise=enterprise)
    audit.log("record.restore", by=None, subject=enterprise)
    assert reader.get(f"{AUDIT}export/").status_code == 405
    answer = reader.post(f"{AUDIT}export/", {"verb": "record.withdraw"})
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row[:6] for row in rows] == [
        ["序号", "时间", "办理", "办理人", "企业", "统一社会信用代码"],
        ["1", "2026-11-16T09:00:00+08:00", "撤销记录", "系统", "'=1+1", enterprise.number],
    ]
    newest = AuditEntry.objects.order_by("-number").first()
    assert newest is not None
    assert (newest.verb, newest.said) == (
        "audit.export",
        '{"asked":{"verb":"record.withdraw"},"rows":1}',
    )
    assert list(audit.faults()) == []


def test_only_auditors_read_it(client: Client, opener: Any, as_staff: Any):
    assert client.get(AUDIT).status_code in (302, 403)
    as_staff(client, opener)
    for answer in (client.get(AUDIT), client.get(f"{AUDIT}1/"), client.post(f"{AUDIT}export/")):
        assert answer.status_code == 403


def test_an_auditor_of_one_place_reads_of_its_enterprises_alone(
    client: Client, enterprise: Enterprise, stranger: Any, as_staff: Any
):
    town = Posting.objects.get(officer=stranger).place
    as_staff(client, officer("13800000007", town, "view_auditentry", "view_listcase"))
    audit.log("case.drop", by=None, subject=enterprise, enterprise=enterprise)
    audit.log("people.change", by=None, subject=enterprise)
    assert shown(client) == ["人员和角色"]
    assert client.get(f"{AUDIT}1/").status_code == 404


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_asks_the_same_number_of_queries(
    reader: Client, enterprise: Enterprise, count: int, django_assert_num_queries: Any
):
    for _ in range(count):
        audit.log("record.withdraw", by=None, subject=enterprise, enterprise=enterprise)
    text(reader, AUDIT)
    with django_assert_num_queries(11):
        assert len(shown(reader)) == count
