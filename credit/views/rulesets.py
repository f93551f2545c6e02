"""The office's pages for rule-sets: what is in force, drafts, simulations, adoption. They carry."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.acts import rulesets as acts
from credit.acts import simulation as simulations
from credit.acts.reach import register_of
from credit.models import Enterprise, RulesetDraft, RulesetVersion, Simulation
from credit.models.rulesets import timeline
from credit.rules.differences import Change, differences
from credit.rules.ruleset import Ruleset, parse_ruleset, problems_of
from credit.tasks import simulate as simulate_later
from credit.views.simulation_report import report, workbook

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEES: Final = (acts.DRAFT, acts.ADOPT, "credit.view_rulesetversion")
PAGE_SIZE: Final = 20
View = Callable[..., HttpResponseBase]


def office(view: View) -> View:
    """Only for those who draft, adopt or audit."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not any(request.user.has_perm(permission) for permission in SEES):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


class DraftForm(forms.Form):
    """A title and a text, typed or from a file; a file wins."""

    title = forms.CharField(label="标题", max_length=80)
    text = forms.CharField(
        label="内容（TOML）", required=False, max_length=acts.LONGEST, strip=False,
        widget=forms.Textarea,
    )  # fmt: skip
    file = forms.FileField(label="或上传 .toml 文件", required=False, allow_empty_file=True)

    def clean_file(self) -> str:
        """The text of the file; "" without one."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return ""
        if (file.size or 0) > 4 * acts.LONGEST:
            raise forms.ValidationError("文件太大，规则集一般只有几十 KB，请核对")
        try:
            text = str(file.read(), "utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError("文件不是 UTF-8 编码，请另存为 UTF-8 后再上传") from error
        if not text.strip() or "\0" in text:
            raise forms.ValidationError("文件是空的，或不是文本文件")
        return text


class SimulationForm(forms.Form):
    """As of which day, and how."""

    as_of = forms.DateField(label="截至日期")
    every_record = forms.BooleanField(required=False)


# -- Pages -----------------------------------------------------------------------------------------------


@office
@require_safe
def rulesets(request: HttpRequest) -> HttpResponse:
    """Every version, what is in force, and the drafts."""
    drafts = RulesetDraft.objects.select_related("drafted_by").defer("text")
    context = {
        "versions": RulesetVersion.objects.select_related("adopted_by").defer("text"),
        "now": timeline(timezone.localdate()).now,
        "page": Paginator(drafts, PAGE_SIZE).get_page(request.GET.get("page")),
        "today": timezone.localdate(),
    }
    return render(request, "credit/office/rulesets.html", context)


@office
@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: who adopted it and why, what it changed, its text."""
    found = get_object_or_404(
        RulesetVersion.objects.select_related("adopted_by", "proposed_by"), pk=pk
    )
    earlier = RulesetVersion.objects.filter(effective_from__lt=found.effective_from).first()
    context = {
        "version": found,
        "earlier": earlier,
        "sections": _sections(earlier.ruleset, found.ruleset) if earlier else [],
        "unconfirmed": found.ruleset.unconfirmed(),
    }
    return render(request, "credit/office/ruleset.html", context)


@office
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A new draft from what is in force."""
    today = timezone.localdate()
    title = request.POST.get("title", "").replace("\0", "").strip() or f"{today} 修订草案"
    try:
        made = acts.begin_draft(officer=request.user, title=title, today=today)
    except acts.RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("credit:rulesets")
    return redirect("credit:ruleset_draft", made.pk)


@office
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft: its text, its problems, what it changes, its simulations."""
    found = get_object_or_404(RulesetDraft.objects.select_related("drafted_by"), pk=pk)
    form = DraftForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            acts.edit_draft(
                found,
                officer=request.user,
                title=given["title"],
                text=given["file"] or given["text"],
            )
        except acts.RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已保存。")
            return redirect("credit:ruleset_draft", pk)
    return _show_draft(request, found, form)


