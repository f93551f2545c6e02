"""The catalogue narrowed by audience, sector, trade, level and stage, as the address asks. Reads only."""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import QuerySet

from courses.models.pages import Audience, CoursePage
from courses.rules.catalogue import LEVELS, STAGES
from courses.rules.requirements import trades
from credit.models import Sector

_LABELS: Final = {
    "audience": "对象", "sector": "行业领域", "trade": "特种作业工种", "induction": "三级教育", "stage": "学段",
}  # fmt: skip


def narrowed(courses: QuerySet[CoursePage], said: Mapping[str, Any]) -> dict[str, Any]:
    """``courses`` and ``choices`` (name, label, options, what is chosen); what nobody offers is not asked for."""
    sectors = dict(Sector.objects.order_by("name").values_list("code", "name"))
    options: dict[str, Mapping[str, str]] = {
        "audience": dict(Audience.choices), "sector": sectors, "trade": trades(),
        "induction": LEVELS, "stage": STAGES,
    }  # fmt: skip
    chosen = {name: str(said.get(name, "")) for name in options}
    chosen = {name: code for name, code in chosen.items() if code in options[name]}
    asked = {("sector__code" if name == "sector" else name): code for name, code in chosen.items()}
    found = courses.filter(**asked).order_by("path").select_related("sector", "cover")
    return {
        "courses": found,
        "choices": [
            (name, _LABELS[name], options[name].items(), chosen.get(name, "")) for name in options
        ],
        "chosen": chosen,
    }
