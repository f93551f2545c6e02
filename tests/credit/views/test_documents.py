"""The papers of a case on their pages: made, read, served by those in reach; verified by anybody."""

from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from credit.acts import documents
from credit.models import (
    Accident,
    CaseDocument,
    DocumentTemplate,
    Enterprise,
    Jurisdiction,
    ListCase,
    ServiceRecord,
)
from tests.credit.casework import decided, opened, promise
from tests.credit.officers import officer
from tests.credit.views.test_cases import HOME, NOW, THEN, text

pytestmark = pytest.mark.django_db


def address(case: ListCase, rest: str = "") -> str:
    return f"{HOME}cases/{case.pk}/documents/{rest}"


def make(client: Client, case: ListCase, kind: str = "listing_notice", **said: str) -> Any:
    draft = client.get(address(case, f"{kind}/")).context["draft"].text
    return client.post(address(case, f"{kind}/"), {"text": draft, "make": "1", **said})


@NOW
def test_a_notice_is_drafted_made_registered_and_its_service_proved(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, as_staff: Any
) -> None:
    case = opened(enterprise, opener)
    as_staff(client, opener)
    assert f'href="{address(case)}"' in text(client.get(f"{HOME}cases/{case.pk}/"))
    page = text(client.get(address(case)))
    assert "生成列入告知书" in page
    assert "列入决定书、信用修复告知书：还没有作出列入决定" in page
    looked = client.post(address(case, "listing_notice/"), {"text": "先看看", "look": "1"})
    assert (looked.status_code, CaseDocument.objects.count()) == (200, 0)
    assert make(client, case)["Location"] == address(case)
    made = CaseDocument.objects.get()
    assert made.number in text(client.get(address(case)))
    file = client.get(f"{HOME}documents/{made.pk}/")
    assert sha256(file.content).hexdigest() == made.sha256
    assert file["X-Content-Type-Options"] == "nosniff"
    form = client.get(f"{HOME}cases/{case.pk}/").context["forms"]["send_notice"]
    assert form.initial["text"] == made.body
    act = f"{HOME}cases/{case.pk}/send_notice/"
    other = client.post(act, {"text": "另一份", "served_on": "2026-11-02"})
    assert "登记的正文应与它相同" in text(other)
    told = client.post(act, {"text": made.body, "served_on": "2026-11-02"})
    assert told["Location"] == f"{HOME}cases/{case.pk}/"
    said = {
        "documents": [made.pk], "how": "direct", "recipient": "王某", "served_on": "2026-11-02",
    }  # fmt: skip
    scan = SimpleUploadedFile("回证.pdf", b"%PDF-1.4 scan")
    assert client.post(address(case, "served/"), {**said, "scan": scan}).status_code == 302
    record = ServiceRecord.objects.get()
    assert client.get(f"{HOME}services/{record.pk}/").content == b"%PDF-1.4 scan"
    exe = SimpleUploadedFile("回证.pdf", b"MZ")
    refused = client.post(address(case, "served/"), {**said, "scan": exe})
    assert (refused.status_code, "应是 PDF、JPG 或 PNG" in text(refused)) == (422, True)


@THEN
def test_a_decision_is_not_registered_as_served_before_its_two_papers(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any,
    as_staff: Any,
) -> None:  # fmt: skip
    case = decided(enterprise, opener, decider)
    as_staff(client, opener)
    act, said = f"{HOME}cases/{case.pk}/serve/", {"served_on": "2026-11-16", "how": "直接送达"}
    assert "请先制作列入决定书、信用修复告知书" in text(client.post(act, said))
    make(client, case, "listing_decision")
    assert "请先制作信用修复告知书" in text(client.post(act, said))
    make(client, case, "repair_letter")
    assert client.post(act, said).status_code == 302
    assert ListCase.objects.get().state == "served"