def _show_draft(request: HttpRequest, found: RulesetDraft, form: DraftForm) -> HttpResponse:
    now = timeline(timezone.localdate()).now
    problems = problems_of(found.text)
    sections = [] if problems else _sections(now, parse_ruleset(found.text))
    context = {
        "draft": found,
        "form": form,
        "text": form.data.get("text", found.text),
        "problems": problems,
        "now": now,
        "sections": sections,
        "simulations": found.simulations.select_related("run_by").defer("text", "result"),
        "mine": found.drafted_by_id == request.user.pk and request.user.has_perm(acts.DRAFT),
        "today": timezone.localdate(),
    }
    status = 422 if form.errors else 200
    return render(request, "credit/office/ruleset_draft.html", context, status=status)


@office
@require_POST
def simulate(request: HttpRequest, pk: int) -> HttpResponse:
    """Run a draft over the register, in the background."""
    found = get_object_or_404(RulesetDraft, pk=pk)
    form = SimulationForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请填写截至日期，例如 2027-01-01")
        return redirect("credit:ruleset_draft", pk)
    try:
        started = simulations.start(found, officer=request.user, **form.cleaned_data)
    except acts.RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("credit:ruleset_draft", pk)
    simulate_later.delay_on_commit(started.pk)  # type: ignore[attr-defined]  # DjangoTask's
    return redirect("credit:simulation", started.pk)


@office
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a simulation that broke or hangs once more; one that is done stays."""
    found = get_object_or_404(Simulation, pk=pk)
    if not request.user.has_perm(acts.DRAFT):
        raise PermissionDenied
    if found.state != Simulation.State.DONE:
        simulate_later.delay_on_commit(found.pk)  # type: ignore[attr-defined]  # DjangoTask's
        messages.success(request, "已重新排队。")
    return redirect("credit:simulation", pk)


@office
@require_safe
def simulation(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress of a simulation, then what it found."""
    return _show_simulation(request, _simulation(pk))


def _simulation(pk: int) -> Simulation:
    known = Simulation.objects.select_related("draft__drafted_by", "run_by", "adopted")
    return get_object_or_404(known, pk=pk)


def _show_simulation(request: HttpRequest, found: Simulation, refusal: str = "") -> HttpResponse:
    adopted = getattr(found, "adopted", None)
    context: dict[str, Any] = {
        "simulation": found,
        "running": found.state in (Simulation.State.WAITING, Simulation.State.RUNNING),
        "adopted": adopted,
        "refusal": refusal,
    }
    if found.state == Simulation.State.DONE:
        now = timeline(found.as_of).now
        context |= report(found, _register(request))
        context["sections"] = _sections(now, parse_ruleset(found.text))
        if request.user.has_perm(acts.ADOPT) and not adopted:
            context["objection"] = acts.objection_to(found, request.user, timezone.localdate())
            context["may_adopt"] = True
    status = 422 if refusal else 200
    return render(request, "credit/office/simulation.html", context, status=status)


@office
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The result as a workbook."""
    found = get_object_or_404(
        Simulation.objects.select_related("draft"), pk=pk, state=Simulation.State.DONE
    )
    answer = HttpResponse(workbook(found, _register(request)), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="simulation-{pk}.xlsx"'
    return answer


@office
@require_POST
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Adopt the text that was simulated."""
    found = _simulation(pk)
    reason = request.POST.get("reason", "").replace("\0", "")
    try:
        made = acts.adopt(found, officer=request.user, reason=reason, today=timezone.localdate())
    except acts.RefusedError as refused:
        return _show_simulation(request, _simulation(pk), str(refused))
    messages.success(request, f"已批准，{made.effective_from} 起施行。")
    return redirect("credit:ruleset", made.pk)


def _register(request: HttpRequest) -> QuerySet[Enterprise]:
    """Whose names this person may read: an auditor all, an officer those in reach."""
    return register_of(request.user, (acts.DRAFT, acts.ADOPT), "credit.view_rulesetversion")


def _sections(old: Ruleset, new: Ruleset) -> list[tuple[str, list[Change]]]:
    """The differences, section by section."""
    grouped: dict[str, list[Change]] = {}
    for change in differences(old, new):
        grouped.setdefault(change.section, []).append(change)
    return list(grouped.items())
