"""The enterprise's pages: only for its managers, whole, and the same as the public's before publication."""

import re
from datetime import date
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.test import Client

from credit.acts import cases, documents, scores, services
from credit.acts.attachments import keep_file
from credit.acts.messages import tell
from credit.acts.withdrawals import withdraw
from credit.models import (
    Accident,
    Attachment,
    Enterprise,
    Jurisdiction,
    Message,
    Objection,
    PartyStatement,
    RepairApplication,
    Sector,
    Violation,
)
from credit.rules.papers import PaperKind
from credit.rules.service import ServiceKind
from tests.credit.acts.test_scores import make, penalise
from tests.credit.casework import LATER, TODAY, announced, decided, told, with_papers
from tests.credit.officers import officer
from tests.credit.party import PDF, appointed, paper, person

NOW = time_machine.travel("2026-11-02 09:00:00+08:00", tick=False)
THEN = time_machine.travel("2026-11-16 09:00:00+08:00", tick=False)
DECEMBER = time_machine.travel("2026-12-01 09:00:00+08:00", tick=False)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def sent_file(answer: Any) -> bytes:
    """The bytes of a download."""
    content: bytes = answer.getvalue()
    for close in answer._resource_closers:  # closing the answer would close the test's database
        close()
    return content


@pytest.fixture
def manager(enterprise: Enterprise, opener: Any) -> Any:
    return appointed(enterprise, opener)


@pytest.fixture
def home(client: Client, enterprise: Enterprise, manager: Any) -> str:
    """The address of the file; its manager is logged in."""
    client.force_login(manager)
    return f"/credit/mine/{enterprise.pk}/"


# -- Who gets in ---------------------------------------------------------------------------------------


@NOW
def test_strangers_log_in_and_others_find_nothing(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, manager: Any
):
    case = told(enterprise, opener)
    penalty = penalise(enterprise)
    home = f"/credit/mine/{enterprise.pk}/"
    pages = [
        home, f"{home}records/accident/{concealed.pk}/", f"{home}cases/{case.pk}/",
        f"{home}cases/{case.pk}/preview/", f"{home}objections/",
        f"{home}objections/violation/{penalty.pk}/", f"{home}repairs/",
        f"{home}repairs/violation/{penalty.pk}/",
    ]  # fmt: skip
    assert {client.get(page).status_code for page in pages} == {302}
    client.force_login(person("13900000002"))
    assert {client.get(page).status_code for page in pages} == {404}
    client.force_login(manager)
    assert {client.get(page).status_code for page in pages} == {200}
    assert client.get(home)["Cache-Control"] == "private, no-store"


@NOW
def test_a_manager_sees_the_own_enterprise_and_no_other(
    client: Client, street: Jurisdiction, sector: Sector, opener: Any, home: str
):
    (other,) = make(street, sector, 1)
    assert client.get(f"/credit/mine/{other.pk}/").status_code == 404
    foreign = penalise(other)
    for address in (
        f"{home}records/violation/{foreign.pk}/",
        f"{home}objections/violation/{foreign.pk}/",
        f"{home}repairs/violation/{foreign.pk}/",
        f"{home}records/nonsense/1/",
        f"{home}cases/999999999999999999/",
        f"{home}cases/9999999999999999999/",
    ):
        assert client.get(address).status_code == 404
    assert client.get("/credit/mine/").url == home


# -- The file ------------------------------------------------------------------------------------------


@NOW
def test_the_file_has_what_the_public_no_longer_reads_with_source_and_history(
    client: Client, enterprise: Enterprise, opener: Any, home: str
):
    old = penalise(enterprise, "旧罚", happened_on=date(2023, 1, 5), offence="早已不公示")
    gone = penalise(enterprise, "撤罚", offence="已经撤销的")
    withdraw(gone, officer=opener, reason="复议撤销", paper="复议决定1号", today=TODAY)
    page = text(client.get(home))
    assert "早已不公示" in page
    assert page.count("已不公开") == 1
    record = text(client.get(f"{home}records/violation/{gone.pk}/"))
    assert "复议撤销（复议决定1号）" in record
    assert '来源</dt><dd class="col-7 col-md-8">双公示' in record
    old_page = text(client.get(f"{home}records/violation/{old.pk}/"))
    assert "公众现在看不到这条记录" in old_page


