"""An entry that has run its term ends by itself; the day after, an event says so and its measures are lifted.

Nothing depends on the nightly run: who reads an entry or a measure compares days. Source: 应急管理部令第11号.
"""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef

from credit.acts import measures
from credit.acts.casework import event
from credit.models import CaseEvent, ListEntry
from credit.models.rulesets import timeline
from credit.rules.terms import printed


@transaction.atomic
def expire_entries(*, today: date) -> int:
    """Say of every entry whose term is over that it ended; how many are new. May be run again."""
    said = CaseEvent.objects.filter(case=OuterRef("case"), action="expire")
    held = ListEntry._base_manager.select_for_update(of=("self",)).select_related("case")
    over = held.filter(~Exists(said), removed_on__isnull=True, ends_on__lte=today)
    entries = list(over.order_by("ends_on", "pk"))
    rules = timeline(today)
    for entry in entries:
        reason = f"管理期限于{printed(entry.ends_on)}届满，自动移出名单"
        article = rules.on(entry.listed_on).terms[f"{entry.colour}.term"].article
        lifted = measures.lift(entry, on=entry.ends_on, reason=reason)
        written = {"ends_on": entry.ends_on, "measures_lifted": lifted}
        event(entry.case, ("expire", "期满移出"), None, entry.ends_on, reason, article, written)
    return len(entries)
