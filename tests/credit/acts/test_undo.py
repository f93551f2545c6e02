"""A whole import is undone by rows: added facts are withdrawn, corrected ones say again what they said."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from credit.acts import cases, intake, scores
from credit.acts.undo import undo
from credit.models import (
    AuditEntry,
    Enterprise,
    ImportBatch,
    ImportUndo,
    Jurisdiction,
    Score,
    Violation,
    Withdrawal,
)
from credit.models.locked import LockedError
from tests.credit.acts.test_kinds import counts, example, take
from tests.credit.casework import opened
from tests.credit.importing.makers import HEADINGS, changed, xlsx
from tests.credit.officers import officer
from tests.credit.test_lock import refused

TODAY = date(2026, 11, 24)


@pytest.fixture
def importer(district: Jurisdiction) -> Any:
    return officer("13800000031", district, "import_records", "open_case")


def penalties(*rows: list[Any]) -> ImportBatch:
    return take([HEADINGS, *rows], "violations")


def standing() -> list[tuple[str, int]]:
    rows = Violation.objects.current().order_by("source_key").values_list("source_key", "fine")
    return [(key, int(fine)) for key, fine in rows]


def test_an_undone_import_leaves_what_was_before_it(enterprise: Enterprise, importer: Any):
    penalties(changed(决定书文号="旧1号"), changed(决定书文号="旧2号"))
    scores.refresh(as_of=TODAY)
    before = (standing(), Score.objects.get().points)
    wrong = penalties(
        changed(决定书文号="旧1号", **{"罚款（元）": 900_000}),
        changed(决定书文号="新1号"),
        changed(决定书文号="新2号"),
    )
    penalties(
        changed(决定书文号="新2号", **{"罚款（元）": 5})
    )  # a later word on one of them stands
    done = undo(wrong, officer=importer, reason="导错了文件", today=TODAY)
    assert (done.withdrawn, done.put_back, done.left) == (1, 1, 1)
    assert standing() == [("新2号", 5), *before[0]]
    row = Violation.objects.current().get(source_key="旧1号")
    assert (row.supersedes.fine, row.supersedes.supersedes.fine, row.fine) == (
        900_000,
        20000,
        20000,
    )
    paper = Withdrawal.objects.values_list("paper", "undo", "reason").get()
    assert paper == (f"撤销导入批次{wrong.pk}", done.pk, "导错了文件")
    assert AuditEntry.objects.filter(verb="import.undo").count() == 1


def test_after_an_undo_the_right_file_goes_in(enterprise: Enterprise, importer: Any):
    wrong = penalties(changed(), changed(决定书文号="2号"))
    undo(wrong, officer=importer, reason="金额错了", today=TODAY)
    assert standing() == []
    assert counts(penalties(changed(**{"罚款（元）": 7}), changed(决定书文号="2号"))) == (
        "done", 0, 2, 0, 0,
    )  # fmt: skip
    assert standing() == [("2号", 20000), ("云应急罚〔2026〕1号", 7)]


def test_a_second_undo_is_refused_by_the_rule_and_by_the_database(
    enterprise: Enterprise, importer: Any
):
    batch = penalties(changed())
    done = undo(batch, officer=importer, reason="错", today=TODAY)
    with pytest.raises(cases.RefusedError, match="已经撤销过了"):
        undo(batch, officer=importer, reason="错", today=TODAY)
    twin = ImportUndo(
        batch=batch, by=importer, on=TODAY, reason="x", withdrawn=0, put_back=0, left=0
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    with pytest.raises(LockedError):
        done.save()
    assert refused("UPDATE credit_importundo SET reason = 'x'")
    assert refused("DELETE FROM credit_importundo")


def test_who_may_not_undo_is_told_why(enterprise: Enterprise, importer: Any, district: Any):
    batch = penalties(changed())
    town = Jurisdiction.objects.create(
        code="990001101", name="东山镇", kind="town", parent=district
    )
    for person, words in (
        (officer("13800000032", town, "import_records"), "不在您辖区"),
        (officer("13800000033", district, "open_case"), "没有导入记录的权限"),
    ):
        with pytest.raises(cases.RefusedError, match=words):
            undo(batch, officer=person, reason="错", today=TODAY)
    with pytest.raises(cases.RefusedError, match="理由"):
        undo(batch, officer=importer, reason=" ", today=TODAY)
    waiting = intake.open_batch(xlsx([HEADINGS]), kind="violations", file_name="x")
    with pytest.raises(cases.RefusedError, match="还没有结束"):
        undo(waiting, officer=importer, reason="错", today=TODAY)
    assert Violation.objects.current().count() == 1


def test_cases_that_rest_on_an_undone_fact_are_flagged(enterprise: Enterprise, importer: Any):
    batch = take(example("accidents", 瞒报谎报="是", 已受行政处罚="是"), "accidents")
    case = opened(enterprise, importer)
    undo(batch, officer=importer, reason="错", today=TODAY)
    assert [step.action for step in case.events.all()] == ["open", "evidence_lost"]


def test_an_officer_finds_an_import_and_undoes_it_on_its_page(
    client: Client, enterprise: Enterprise, importer: Any, as_staff: Any
):
    batch = penalties(changed())
    ImportBatch.objects.update(by=importer)
    as_staff(client, importer)
    home = "/credit/office/imports/"
    hits = {"of=violations": 1, "of=permits": 0, "words=x.xl": 1, f"words={batch.sha256[:9]}": 1,
            "since=2099-01-01": 0, "state=done": 1, "since=x&of=y": 1}  # fmt: skip
    for query, count in hits.items():
        page = client.get(f"{home}?{query}").content.decode()
        assert page.count(f"{home}{batch.pk}/") == count, query
    assert client.post(f"{home}{batch.pk}/undo/", {"reason": ""}).status_code == 422
    page = client.post(f"{home}{batch.pk}/undo/", {"reason": "错"}, follow=True).content.decode()
    assert "这次导入已撤销。" in page
    assert "整次撤销" not in page
    assert client.post(f"{home}{batch.pk}/undo/", {"reason": "错"}).status_code == 422