@NOW
def test_a_correction_says_what_it_changed(client: Client, enterprise: Enterprise, home: str):
    first = penalise(enterprise, fine=30_000)
    Violation.objects.filter(pk=first.pk).update(replaced_at="2026-10-01T00:00:00Z")
    now = penalise(enterprise, fine=20_000, supersedes=first)
    assert client.get(f"{home}records/violation/{first.pk}/").status_code == 404
    page = text(client.get(f"{home}records/violation/{now.pk}/"))
    assert "罚款（元）：30,000 → 20,000" in page


@NOW
@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_file_asks_the_same_number_of_queries(
    client: Client, enterprise: Enterprise, home: str, count: int, django_assert_num_queries: Any
):
    for number in range(count):
        penalise(enterprise, f"罚{number}")
    scores.refresh([enterprise.pk], as_of=TODAY)
    # session, person, enterprise, cases, calendar, 10 kinds, score, lines, entries, messages, objections,
    # consent
    with django_assert_num_queries(21):
        client.get(home)


# -- The case ------------------------------------------------------------------------------------------


WAY = re.compile(r'(<p class="mb-0">)?<a [^>]*>看列入经过.*?</a>(</p>)? ?')


def card(page: str) -> str:
    """The list's card of the enterprise, without what only the publication brings: number, link to its way."""
    found = re.search(r'<article class="card mb-3 listed listed-black">.*?</article>', page)
    assert found is not None
    return re.sub(r"(决定文号</dt><dd[^>]*>)[^<]*", r"\1", WAY.sub("", found[0]))


def body(page: str) -> str:
    """The enterprise's page from its heading on, without what only the publication brings."""
    start = page.index("<h1>云溪长青")
    return re.sub(
        r"决定文号 \S+（云溪区",
        "决定文号（云溪区",
        WAY.sub("", page[start : page.index("</main>")]),
    )


@THEN
def test_the_preview_is_exactly_what_the_public_reads_afterwards(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    decider: Any,
    home: str,
):
    scores.refresh(as_of=LATER)
    case = decided(enterprise, opener, decider)
    preview = text(client.get(f"{home}cases/{case.pk}/preview/"))
    assert "这就是公众将看到的内容" in preview
    public = text(Client().get(f"/credit/enterprises/{enterprise.uscc}/"))
    assert "目前不在黑名单" in public  # nothing leaks before the publication
    with_papers(case, opener)
    cases.serve(case, officer=opener, served_on=LATER, how="直接送达", today=LATER)
    cases.publish(case, officer=opener, today=LATER)
    assert card(preview) == card(text(client.get("/credit/black/")))
    assert body(preview) == body(text(Client().get(f"/credit/enterprises/{enterprise.uscc}/")))
    assert client.get(f"{home}cases/{case.pk}/preview/").status_code == 404


@THEN
def test_the_papers_are_downloaded_from_the_day_of_their_service_and_not_before(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any,
    manager: Any, home: str,
):  # fmt: skip
    case = with_papers(decided(enterprise, opener, decider), opener)
    page = f"{home}cases/{case.pk}/"
    papers = [f"{page}papers/{one.pk}/" for one in case.documents.order_by("pk")]
    assert {client.get(paper).status_code for paper in papers} == {404}
    assert "<h2>收到的文书" not in text(client.get(page))
    cases.serve(case, officer=opener, served_on=LATER, how="直接送达", today=LATER)
    shown = text(client.get(page))
    assert [f'href="{paper}"' in shown for paper in papers] == [True, True]
    assert "下载列入决定书（PDF）" in shown
    served = Message.objects.get(to=manager, title="收到列入失信名单的决定书")
    assert served.read_at is None
    got = client.get(papers[0])
    assert (got.content, got["Content-Type"]) == (b"%PDF-1.7 paper", "application/pdf")
    assert got["Content-Disposition"].startswith("attachment")
    served.refresh_from_db()
    assert served.read_at is not None  # the paper itself was opened: the same receipt
    told_of = Message.objects.get(to=manager, title="收到列入失信名单的告知书")
    assert told_of.read_at is None
    client.force_login(person("13900000002"))
    assert {client.get(paper).status_code for paper in papers} == {404}


