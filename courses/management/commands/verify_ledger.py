"""``manage.py verify_ledger [--person N]``: is the ledger of study whole?"""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser

from courses.acts import chain
from courses.models import StudyEvent


class Command(BaseCommand):
    """Says each fault and exits with 1; else says how many events it looked at."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Everybody, or one."""
        parser.add_argument("--person", type=int, metavar="N", help="只核对一个人（人员编号）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify."""
        person = options["person"]
        faults = list(chain.faults(person))
        for fault in faults:
            self.stderr.write(fault)
        looked = StudyEvent.objects.all()
        if person is not None:
            looked = looked.filter(person=person)
        people = looked.order_by().values("person").distinct().count()
        self.stdout.write(f"核对了 {people} 人的 {looked.count()} 条学习记录")
        if faults:
            raise CommandError(f"学习记录有 {len(faults)} 处不符", returncode=1)
