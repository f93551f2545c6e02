"""``manage.py refresh_scores``: score every enterprise anew, as of today."""

from typing import Any

from django.core.management import BaseCommand

from credit.acts import scores


class Command(BaseCommand):
    """Score the whole register."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were scored."""
        self.stdout.write(f"已计分 {scores.refresh()} 家企业")
