"""Records enter once, corrections supersede, a killed import goes on, strict is all or nothing."""

import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile

from credit.acts import intake
from credit.importing import spool
from credit.models import AuditEntry, Enterprise, ImportBatch, Jurisdiction, Sector, Violation
from tests.credit.importing.makers import HEADINGS, ROW, changed, text, xlsx

TODAY = date(2026, 11, 24)


def take(rows: list[list[Any]], *, strict: bool = False, kind: str = "violations") -> ImportBatch:
    batch = intake.open_batch(xlsx(rows), kind=kind, file_name="处罚.xlsx", strict=strict)
    intake.run(batch, today=TODAY)
    return batch


def counts(batch: ImportBatch) -> tuple[str, int, int, int, int]:
    return (batch.state, batch.rows_new, batch.rows_corrected, batch.rows_same, batch.rows_bad)


def many(count: int) -> list[list[Any]]:
    return [HEADINGS, *(changed(决定书文号=f"{n}号") for n in range(count))]


def test_a_missing_column_ends_the_batch_and_is_named(enterprise: Enterprise):
    batch = take([["2026年台账"], HEADINGS[:-1], ROW[:-1]])
    assert counts(batch) == ("refused", 0, 0, 0, 0)
    assert [(p["row"], p["advice"][:9]) for p in batch.problems] == [(2, "缺少“处罚机关”列")]


