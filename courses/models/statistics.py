"""What each place of a marked paper earned, and what that says about the questions."""

from django.db import models
from django.db.models import Q

from courses.models.exams import PaperQuestion
from courses.models.questions import Question


class Earned(models.Model):
    """The points of one place of a marked paper, written when the attempt was marked."""

    place = models.OneToOneField(
        PaperQuestion,
        models.PROTECT,
        primary_key=True,
        related_name="earned",
        verbose_name="试卷题目",
    )
    points = models.PositiveSmallIntegerField("得分")

    class Meta:
        verbose_name = "小题得分"
        verbose_name_plural = "小题得分"

    def __str__(self) -> str:
        return f"{self.place_id}: {self.points}"


class QuestionStatistic(models.Model):
    """How a question did on all marked papers. Counted anew each night.

    ``ease`` is the mean share of its points (0 to 1; classical difficulty P); ``biserial`` its
    correlation with the rest of the paper (-1 to 1); ``spread`` the difference of that mean between
    the best and the weakest 27 percent of attempts. Empty where too little is known.
    """

    question = models.OneToOneField(
        Question,
        models.CASCADE,
        primary_key=True,
        related_name="statistic",
        verbose_name="试题",
    )
    answers = models.PositiveIntegerField("作答人次")
    ease = models.FloatField("得分率", null=True)
    biserial = models.FloatField("区分度（相关）", null=True)
    spread = models.FloatField("区分度（高低分组）", null=True)
    computed_at = models.DateTimeField("统计时间")

    class Meta:
        verbose_name = "试题统计"
        verbose_name_plural = "试题统计"
        constraints = [
            models.CheckConstraint(
                condition=Q(ease__isnull=True) | Q(ease__gte=0, ease__lte=1),
                name="question_ease_is_a_share",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.ease}"