@NOW
def test_a_paper_whose_service_was_proved_is_the_partys_too_and_a_former_version_is_not(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, home: str
):
    case = told(enterprise, opener)
    cases.request_hearing(case, officer=opener, requested_on=TODAY, today=TODAY)
    kind, today = PaperKind.HEARING_NOTICE, TODAY
    with mock.patch.object(documents, "compile_pdf", return_value=b"%PDF-1.7 paper"):
        former, made = (
            documents.make(case, kind, officer=opener, text="定于11月20日举行听证。", today=today,
                           replaces=documents.newest(case, kind))
            for _ in range(2)
        )  # fmt: skip
    page = f"{home}cases/{case.pk}/papers/"
    assert client.get(f"{page}{made.pk}/").status_code == 404
    services.record_service(
        case, officer=opener, documents=[made], how=ServiceKind.DIRECT, recipient="王某",
        served_on=today, today=today,
    )  # fmt: skip
    assert client.get(f"{page}{made.pk}/").status_code == 200
    assert client.get(f"{page}{former.pk}/").status_code == 404


@NOW
def test_the_hearing_notice_is_the_partys_from_the_day_on_which_it_was_told(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, home: str
):
    case = told(enterprise, opener)
    cases.request_hearing(case, officer=opener, requested_on=TODAY, today=TODAY)
    page = f"{home}cases/{case.pk}/papers/"
    announced(case, opener, today=TODAY)
    made = documents.newest(case, PaperKind.HEARING_NOTICE)
    assert made is not None
    assert client.get(f"{page}{made.pk}/").status_code == 200


