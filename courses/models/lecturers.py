"""The pool of lecturers and experts (师资库): who may teach, in what, and by which paper."""

from django.db import models


class LecturerQuerySet(models.QuerySet["Lecturer"]):
    """Questions about lecturers."""

    def teaching(self) -> "LecturerQuerySet":
        """Those who may be put on a timetable now."""
        return self.filter(active=True)


class Lecturer(models.Model):
    """教员或专家. A timetable keeps the words of its day: who is changed here is not changed there."""

    name = models.CharField("姓名", max_length=60)
    organisation = models.CharField("单位", max_length=120)
    title = models.CharField("职称或职务", max_length=60, blank=True)
    speciality = models.CharField("专业领域", max_length=120)
    paper = models.CharField("资格证明（名称和编号）", max_length=200, blank=True)
    sector = models.ForeignKey(
        "credit.Sector",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="行业领域",
    )
    active = models.BooleanField("现在可以授课", default=True)

    objects = LecturerQuerySet.as_manager()

    class Meta:
        verbose_name = "教员（专家）"
        verbose_name_plural = "师资库"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name", "organisation"], name="one_lecturer_per_unit")
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.organisation}）"

    def said(self) -> str:
        """As a timetable names them: 王教授，高级工程师，云溪安全学校."""
        return "，".join(part for part in (self.name, self.title, self.organisation) if part)[:250]
