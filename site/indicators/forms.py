"""The editors' form: one year of one indicator. It carries to the act, which checks and computes."""

from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm

from indicators import acts
from indicators.models import Observation

HELP = {
    "year": "规划期内的年份；基期值不知道的指标，也在这里填基期年",
    "value": "起数、人数直接填；死亡率由系统计算，请空着",
    "deaths": "只有死亡率要填",
    "divisor": "只有死亡率要填：国内生产总值用亿元，就业人数用人",
    "source": "例如：区统计公报、事故统计年报",
    "note": "这一年已经填过时必须写；旧数据保留，网页显示新数据",
}


class ObservationForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A report of one year, or its correction."""

    class Meta:
        model = Observation
        fields = ["indicator", "year", "value", "deaths", "divisor", "source", "note"]
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].required = False
        if "indicator" in self.fields:
            self.fields["indicator"].queryset = self.fields["indicator"].queryset.select_related(
                "plan"
            )

    def clean(self) -> dict[str, Any]:
        """The act's own checks, without saving. What one field got wrong already is not judged twice.

        The parent's ``clean`` would ask the constraints, which know nothing of corrections: the act asks them.
        """
        if not self.errors:
            data = self.cleaned_data
            acts.prepare(data["indicator"], self.report(), editor=self.for_user)
        return self.cleaned_data  # type: ignore[no-any-return]

    def report(self) -> acts.Report:
        """What was filled in."""
        data = self.cleaned_data
        return acts.Report(
            year=data["year"],
            source=data["source"],
            value=data["value"],
            deaths=data["deaths"],
            divisor=data["divisor"],
            note=data["note"],
        )

    def save(self, commit: bool = True) -> Observation:
        """Always by the act, always a new row."""
        indicator = self.cleaned_data["indicator"]
        self.instance = acts.record(indicator, self.report(), editor=self.for_user)
        return self.instance
