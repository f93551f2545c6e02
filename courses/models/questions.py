"""The question bank: questions with their options. A changed question is a new row."""

from django.db import models
from django.db.models import F, Q

from courses.models.clusters import ClusterableModel, ParentalKey
from courses.rules.items import Item, Picture, content_of
from courses.rules.questions import KIND_NAMES, LEVEL_NAMES


class QuestionBank(models.Model):
    """Questions of one course, kept together under a name."""

    course = models.ForeignKey(
        "courses.CoursePage", models.PROTECT, related_name="banks", verbose_name="课程"
    )
    name = models.CharField("名称", max_length=80)
    for_practice = models.BooleanField("学员可以用来练习", default=True)

    class Meta:
        verbose_name = "题库"
        verbose_name_plural = "题库"
        ordering = ["course_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["course", "name"], name="one_bank_per_name_in_course")
        ]

    def __str__(self) -> str:
        return self.name


class QuestionPicture(models.Model):
    """A picture of questions, once for each content; its bytes lie privately under its fingerprint."""

    KINDS = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}

    key = models.CharField("指纹", max_length=64, unique=True)  # SHA-256 of the bytes
    kind = models.CharField("格式", max_length=5, choices=[(kind, kind) for kind in KINDS])
    width = models.PositiveSmallIntegerField("宽（像素）")
    height = models.PositiveSmallIntegerField("高（像素）")
    size = models.PositiveIntegerField("字节数")
    file = models.CharField("存放位置", max_length=300)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "试题图片"
        verbose_name_plural = "试题图片"

    def __str__(self) -> str:
        return f"{self.kind} {self.width}×{self.height}"

    def value(self) -> Picture:
        """As the rules know it."""
        return Picture(self.key, self.kind, self.width, self.height)


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions about questions."""

    def current(self) -> "QuestionQuerySet":
        """The newest version of each."""
        return self.filter(superseded_by__isnull=True)

    def pool(self, course_id: int) -> "QuestionQuerySet":
        """What a paper of the course may be drawn from."""
        return self.current().filter(bank__course_id=course_id, active=True)

    def whole(self) -> "QuestionQuerySet":
        """With all that ``Question.item`` reads, in one query and one for the options."""
        return self.select_related("picture", "sector").prefetch_related("options")


class Question(ClusterableModel):
    """One question. ``basis`` is the article that it rests on; papers keep the text drawn.

    ``body`` holds what is not stem and options, in the shape that ``courses.rules.bodies`` reads.
    """

    bank = models.ForeignKey(
        QuestionBank, models.PROTECT, related_name="questions", verbose_name="题库"
    )
    kind = models.CharField("题型", max_length=12, choices=list(KIND_NAMES.items()))
    topic = models.CharField("知识点", max_length=40, blank=True)
    stem = models.TextField("题干")
    body = models.JSONField("题目内容", default=dict, blank=True)
    picture = models.ForeignKey(
        QuestionPicture,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name="图片",
    )
    picture_alt = models.CharField("图片说明", max_length=200, blank=True)
    explanation = models.TextField("解析", blank=True)
    basis = models.CharField("依据（法规条文）", max_length=200, blank=True)
    sector = models.ForeignKey(
        "credit.Sector",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="行业领域",
    )
    level = models.PositiveSmallIntegerField("难度", choices=list(LEVEL_NAMES.items()), default=0)
    active = models.BooleanField("可用于组卷", default=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="superseded_by",
        verbose_name="替换的旧题",
    )
    created_at = models.DateTimeField("录入时间", auto_now_add=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "试题"
        verbose_name_plural = "试题"
        ordering = ["bank_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(KIND_NAMES)), name="question_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")),
                name="question_never_supersedes_itself",
            ),
            models.CheckConstraint(
                condition=Q(level__in=list(LEVEL_NAMES)), name="question_level_is_known"
            ),
        ]
        indexes = [models.Index(fields=["bank", "active", "kind"], name="question_pool")]

    def __str__(self) -> str:
        return self.stem[:40]

    def newest(self) -> "Question":
        """The version that counts: this one, or what replaced it."""
        question = self
        while later := Question.objects.filter(supersedes=question).first():
            question = later
        return question

    def item(self) -> Item:
        """The question as a pure value; reads options, picture and sector (see ``whole``)."""
        options = list(self.options.all())
        return Item(
            kind=self.kind,
            stem=self.stem,
            options=tuple(option.text for option in options),
            right=frozenset(place for place, option in enumerate(options) if option.correct),
            body=content_of(self.kind, self.body),
            topic=self.topic,
            explanation=self.explanation,
            basis=self.basis,
            level=self.level,
            sector=self.sector.code if self.sector else "",
            picture=self.picture.value() if self.picture else None,
            picture_alt=self.picture_alt,
            active=self.active,
        )

    def faults(self) -> list[str]:
        """What makes this question unsound; none means a paper may use it."""
        return self.item().faults()


class Option(models.Model):
    """One option of a question, in the author's order."""

    sort_order_field = "order"  # Wagtail's inline panel writes the order here

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="options")
    text = models.CharField("选项", max_length=300)
    correct = models.BooleanField("正确", default=False)
    order = models.PositiveSmallIntegerField("顺序", default=0, editable=False)

    class Meta:
        verbose_name = "选项"
        verbose_name_plural = "选项"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.text


class Citation(models.Model):
    """An article that a question rests on, as its basis names it; ``article`` 0: the law as a whole."""

    question = models.ForeignKey(
        Question, models.CASCADE, related_name="citations", verbose_name="试题"
    )
    law = models.CharField("法规", max_length=80)
    article = models.PositiveSmallIntegerField("第几条", default=0)

    class Meta:
        verbose_name = "试题依据"
        verbose_name_plural = "试题依据"
        constraints = [
            models.UniqueConstraint(
                fields=["law", "article", "question"], name="a_question_cites_an_article_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.law}第{self.article}条" if self.article else self.law
