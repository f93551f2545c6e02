"""Online training: courses, hours, exams, certificates."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """在线培训."""

    name = "courses"
    verbose_name = "在线培训"

    def ready(self) -> None:
        """A text about training says so."""
        from credit.acts import texts

        texts.say("training", "【安信】您有一条安全培训新消息，请登录查看。")
