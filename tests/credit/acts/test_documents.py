"""Papers: made once from the words in use, numbered without gaps, locked, verified by anybody."""

import threading
from datetime import date
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, connection, transaction

from credit.acts import cases, documents, services
from credit.acts.casework import RefusedError
from credit.models import (
    Accident,
    AuditEntry,
    CaseDocument,
    DocumentCounter,
    Enterprise,
    ListCase,
    ServiceRecord,
)
from credit.models.locked import LockedError
from credit.rules.papers import PaperKind
from credit.rules.service import ServiceKind
from tests.credit.casework import (
    LATER,
    NEXT_DAY,
    TODAY,
    decided,
    looked_up,
    opened,
    promise,
    published,
    removed,
    told,
)
from tests.credit.rules.test_papers import HOSTILE

pytestmark = pytest.mark.django_db
NOTICE, DECISION, REPAIR = (
    PaperKind.LISTING_NOTICE,
    PaperKind.LISTING_DECISION,
    PaperKind.REPAIR_LETTER,
)


def paper(
    case: ListCase, kind: PaperKind, officer: Any, today: date = TODAY, **more: Any
) -> CaseDocument:
    text = more.pop("text", None) or documents.draft(case, kind, today=today).text
    return documents.make(case, kind, officer=officer, text=text, today=today, **more)


def test_a_notice_is_filled_from_the_case_and_kept_as_it_was_made(
    enterprise: Enterprise, concealed: Accident, opener: Any
) -> None:
    case = opened(enterprise, opener)
    made = paper(case, NOTICE, opener)
    assert (made.number, made.version, made.texts["authority"]) == (
        "云应急列告〔2026〕1号", 1, "云溪区应急管理局",
    )  # fmt: skip
    assert made.texts["addressee"] == enterprise.name
    words = made.body
    assert "拟将你单位列入严重失信主体名单，管理期限为36个月" in words
    assert "5个工作日内，以书面或者口头方式" in words
    assert "应急管理部令第11号 第六条第四项（待核）" in words
    assert "{{" not in words
    content = documents.pdf_of(made)
    assert content.startswith(b"%PDF-")
    assert b"pdfaid:part" in content
    assert AuditEntry.objects.filter(verb="document.make").count() == 1
    with storages["private"].open(made.file, "wb") as file:
        file.write(b"another file")
    with pytest.raises(ValueError, match="指纹不符"):
        documents.pdf_of(made)


def test_unchecked_articles_are_warned_of(
    enterprise: Enterprise, concealed: Accident, opener: Any
) -> None:
    given = documents.draft(opened(enterprise, opener), NOTICE, today=TODAY)
    assert given.missing == []
    assert given.warnings == ["文中标有“待核”的依据还没有核对原文，请核对后再送达"]


def test_made_again_it_is_a_new_version_that_names_the_former(
    enterprise: Enterprise, concealed: Accident, opener: Any
) -> None:
    case = opened(enterprise, opener)
    first, second = paper(case, NOTICE, opener), paper(case, NOTICE, opener, text="另一种写法")
    assert (second.number, second.version, second.replaces) == (first.number, 2, first)
    assert second.texts["version"] == "本文书为第2版，代替2026年11月2日制作的第1版。"
    assert documents.newest(case, NOTICE) == second
    with pytest.raises(RefusedError, match="已经重新制作过"):
        paper(case, NOTICE, opener, replaces=first)