def test_whatever_breaks_ends_the_batch_with_what_to_do(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "CHUNK", 2)
    batch = intake.open_batch(xlsx(many(5)), kind="violations", file_name="x")
    plain, calls = intake.record_facts, []

    def breaks_at_the_second_chunk(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError("boom")
        return plain(*args)

    monkeypatch.setattr(intake, "record_facts", breaks_at_the_second_chunk)
    with pytest.raises(RuntimeError, match="boom"):
        intake.run(batch, today=TODAY)
    assert counts(batch) == ("refused", 2, 0, 0, 0)
    assert batch.problems[0]["advice"] == intake.BROKEN.format(batch.pk)
    assert batch.finished_at is not None
    assert intake.touched_by(batch) == {enterprise.pk}


def test_a_batch_given_up_while_it_ran_stops_at_the_next_chunk(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "CHUNK", 2)
    batch = intake.open_batch(xlsx(many(5)), kind="violations", file_name="x")
    plain = intake._still_ours

    def given_up_meanwhile(running: ImportBatch) -> bool:
        if running.rows_done == 2:
            intake.give_up(ImportBatch.objects.get(pk=batch.pk), "停")
        return plain(running)

    monkeypatch.setattr(intake, "_still_ours", given_up_meanwhile)
    intake.run(batch, today=TODAY)
    assert counts(ImportBatch.objects.get(pk=batch.pk)) == ("refused", 2, 0, 0, 0)
    assert Violation.objects.count() == 2


def test_a_finished_batch_cannot_be_given_up(enterprise: Enterprise):
    batch = take(many(1))
    intake.give_up(batch, "停")
    assert (counts(batch), batch.problems) == (("done", 1, 0, 0, 0), [])


def test_the_same_file_twice_changes_nothing(enterprise: Enterprise):
    assert counts(take(many(3))) == ("done", 3, 0, 0, 0)
    before = list(Violation.objects.values())
    assert counts(take(many(3))) == ("done", 0, 0, 3, 0)
    assert list(Violation.objects.values()) == before


def test_a_correction_supersedes_and_the_old_word_stays(enterprise: Enterprise):
    take([HEADINGS, ROW])
    assert counts(take([HEADINGS, changed(**{"罚款（元）": 30000})])) == ("done", 0, 1, 0, 0)
    old, new = Violation.objects.order_by("pk")
    assert (old.fine, old.replaced_at is not None) == (20000, True)
    assert (new.fine, new.replaced_at, new.supersedes) == (30000, None, old)
    assert list(Violation.objects.current()) == [new]


def test_good_rows_are_recorded_and_bad_ones_are_not(enterprise: Enterprise):
    batch = take([*many(2), changed(处罚决定日期="昨天")])
    assert counts(batch) == ("done", 2, 0, 0, 1)
    assert [problem["row"] for problem in batch.problems] == [4]


def test_a_problem_in_a_late_chunk_is_found_before_anything_is_written(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "CHUNK", 2)
    monkeypatch.setattr(spool, "PIECE", 3)
    content = text([*many(20), changed(处罚决定日期="昨天"), changed(处罚机关="")])
    batch = intake.open_batch(content, kind="violations", file_name="x.csv", strict=True)
    intake.run(batch, today=TODAY)
    assert counts(batch) == ("refused", 0, 0, 0, 2)
    assert [(one["row"], one["column"]) for one in batch.problems] == [
        (22, "处罚决定日期"), (23, "处罚机关"),
    ]  # fmt: skip
    assert Violation.objects.count() == 0


def test_a_long_file_is_recorded_through_the_disk(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "CHUNK", 2)
    monkeypatch.setattr(spool, "PIECE", 3)
    monkeypatch.setattr(spool, "IN_MEMORY", 1)
    content = text([*many(20), changed(处罚决定日期="昨天")], "gb18030")
    batch = intake.open_batch(ContentFile(content), kind="violations", file_name="x.csv")
    intake.run(batch, today=TODAY)
    assert counts(batch) == ("done", 20, 0, 0, 1)
    keys = Violation.objects.order_by("pk").values_list("source_key", flat=True)
    assert list(keys) == [f"{number}号" for number in range(20)]


def test_strict_takes_all_or_none(enterprise: Enterprise):
    batch = take([*many(2), changed(处罚决定日期="昨天")], strict=True)
    assert counts(batch) == ("refused", 0, 0, 0, 1)
    assert Violation.objects.count() == 0
    assert counts(take(many(2), strict=True)) == ("done", 2, 0, 0, 0)


class Killed(BaseException):
    """As if the process died."""


@pytest.mark.parametrize("strict", [False, True])
def test_a_killed_import_is_finished_by_running_it_again(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch, strict: bool
):
    monkeypatch.setattr(intake, "CHUNK", 2)
    batch = intake.open_batch(xlsx(many(5)), kind="violations", file_name="x", strict=strict)
    plain, calls = intake.record_facts, []

    def dies_at_the_second_chunk(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise Killed
        return plain(*args)

    monkeypatch.setattr(intake, "record_facts", dies_at_the_second_chunk)
    with pytest.raises(Killed):
        intake.run(ImportBatch.objects.get(pk=batch.pk), today=TODAY)
    assert Violation.objects.count() == (0 if strict else 2)
    again = ImportBatch.objects.get(pk=batch.pk)
    touched = intake.run(again, today=TODAY)
    assert counts(again) == ("done", 5, 0, 0, 0)
    assert touched == {enterprise.pk}
    assert Violation.objects.count() == 5


def test_a_register_that_grew_between_two_runs_loses_no_row(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "CHUNK", 2)
    late = "91320382MA1UUP3668"
    rows = [
        HEADINGS,
        changed(企业名称="后来登记", 统一社会信用代码=late, 决定书文号="迟到"),
        *many(5)[1:],
    ]
    batch = intake.open_batch(xlsx(rows), kind="violations", file_name="x")
    plain, calls = intake.record_facts, []

    def dies_at_the_second_chunk(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise Killed
        return plain(*args)

    monkeypatch.setattr(intake, "record_facts", dies_at_the_second_chunk)
    with pytest.raises(Killed):
        intake.run(batch, today=TODAY)
    place, sector = enterprise.place, enterprise.sector
    Enterprise.objects.create(name="后来登记", uscc=late, place=place, sector=sector)
    intake.run(batch, today=TODAY)
    assert counts(batch) == ("done", 6, 0, 0, 0)
    assert Violation.objects.count() == 6


def test_two_workers_on_one_batch_record_it_once(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "CHUNK", 2)
    batch = intake.open_batch(xlsx(many(5)), kind="violations", file_name="x")
    slow = ImportBatch.objects.get(pk=batch.pk)
    intake.run(ImportBatch.objects.get(pk=batch.pk), today=TODAY)
    intake.run(slow, today=TODAY)
    assert counts(ImportBatch.objects.get(pk=batch.pk)) == ("done", 5, 0, 0, 0)
    assert Violation.objects.count() == 5


def test_a_finished_batch_records_nothing_more_and_tells_whom_it_touched(enterprise: Enterprise):
    batch = take(many(1))
    assert intake.run(batch, today=TODAY) == {enterprise.pk}  # a killed task has still to score it
    assert Violation.objects.count() == 1


def test_a_withdrawn_penalty_is_not_brought_back_by_a_file(enterprise: Enterprise):
    take([HEADINGS, ROW])
    Violation.objects.update(withdrawn_at="2026-11-01T00:00Z")
    batch = take([HEADINGS, changed(**{"罚款（元）": 30000})])
    assert counts(batch) == ("done", 0, 0, 0, 1)
    assert "已被撤销" in batch.problems[0]["advice"]
    assert Violation.objects.count() == 1


def test_a_dry_run_counts_and_writes_nothing(enterprise: Enterprise):
    reading = intake.read(xlsx(many(3)), kind="violations", today=TODAY)
    tally = intake.dry_run(reading)
    assert (tally.new, tally.corrected, tally.same) == (3, 0, 0)
    assert Violation.objects.count() == 0


def test_a_file_that_is_no_table_is_a_refused_batch(enterprise: Enterprise):
    batch = intake.open_batch(b"%PDF-1.7", kind="violations", file_name="x.xlsx")
    intake.run(batch, today=TODAY)
    assert counts(batch) == ("refused", 0, 0, 0, 0)
    assert batch.problems[0]["advice"].startswith("这是PDF 文件")


FIRM = ["企业名称", "统一社会信用代码", "属地", "行业领域", "标准化等级", "公开承诺日期"]


def test_the_register_takes_the_newest_word_and_leaves_absent_columns(
    street: Jurisdiction, sector: Sector
):
    line = ["甲厂", "91110000600037341L", "河滨街道", "危险化学品", "三级", "2026-01-05"]
    assert counts(take([FIRM, line], kind="enterprises")) == ("done", 1, 0, 0, 0)
    assert counts(take([FIRM, line], kind="enterprises")) == ("done", 0, 0, 1, 0)
    renamed = ["甲厂（新名）", *line[1:4]]
    assert counts(take([FIRM[:4], renamed], kind="enterprises")) == ("done", 0, 1, 0, 0)
    firm = Enterprise.objects.get()
    assert (firm.name, firm.standardisation_level) == ("甲厂（新名）", 3)
    assert Enterprise.objects.matching("新名").get() == firm


def test_an_empty_cell_leaves_what_the_register_knows_and_a_word_clears_it(
    street: Jurisdiction, sector: Sector
):
    headings = [*FIRM, "地址", "状态"]
    line = [
        "甲厂",
        "91110000600037341L",
        "河滨街道",
        "危险化学品",
        "三级",
        "2026-01-05",
        "河滨路1号",
        "停业",
    ]
    take([headings, line], kind="enterprises")
    for empty in ("", "-", "暂无"):
        blank = [*line[:4], empty, empty, empty, empty]
        assert counts(take([headings, blank], kind="enterprises")) == ("done", 0, 0, 1, 0)
    half = [*line[:4], "二级", "", "", ""]
    assert counts(take([headings, half], kind="enterprises")) == ("done", 0, 1, 0, 0)
    found = Enterprise.objects.get()
    assert (found.standardisation_level, found.promised_on, found.address, found.status) == (
        2, date(2026, 1, 5), "河滨路1号", "suspended",
    )  # fmt: skip
    cleared = [*line[:4], "无", "无", "无", "在营"]
    assert counts(take([headings, cleared], kind="enterprises")) == ("done", 0, 1, 0, 0)
    found = Enterprise.objects.get()
    assert (found.standardisation_level, found.promised_on, found.address, found.status) == (
        0, None, "", "active",
    )  # fmt: skip


def test_a_row_with_both_numbers_gives_the_enterprise_its_code(
    street: Jurisdiction, sector: Sector
):
    code, old = "91110000600037341L", "320100000012345"
    take([FIRM[:4], ["甲厂", old, "河滨街道", "危险化学品"]], kind="enterprises")
    before = Enterprise.objects.get()
    both = [
        [*FIRM[:4], "原注册号", "地址"],
        ["甲厂", code, "河滨街道", "危险化学品", old, "河滨路1号"],
    ]
    batch = take(both, kind="enterprises")
    assert counts(batch) == ("done", 0, 1, 0, 0)
    assert [p["advice"] for p in batch.problems] == [f"“甲厂”的旧登记号已核实为{code}"]
    after = Enterprise.objects.get()
    assert (after.pk, after.uscc, after.legacy_number, after.address) == (
        before.pk, code, old, "河滨路1号",
    )  # fmt: skip
    assert counts(take(both, kind="enterprises")) == ("done", 0, 0, 1, 0)
    by_old = [[*FIRM[:4], "地址"], ["甲厂", old, "河滨街道", "危险化学品", "河滨路2号"]]
    assert counts(take(by_old, kind="enterprises")) == ("done", 0, 1, 0, 0)
    assert Enterprise.objects.get().uscc == code
    assert Enterprise.objects.matching(code).get().address == "河滨路2号"


def test_a_number_printed_otherwise_is_the_same_penalty(enterprise: Enterprise):
    take([HEADINGS, changed(决定书文号="审〔2026〕14号")])
    assert counts(take([HEADINGS, changed(决定书文号="审[2026]14号")])) == ("done", 0, 0, 1, 0)
    other = changed(**{"决定书文号": "审（2026） 14号", "罚款（元）": 30000})
    assert counts(take([HEADINGS, other])) == ("done", 0, 1, 0, 0)
    facts = Violation.objects.order_by("pk")
    assert [(fact.source_key, fact.identity) for fact in facts] == [
        ("审〔2026〕14号", "审〔2026〕14号"), ("审〔2026〕14号", "审〔2026〕14号"),
    ]  # fmt: skip


def test_a_marked_workbook_that_was_mended_reads_as_the_clean_file(enterprise: Enterprise):
    """Licence and confiscation say "-", text holds full-width spaces: all of it comes back as it was."""
    headings = [*HEADINGS, "暂扣或吊销证照", "没收（元）", "违法事实"]
    odd = ["-", "-", "=1+1 是笔误\u3000第二段\u00a0完"]
    clean = [headings, [*ROW, *odd], [*changed(决定书文号="2号"), "/", "无", "+86"]]
    bad = [*clean, [*changed(决定书文号="3号", 处罚决定日期="昨天"), *odd]]
    mended = [*clean, [*changed(决定书文号="3号"), *odd]]
    batch = intake.open_batch(text(bad), kind="violations", file_name="x.csv")
    intake.run(batch, today=TODAY)
    book = openpyxl.load_workbook(io.BytesIO(intake.marked_of(batch)))
    book["标出问题"]["G4"] = "2026-03-12"
    out = io.BytesIO()
    book.save(out)
    again = intake.read(out.getvalue(), kind="violations", today=TODAY)
    wanted = intake.read(text(mended), kind="violations", today=TODAY)
    assert [row.values for row in again.rows] == [row.values for row in wanted.rows]
    assert (len(again.rows), again.problems, again.notices) == (3, [], [])
    assert {row.values["licence"] for row in again.rows} == {""}


def test_the_marked_workbook_carries_the_remedy_where_the_fault_is(enterprise: Enterprise):
    batch = take([HEADINGS, changed(处罚决定日期="昨天", 处罚机关="=cmd()")])
    book = openpyxl.load_workbook(io.BytesIO(intake.marked_of(batch)))
    cell = book["标出问题"]["G2"]
    assert (cell.value, cell.fill.fgColor.rgb) == ("昨天", "FFF8D7DA")
    assert "不是日期" in cell.comment.text
    listed = [row[3].value for row in book["问题清单"].iter_rows(min_row=2)]
    assert listed[0].startswith("不是日期")


def test_the_kind_of_a_unit_is_imported_kept_and_told_apart(enterprise: Enterprise):
    head = [*FIRM[:4], "单位类别"]
    row = [enterprise.name, enterprise.number, "河滨街道", "危险化学品"]
    for said, kept in (("检测检验机构", "testing"), ("", "testing"), ("producer", "producer")):
        assert take([head, [*row, said]], kind="enterprises").rows_bad == 0
        assert Enterprise.objects.get().unit_kind == kept
    [problem] = take([head, [*row, "评估所"]], kind="enterprises").problems
    assert problem["advice"] == "请填“生产经营单位”或“安全评价机构”或“检测检验机构”"


def test_the_end_of_an_import_is_in_the_log_with_hash_and_counts(enterprise: Enterprise):
    batch = take([*many(2), changed(决定书文号="")])
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject) == ("import.finish", f"credit.importbatch:{batch.pk}")
    assert json.loads(entry.said) == {
        "kind": "violations", "state": "done", "sha256": batch.sha256, "system": None,
        "new": 2, "corrected": 0, "same": 0, "bad": 1,
    }  # fmt: skip
    refused = take([["2026年台账"], HEADINGS[:-1], ROW[:-1]])
    said = json.loads(AuditEntry.objects.latest("number").said)
    assert (said["state"], said["sha256"]) == ("refused", refused.sha256)
