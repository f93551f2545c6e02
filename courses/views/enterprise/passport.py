"""The next employer's side of a passport: enter the code, see exactly what is shared, count it as proof."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.acts import passport
from courses.models import Obligation, Share, ShareItem
from courses.models.roster import at_work
from courses.rules.validity import State
from courses.views.enterprise.gate import manager
from credit.models import Employment, Enterprise
from credit.models.managers import managed_by


class CodeForm(forms.Form):
    """For which enterprise, and the code."""

    firm: Any = forms.ModelChoiceField(
        queryset=None, label="您代表哪家企业", widget=forms.Select({"class": "form-select"}),
        empty_label=None,
    )  # fmt: skip
    code = forms.CharField(
        label="分享码", max_length=40,
        widget=forms.TextInput({"class": "form-control", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, firms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["firm"]
        field.queryset = firms


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a code; a scanned one is there already."""
    firms = managed_by(request.user, timezone.localdate())
    if not firms.exists():
        raise Http404
    form = CodeForm(
        request.POST or None, firms=firms, initial={"code": request.GET.get("code", "")[:40]}
    )
    if request.method == "POST" and form.is_valid():
        firm = form.cleaned_data["firm"]
        try:
            found = passport.enter(
                form.cleaned_data["code"], firm=firm, by=request.user, now=timezone.now()
            )
            return redirect("enterprise:shared", firm.pk, found.pk)
        except passport.RefusedError as refusal:
            form.add_error("code", refusal.ruling.reason)
    return render(request, "courses/enterprise/passport.html", {"form": form})


@manager
@never_cache
@require_safe
def shared(request: HttpRequest, firm: Enterprise, pk: int) -> HttpResponse:
    """What is shared, and nothing else."""
    row = get_object_or_404(_known(firm), pk=pk)
    today = timezone.localdate()
    try:
        rounds = passport.look(row, firm=firm, by=request.user, now=timezone.now())
    except passport.RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
        return redirect("enterprise:passport")
    items = {
        item.enrolment_id: item for item in row.items.prefetch_related("counted__proof__taken_back")
    }
    work = _work_of(row, firm)
    asked = Obligation.objects.newest().filter(employment=work, paper=False) if work else []
    context = {
        "firm": firm, "acts": True, "share": row, "person": row.person, "work": work,
        "asked": [(one.requirement, one.name) for one in asked],
        "shown": [
            {
                "taken": taken, "item": items[taken.enrolment.pk],
                "held": [(one, one.standing(today)[0] == State.VALID, one.standing(today)[1].reason)
                         for one in taken.certificates],
                "proofs": [one.proof for one in items[taken.enrolment.pk].counted.all()],
            }
            for taken in rounds
        ],
    }  # fmt: skip
    return render(request, "courses/enterprise/shared.html", context)


def _known(firm: Enterprise) -> Any:
    """The shares whose code this enterprise entered."""
    rows = Share.objects.filter(looks__enterprise=firm).distinct()
    return rows.select_related("person", "ended")


def _work_of(row: Share, firm: Enterprise) -> Employment | None:
    works = at_work(
        Employment.objects.filter(enterprise=firm, person=row.person_id), timezone.localdate()
    )
    return works.select_related("enterprise").order_by("-began_on", "-pk").first()


@manager
@require_POST
def count(request: HttpRequest, firm: Enterprise, pk: int, item: int) -> HttpResponse:
    """Count a shared round as proof."""
    row = get_object_or_404(_known(firm), pk=pk)
    found = get_object_or_404(
        ShareItem.objects.select_related("share__person", "share__ended"), pk=item, share=row
    )
    work = _work_of(row, firm)
    try:
        if work is None:
            messages.error(request, "他还不是您单位的在岗员工，先登记入职再抵")
        else:
            passport.count(
                found, work, requirement=request.POST.get("requirement", "")[:80],
                by=request.user, now=timezone.now(),
            )  # fmt: skip
            messages.success(request, "已登记。错了可以在员工页面撤回。")
    except passport.RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("enterprise:shared", firm.pk, pk)
