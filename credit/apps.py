"""The credit app: register, records, lists."""

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_save

CHANGES_A_LIST = frozenset({"publish", "remove", "expire", "suspend", "resume", "change"})


class CreditConfig(AppConfig):
    """安全生产信用."""

    name = "credit"
    verbose_name = "安全生产信用"

    def ready(self) -> None:
        """Hear of every step of a case: its written event is the one thing that no step can leave out."""
        from credit.checks import pushes_stay_outside, signing_keys_given
        from credit.models import CaseEvent

        checks.register(signing_keys_given, deploy=True)
        checks.register(pushes_stay_outside, deploy=True)
        post_save.connect(tell_the_outside, sender=CaseEvent, dispatch_uid="credit.outside")


def tell_the_outside(instance: Any, **kwargs: Any) -> None:
    """After every step that changes what a list shows: open data and pushes follow at once, in the background."""
    if instance.action in CHANGES_A_LIST:
        from credit.tasks import plan_pushes, publish_open_data

        plan_pushes.delay_on_commit()  # type: ignore[attr-defined]  # DjangoTask's
        publish_open_data.delay_on_commit()  # type: ignore[attr-defined]