@NOW
def test_a_red_case_offers_its_own_papers_at_their_steps(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any
) -> None:
    promise(enterprise)
    case = opened(enterprise, opener, "red")
    as_staff(client, opener)
    desk = f"{HOME}cases/{case.pk}/"
    assert f'href="{address(case, "red_announcement/")}">生成守信激励名单公告</a>' in text(
        client.get(desk)
    )
    page = text(client.get(address(case)))
    assert "先制作公告，再登记公告" in page
    assert f'href="{address(case, "listing_notice/")}"' not in page
    assert make(client, case, "listing_notice").status_code == 422
    assert make(client, case, "red_announcement")["Location"] == address(case)
    made = CaseDocument.objects.get()
    assert client.get(desk).context["forms"]["send_notice"].initial["text"] == made.body
    shown = Client().get(f"/credit/documents/{made.code}/")
    assert (shown.status_code, "守信激励名单公告" in text(shown)) == (200, True)


@NOW
def test_bad_input_is_told_and_breaks_nothing(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, as_staff: Any
) -> None:
    case = opened(enterprise, opener)
    as_staff(client, opener)
    page = address(case, "listing_notice/")
    assert client.get(address(case, "no_such/")).status_code == 404
    for words, said in (
        ("", "errorlist"), ("坏\x00字", "errorlist"), ("{{听证时间}}", "请把“{{听证时间}}”换成实际内容"),
        ("长" * 20_001, "errorlist"),
    ):  # fmt: skip
        answer = client.post(page, {"text": words, "make": "1"})
        assert (said, answer.status_code, said in text(answer)) == (said, 422, True)
    stray = {"text": "x", "make": "1", "replaces": "999999999999999999"}
    assert client.post(page, stray).status_code == 404
    assert client.get(f"{page}?replaces=abc").status_code == 200
    served = client.post(address(case, "served/"), {"how": "x", "documents": ["9" * 30, "a"]})
    assert served.status_code == 422
    assert CaseDocument.objects.count() == 0


@NOW
def test_papers_out_of_reach_are_not_found_and_onlookers_only_read(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, stranger: Any,
    auditor: Any, as_staff: Any,
) -> None:  # fmt: skip
    case = opened(enterprise, opener)
    as_staff(client, opener)
    make(client, case)
    made = CaseDocument.objects.get()
    as_staff(client, stranger)
    for page in (address(case), address(case, "listing_notice/"), f"{HOME}documents/{made.pk}/"):
        assert client.get(page).status_code == 404
    as_staff(client, auditor)
    assert "生成列入告知书" not in text(client.get(address(case)))
    assert client.get(f"{HOME}documents/{made.pk}/").status_code == 200
    answer = client.post(address(case, "listing_notice/"), {"text": "x", "make": "1"})
    assert "没有这个步骤的权限" in text(answer)
    client.logout()
    assert client.get(f"{HOME}documents/{made.pk}/").status_code == 302


@NOW
@pytest.mark.parametrize("count", [1, 3, 10])
def test_the_page_asks_the_same_number_of_queries(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, as_staff: Any,
    count: int, django_assert_num_queries: Any,
) -> None:  # fmt: skip
    case = opened(enterprise, opener)
    as_staff(client, opener)
    for _ in range(count):
        make(client, case, "objection_answer", text="答复")
    client.get(address(case))
    with django_assert_num_queries(11):
        client.get(address(case))


# -- Verification ---------------------------------------------------------------------------------------


@pytest.fixture
def made(enterprise: Enterprise, concealed: Accident, opener: Any) -> CaseDocument:
    with time_machine.travel("2026-11-02 09:00:00+08:00", tick=False):
        case = opened(enterprise, opener)
        kind = documents.PaperKind.LISTING_NOTICE
        from tests.credit.casework import TODAY

        words = documents.draft(case, kind, today=TODAY).text
        return documents.make(case, kind, officer=opener, text=words, today=TODAY)


