"""Practice 练习: how a person does with each question, the question of the day, and mock exams. No exam's record.

These rows are aids to learning and no evidence: they change, and mocks are forgotten (see ``practice.mocks``).
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.models.exams import Exam
from courses.models.questions import Question


class CardQuerySet(models.QuerySet["PracticeCard"]):
    """Questions about cards."""

    def of(self, person: Any) -> "CardQuerySet":
        """A person's cards of questions that are still used."""
        return self.filter(
            person=person.pk, question__active=True, question__superseded_by__isnull=True
        )

    def due(self, today: date) -> "CardQuerySet":
        """To be asked again today."""
        return self.filter(due_on__lte=today)

    def mistakes(self) -> "CardQuerySet":
        """错题本: answered wrong, and not right often enough since."""
        return self.filter(in_book=True)


class PracticeCard(models.Model):
    """One person and one question: the Leitner box it is in, when it comes again, and whether it is a mistake.

    ``streak`` counts right answers in a row; ``wrong`` all wrong ones.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    question = models.ForeignKey(Question, models.CASCADE, related_name="cards")
    box = models.PositiveSmallIntegerField("盒", default=1)
    due_on = models.DateField("下次练习")
    streak = models.PositiveSmallIntegerField("连续答对", default=0)
    right = models.PositiveIntegerField("答对次数", default=0)
    wrong = models.PositiveIntegerField("答错次数", default=0)
    in_book = models.BooleanField("在错题本里", default=False)
    changed_at = models.DateTimeField("最近一次", auto_now=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = "练习卡"
        verbose_name_plural = "练习卡"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "question"], name="one_card_per_person_and_question"
            )
        ]
        indexes = [models.Index(fields=["person", "due_on"], name="card_due")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.question_id}"


class DailyAnswer(models.Model):
    """每日一题: one question a day for a person, answered once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField("日期")
    question = models.ForeignKey(Question, models.CASCADE, related_name="+")
    chosen = models.JSONField("所选", default=list)
    right = models.BooleanField("答对")

    class Meta:
        verbose_name = "每日一题"
        verbose_name_plural = "每日一题"
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="one_daily_answer_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class Mock(models.Model):
    """模拟考试: a paper by the exam's own plan; ``paper`` holds its places as ``rules.papers`` freezes them."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    exam = models.ForeignKey(Exam, models.CASCADE, related_name="mocks")
    paper = models.JSONField("试卷", default=list)
    answers = models.JSONField("作答", default=list)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("交卷时间", null=True, blank=True)
    points = models.PositiveSmallIntegerField("得分", null=True, blank=True)

    class Meta:
        verbose_name = "模拟考试"
        verbose_name_plural = "模拟考试"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "exam"],
                condition=Q(finished_at__isnull=True),
                name="one_open_mock_per_person_and_exam",
            )
        ]

    def __str__(self) -> str:
        return f"{self.exam} 模拟"
