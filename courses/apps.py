"""Online training: courses, hours, exams, certificates."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """在线培训."""

    name = "courses"
    verbose_name = "在线培训"

    def ready(self) -> None:
        """The officers' desk leads to the training office."""
        from courses.views.office import doors
        from credit.views.desk import more_doors

        if doors not in more_doors:
            more_doors.append(doors)
