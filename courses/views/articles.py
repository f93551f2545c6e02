"""法条变更: tell that an article changed, and clear one by one what cites it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.acts import articles
from courses.acts.exams import RefusedError
from courses.models import ArticleChange, Citation, Recheck, RecheckAnswer

PAGE_SIZE = 20
ADMIN = "wagtailadmin.access_admin"
_EDIT = {
    Recheck.Kind.LESSON: "wagtailadmin_pages:edit",
    Recheck.Kind.QUESTION: "wagtailsnippets_courses_question:edit",
    Recheck.Kind.EXAM: "wagtailsnippets_courses_exam:edit",
}
View = Callable[..., HttpResponseBase]


def reader(view: View) -> View:
    """For those who tell changes, clear them, or look on."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not articles.may_read(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(never_cache(guarded))


class ChangeForm(forms.Form):
    """Which article, since when, by which paper."""

    law = forms.CharField(label="法规名称", max_length=90, help_text="例如：安全生产法")
    article = forms.IntegerField(
        label="第几条（整部法规填 0）", min_value=0, max_value=9999, initial=0
    )
    changed_on = forms.DateField(label="从哪天起变", widget=forms.DateInput({"type": "date"}))
    paper = forms.CharField(label="文件（名称、文号）", max_length=200)
    note = forms.CharField(label="变了什么", max_length=500, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.fields.values():
            one.widget.attrs["class"] = "form-control"
        self.fields["law"].widget.attrs["list"] = "laws"


@reader
@require_http_methods(["GET", "HEAD", "POST"])
def changes(request: HttpRequest) -> HttpResponse:
    """The changes with how much waits, and a form for one more."""
    tells = request.user.has_perm(articles.TELL)
    if request.method == "POST" and not tells:
        raise PermissionDenied
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = articles.tell(**form.cleaned_data, by=request.user, today=timezone.localdate())
            messages.success(request, f"已登记，找到 {told.rechecks.count()} 项要复核。")
            return redirect("courses:article_change", told.pk)
        except RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    waiting = Count("rechecks", filter=Q(rechecks__answer__isnull=True))
    rows = ArticleChange.objects.annotate(found=Count("rechecks"), waiting=waiting)
    page = Paginator(rows.select_related("by").order_by("-pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    laws = Citation.objects.order_by("law").values_list("law", flat=True).distinct()[:200]
    context = {"form": form if tells else None, "page": page, "laws": laws, "query": ""}
    return render(request, "courses/office/articles.html", context)


@reader
@require_safe
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What cites the article, what nobody looked at first."""
    found = get_object_or_404(ArticleChange.objects.select_related("by"), pk=pk)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    rows = found.rechecks.select_related("answer__by").order_by("kind", "pk")
    kind = kind if kind in Recheck.Kind.values else ""
    if kind:
        rows = rows.filter(kind=kind)
    if state == "open":
        rows = rows.filter(answer__isnull=True)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    edits = request.user.has_perm(ADMIN)
    context = {
        "change": found,
        "page": page,
        "rows": [(one, _address(one) if edits else "") for one in page],
        "counts": found.rechecks.aggregate(
            all=Count("pk"), open=Count("pk", filter=Q(answer__isnull=True))
        ),
        "kinds": Recheck.Kind.choices,
        "kind": kind,
        "state": state,
        "outcomes": RecheckAnswer.Outcome.choices,
        "clears": request.user.has_perm(articles.CLEAR),
        "query": f"kind={kind}&state={'open' if state == 'open' else ''}&",
    }
    return render(request, "courses/office/article_change.html", context)


def _address(recheck: Recheck) -> str:
    """Where an editor changes it; certificates are changed by nobody."""
    view = _EDIT.get(Recheck.Kind(recheck.kind))
    return reverse(view, args=[recheck.target]) if view else ""


@reader
@require_POST
def clear(request: HttpRequest, pk: int) -> HttpResponse:
    """One is cleared by the person who looked."""
    recheck = get_object_or_404(Recheck.objects.select_related("change"), pk=pk)
    said = {name: request.POST.get(name, "") for name in ("outcome", "note")}
    try:
        articles.clear(recheck, **said, by=request.user)
        messages.success(request, f"已复核：{recheck.title}")
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("courses:article_change", recheck.change_id)
