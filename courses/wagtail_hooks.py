"""What courses add to Wagtail's admin."""

from wagtail.snippets.models import register_snippet

from courses.viewsets_exams import ExamsGroup

register_snippet(ExamsGroup)