@NOW
def test_a_statement_is_sent_with_a_file_and_taken_in_with_one_click(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    home: str,
    as_staff: Any,
):
    case = told(enterprise, opener)
    address = f"{home}cases/{case.pk}/"
    form = {"text": "当天就报了", "files": [paper("报告回执.pdf")]}
    answer = client.post(f"{address}statement/", form, follow=True)
    sent = PartyStatement.objects.get()
    assert f"回执编号 {sent.number}" in text(answer)
    file = Attachment.objects.get()
    got = client.get(f"/credit/files/{file.pk}/")
    assert sent_file(got) == PDF
    assert got["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert (got["X-Content-Type-Options"], got["Cache-Control"]) == ("nosniff", "private, no-store")
    as_staff(client, opener)
    assert "当天就报了" in text(client.get(f"/credit/office/cases/{case.pk}/"))
    client.post(f"/credit/office/parties/statements/{sent.pk}/take/")
    case.refresh_from_db()
    assert case.statement_text.endswith("当天就报了")
    client.force_login(person("13900000002"))
    assert client.get(f"/credit/files/{file.pk}/").status_code == 404


@time_machine.travel("2026-11-10 09:00:00+08:00", tick=False)
def test_after_the_term_the_page_says_why_not(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, home: str
):
    case = told(enterprise, opener)
    address = f"{home}cases/{case.pk}/"
    assert "已过期限，最后一天是2026年11月9日" in text(client.get(address))
    answer = client.post(f"{address}statement/", {"text": "太晚"})
    assert (answer.status_code, "已过期限" in text(answer)) == (422, True)
    bad = client.post(f"{address}hearing/", {"files": [paper("a.pdf", b"MZ")]})
    assert bad.status_code == 422
    assert client.post(f"{address}nonsense/").status_code == 404


# -- Objections and repair ------------------------------------------------------------------------------


@NOW
def test_an_objection_marks_the_public_page_at_once_and_is_answered_by_another(
    client: Client,
    enterprise: Enterprise,
    district: Jurisdiction,
    opener: Any,
    manager: Any,
    home: str,
    as_staff: Any,
):
    penalty = penalise(enterprise)
    public = f"/credit/enterprises/{enterprise.uscc}/"
    assert "有异议" not in text(client.get(public))
    form = {"reason": "wrong", "text": "罚款是一万", "files": [paper()]}
    client.post(f"{home}objections/violation/{penalty.pk}/", form)
    made = Objection.objects.get()
    assert '<span class="badge text-bg-warning">有异议</span>' in text(client.get(public))
    again = client.post(f"{home}objections/violation/{penalty.pk}/", {**form, "files": []})
    assert (again.status_code, "已有一件同样事由的异议" in text(again)) == (422, True)
    as_staff(
        client, officer("13800000061", district, "open_case", "answer_objection", "view_listcase")
    )
    office = f"/credit/office/objections/{made.pk}/"
    assert "钱小满" in text(client.get(office))
    said = {"outcome": "uphold", "reason": "决定书写的是一万元"}
    assert "请撤销或更正这条记录" in re.sub(
        "<[^>]*>", "", text(client.post(f"{office}answer/", said, follow=True))
    )
    client.force_login(manager)
    assert "异议成立</strong>：决定书写的是一万元" in text(client.get(f"{home}objections/"))
    assert "有异议" in text(client.get(public))  # until it is mended


@DECEMBER
def test_the_coach_says_from_when_and_a_granted_repair_is_gone_from_the_public_page(
    client: Client,
    enterprise: Enterprise,
    district: Jurisdiction,
    manager: Any,
    home: str,
    as_staff: Any,
):
    penalty = penalise(enterprise, happened_on=date(2026, 9, 2))
    ready = penalise(enterprise, "罚2", offence="没有安全帽")
    early = text(client.get(f"{home}repairs/violation/{penalty.pk}/"))
    assert "最早可以申请的日期：<strong>2026年12月2日</strong>" in early
    assert "现在还不能申请" in early
    form = {"statement": "已缴已改", "promised": "on", "files": [paper()]}
    address = f"{home}repairs/violation/{ready.pk}/"
    missing = client.post(address, {"statement": "已缴已改", "promised": "on"})
    assert (missing.status_code, "请至少选一个文件" in text(missing)) == (422, True)
    client.post(address, form)
    made = RepairApplication.objects.get()
    waiting = text(client.get(f"{home}repairs/"))  # no second way to ask for the same
    assert (f"repairs/{made.pk}/" in waiting, address in waiting) == (True, False)
    assert f"看 {made.number} 的进度" in text(client.get(address))
    public = f"/credit/enterprises/{enterprise.uscc}/"
    assert "没有安全帽" in text(client.get(public))
    office = f"/credit/office/repairs/{made.pk}/"
    as_staff(
        client, officer("13800000071", district, "open_case", "accept_repair", "view_listcase")
    )
    assert client.get("/credit/office/repairs/").status_code == 200
    client.post(f"{office}accept/")
    assert "最迟决定" in text(client.get(office))
    as_staff(
        client, officer("13800000072", district, "decide_case", "decide_repair", "view_listcase")
    )
    client.post(f"{office}grant/", {"reason": "材料齐全"})
    assert "没有安全帽" not in text(client.get(public))
    client.force_login(manager)
    progress = text(client.get(f"{home}repairs/{made.pk}/"))
    assert "准予修复" in progress
    assert "材料齐全" in progress


# -- Messages, files, managers --------------------------------------------------------------------------


@NOW
def test_opening_a_message_is_the_receipt(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, home: str
):
    told(enterprise, opener)
    message = Message.objects.get()
    assert "1 条没有看" in text(client.get("/credit/messages/"))
    assert "1 条未读" in text(client.get("/accounts/me/"))
    client.post("/credit/messages/all-read/")
    message.refresh_from_db()
    assert message.read_at is None  # a notice is opened, not swept away
    client.get(f"/credit/messages/{message.pk}/")
    message.refresh_from_db()
    assert message.read_at is not None
    assert "未读" not in text(client.get("/credit/messages/"))
    client.force_login(person("13900000002"))
    assert client.get(f"/credit/messages/{message.pk}/").status_code == 404


@NOW
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("case-notice", "去办理"), ("repair-papers", "去办理"), ("party", "去办理"),
        ("clock-overdue", "去办理"), ("case", "去查看"), ("repair", "去查看"),
        ("objection", "去查看"), ("manager", "去查看"), ("ruleset", "去查看"),
    ],
)  # fmt: skip
def test_only_a_message_that_asks_for_an_act_says_so(
    client: Client, manager: Any, kind: str, words: str
):
    client.force_login(manager)
    tell([manager], kind=kind, key="x", title="一条", link="/credit/mine/")
    shown = text(client.get(f"/credit/messages/{Message.objects.get().pk}/"))
    assert [one for one in ("去办理", "去查看") if one in shown] == [words]


@NOW
@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_messages_ask_the_same_number_of_queries(
    client: Client, manager: Any, count: int, django_assert_num_queries: Any
):
    client.force_login(manager)
    Message.objects.bulk_create(
        Message(to=manager, kind="x", key=str(n), title="一条") for n in range(count)
    )
    with django_assert_num_queries(5):
        client.get("/credit/messages/")


