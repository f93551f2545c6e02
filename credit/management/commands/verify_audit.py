"""``manage.py verify_audit [--since N]``: is the log of acts on legal standing whole?"""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser

from credit.acts import anchors, audit
from credit.models import AuditEntry


class Command(BaseCommand):
    """Says each fault and exits with 1; else says how far the log reaches, to be noted elsewhere."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """From which entry."""
        parser.add_argument("--since", type=int, default=1, metavar="N", help="从第 N 条开始核对")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify."""
        since = options["since"]
        if since < 1:
            raise CommandError("--since 应是从 1 开始的序号")
        faults = [*audit.faults(since), *anchors.lost()]
        for fault in faults:
            self.stderr.write(fault)
        newest = AuditEntry.objects.order_by("-number").first()
        if newest is None:
            self.stdout.write("日志里还没有记录")
        else:
            self.stdout.write(
                f"共 {newest.number} 条，核对了第 {since} 条以后的 {max(newest.number - since + 1, 0)} 条"
            )
            self.stdout.write(f"最新指纹（请另行抄存）：{newest.number} {newest.digest}")
        if faults:
            raise CommandError(f"日志有 {len(faults)} 处不符", returncode=1)
