"""The command: every problem on the screen, counts, and an exit that says whether anything was taken."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from credit.acts import intake
from credit.models import Enterprise, ImportBatch, Score, Violation
from tests.credit.importing.makers import HEADINGS, ROW, changed, xlsx


def run(path: Path, *options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_records", path, "--kind", "violations", *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path: Path, enterprise: Enterprise) -> Path:
    path = tmp_path / "处罚.xlsx"
    path.write_bytes(xlsx([HEADINGS, ROW, changed(处罚决定日期="昨天")]))
    return path


def test_it_records_scores_and_says_what_is_wrong(file: Path):
    out, err = run(file)
    assert "新增1，更正0，无变化0，有错1行" in out
    assert "第3行“处罚决定日期”（昨天）：不是日期" in err
    assert Score.objects.get().enterprise == Violation.objects.get().enterprise


def test_a_dry_run_records_nothing(file: Path):
    out, _ = run(file, "--dry-run")
    assert "试运行，未写入：新增1" in out
    assert Violation.objects.count() == 0


def test_strict_records_nothing_and_fails(file: Path):
    with pytest.raises(CommandError, match="没有导入"):
        run(file, "--strict")
    assert Violation.objects.count() == 0


def test_a_marked_copy_is_written(file: Path, tmp_path: Path):
    run(file, "--marked", tmp_path / "marked.xlsx")
    assert (tmp_path / "marked.xlsx").read_bytes().startswith(b"PK")


def test_a_missing_file_is_a_plain_message(tmp_path: Path, db: None):
    with pytest.raises(CommandError, match="打不开文件"):
        run(tmp_path / "nothing.xlsx")


def test_a_file_too_large_is_refused_before_it_is_read(file: Path, settings: Any):
    settings.IMPORT_MAX_BYTES = 100
    with pytest.raises(CommandError, match="请分成几个文件"):
        run(file)


def test_any_other_fault_is_one_line_and_ends_the_batch(
    enterprise: Enterprise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "record_facts", None)
    path = tmp_path / "处罚.xlsx"
    path.write_bytes(xlsx([HEADINGS, ROW]))
    with pytest.raises(
        CommandError, match=r"^出错停下了（TypeError：.*已记录的行不会重复"
    ) as caught:
        call_command("import_records", path, "--kind", "violations")
    assert "\n" not in str(caught.value)
    assert ImportBatch.objects.get().state == "refused"
