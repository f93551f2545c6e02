"""``manage.py seed_demo``: fill an empty database with the fictional district; a second run keeps it."""

import secrets
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import BaseCommand
from django.db import transaction

from accounts.models import User
from accounts.roles import ADMINISTRATOR, LABELS
from config.demo_district import DISTRICT, PLACES, SECTORS, firms
from credit.models import Enterprise, Jurisdiction, Posting, Sector


class Command(BaseCommand):
    """Seed once; people get one login per role with a password drawn on this machine."""

    help = __doc__

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Do nothing when the district is there."""
        if Jurisdiction.objects.filter(code=DISTRICT[0]).exists():
            return
        district = Jurisdiction.objects.create(code=DISTRICT[0], name=DISTRICT[1], kind="district")
        for code, name, kind in PLACES:
            Jurisdiction.objects.create(code=code, name=name, kind=kind, parent=district)
        Sector.objects.bulk_create(
            Sector(code=code, name=name, high_risk=risk) for code, name, risk in SECTORS
        )
        _register()
        self._people(district)

    def _people(self, district: Jurisdiction) -> None:
        password = f"anxin-{secrets.token_hex(4)}"
        self.stdout.write(f"\n演示账号 demo logins, password {password} (shown once):")
        for serial, (role, label) in enumerate(LABELS.items(), start=1):
            phone = f"1990000{serial:04}"
            person = User.objects.create_user(
                phone,
                password,
                phone_verified=True,
                real_name=f"演示{label}",
                is_staff=role == ADMINISTRATOR,
                is_superuser=role == ADMINISTRATOR,
            )
            person.groups.add(Group.objects.get(name=role))
            if role.endswith("_officer"):
                Posting.objects.create(officer=person, place=district)
            self.stdout.write(f"  {phone}  {label} {role}")


def _register() -> None:
    places = {place.code: place for place in Jurisdiction.objects.all()}
    sectors = {sector.code: sector for sector in Sector.objects.all()}
    register = [
        Enterprise(
            name=firm.name,
            uscc=firm.uscc,
            place=places[firm.place],
            sector=sectors[firm.sector],
            standardisation_level=firm.level,
            address=firm.address,
        )
        for firm in firms()
    ]
    for enterprise in register:
        enterprise.search_text = enterprise.make_search_text()
    Enterprise.objects.bulk_create(register)
