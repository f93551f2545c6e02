"""Which course counts for which training requirement, in Wagtail's admin: the bureau decides, the rules ask."""

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.models import CourseFor
from courses.permissions import NeverDeleted
from courses.rules.requirements import rows

register_permission_policy(CourseFor, NeverDeleted(CourseFor))


def choices() -> list[tuple[str, str]]:
    """Requirements that a course can meet: those of the state's papers cannot be."""
    return [
        (row.code, f"{row.name}（{row.hours} 学时，{row.article}）")
        for row in rows()
        if not row.paper
    ]


class CourseForForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Chosen, not typed."""

    requirement = forms.ChoiceField(label="培训要求", choices=choices)


class CourseForViewSet(SnippetViewSet):  # type: ignore[misc]
    """课程抵培训要求."""

    model = CourseFor
    icon = "tick"
    menu_label = "课程抵培训要求"
    copy_view_enabled = False
    list_display = ["course", "requirement", "active"]
    list_filter = ["requirement"]
    list_per_page = 50
    edit_handler = ObjectList(
        [
            HelpPanel(
                "选一门课和它能抵的培训要求。学员学完这门课、拿到证书，学习时间就记到这项要求里；"
                "学满要求的学时才算完成。课程的内容要和要求相符；不再相符的，取消“现在可以抵”。"
            ),
            FieldPanel("course"),
            FieldPanel("requirement"),
            FieldPanel("active"),
        ],
        base_form_class=CourseForForm,
    )

    def get_queryset(self, request: Any) -> Any:
        """With the course's title."""
        return CourseFor.objects.select_related("course")
