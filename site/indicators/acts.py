"""What an editor does: report a year, or correct it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from indicators import rules
from indicators.models import Indicator, Observation

RATES = {Indicator.Measure.GDP: rules.gdp_rate, Indicator.Measure.EMPLOYED: rules.employee_rate}
SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported for ``year``: a ``value``, or for a rate ``deaths`` and the ``divisor``.

    ``divisor`` is the GDP in 亿元 or the number of employed persons. ``note`` says why, when it corrects.
    """

    year: int
    source: str
    value: Decimal | None = None
    deaths: int | None = None
    divisor: Decimal | None = None
    note: str = ""


@transaction.atomic
def record(indicator: Indicator, report: Report, *, editor: Any) -> Observation:
    """Add an observation. An earlier one of that year is superseded, for which ``note`` must say why.

    Raises ValidationError, by field, with what to do.
    """
    # Reports of one indicator queue up here, so that two of them cannot correct the same row.
    queue = Indicator.objects.select_related("plan").select_for_update(of=("self",))
    observation = prepare(queue.get(pk=indicator.pk), report, editor=editor)
    observation.save()
    return observation


def prepare(indicator: Indicator, report: Report, *, editor: Any) -> Observation:
    """The observation that ``report`` would add, checked but not saved. Raises ValidationError."""
    _check_year(indicator, report.year)
    value = observed_value(indicator, report)
    earlier = indicator.observations.current().filter(year=report.year).first()
    if earlier and not report.note:
        said = f"{report.year}年已填报{rules.printed(earlier.value)}，更正请写明原因"
        raise ValidationError({"note": said})
    observation = Observation(
        indicator=indicator,
        year=report.year,
        value=value,
        deaths=report.deaths,
        divisor=report.divisor,
        source=report.source,
        note=report.note if earlier else "",
        recorded_by=editor,
        supersedes=earlier,
    )
    observation.full_clean()
    return observation


def observed_value(indicator: Indicator, report: Report) -> Decimal:
    """The value that ``report`` gives, computed for a rate. Raises ValidationError."""
    rate = RATES.get(Indicator.Measure(indicator.measure))
    if rate is None:
        return _counted(indicator, report)
    if report.deaths is None or report.divisor is None:
        missing = "deaths" if report.deaths is None else "divisor"
        raise ValidationError(
            {missing: f"这个指标由系统计算，请填写：{indicator.get_measure_display()}"}
        )
    if report.value is not None:
        raise ValidationError({"value": "这个指标由系统计算，数值请空着"})
    try:
        return rate(Decimal(report.deaths), report.divisor).quantize(SIX_PLACES)
    except ValueError as error:
        raise ValidationError({"divisor": str(error)}) from error


def _counted(indicator: Indicator, report: Report) -> Decimal:
    if report.deaths is not None or report.divisor is not None:
        raise ValidationError({"deaths": "这个指标直接填数值，这两项请空着"})
    value = report.value
    if value is None or value < 0 or value != value.to_integral_value():
        raise ValidationError({"value": f"请填写不小于0的整数（单位：{indicator.unit}）"})
    return value


def _check_year(indicator: Indicator, year: int) -> None:
    plan = indicator.plan
    if not plan.base_year <= year <= plan.last_year:
        raise ValidationError(
            {"year": f"{year}年不在规划期内，请填{plan.base_year}—{plan.last_year}年"}
        )
    if year == plan.base_year and indicator.base_value is not None:
        raise ValidationError({"year": f"{year}年是基期，规划已给出基期值，不用填报"})
