"""Where an officers' page stands: one trail of breadcrumbs, from the desk down, for all of them."""

from typing import Any, Final

from django import template
from django.urls import reverse

from credit.models import ListCase, RulesetDraft
from credit.models.records import Fact

register = template.Library()

SECTIONS: Final = {
    "agencies": "推送机构",
    "audit": "审计记录",
    "cases": "案件",
    "clocks": "期限",
    "imports": "导入记录",
    "objections": "异议",
    "parties": "企业事务",
    "repairs": "信用修复",
    "rulesets": "规则集",
    "supervision": "监督检查计划",
    "templates": "文书模板",
}


@register.inclusion_tag("_breadcrumbs.html")
def desk_trail(*steps: Any) -> dict[str, Any]:
    """The steps below the desk, then the page's own title.

    A step is the name of a section, or the case, the record or the draft that the page is about.
    """
    *above, title = steps
    pairs = [("首页", "/"), ("信用工作台", reverse("credit:desk")), *map(_step, above)]
    return {"steps": pairs, "title": _label(title)}


def _label(step: Any) -> str:
    if isinstance(step, ListCase):
        return f"第 {step.pk} 号案件"
    return step.source_key if isinstance(step, Fact) else str(step)


def _step(step: Any) -> tuple[str, str]:
    if isinstance(step, ListCase):
        return _label(step), reverse("credit:case", args=[step.pk])
    if isinstance(step, Fact):
        return _label(step), reverse("credit:record", args=[step._meta.model_name, step.pk])
    if isinstance(step, RulesetDraft):
        return step.title, reverse("credit:ruleset_draft", args=[step.pk])
    return SECTIONS[step], reverse(f"credit:{step}")
