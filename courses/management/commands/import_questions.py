"""``manage.py import_questions BANK FILE``: all questions of a file into a bank, or every problem and nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.acts.exchange import ProblemsError, bring_in, look_into
from courses.models import QuestionBank


class Command(BaseCommand):
    """Excel, CSV, Word table, GIFT, Aiken, Moodle XML, QTI 2.1, 2.2, 3."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The bank's number, the file, and whether only to look."""
        parser.add_argument("bank", type=int, help="题库的编号")
        parser.add_argument("file", type=Path, help="题目文件")
        parser.add_argument("--check", action="store_true", help="只检查，不导入")

    def handle(self, *args: Any, **options: Any) -> None:
        """Carry."""
        bank = QuestionBank.objects.filter(pk=options["bank"]).first()
        if bank is None:
            raise CommandError(f"没有编号为 {options['bank']} 的题库")
        try:
            content = options["file"].read_bytes()
        except OSError as fault:
            raise CommandError(f"文件打不开：{fault}") from fault
        if options["check"]:
            looked = look_into(content, bank=bank)
            self._refuse(looked.problems)
            self.stdout.write(f"没有错误，共 {len(looked.batch.taken)} 道题；没有导入")
            return
        try:
            count = bring_in(content, bank=bank, by=None)
        except ProblemsError as fault:
            self._refuse(fault.problems)
        else:
            self.stdout.write(f"已导入 {count} 道题到“{bank}”")

    def _refuse(self, problems: list[Any]) -> None:
        for problem in problems:
            column = f" {problem.column}" if problem.column else ""
            self.stderr.write(f"{problem.where}{column}：{problem.advice}（{problem.value}）")
        if problems:
            raise CommandError(f"有 {len(problems)} 处错误，一道题也没有导入")