def test_a_document_stays_in_models_and_database(
    enterprise: Enterprise, concealed: Accident, opener: Any
) -> None:
    made = paper(opened(enterprise, opener), NOTICE, opener)
    for write in (made.save, made.delete, CaseDocument.objects.all().delete):
        with pytest.raises(LockedError):
            write()
    for statement in (
        "UPDATE credit_casedocument SET sha256 = 'x'",
        "DELETE FROM credit_casedocument",
        "UPDATE credit_documentcounter SET last = 7",
        "DELETE FROM credit_documentcounter",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_number_that_was_not_used_is_given_again(
    enterprise: Enterprise, concealed: Accident, opener: Any, monkeypatch: Any
) -> None:
    case = opened(enterprise, opener)

    def broken(*args: Any, **kwargs: Any) -> bytes:
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(documents, "compile_pdf", broken)
        with pytest.raises(OSError, match="no room"):
            paper(case, NOTICE, opener)
    assert DocumentCounter.objects.count() == 0
    assert paper(case, NOTICE, opener).number == "云应急列告〔2026〕1号"


def test_the_prefix_is_configured(
    enterprise: Enterprise, concealed: Accident, opener: Any, settings: Any
) -> None:
    settings.PAPER_PREFIX = "宁云应急"
    assert paper(opened(enterprise, opener), NOTICE, opener).number == "宁云应急列告〔2026〕1号"


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_when_many_take_them_at_once() -> None:
    taken: list[str] = []
    start = threading.Barrier(6)

    def take(fails: bool) -> None:
        start.wait()
        try:
            for turn in range(5):
                with transaction.atomic():
                    given = documents.next_number("云应急", NOTICE, 2026)
                    if fails and turn % 2:
                        transaction.set_rollback(True)
                    else:
                        taken.append(given)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(place % 2 == 1,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {f"云应急列告〔2026〕{place}号" for place in range(1, len(taken) + 1)}
    assert len(taken) == 15 + 9
    assert set(taken) == expected


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_printed_and_never_run(
    enterprise: Enterprise, concealed: Accident, opener: Any, hostile: str
) -> None:
    Enterprise.objects.filter(pk=enterprise.pk).update(name=hostile[:120])
    case = opened(Enterprise.objects.get(), opener)
    given = documents.draft(case, NOTICE, today=TODAY)
    made = paper(case, NOTICE, opener, text=f"{given.text}\n{hostile}")
    assert made.texts["addressee"] == hostile[:120]
    assert made.texts["paragraphs"][-1] == hostile
    assert documents.pdf_of(made).startswith(b"%PDF-")


def test_a_blank_that_nobody_filled_is_refused(
    enterprise: Enterprise, concealed: Accident, opener: Any
) -> None:
    case = told(enterprise, opener)
    cases.request_hearing(case, officer=opener, requested_on=TODAY, today=TODAY)
    case = ListCase.objects.get()
    with pytest.raises(RefusedError, match=r"请把“\{\{听证时间\}\}”换成实际内容"):
        paper(case, PaperKind.HEARING_NOTICE, opener)
    one = paper(case, PaperKind.HEARING_NOTICE, opener, text="定于11月20日举行听证。")
    two = paper(case, PaperKind.HEARING_NOTICE, opener, text="改期举行听证。")
    assert [one.number, two.number] == ["云应急列听〔2026〕1号", "云应急列听〔2026〕2号"]


def test_a_decision_is_served_together_with_the_repair_letter(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
) -> None:
    case = decided(enterprise, opener, decider)
    said = {"officer": opener, "served_on": LATER, "how": "直接送达", "today": LATER}
    with pytest.raises(RefusedError, match="请先制作列入决定书、信用修复告知书"):
        cases.serve(case, **said)
    decision = paper(case, DECISION, decider, LATER)
    assert decision.number == case.decision_number
    with pytest.raises(RefusedError, match="请先制作信用修复告知书"):
        cases.serve(case, **said)
    assert ListCase.objects.get().state == "decided"
    assert paper(case, REPAIR, opener, LATER).number == "云应急修告〔2026〕1号"
    cases.serve(case, **said)
    with pytest.raises(RefusedError, match="决定已经送达"):
        paper(ListCase.objects.get(), DECISION, opener, LATER)


def test_the_notice_that_is_registered_is_the_one_that_was_made(
    enterprise: Enterprise, concealed: Accident, opener: Any
) -> None:
    case = opened(enterprise, opener)
    made = paper(case, NOTICE, opener)
    said = {"officer": opener, "served_on": TODAY, "today": TODAY}
    with pytest.raises(RefusedError, match="登记的正文应与它相同"):
        cases.send_notice(case, text="自己写的告知书", **said)
    told_now = cases.send_notice(case, text=made.body.replace("\n", "\r\n"), **said)
    assert told_now.notice_served_on == TODAY


def test_notice_133_the_red_list_has_its_announcement_and_its_grant(
    enterprise: Enterprise, opener: Any, decider: Any
) -> None:
    promise(enterprise)
    case = opened(enterprise, opener, "red")
    made = paper(case, PaperKind.RED_ANNOUNCEMENT, opener)
    assert (made.number, made.texts["addressee"]) == ("云应急红公〔2026〕1号", "")
    words = made.body
    assert f"拟将{enterprise.name}（统一社会信用代码：{enterprise.uscc}" in words
    assert "列入守信激励名单" in words
    assert "自本公告发布之日起5个工作日内" in words
    assert "期限为36个月（安监总办〔2017〕133号）" in words
    assert "{{" not in words
    assert documents.pdf_of(made).startswith(b"%PDF-")
    looked_up(case, opener)
    day = {"officer": opener, "served_on": TODAY, "today": TODAY}
    with pytest.raises(RefusedError, match="公告已经制作（云应急红公〔2026〕1号）"):
        cases.send_notice(case, text="自己写的公告", **day)
    cases.send_notice(case, text=made.body, **day)
    with pytest.raises(RefusedError, match="公告已经发布，不能重新制作"):
        paper(case, PaperKind.RED_ANNOUNCEMENT, opener)
    assert documents.find(made.code) == made


def test_notice_133_the_grant_is_made_before_it_is_served(
    enterprise: Enterprise, opener: Any, decider: Any
) -> None:
    promise(enterprise)
    case = decided(enterprise, opener, decider, "red")
    serve_it = {"officer": opener, "served_on": LATER, "how": "直接送达", "today": LATER}
    with pytest.raises(RefusedError, match="请先制作授予守信激励决定书，再登记送达") as refused:
        cases.serve(case, **serve_it)
    assert refused.value.ruling.article == "安监总办〔2017〕133号"
    assert documents.due(case) == [PaperKind.RED_GRANT]
    made = paper(case, PaperKind.RED_GRANT, decider, LATER)
    assert made.number == case.decision_number
    assert made.texts["addressee"] == enterprise.name
    assert "公告于2026年11月2日发布。\n\n公告期间没有收到意见。" in made.body
    assert "立即移出名单，停止激励措施" in made.body
    assert documents.pdf_of(made).startswith(b"%PDF-")
    assert documents.due(case) == []
    cases.serve(case, **serve_it)
    with pytest.raises(RefusedError, match="决定已经送达"):
        paper(ListCase.objects.get(), PaperKind.RED_GRANT, opener, LATER)
    assert cases.publish(case, officer=opener, today=LATER).colour == "red"


def test_removal_and_drop_have_their_papers(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
) -> None:
    entry = removed(published(enterprise, opener, decider), opener, decider)
    made = paper(entry.case, PaperKind.REMOVAL_DECISION, decider, NEXT_DAY)
    assert "法院撤销" in made.body
    assert "自2026年11月16日起将你单位移出严重失信主体名单" in made.body
    with pytest.raises(RefusedError, match="案件没有撤回"):
        paper(entry.case, PaperKind.NOT_LISTED, opener, NEXT_DAY, text="x")


def test_out_of_reach_nobody_makes_papers(
    enterprise: Enterprise, concealed: Accident, opener: Any, stranger: Any, auditor: Any
) -> None:
    case = opened(enterprise, opener)
    for person, reason in ((stranger, "不在您的辖区"), (auditor, "没有这个步骤的权限")):
        with pytest.raises(RefusedError, match=reason):
            paper(case, NOTICE, person)


# -- Service --------------------------------------------------------------------------------------------

PDF = b"%PDF-1.7 signed"


def serve(case: ListCase, officer: Any, *made: CaseDocument, **more: Any) -> list[ServiceRecord]:
    said: dict[str, Any] = {
        "how": ServiceKind.DIRECT, "recipient": "王某", "served_on": TODAY, "today": TODAY, **more,
    }  # fmt: skip
    return services.record_service(case, officer=officer, documents=made, **said)


def test_proof_of_service_is_kept_with_its_scan(
    enterprise: Enterprise, concealed: Accident, opener: Any
) -> None:
    case = opened(enterprise, opener)
    made = paper(case, NOTICE, opener)
    receipt = paper(case, PaperKind.SERVICE_RECEIPT, opener)
    (record,) = serve(case, opener, made, scan=services.read_scan(PDF))
    assert services.scan_of(record) == PDF
    assert (record.scan_type, record.scan[-4:]) == ("application/pdf", ".pdf")
    assert receipt.number == "云应急送证〔2026〕1号"
    with pytest.raises(LockedError):
        record.save()
    with pytest.raises(RefusedError, match="已经送达，不能重新制作"):
        paper(case, NOTICE, opener)
    assert AuditEntry.objects.filter(verb="document.serve").count() == 1


def test_what_is_no_picture_and_no_pdf_is_refused_whatever_its_name(settings: Any) -> None:
    for content in (b"MZ\x90\x00", b"", b"<html>", b"%PD"):
        with pytest.raises(RefusedError, match="应是 PDF、JPG 或 PNG"):
            services.read_scan(content)
    settings.SCAN_MAX_BYTES = 10
    with pytest.raises(RefusedError, match="最多0 MB"):
        services.read_scan(PDF)


def test_a_replaced_paper_and_the_paper_of_another_case_are_not_served(
    enterprise: Enterprise, concealed: Accident, opener: Any
) -> None:
    case = opened(enterprise, opener)
    first = paper(case, NOTICE, opener)
    paper(case, NOTICE, opener)
    with pytest.raises(RefusedError, match="请送达最新的一版"):
        serve(case, opener, first)
    with pytest.raises(RefusedError, match="请选择送达了哪些文书"):
        serve(case, opener)
    with pytest.raises(RefusedError, match="请填写收件人"):
        serve(case, opener, documents.newest(case, NOTICE), recipient="")  # type: ignore[arg-type]
