"""One employee: what is owed and why, the proofs on paper, and how the roster changed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.acts import photos, proofs
from courses.acts.managing import RefusedError
from courses.acts.owed import courses_for, stands
from courses.models import OutsideProof, RosterChange
from courses.rules.pictures import LARGEST
from courses.rules.requirements import trades
from courses.views.enterprise.gate import manager, reader
from courses.views.wallet import PhotoForm, photo_address
from credit.models import Employment, Enterprise


class ProofForm(forms.Form):
    """Training outside the platform, with its paper."""

    requirement = forms.ChoiceField(
        label="哪一项要求", widget=forms.Select({"class": "form-select"})
    )
    done_on = forms.DateField(
        label="完成日期（证件填发证或最近一次复审的日期）",
        widget=forms.DateInput({"type": "date", "class": "form-control"}),
    )
    hours = forms.IntegerField(
        label="学时（证件不用填）",
        required=False,
        min_value=0,
        max_value=proofs.MOST_HOURS,
        widget=forms.NumberInput({"class": "form-control"}),
    )
    paper = forms.CharField(
        label="证明材料的名称和编号",
        max_length=200,
        widget=forms.TextInput({"class": "form-control"}),
    )

    def __init__(self, *args: Any, asked: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["requirement"]
        field.choices = asked


def _work(firm: Enterprise, pk: int) -> Employment:
    rows = Employment.objects.select_related("person", "enterprise")
    return get_object_or_404(rows, enterprise=firm, pk=pk)


@reader
@never_cache
@require_safe
def person(request: HttpRequest, firm: Enterprise, pk: int, *, acts: bool) -> HttpResponse:
    """Everything about one employment."""
    work = _work(firm, pk)
    return render(request, "courses/enterprise/person.html", _context(firm, work, acts=acts))


def _context(
    firm: Enterprise, work: Employment, *, acts: bool, form: ProofForm | None = None
) -> dict[str, Any]:
    today = timezone.localdate()
    rows = list(
        work.obligations.select_related("employment", "certificate", "proof").order_by(
            "requirement", "cycle"
        )
    )
    courses = courses_for({row.requirement for row in rows if row.met_on is None})
    asked = list({row.requirement: row.name for row in rows}.items())
    return {
        "firm": firm, "acts": acts, "work": work,
        "trades": [trades().get(code, code) for code in (work.trades or "").split()],
        "owed": [stands(row, today, courses) for row in rows],
        "proofs": OutsideProof.objects.standing().filter(employment=work).select_related("by"),
        "changes": RosterChange.objects.filter(employment=work).select_related("by"),
        "form": form or ProofForm(asked=asked),
        "photo": photo_address(work.person) if acts else "", "photo_form": PhotoForm(),
    }  # fmt: skip


@manager
@require_POST
def prove(request: HttpRequest, firm: Enterprise, pk: int) -> HttpResponse:
    """Record a proof."""
    work = _work(firm, pk)
    asked = list(work.obligations.order_by("requirement").values_list("requirement", "name"))
    form = ProofForm(request.POST, asked=list(dict(asked).items()))
    if form.is_valid():
        said = form.cleaned_data
        try:
            proofs.tell(
                work, requirement=said["requirement"], done_on=said["done_on"],
                hours=said["hours"] or 0, paper=said["paper"], by=request.user,
                today=timezone.localdate(),
            )  # fmt: skip
            messages.success(request, "已登记。请妥善保管证明材料，检查时要看原件。")
            return redirect("enterprise:person", firm.pk, pk)
        except RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
    context = _context(firm, work, acts=True, form=form)
    return render(request, "courses/enterprise/person.html", context, status=422)


@manager
@require_POST
def photo(request: HttpRequest, firm: Enterprise, pk: int) -> HttpResponse:
    """Upload the picture of somebody who works here, or delete it."""
    work, now = _work(firm, pk), timezone.now()
    form = PhotoForm(request.POST, request.FILES)
    try:
        if "delete" in request.POST:
            photos.delete(work.person, by=request.user, now=now)
            messages.success(request, "照片已删除。")
        elif form.is_valid():
            content = form.cleaned_data["photo"].read(LARGEST + 1)
            photos.keep(work.person, content, by=request.user, now=now)
            messages.success(request, "照片已保存，会印在证书上。已告诉员工本人，他可以随时删除。")
        else:
            messages.error(request, "；".join(map(str, form.errors["photo"])))
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("enterprise:person", firm.pk, pk)


@manager
@require_POST
def take_back(request: HttpRequest, firm: Enterprise, pk: int, proof: int) -> HttpResponse:
    """A proof was wrong."""
    rows = OutsideProof.objects.filter(employment=pk, employment__enterprise=firm)
    found = get_object_or_404(rows.select_related("employment__enterprise"), pk=proof)
    try:
        proofs.take_back(found, by=request.user, today=timezone.localdate())
        messages.success(request, "已撤回。")
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("enterprise:person", firm.pk, pk)
