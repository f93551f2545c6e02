"""The enterprise's own file: every fact with its source and history, the score, cases, messages."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from credit.acts import party
from credit.acts.attachments import files_of
from credit.acts.casework import calendar
from credit.acts.informing import consent_of
from credit.models import Enterprise, ListEntry, Message, Objection, Score, ScoreLine, Violation
from credit.models.kinds import FACT_MODELS as MODELS
from credit.models.kinds import PUBLIC_KINDS
from credit.models.managers import managed_by
from credit.models.objections import line_of, title_of
from credit.models.rulesets import in_force, timeline
from credit.rules.cases import hearing_due
from credit.views.portal.gate import manager

MOST = 100  # of each kind on the first page of a file
_TECHNICAL = {
    "id", "enterprise", "identity", "supersedes", "batch", "replaced_at", "withdrawn_at", "source",
    "source_key", "recorded_at", "public_until",
}  # fmt: skip
# The day of a fact by its kind, and what an office asked for where the law says how long.
_DAYS = {
    ("violation", "发生日期"): "处罚决定日期",
    ("violation", "公示截止"): "处罚机关填报的公示截止",
    ("majorhazard", "发生日期"): "认定日期",
    ("majorhazard", "终止日期"): "销号日期",
    ("permitchange", "发生日期"): "许可决定日期",
    ("permitchange", "终止日期"): "有效期至",
    ("commendation", "发生日期"): "表彰日期",
    ("commendation", "终止日期"): "有效期至",
    ("standardisation", "发生日期"): "发证日期",
    ("standardisation", "终止日期"): "有效期至",
    ("liabilityinsurance", "发生日期"): "保险起期",
    ("liabilityinsurance", "终止日期"): "保险止期",
    ("dutyreport", "发生日期"): "带班日期",
}


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Which enterprise; straight into the file where there is one."""
    firms = list(managed_by(request.user, timezone.localdate()).select_related("place"))
    if len(firms) == 1:
        return redirect("credit:mine_file", firms[0].pk)
    return render(request, "credit/portal/choose.html", {"firms": firms})


@manager
@require_safe
def own_file(request: HttpRequest, firm: Enterprise) -> HttpResponse:
    """All of it on one page."""
    today = timezone.localdate()
    cases = list(party.cases_of(firm).order_by("-pk")[:20])
    holidays = calendar()
    kinds = [_facts(kind, firm, today) for kind in MODELS]
    context = {
        "firm": firm,
        "today": today,
        "kinds": kinds,
        "none_of": [group["name"] for group in kinds if not group["rows"]],
        "score": Score.objects.filter(enterprise=firm).first(),
        "ruleset": in_force(today),
        "lines": ScoreLine.objects.filter(enterprise=firm).order_by("-happened_on", "pk")[:MOST],
        "entries": ListEntry.objects.in_force(today).filter(enterprise=firm),
        "cases": [
            (case, hearing_due(case.notice_served_on, holidays, timeline())) for case in cases
        ],
        "letters": Message.objects.filter(to=request.user.pk, enterprise=firm)[:5],
        "open_objections": Objection.objects.open().filter(enterprise=firm).count(),
        "consent": consent_of(firm, today),
    }
    return render(request, "credit/portal/file.html", context)


def _public(kind: str, today: Any) -> Any:
    """Those of a kind that the public reads today."""
    if kind == "violation":
        return Violation.objects.public(today)
    current = MODELS[kind]._default_manager.current()
    return current if kind in PUBLIC_KINDS else current.none()


def _facts(kind: str, firm: Enterprise, today: Any) -> dict[str, Any]:
    """The newest word on each fact of a kind, withdrawn ones too; ``shown``: the public reads it."""
    model = MODELS[kind]
    facts = model._default_manager.filter(enterprise=firm, replaced_at__isnull=True)
    public = _public(kind, today)
    rows = facts.annotate(shown=Exists(public.filter(pk=OuterRef("pk")))).order_by("-happened_on")
    return {"kind": kind, "name": model._meta.verbose_name, "rows": list(rows[:MOST])}


@manager
@require_safe
def own_record(request: HttpRequest, firm: Enterprise, kind: str, pk: int) -> HttpResponse:
    """One fact as it stands: what it says, where it comes from, each version, its files and objections."""
    if kind not in MODELS:
        raise Http404
    facts = MODELS[kind]._default_manager
    found = facts.filter(enterprise=firm, pk=pk, replaced_at__isnull=True).first()
    if found is None:
        raise Http404
    versions = list(facts.versions_of(found).order_by("-pk"))
    context = {
        "firm": firm,
        "kind": kind,
        "record": found,
        "title": title_of(found),
        "said": [(_DAYS.get((kind, name), name), value) for name, value in _said(found)],
        "versions": [
            (one, _changed(one, versions[n + 1 : n + 2])) for n, one in enumerate(versions)
        ],
        "withdrawals": _withdrawals(versions),
        "files": files_of(*versions).filter(for_party=True),
        "objections": Objection.objects.filter(enterprise=firm, line__endswith=line_of(found)),
        "shown": _public(kind, timezone.localdate()).filter(pk=pk).exists(),
    }
    return render(request, "credit/portal/record.html", context)


def _said(fact: Any) -> list[tuple[str, Any]]:
    """The fact's own fields as (name, value): days as days, choices in words, empty ones left out."""
    fields = [one for one in fact._meta.concrete_fields if one.name not in _TECHNICAL]
    values = [(one.verbose_name, _value(fact, one)) for one in fields]
    return [(name, value) for name, value in values if value not in (None, "")]


def _value(fact: Any, field: Any) -> Any:
    if field.choices:
        return getattr(fact, f"get_{field.name}_display")()
    value = getattr(fact, field.name)
    if isinstance(value, Decimal):
        return f"{value:,.2f}".removesuffix(".00")
    return ("是" if value else "否") if isinstance(value, bool) else value


def _changed(fact: Any, before: list[Any]) -> list[tuple[str, Any, Any]]:
    """What a correction changed: (name, before, now)."""
    if not before:
        return []
    old = dict(_said(before[0]))
    new = dict(_said(fact))
    names = [*new, *(name for name in old if name not in new)]
    return [(n, old.get(n, "—"), new.get(n, "—")) for n in names if old.get(n) != new.get(n)]


def _withdrawals(versions: list[Any]) -> list[Any]:
    if not hasattr(versions[0], "withdrawals"):
        return []
    related = versions[0].withdrawals.model
    name = versions[0].withdrawals.field.name
    return list(related.objects.filter(**{f"{name}__in": versions}))
