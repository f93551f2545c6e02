"""The auditor's pages: who did what to whose standing, searched, read, taken away as a table (which is logged)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.apps import apps
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from credit.acts import anchors
from credit.acts import audit as acts
from credit.models import (
    AuditEntry,
    Enterprise,
    Jurisdiction,
    ListCase,
    Posting,
)
from credit.models.history import end_of
from credit.models.kinds import FACT_MODELS
from credit.rules.verbs import VERBS
from credit.views.downloads import as_csv
from credit.views.narrowing import query_of

PAGE_SIZE: Final = 30
CHECKED: Final = 200  # of the newest entries, whenever the page is opened; all of them every night
HEADINGS: Final = (
    "序号",
    "时间",
    "办理",
    "办理人",
    "企业",
    "统一社会信用代码",
    "对象",
    "内容",
    "指纹",
)
KEYS: Final = {
    "on": "日期", "reason": "理由", "article": "依据", "written": "写入", "paper": "文书", "state": "状态",
    "grounds": "情形", "before": "原来", "after": "现在", "rows": "行数", "asked": "查询条件",
    "text": "内容", "number": "文号", "name": "名称", "kind": "类别", "version": "版本", "sha256": "文件指纹",
    "scan_sha256": "扫描件指纹", "day": "日期", "to": "交给", "case": "案件", "how": "方式", "files": "文件数",
    "lists": "名单", "active": "推送中", "about": "对象", "statement": "说明", "penalty": "处罚", "ids": "编号",
}  # fmt: skip

_may_read = permission_required("credit.view_auditentry", raise_exception=True)


def auditors(view: Any) -> Any:
    """Only for those who may read the log; a stranger logs in first."""
    return login_required(_may_read(view))


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked for, and the entries that answer; ``problem`` names what cannot be."""

    asked: dict[str, str]
    entries: QuerySet[AuditEntry]
    problem: str


def _search(request: HttpRequest) -> Search:
    said = request.POST if request.method == "POST" else request.GET
    names = ("verb", "person", "enterprise", "since", "until", "subject")
    asked = {name: said.get(name, "").replace("\x00", "").strip()[:80] for name in names}
    entries = _in_reach(request).select_related("actor", "enterprise")
    if asked["verb"]:
        entries = entries.filter(verb=asked["verb"])
    if asked["person"]:
        entries = entries.filter(actor__real_name__contains=asked["person"])
    if asked["enterprise"]:
        found = Enterprise.objects.matching(asked["enterprise"]).order_by()
        entries = entries.filter(enterprise__in=found.values("pk"))
    if asked["subject"]:
        entries = entries.filter(subject__startswith=asked["subject"])
    problem = ""
    for name in ("since", "until"):
        entries, fault = _by_day(entries, name, asked[name])
        problem = problem or fault
    return Search(asked, entries, problem)


def _by_day(entries: Any, name: str, said: str) -> tuple[Any, str]:
    if not said:
        return entries, ""
    try:
        day = parse_date(said)
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2100:
        return entries, f"日期“{said}”不能查，请写成 2026-05-01 这样"
    if name == "until":
        return entries.filter(at__lt=end_of(day)), ""
    return entries.filter(at__gte=end_of(day) - timedelta(days=1)), ""


def _in_reach(request: HttpRequest) -> QuerySet[AuditEntry]:
    """All of it; for one who is posted somewhere, the enterprises there and what is about none."""
    entries = AuditEntry.objects.all()
    if request.user.is_superuser or not Posting.objects.filter(officer=request.user.pk).exists():
        return entries
    places = Jurisdiction.objects.of_officer(request.user)
    return entries.filter(Q(enterprise__isnull=True) | Q(enterprise__place__in=places))


@auditors
@require_safe
def entries(request: HttpRequest) -> HttpResponseBase:
    """The log, newest first, with the state of the chain."""
    search = _search(request)
    page = Paginator(search.entries, PAGE_SIZE).get_page(request.GET.get("page"))
    verbs = AuditEntry.objects.order_by("verb").values_list("verb", flat=True).distinct()
    context = {
        "page": page,
        "rows": [
            (entry, VERBS.get(entry.verb, entry.verb), *_about(entry.subject)) for entry in page
        ],
        "asked": search.asked,
        "problem": search.problem,
        "verbs": [(verb, VERBS.get(verb, verb)) for verb in verbs],
        "query": query_of(search.asked),
        **_chain(),
    }
    status = 400 if search.problem else 200
    return render(request, "credit/office/audit.html", context, status=status)


def _chain() -> dict[str, Any]:
    """How far the log reaches, whether its newest part is whole, and what the last night found."""
    newest = AuditEntry.objects.order_by("-number").first()
    since = max((newest.number if newest else 1) - CHECKED, 1)
    return {
        "newest": newest,
        "since": since,
        "faults": [*acts.faults(since), *anchors.lost()],
        "anchor": anchors.newest(),
    }


@auditors
@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponseBase:
    """One entry, what it says in words, and whether its digest holds."""
    found = get_object_or_404(
        _in_reach(request).select_related("actor", "enterprise"), number=number
    )
    said = json.loads(found.said)
    context = {
        "entry": found,
        "verb": VERBS.get(found.verb, found.verb),
        "about": _about(found.subject),
        "said": [(KEYS.get(key, key), _plain(value)) for key, value in said.items()],
        "whole": found.digest == found.computed_digest(),
    }
    return render(request, "credit/office/audit_entry.html", context)


def _about(subject: str) -> tuple[str, str]:
    """What "credit.listcase:12" is called, and the address of its page; "" where it has none."""
    label, _, pk = subject.rpartition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return subject, ""
    words, kind = f"{model._meta.verbose_name} {pk}", model._meta.model_name or ""
    if not pk.isdecimal():
        return words, ""
    if model is ListCase:
        return words, reverse("credit:case", args=[pk])
    return words, reverse("credit:record", args=[kind, pk]) if kind in FACT_MODELS else ""


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, indent=2)
    return str(value)


@auditors
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """What was searched for, as a table; the log says who took it away."""
    search = _search(request)
    asked = {name: value for name, value in search.asked.items() if value}
    rows = search.entries.count()
    acts.log("audit.export", by=request.user, subject=request.user, asked=asked, rows=rows)  # type: ignore[arg-type]
    name = f"审计记录-{timezone.localdate().isoformat()}"
    return as_csv(name, HEADINGS, _lines(search.entries))


def _lines(found: QuerySet[AuditEntry]) -> Iterator[list[Any]]:
    for one in found.iterator(chunk_size=2000):
        firm = one.enterprise
        yield [
            one.number, timezone.localtime(one.at).isoformat(timespec="seconds"),
            VERBS.get(one.verb, one.verb), str(one.actor) if one.actor else "系统",
            firm.name if firm else "", firm.number if firm else "", one.subject, one.said, one.digest,
        ]  # fmt: skip


__all__ = ["entries", "entry", "export"]
