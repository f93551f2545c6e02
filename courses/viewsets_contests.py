"""Knowledge contests in Wagtail's admin: whoever keeps the questions writes them; plays are facts."""

from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.models import Contest, Play, Question
from courses.permissions import NeverDeleted
from courses.rules.questions import SHORT
from courses.viewsets_questions import inline_rows

register_permission_policy(Contest, NeverDeleted(Contest))
# What a round may not change once somebody has played it: everybody plays by the same rules.
FIXED = ("questions", "seconds", "points", "admits", "opens_at")


class ContestForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A contest with its rounds, checked whole."""

    def clean(self) -> dict[str, Any]:
        """Enough questions; rounds after one another; nothing changes under those who have played."""
        data: dict[str, Any] = super().clean()
        if self.errors:
            return data
        rounds = inline_rows(self, "rounds")
        faults = self._begun(rounds) + _in_order(rounds)
        if data.get("banks") and rounds:
            found = Question.objects.current().filter(bank__in=data["banks"], active=True)
            count = found.exclude(kind=SHORT).count()
            most = max(row["questions"] for row in rounds)
            if count < most:
                faults.append(f"题库里能用的题有 {count} 道，一轮要 {most} 道，请加题或选更多题库")
        if faults:
            raise ValidationError(faults)
        return data

    def _begun(self, rounds: list[dict[str, Any]]) -> list[str]:
        """What would change for rounds that somebody has played."""
        if self.instance.pk is None:
            return []
        kept = {row["id"].pk: row for row in rounds if row.get("id")}
        played = Play.objects.filter(round__contest=self.instance).values("round")
        faults = []
        for one in (
            type(self.instance).objects.get(pk=self.instance.pk).rounds.filter(pk__in=played)
        ):
            row = kept.get(one.pk)
            if row is None:
                faults.append(f"“{one.name}”已经有人答题，不能删除")
            elif changed := [name for name in FIXED if row[name] != getattr(one, name)]:
                names = "、".join(str(one._meta.get_field(name).verbose_name) for name in changed)
                faults.append(f"“{one.name}”已经有人答题，不能再改：{names}")
        return faults


def _in_order(rounds: list[dict[str, Any]]) -> list[str]:
    return [
        f"“{after['name']}”要在“{before['name']}”结束以后开始，才知道谁晋级"
        for before, after in pairwise(rounds)
        if after["admits"] and after["opens_at"] < before["closes_at"]
    ]


class ContestViewSet(SnippetViewSet):  # type: ignore[misc]
    """知识竞赛."""

    model = Contest
    icon = "pick"
    menu_label = "知识竞赛"
    copy_view_enabled = False
    list_display = ["title", "published"]
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("slug"),
            FieldPanel("intro"),
            FieldPanel("banks"),
            FieldPanel("practice_a_day"),
            FieldRowPanel([FieldPanel("unit_best"), FieldPanel("street_best")]),
            FieldPanel("published"),
            InlinePanel("rounds", heading="轮次", label="一轮", min_num=1),
        ],
        base_form_class=ContestForm,
    )
