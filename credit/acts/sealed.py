"""What credit keeps sealed, sealed anew with the newest key (``manage.py reseal`` calls it)."""

from django.db import transaction

from credit.models import ResponsiblePerson


def reseal_all() -> int:
    """Every sealed number; how many. One transaction a row: it may be stopped and run again."""
    persons = list(ResponsiblePerson.objects.exclude(number_sealed="").values_list("pk", flat=True))
    for pk in persons:
        _reseal_person(pk)
    return len(persons)


@transaction.atomic
def _reseal_person(pk: int) -> None:
    person = ResponsiblePerson._base_manager.get(pk=pk)
    person.number = person.number
    sealed = {name: getattr(person, name) for name in ("number_sealed", "number_fingerprint")}
    ResponsiblePerson._base_manager.filter(pk=pk).update(**sealed)
