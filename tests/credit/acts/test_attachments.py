"""Evidence is kept as it came, under a random name, and read by those whom it concerns."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.storage import storages

from credit.acts import cases
from credit.acts.attachments import files_of, keep_file, keep_files, may_read
from credit.acts.casework import RefusedError
from credit.models import Accident, Attachment, AuditEntry, Enterprise
from tests.credit.acts.test_proposals import correct
from tests.credit.casework import NEXT_DAY, TODAY, hide_accident, opened
from tests.credit.party import PDF, appointed, paper, person

pytestmark = pytest.mark.django_db


def test_a_file_is_kept_byte_for_byte_under_a_random_name(concealed: Accident, opener: Any):
    kept = keep_file(paper("处罚决定书.pdf"), by=opener, subject=concealed)
    assert (kept.subject, kept.name, kept.kind, kept.content_type, kept.size, kept.sha256) == (
        f"credit.accident:{concealed.pk}", "处罚决定书.pdf", "pdf", "application/pdf",
        len(PDF), sha256(PDF).hexdigest(),
    )  # fmt: skip
    assert (kept.enterprise_id, kept.uploaded_by, kept.for_party) == (
        concealed.enterprise_id, opener, False,
    )  # fmt: skip
    assert "处罚" not in kept.file
    with storages["private"].open(kept.file) as file:
        assert file.read() == PDF
    entry = AuditEntry.objects.get(verb="file.keep")
    assert (entry.actor, entry.subject) == (opener, f"credit.attachment:{kept.pk}")


def test_a_program_called_pdf_is_refused_and_takes_the_others_with_it(
    concealed: Accident, opener: Any
):
    with pytest.raises(RefusedError, match=r"“发票\.pdf”没有收下：只收 PDF"):
        keep_files([paper(), paper("发票.pdf", b"MZ\x90")], by=opener, subject=concealed)
    assert Attachment.objects.count() == 0
    with pytest.raises(RefusedError, match="一次最多上传 5 个文件"):
        keep_files([paper()] * 6, by=opener, subject=concealed)


def test_who_may_read(
    concealed: Accident, enterprise: Enterprise, opener: Any, stranger: Any, auditor: Any
):
    manager, worker = appointed(enterprise, opener), person("13900000002")
    ours = keep_file(paper(), by=opener, subject=concealed)
    theirs = keep_file(paper(), by=opener, subject=concealed, for_party=True)
    readers = [opener, auditor, stranger, manager, worker]
    assert [may_read(one, ours, TODAY) for one in readers] == [True, True, False, False, False]
    assert [may_read(one, theirs, TODAY) for one in readers] == [True, True, False, True, False]
    assert list(files_of(concealed)) == [ours, theirs]


def test_the_party_reads_the_evidence_of_a_case_from_the_day_of_its_notice(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    manager, case = appointed(enterprise, opener), opened(enterprise, opener)
    kept = keep_file(paper(), by=opener, subject=case, for_party=True)
    assert (may_read(manager, kept, TODAY), may_read(opener, kept, TODAY)) == (False, True)
    cases.send_notice(case, officer=opener, text="拟列入", served_on=NEXT_DAY, today=NEXT_DAY)
    days = (NEXT_DAY - timedelta(days=1), NEXT_DAY)
    assert [may_read(manager, kept, day) for day in days] == [False, True]


def test_evidence_of_a_fact_that_belongs_to_another_enterprise_now_is_not_the_partys(
    enterprise: Enterprise, concealed: Accident, opener: Any
):
    manager = appointed(enterprise, opener)
    kept = keep_file(paper(), by=opener, subject=concealed, for_party=True)
    correct(concealed, title="更正过的标题")
    assert may_read(manager, kept, TODAY)
    other = Enterprise.objects.create(
        name="别家", legacy_number="2", place=enterprise.place, sector=enterprise.sector
    )
    last = Accident.objects.current()
    moved = last.get()
    last.update(replaced_at="2026-11-11T00:00Z")
    hide_accident(other, supersedes=moved)
    assert not may_read(manager, kept, TODAY)
