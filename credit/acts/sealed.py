"""What credit keeps sealed, sealed anew with the newest key (``manage.py reseal`` calls it)."""

from django.db import transaction

from credit.models import Alert, ResponsiblePerson


def reseal_all() -> int:
    """Every sealed number and address; how many. One transaction a row: it may be stopped and run again."""
    persons = list(ResponsiblePerson.objects.exclude(number_sealed="").values_list("pk", flat=True))
    for pk in persons:
        _reseal_person(pk)
    alerts = list(Alert.objects.values_list("pk", flat=True))
    for pk in alerts:
        _reseal_alert(pk)
    return len(persons) + len(alerts)


@transaction.atomic
def _reseal_person(pk: int) -> None:
    person = ResponsiblePerson._base_manager.get(pk=pk)
    person.number = person.number
    sealed = {name: getattr(person, name) for name in ("number_sealed", "number_fingerprint")}
    ResponsiblePerson._base_manager.filter(pk=pk).update(**sealed)


@transaction.atomic
def _reseal_alert(pk: int) -> None:
    alert = Alert.objects.select_for_update().get(pk=pk)
    alert.address = alert.address
    alert.save(update_fields=["address_sealed", "address_fingerprint"])
