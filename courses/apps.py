"""Online training: courses, hours, exams, certificates."""

from django.apps import AppConfig
from django.core import checks


class CoursesConfig(AppConfig):
    """在线培训."""

    name = "courses"
    verbose_name = "在线培训"

    def ready(self) -> None:
        """The officers' desk leads to the training office; a text about training says so."""
        from courses.checks import identity_without_a_face
        from courses.views.office import doors
        from credit.acts import texts
        from credit.views.desk import more_doors

        if doors not in more_doors:
            more_doors.append(doors)

        checks.register(identity_without_a_face)
        texts.say("training", "【安信】您有一条安全培训新消息，请登录查看。")
