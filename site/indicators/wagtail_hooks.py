"""Where editors report: plans, indicators, and observations that are added and never edited."""

from typing import Any

from wagtail import hooks
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from indicators.forms import ObservationForm
from indicators.models import Indicator, Observation, Plan


class WrittenOnce(ModelPermissionPolicy):  # type: ignore[misc]
    """Nobody edits or deletes an observation, whatever the role; a correction is a new one."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Adding and reading only."""
        return action in ("add", "view") and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Any of those."""
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(Observation, WrittenOnce(Observation))


class ObservationIndex(generic.IndexView):  # type: ignore[misc]
    """The list, with what superseded a row: two joins, no query for a row."""

    def get_base_queryset(self) -> Any:
        """With everything that a row prints."""
        found = super().get_base_queryset()
        return found.select_related("indicator", "recorded_by", "superseded_by")


class ObservationViewSet(ModelViewSet):  # type: ignore[misc]
    """年度数据."""

    model = Observation
    icon = "list-ol"
    menu_label = "年度数据"
    add_to_reference_index = False
    index_view_class = ObservationIndex
    copy_view_enabled = False
    inspect_view_enabled = True
    list_display = (
        "indicator", "year", "value", "source",
        BooleanColumn("current", label="现行", accessor=lambda row: not hasattr(row, "superseded_by")),
        "recorded_by", "recorded_at",
    )  # fmt: skip
    list_filter = ("indicator", "year")

    def get_form_class(self, for_update: bool = False) -> type[ObservationForm]:
        """Always the form that carries to the act."""
        return ObservationForm


class IndicatorViewSet(ModelViewSet):  # type: ignore[misc]
    """指标."""

    model = Indicator
    icon = "tasks"
    menu_label = "指标"
    copy_view_enabled = False
    list_display = ("number", "name", "plan", "kind", "base_value")
    list_filter = ("plan", "kind")
    exclude_form_fields = ()


class PlanViewSet(ModelViewSet):  # type: ignore[misc]
    """规划."""

    model = Plan
    icon = "calendar-alt"
    menu_label = "规划"
    copy_view_enabled = False
    list_display = ("name", "base_year", "first_year", "last_year")
    exclude_form_fields = ()


class IndicatorsGroup(ModelViewSetGroup):  # type: ignore[misc]
    """规划指标 in the editors' menu."""

    menu_label = "规划指标"
    menu_icon = "order-down"
    items = (ObservationViewSet, IndicatorViewSet, PlanViewSet)


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]
def register_indicators() -> IndicatorsGroup:
    """For Wagtail."""
    return IndicatorsGroup()
