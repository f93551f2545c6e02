"""``manage.py refresh_scores``: score every enterprise anew as of today; ``--changed`` only what can have changed."""

from typing import Any

from django.core.management import BaseCommand, CommandParser

from credit.acts import scores


class Command(BaseCommand):
    """Score the whole register."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Everything is the default: it is what one asks for by hand."""
        parser.add_argument("--changed", action="store_true", help="只计可能有变化的企业")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were scored."""
        count = scores.refresh_changed() if options["changed"] else scores.refresh()
        self.stdout.write(f"已计分 {count} 家企业")
