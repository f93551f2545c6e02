"""What the enterprise's side adds to pages of others: files, what the party sent, unread messages."""

from typing import Any

from django import template
from django.utils import timezone

from credit.acts.attachments import files_of
from credit.acts.casework import OPEN
from credit.acts.informing import consent_of, receipts
from credit.models import ListCase, Message
from credit.models.managers import EnterpriseManager
from credit.models.objections import title_of
from credit.views.party_forms import EvidenceForm

register = template.Library()


@register.inclusion_tag("credit/office/_files.html", takes_context=True)
def evidence(context: Any, row: Any, kind: str) -> dict[str, Any]:
    """The files about a fact or a case, and the form to add some, for officers."""
    user = context["request"].user
    return {
        "files": files_of(row),
        "kind": kind,
        "pk": row.pk,
        "may_write": user.has_perm(OPEN),
        "form": EvidenceForm(today=timezone.localdate()),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("credit/office/_party.html", takes_context=True)
def party_of(context: Any, case: ListCase) -> dict[str, Any]:
    """What the party sent in a case, who was told and read it, and whether that is service."""
    sent = list(case.party_statements.select_related("by", "taken__by"))
    return {
        "case": case,
        "sent": [
            (one, [f for f in files_of(*sent) if f.subject.endswith(f":{one.pk}")]) for one in sent
        ],
        "receipts": receipts(case),
        "consent": consent_of(case.enterprise_id, timezone.localdate()),
        "may_write": context["request"].user.has_perm(OPEN),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def unread_messages(person: Any) -> int:
    """How many of this person's messages were not opened yet."""
    return Message.objects.filter(to=person.pk, read_at=None).count()


@register.simple_tag
def manages_a_firm(person: Any) -> bool:
    """Whether this person acts for an enterprise today."""
    standing = EnterpriseManager.objects.standing(timezone.localdate())
    return standing.filter(person=person.pk).exists()


@register.filter
def heading(fact: Any) -> str:
    """What a fact of any kind is called."""
    return title_of(fact)
