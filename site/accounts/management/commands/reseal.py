"""``manage.py reseal``: seal every number, second factor and mail address anew with the newest key."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management import BaseCommand
from django.db import transaction

from accounts import sealing
from accounts.models import User
from courses.acts import passport, photos
from credit.acts.sealed import reseal_all

SEALED = ("secret", "seed")  # where allauth keeps what SealedMFAAdapter sealed


class Command(BaseCommand):
    """Run it after a new key was put in front, and before the old one is dropped."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """One transaction a row: it may be stopped and run again."""
        people = User.objects.exclude(id_number_sealed="").values_list("pk", flat=True)
        factors = Authenticator.objects.values_list("pk", flat=True)
        for pk in list(people):
            _reseal_person(pk)
        for pk in list(factors):
            _reseal_factor(pk)
        kept, pictures, codes = reseal_all(), photos.reseal_all(), passport.reseal_all()
        said = f"{len(people)} people, {len(factors)} second factors, {kept} of credit"
        self.stdout.write(f"resealed: {said}, {pictures} pictures, {codes} codes")


@transaction.atomic
def _reseal_person(pk: int) -> None:
    person = User.objects.select_for_update().get(pk=pk)
    person.id_number = person.id_number
    person.save(update_fields=["id_number_sealed", "id_number_fingerprint"])


@transaction.atomic
def _reseal_factor(pk: int) -> None:
    factor = Authenticator.objects.select_for_update().get(pk=pk)
    for name in SEALED:
        if name in factor.data:
            factor.data[name] = sealing.seal(sealing.unseal(factor.data[name]))
    factor.save(update_fields=["data"])
