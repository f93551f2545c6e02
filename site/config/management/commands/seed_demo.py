"""``manage.py seed_demo``: fill a database with the fictional district; a second run keeps what is there."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.management import BaseCommand, call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import (
    ADMINISTRATOR,
    CREDIT_OFFICER,
    DECISION_OFFICER,
    EDITOR,
    ENTERPRISE_MANAGER,
    LABELS,
    LEGAL_OFFICER,
)
from config import demo_seed
from config.demo_district import DISTRICT, PLACES, SECTORS, firms
from config.demo_learners import seed_contest, seed_learners
from config.demo_training import seed_plan, seed_training
from credit.acts import open_data
from credit.models import Enterprise, Jurisdiction, Posting, Sector
from indicators.models import Observation

ROLES = [*LABELS, ADMINISTRATOR]  # two administrators: one alone makes no officer
PASSWORD_FILE = settings.VAR_DIR / "demo-password"


def logins() -> str:
    """One login per role, with the password drawn on this machine."""
    password = PASSWORD_FILE.read_text()
    lines = [f"演示账号 demo logins, password {password}"]
    for serial, role in enumerate(ROLES, start=1):
        where = (
            "（有案件在办 a case under way: /credit/mine/）" if role == ENTERPRISE_MANAGER else ""
        )
        lines.append(f"  1990000{serial:04}  {LABELS[role]} {role}{where}")
    lines[-1] += "（第二位：新的办案人员要另一位管理员确认 confirms new officers）"
    return "\n".join(lines)


class Command(BaseCommand):
    """Seed each part once; people get one login per role with a password drawn on this machine."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Each part looks for itself whether it is there, so a stopped seeding goes on."""
        today = timezone.localdate()
        new = not User.objects.filter(phone__startswith="+861990000").exists()
        with transaction.atomic():
            district = self._district()
            self._people(district)
        demo_seed.seed_pages()
        demo_seed.seed_owner()
        demo_seed.seed_records(today)
        manager = User.objects.filter(groups__name=ENTERPRISE_MANAGER).earliest("pk")
        officer = User.objects.filter(groups__name=CREDIT_OFFICER).earliest("pk")
        demo_seed.seed_cases(
            today,
            officer=officer,
            decider=User.objects.filter(groups__name=DECISION_OFFICER).earliest("pk"),
            reviewer=User.objects.filter(groups__name=LEGAL_OFFICER).order_by("pk").first(),
            manager=manager,
        )
        demo_seed.seed_requests(today, manager=manager)
        seed_training(today, manager=manager)
        seed_learners(today)
        seed_contest(today)
        seed_plan(today, officer=officer, district=district)
        open_data.publish_day(today)
        # Observations come last: with them the seeding is done, and the index was written before.
        if not Observation.objects.exists():
            call_command("update_index", verbosity=0)
        demo_seed.seed_observations(User.objects.filter(groups__name=EDITOR).earliest("pk"))
        if new:
            self.stdout.write(logins())

    def _district(self) -> Jurisdiction:
        district, new = Jurisdiction.objects.get_or_create(
            code=DISTRICT[0], defaults={"name": DISTRICT[1], "kind": "district"}
        )
        if new:
            for code, name, kind in PLACES:
                Jurisdiction.objects.create(code=code, name=name, kind=kind, parent=district)
            Sector.objects.bulk_create(
                Sector(code=code, name=name, high_risk=risk) for code, name, risk in SECTORS
            )
            _register()
        return district

    def _people(self, district: Jurisdiction) -> None:
        people = User.objects.filter(phone__startswith="+861990000")
        password = PASSWORD_FILE.read_text() if PASSWORD_FILE.exists() else ""
        if password and any(person.check_password(password) for person in people):
            return
        password = f"anxin-{secrets.token_hex(4)}"
        PASSWORD_FILE.touch(mode=0o600)
        PASSWORD_FILE.write_text(password)
        if not people:
            self._make_people(district)
        # Hashed once for all; another database under the same var/ may have drawn its own since.
        people.update(password=make_password(password))

    def _make_people(self, district: Jurisdiction) -> None:
        for serial, role in enumerate(ROLES, start=1):
            phone = f"1990000{serial:04}"
            second = "（第二位）" if serial > len(LABELS) else ""
            person = User.objects.create_user(
                phone, phone_verified=True, real_name=f"演示{LABELS[role]}{second}"
            )
            person.groups.add(Group.objects.get(name=role))
            if role.endswith("_officer"):
                Posting.objects.create(officer=person, place=district)


def _register() -> None:
    """The fictional firms, before the bureau's own file adds what it knows of them."""
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
    Enterprise.objects.bulk_create(register)
