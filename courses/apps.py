"""Online training: courses, hours, exams, certificates."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """在线培训."""

    name = "courses"
    verbose_name = "在线培训"

    def ready(self) -> None:
        """The officers' desk leads to the training office; a text about training says so."""
        from courses import checks  # noqa: F401  # registers itself
        from courses.views.office import doors
        from credit.acts import texts
        from credit.views.desk import more_doors

        if doors not in more_doors:
            more_doors.append(doors)

        texts.say("training", "【安信】您有一条安全培训新消息，请登录查看。")
