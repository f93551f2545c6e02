"""The pool of lecturers and experts (师资库) in Wagtail's admin."""

from typing import Any

from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.models import Lecturer
from courses.permissions import NeverDeleted

register_permission_policy(Lecturer, NeverDeleted(Lecturer))


class LecturerViewSet(SnippetViewSet):  # type: ignore[misc]
    """师资库."""

    model = Lecturer
    icon = "group"
    menu_label = "师资库"
    copy_view_enabled = False
    list_display = ["name", "organisation", "title", "speciality", "active"]
    list_filter = ["active", "sector"]
    search_fields = ["name", "organisation", "speciality"]
    list_per_page = 50
    edit_handler = ObjectList(
        [
            HelpPanel("排课时从这里选教员。不再授课的，取消“现在可以授课”，以前的课表不变。"),
            FieldPanel("name"),
            FieldPanel("organisation"),
            FieldPanel("title"),
            FieldPanel("speciality"),
            FieldPanel("paper"),
            FieldPanel("sector"),
            FieldPanel("active"),
        ]
    )

    def get_queryset(self, request: Any) -> Any:
        """With the sector's name."""
        return Lecturer.objects.select_related("sector")
