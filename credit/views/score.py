"""One enterprise's score in full: for the officers in whose reach it lies, auditors, and itself.

Grades are internal or limited: who may read, and why the single public page still shows the lines, is
docs/decisions/0014. There is no list of grades here.
"""

from datetime import date
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from credit.acts import forecast
from credit.acts.readers import reads_scores_of, register_of
from credit.models import Enterprise
from credit.models.managers import managed_by
from credit.printing import compile_pdf
from credit.rules.supervision import load_plan
from credit.rules.terms import add_months, printed
from credit.views.score_charts import curve, waterfall

FARTHEST: Final = 120  # months ahead that may be asked: beyond, every record has dropped off


class DayForm(forms.Form):
    """The day of the forecast, from today on."""

    on = forms.DateField(
        label="日期",
        required=False,
        widget=forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期看不懂，请写成 2027-05-01 这样"},
    )

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.today, self.last = today, add_months(today, FARTHEST)
        limits = {"min": today.isoformat(), "max": self.last.isoformat()}
        self.fields["on"].widget.attrs.update(limits)

    def clean_on(self) -> date | None:
        """Neither past nor farther than ten years."""
        on: date | None = self.cleaned_data["on"]
        if on and not self.today <= on <= self.last:
            raise forms.ValidationError(
                f"请选 {printed(self.today)} 到 {printed(self.last)} 之间的一天"
            )
        return on


@login_required
@never_cache
@require_safe
def score(request: HttpRequest, number: str) -> HttpResponse:
    """The waterfall, each line, what comes next, and the grade on a day to come."""
    found, today = _found(request, number), timezone.localdate()
    form = DayForm(request.GET if request.GET.get("on") else None, today=today)
    valid = form.is_valid()
    now = forecast.account(found, today, upcoming=True)
    on = form.cleaned_data["on"] if valid else None
    context = _context(request, found, now) | {
        "form": form,
        "then": forecast.account(found, on) if on else None,
    }
    status = 400 if form.is_bound and not valid else 200
    return render(request, "credit/score.html", context, status=status)


@login_required
@never_cache
@require_safe
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The same as a paper for the file."""
    found = _found(request, number)
    now = forecast.account(found, timezone.localdate(), upcoming=True)
    context = _context(request, found, now)
    picture = render_to_string("credit/_waterfall.svg", {"chart": context["chart"]})
    content = compile_pdf("score.typ", _texts(context), waterfall=picture)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="score-{found.number}-{now.as_of}.pdf"'
    return answer


def _found(request: HttpRequest, number: str) -> Enterprise:
    """The enterprise, if this person may read its score: no reach, no page."""
    person = request.user
    of_number = Q(uscc=number.upper()) | Q(legacy_number=number)
    found = Enterprise.objects.select_related("place", "sector").filter(of_number).first()
    own = managed_by(person, timezone.localdate())
    if found is not None and own.filter(pk=found.pk).exists():
        return found
    if not reads_scores_of(person):
        raise PermissionDenied
    if found is None or not register_of(person).filter(pk=found.pk).exists():
        raise Http404
    return found


def _context(request: HttpRequest, found: Enterprise, now: forecast.Account) -> dict[str, Any]:
    return {
        "enterprise": found,
        "now": now,
        "at": timezone.localtime(),
        "chart": waterfall(now),
        "lines": [(line, curve(line, now.as_of)) for line in now.lines],
        "changes": forecast.changes(found, now),
        "peers": forecast.peers(found, now.points, fewest=(fewest := load_plan().peers).amount),
        "fewest": fewest,
        "opens_records": reads_scores_of(request.user),
        "base": now.ruleset.bases[found.standardisation_level],
    }


def _texts(context: dict[str, Any]) -> dict[str, Any]:
    """What the paper prints, as plain texts."""
    now: forecast.Account = context["now"]
    found: Enterprise = context["enterprise"]
    peers: forecast.Peers = context["peers"]
    at = context["at"]
    return {
        "name": found.name,
        "number": found.number,
        "place": str(found.place),
        "sector": str(found.sector),
        "level": found.get_standardisation_level_display(),
        "as_of": printed(now.as_of),
        "at": f"{printed(at.date())} {at:%H:%M}",
        "day": [now.as_of.year, now.as_of.month, now.as_of.day],
        "ruleset": f"{now.ruleset.name}（{now.ruleset.label}）",
        "site": settings.WAGTAIL_SITE_NAME,
        "points": _plain(now.points),
        "grade": now.grade,
        "by_points": now.grade_by_points,
        "veto": now.veto_reason,
        "veto_article": now.veto_article + ("" if now.veto_confirmed else "（待核定）"),
        "steps": [[s.label, f"{s.amount:+.2f}", _basis(s)] for s in now.steps],
        "lines": [_line_texts(line) for line in now.lines],
        "changes": [
            [printed(c.day), _plain(c.points), c.grade, "；".join(c.reasons)]
            for c in context["changes"]
        ],
        "peers": f"同行业在营企业 {peers.count} 家，得分比其中 {peers.lower} 家（{peers.share}%）高。"
        if peers.enough
        else f"同行业可比的企业只有 {peers.count} 家，不作比较。",
    }


def _basis(step: forecast.Step) -> str:
    return step.article + ("" if step.confirmed else "（待核定）")


def _line_texts(line: forecast.Line) -> list[str]:
    share = f"{_plain(line.points)} × {line.weight.normalize():f} × {round(line.decay * 100)}%"
    ends = printed(line.drop_off) if line.drop_off else "办结后"
    basis = f"{line.name}，{line.article}" + ("" if line.confirmed else "（待核定）")
    return [line.label, printed(line.happened_on), basis, share, f"{line.deducted:.2f}", ends]


def _plain(amount: Any) -> str:
    return f"{amount:.2f}".rstrip("0").rstrip(".")
