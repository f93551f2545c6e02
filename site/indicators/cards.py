"""An indicator as the public sees it: target, base, values by year, where it stands, and its chart."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from indicators import rules
from indicators.charts import Chart, draw
from indicators.models import Indicator, Observation, Plan

LABELS = {
    rules.MET: "已达到目标",
    rules.ON_PATH: "进度正常",
    rules.BEHIND: "落后于目标",
    rules.UNKNOWN: "待填报",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator, ready to print."""

    indicator: Indicator
    target: rules.Target
    observations: dict[int, Observation]
    standing: rules.Standing
    chart: Chart | None

    @property
    def label(self) -> str:
        """Where it stands, in one word."""
        return LABELS[self.standing.code]

    @property
    def asked(self) -> str:
        """What the plan asks, in words."""
        if self.target.kind != rules.CUT or self.target.cut_percent is None:
            return str(self.indicator.get_kind_display())
        word = "下降" if self.target.direction == rules.DOWN else "上升"
        years = self.target.last_year - self.target.base_year
        return f"{years}年累计{word}{rules.printed(self.target.cut_percent)}%"

    @property
    def goal(self) -> Decimal | None:
        """The value asked at the end."""
        return rules.target_value(self.target)

    @property
    def latest(self) -> Observation | None:
        """The newest year that was reported, base year included."""
        return self.observations[max(self.observations)] if self.observations else None

    def line(self, year: int) -> Decimal | None:
        """The straight line's value in ``year``."""
        return rules.path_value(self.target, year)


def cards(plan: Plan) -> list[Card]:
    """All indicators of ``plan`` in their order: two queries."""
    indicators = list(plan.indicators.all())
    observed: dict[int, dict[int, Observation]] = defaultdict(dict)
    for row in Observation.objects.current().filter(indicator__plan=plan).order_by("year"):
        observed[row.indicator_id][row.year] = row
    return [_card(plan, indicator, observed[indicator.pk]) for indicator in indicators]


def _card(plan: Plan, indicator: Indicator, observations: dict[int, Observation]) -> Card:
    values = {year: row.value for year, row in observations.items()}
    base = indicator.base_value
    target = rules.Target(
        kind=indicator.kind,
        base_year=plan.base_year,
        first_year=plan.first_year,
        last_year=plan.last_year,
        base=values.get(plan.base_year) if base is None else base,
        cut_percent=indicator.cut_percent,
        direction=indicator.direction,
    )
    standing = rules.standing(target, values)
    return Card(indicator, target, observations, standing, draw(target, values))
