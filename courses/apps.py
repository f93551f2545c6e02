"""Online training: courses, hours, exams, certificates."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """在线培训."""

    name = "courses"
    verbose_name = "在线培训"