def test_anybody_verifies_a_paper_and_sees_nothing_of_the_case(
    client: Client, made: CaseDocument
) -> None:
    page = f"/credit/documents/{made.code}/"
    typed = {"number": "云应急列告[2026] 1号", "code": f" {made.code.lower()} "}
    assert client.get("/credit/documents/", typed)["Location"] == page
    shown = text(client.get(page))
    for word in ("列入告知书", made.number, "2026年11月2日", "云溪区应急管理局", "noindex"):
        assert word in shown
    for word in (made.case.enterprise.name, made.case.enterprise.number, "瞒报", "严重失信"):
        assert word not in shown
    same = BytesIO(documents.pdf_of(made))
    same.name = "a.pdf"
    assert "文件一致" in text(client.post(page, {"file": same}))
    forged = SimpleUploadedFile("a.pdf", documents.pdf_of(made) + b" ")
    assert "文件不一致" in text(client.post(page, {"file": forged}))
    assert "请选择要核对的 PDF 文件" in text(client.post(page))


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"number": "云应急列告〔2026〕2号"}, 422), ({"code": "X"}, 422),
        ({"number": "a\x00b", "code": "\x00"}, 422), ({"code": "长" * 500, "number": "1"}, 422), ({}, 200),
    ],
)  # fmt: skip
def test_a_slip_is_told(client: Client, made: CaseDocument, typed: Any, status: int) -> None:
    given = {"code": made.code, **typed} if typed else {}
    assert client.get("/credit/documents/", given).status_code == status
    assert client.get("/credit/documents/ABC/").status_code == 404


def test_a_former_version_says_so(client: Client, made: CaseDocument, opener: Any) -> None:
    documents.make(
        made.case, documents.PaperKind(made.kind), officer=opener, text="新的", today=made.made_on
    )
    assert "已经由新的一版代替" in text(client.get(f"/credit/documents/{made.code}/"))


# -- Templates ------------------------------------------------------------------------------------------


def test_templates_are_edited_by_one_and_approved_by_another(
    client: Client, district: Jurisdiction, opener: Any, as_staff: Any
) -> None:
    writer = officer("13800000041", district, "edit_templates", "view_listcase")
    approver = officer("13800000042", district, "approve_templates", "view_listcase")
    page = f"{HOME}templates/listing_notice/"
    words = {"title": "告知书", "addressee": "{{企业名称}}", "text": "{{乱写}}"}
    as_staff(client, opener)
    assert "没有修改文书模板的权限" in text(client.post(page, words))
    as_staff(client, writer)
    assert "没有“{{乱写}}”这个填空" in text(client.post(page, words))
    assert client.post(page, {**words, "text": "新的文字"})["Location"] == page
    row = DocumentTemplate.objects.get()
    assert "批准，从现在起使用" not in text(client.get(page))
    assert "<ins>新的文字</ins>" in text(client.get(page))
    client.post(f"{HOME}templates/{row.pk}/approve/")
    assert DocumentTemplate.objects.get().approved_by is None
    as_staff(client, approver)
    client.post(f"{HOME}templates/{row.pk}/approve/")
    assert DocumentTemplate.objects.get().approved_by == approver
    assert "第 1 版" in text(client.get(f"{HOME}templates/"))
    assert client.get(f"{HOME}templates/none/").status_code == 404


@THEN
def test_the_case_leads_to_the_papers_without_which_a_decision_is_not_served(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any,
    as_staff: Any,
) -> None:  # fmt: skip
    case = decided(enterprise, opener, decider)
    home = f"{HOME}cases/{case.pk}/"
    as_staff(client, opener)
    page = text(client.get(home))
    assert "要先制作这些文书，才能登记送达" in page
    for kind in ("listing_decision", "repair_letter"):
        assert f'href="{address(case, f"{kind}/")}"' in page
        assert f'action="{home}serve/"' not in page
        make(client, case, kind)
        page = text(client.get(home))
    assert "要先制作这些文书" not in page
    assert f'action="{home}serve/"' in page
    made = CaseDocument.objects.order_by("pk").first()
    said = {"documents": [made.pk], "how": "direct", "recipient": "王安", "served_on": "2026-11-16"}
    assert client.post(address(case, "served/"), said).status_code == 302
    proved = client.get(home).context["forms"]["serve"].initial
    assert (proved["how"], str(proved["served_on"])) == ("直接送达", "2026-11-16")