@NOW
def test_officers_add_evidence_and_open_it_to_the_enterprise(
    client: Client, concealed: Accident, opener: Any, manager: Any, stranger: Any, as_staff: Any
):
    as_staff(client, opener)
    address = f"/credit/office/files/accident/{concealed.pk}/"
    client.post(address, {"files": [paper("调查报告.pdf")]})
    client.post(address, {"files": [paper("给企业.pdf")], "for_party": "on"})
    bad = client.post(address, {"files": [paper("x.pdf", b"<svg/>")]}, follow=True)
    assert "没有收下" in text(bad)
    ours, theirs = Attachment.objects.all()
    page = text(client.get(f"/credit/office/records/accident/{concealed.pk}/"))
    assert "调查报告.pdf" in page
    as_staff(client, stranger)
    assert client.get(f"/credit/files/{ours.pk}/").status_code == 404
    assert client.post(address, {"files": [paper()]}).status_code == 404
    client.force_login(manager)
    assert client.get(f"/credit/files/{ours.pk}/").status_code == 404
    got = client.get(f"/credit/files/{theirs.pk}/")
    assert sent_file(got) == PDF


@NOW
def test_an_officer_appoints_and_revokes(
    client: Client, enterprise: Enterprise, district: Jurisdiction, as_staff: Any
):
    who = person("13900000005", "孙掌柜")
    as_staff(
        client, officer("13800000081", district, "open_case", "appoint_manager", "view_listcase")
    )
    address = "/credit/office/parties/managers/"
    form = {
        "uscc": enterprise.uscc, "phone": "13900000005", "paper": "委托书",
        "from_day": "2026-11-01", "last_day": "",
    }  # fmt: skip
    wrong = client.post(address, {**form, "uscc": "91110000600037341X"})
    assert (wrong.status_code, "登记库里没有这个代码的企业" in text(wrong)) == (422, True)
    assert "孙掌柜" in text(client.post(address, form, follow=True))
    made = who.managing.get()
    client.post(f"{address}{made.pk}/revoke/", {"reason": "离职"})
    assert "离职" in text(client.get(address))
    client.force_login(who)
    assert client.get(f"/credit/mine/{enterprise.pk}/").status_code == 404


@NOW
def test_the_public_figures_name_nobody(
    client: Client, enterprise: Enterprise, opener: Any, manager: Any
):
    assert "还没有企业提出异议" in text(client.get("/credit/objections/"))
    Objection.objects.create(
        enterprise=enterprise, about="fact", subject="credit.violation:1", line="x", label="x",
        reason="wrong", text="x", by=manager, raised_on=TODAY,
    )  # fmt: skip
    page = text(client.get("/credit/objections/"))
    assert "<td>1 件</td><td>0 件</td><td>—</td><td>—</td>" in page
    assert enterprise.name not in page


@NOW
def test_workers_do_not_see_the_offices_pages(client: Client, manager: Any):
    client.force_login(manager)
    for page in ("parties/", "parties/managers/", "parties/consents/", "objections/", "repairs/"):
        assert client.get(f"/credit/office/{page}").status_code == 403


@NOW
def test_an_officer_sees_only_own_places(
    client: Client, enterprise: Enterprise, stranger: Any, manager: Any, as_staff: Any
):
    file = keep_file(paper(), by=manager, subject=penalise(enterprise), for_party=True)
    made = Objection.objects.create(
        enterprise=enterprise, about="fact", subject="credit.violation:1", line="x", label="x",
        reason="wrong", text="x", by=manager, raised_on=TODAY,
    )  # fmt: skip
    stranger.user_permissions.clear()
    far = officer("13800000091", stranger.postings.get().place, "open_case", "view_listcase")
    as_staff(client, far)
    assert client.get(f"/credit/files/{file.pk}/").status_code == 404
    assert client.get(f"/credit/office/objections/{made.pk}/").status_code == 404
    assert made.label not in text(client.get("/credit/office/objections/")).split("<h1>异议")[1]


@THEN
def test_the_party_reads_the_day_and_the_place_of_its_hearing(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, home: str
):
    case = told(enterprise, opener)
    cases.request_hearing(case, officer=opener, requested_on=TODAY, today=TODAY)
    page = text(client.get(f"{home}cases/{case.pk}/"))
    assert "时间和地点会在听证 7 个工作日之前通知你单位" in page
    announced(case, opener)
    page = text(client.get(f"{home}cases/{case.pk}/"))
    assert "听证：2026年11月11日" in page
    assert "地点：二楼会议室。2026年11月2日 通知你单位" in page
    assert Message.objects.filter(title="收到听证通知").count() == 1
