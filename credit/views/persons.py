"""Responsible persons of one record: who is written down, and the forms to add, correct and withdraw."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from credit.acts import persons as acts
from credit.acts.cases import OPEN, RefusedError
from credit.models import Accident, ResponsiblePerson, Violation
from credit.views.case_forms import DayInput, StepForm
from credit.views.cases import office
from credit.views.records import fact_of

REMEDY = {"invalid_choice": "请从列表中选"}


class PersonForm(StepForm):
    """A person as the paper names them; all of it is asked again for a correction."""

    name = forms.CharField(label="姓名", max_length=60)
    number = forms.CharField(
        label="身份证号码（可留空；密封保存，公开时隐去）", max_length=30, required=False
    )
    role = forms.ChoiceField(
        label="责任身份", choices=ResponsiblePerson.Role.choices, error_messages=REMEDY
    )
    finding = forms.CharField(label="文书认定的责任和处理", widget=forms.Textarea, max_length=2000)
    notice_served_on = forms.DateField(
        label="本人告知书送达日期（没有告知本人的，永远不公开）", widget=DayInput, required=False
    )


class WithdrawalForm(StepForm):
    """Why the person no longer counts."""

    reason = forms.CharField(label="撤销的理由和依据的文书", widget=forms.Textarea, max_length=2000)


def _paper_of(request: HttpRequest, kind: str, pk: int) -> Violation | Accident:
    """Only a penalty or an accident names persons. Raises Http404."""
    fact = fact_of(request, kind, pk)
    if not isinstance(fact, Violation | Accident):
        raise Http404
    return fact


@office
@require_http_methods(["GET", "POST"])
def persons(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The persons of a record; POST adds one, or corrects the one that ``of`` names."""
    fact = _paper_of(request, kind, pk)
    today = timezone.localdate()
    form = PersonForm(request.POST or None, today=today)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        old = _of(fact, request.POST["of"]) if request.POST.get("of") else None
        try:
            acts.record_person(
                fact, officer=request.user, today=today, supersedes=old, **form.cleaned_data
            )
        except RefusedError as refused:
            refusal = refused.printed
        else:
            messages.success(request, "已登记。")
            return redirect("credit:persons", kind, pk)
    context = {
        "kind": kind,
        "record": fact,
        "form": form,
        "withdrawal": WithdrawalForm(today=today),
        "refusal": refusal,
        "persons": _current(fact),
        "of": request.POST.get("of", ""),
        "may_write": request.user.has_perm(OPEN),
    }
    return render(
        request, "credit/office/persons.html", context, status=422 if form.is_bound else 200
    )


@office
@require_http_methods(["POST"])
def withdraw(request: HttpRequest, kind: str, pk: int, person: int) -> HttpResponse:
    """The person no longer counts."""
    fact = _paper_of(request, kind, pk)
    form = WithdrawalForm(request.POST, today=timezone.localdate())
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        acts.withdraw_person(
            _of(fact, str(person)), officer=request.user, reason=reason, today=timezone.localdate()
        )
    except RefusedError as refused:
        messages.error(request, refused.printed)
    else:
        messages.success(request, "已撤销。")
    return redirect("credit:persons", kind, pk)


def _current(fact: Violation | Accident) -> list[ResponsiblePerson]:
    kind = fact._meta.model_name or ""
    return acts.persons_in([(kind, fact.pk)]).get((kind, fact.pk), [])


def _of(fact: Violation | Accident, said: str) -> ResponsiblePerson:
    """A person of this very record. Raises Http404."""
    if not (said.isascii() and said.isdigit() and len(said) <= 18):
        raise Http404
    found: Any = get_object_or_404(ResponsiblePerson.objects.all(), pk=int(said))
    if found.pk not in {person.pk for person in _current(fact)}:
        raise Http404
    return found  # type: ignore[no-any-return]


__all__ = ["persons", "withdraw"]
