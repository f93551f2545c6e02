"""``manage.py import_records FILE --kind violations``: record a file; every problem of it at once."""

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from credit.acts import cases, intake, scores
from credit.importing.rows import Problem, Reading
from credit.models import ImportBatch

SHOWN = 200


class Command(BaseCommand):
    """Record enterprises, violations or accidents from XLSX, XLS or CSV."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, its kind, and how to take it."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--kind", required=True, choices=ImportBatch.Kind.values)
        parser.add_argument("--dry-run", action="store_true", help="check only, record nothing")
        parser.add_argument("--strict", action="store_true", help="one problem: record nothing")
        parser.add_argument(
            "--marked", type=Path, metavar="XLSX", help="write the file with its bad cells marked"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, say what is wrong, record what is right; any other fault is one line."""
        try:
            self._import(options)
        except CommandError:
            raise
        except Exception as fault:
            said = " ".join(str(fault).split())[:300]
            raise CommandError(
                f"出错停下了（{type(fault).__name__}：{said}）；已记录的行不会重复。"
                "请把表格另存为 .xlsx 再试；加 --traceback 可看到细节"
            ) from fault

    def _import(self, options: dict[str, Any]) -> None:
        with _opened(options["file"]) as file:
            self._take(file, options)

    def _take(self, file: IO[bytes], options: dict[str, Any]) -> None:
        today = timezone.localdate()
        reading = intake.read(file, kind=options["kind"], today=today)
        self._tell(reading.problems, "问题")
        self._tell(reading.notices, "提示")
        if options["marked"] and reading.problems:
            options["marked"].write_bytes(intake.marked(file, reading.problems))
        refused = not reading.rows or (options["strict"] and bool(reading.problems))
        if options["dry_run"]:
            tally = intake.dry_run(reading)
            self.stdout.write(
                f"试运行，未写入：新增{tally.new}，更正{tally.corrected}，无变化{tally.same}，"
                f"有错{reading.bad_rows}行"
            )
        elif not refused:
            batch = intake.open_batch(
                File(file),
                kind=options["kind"],
                file_name=options["file"].name,
                strict=options["strict"],
            )
            self._record(batch, reading, today)
        if refused:
            raise CommandError("没有导入：请改正上面的问题后再试")

    def _record(self, batch: ImportBatch, reading: Reading, today: date) -> None:
        touched = intake.run(batch, today=today, reading=reading)
        scores.refresh(touched)
        cases.end_red_entries(touched, today=today)
        self.stdout.write(
            f"已导入（批次{batch.pk}）：新增{batch.rows_new}，更正{batch.rows_corrected}，"
            f"无变化{batch.rows_same}，有错{batch.rows_bad}行"
        )

    def _tell(self, problems: Sequence[Problem], what: str) -> None:
        for problem in problems[:SHOWN]:
            place = f"第{problem.row}行" if problem.row else "整个文件"
            column = f"“{problem.column}”" if problem.column else ""
            value = f"（{problem.value}）" if problem.value else ""
            self.stderr.write(f"{what}：{place}{column}{value}：{problem.advice}")
        if len(problems) > SHOWN:
            self.stderr.write(f"{what}：还有{len(problems) - SHOWN}个，用 --marked 导出全部")


def _opened(path: Path) -> IO[bytes]:
    try:
        size = path.stat().st_size
        if size > settings.IMPORT_MAX_BYTES:
            most = settings.IMPORT_MAX_BYTES // 1024 // 1024
            raise CommandError(f"文件有{size // 1024 // 1024} MB，最多{most} MB，请分成几个文件")
        return path.open("rb")
    except OSError as fault:
        raise CommandError(f"打不开文件 {path}：{fault.strerror}") from fault
