"""``manage.py issue_source_key NAME --kinds permits,hazards --place CODE``: a key for another system, told once."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError

from credit.acts import sources
from credit.acts.casework import RefusedError
from credit.models import Jurisdiction


class Command(BaseCommand):
    """Register a source system and print its key."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who sends what from where."""
        parser.add_argument("name")
        parser.add_argument("--kinds", required=True, help="separated by commas")
        parser.add_argument("--place", required=True, help="code of the jurisdiction")
        parser.add_argument("--expires-on", type=date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the key, which is kept nowhere."""
        place = Jurisdiction.objects.filter(code=options["place"]).first()
        if place is None:
            raise CommandError(f"没有这个属地：{options['place']}")
        kinds = [kind.strip() for kind in options["kinds"].split(",") if kind.strip()]
        try:
            _, key = sources.issue(
                options["name"], kinds=kinds, place=place, by=None, expires_on=options["expires_on"]
            )
        except RefusedError as refused:
            raise CommandError(refused.ruling.reason) from refused
        self.stdout.write(key)
