"""Certificates as they were issued, and their revocation as a row of its own."""

from datetime import date

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import F, Q

from courses.models.exams import Attempt, Exam
from courses.rules.exams import figures_in_force
from courses.rules.validity import State, may_renew, printed_number, renew_by, standing_of
from credit.rules.ruling import Ruling


class Certificate(models.Model):
    """Issued once for a passed attempt; names and titles stay as they were on that day."""

    number = models.CharField("证书编号", max_length=20, unique=True)
    attempt = models.OneToOneField(
        Attempt, models.PROTECT, related_name="certificate", verbose_name="考试记录"
    )
    enrolment = models.ForeignKey(
        "courses.Enrolment", models.PROTECT, related_name="certificates", verbose_name="报名"
    )
    kind = models.CharField("证书对象", max_length=20, choices=Exam.CertificateKind.choices)
    person_name = models.CharField("姓名", max_length=60)
    course_title = models.CharField("课程", max_length=255)
    points = models.PositiveSmallIntegerField("考试成绩")
    studied_minutes = models.PositiveIntegerField("学习时间（分钟）")
    issued_on = models.DateField("发证日期")
    valid_until = models.DateField("有效期至")
    article = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "证书"
        verbose_name_plural = "证书"
        ordering = ["-issued_on", "-id"]
        permissions = [("revoke_certificate", "可以撤销证书")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("issued_on")),
                name="certificate_is_valid_when_issued",
            ),
            models.CheckConstraint(
                condition=~Q(person_name=""), name="certificate_bears_a_real_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed_number} · {self.person_name} · {self.course_title}"

    @property
    @admin.display(description="证书编号")
    def printed_number(self) -> str:
        """In groups, as it stands on the paper."""
        return printed_number(self.number)

    @property
    def revoked_on(self) -> date | None:
        """The day of revocation, none while it stands."""
        revocation = getattr(self, "revocation", None)
        return revocation.revoked_on if revocation else None

    @property
    def revoked_reason(self) -> str:
        """Why it was revoked; empty while it stands."""
        revocation = getattr(self, "revocation", None)
        return revocation.reason if revocation else ""

    @property
    def retrain(self) -> bool:
        """Whether it was revoked with the word that its holder trains anew."""
        revocation = getattr(self, "revocation", None)
        return bool(revocation and revocation.retrain)

    def renewal(self, today: date) -> Ruling:
        """Whether its holder may take the course anew on ``today``, in the words of the rules."""
        figures = figures_in_force(today)
        return may_renew(
            until=self.valid_until,
            due=renew_by(self.valid_until, self.kind, figures),
            revoked=self.revoked_on is not None,
            retrain=self.retrain,
            today=today,
            article=self.article,
        )

    def standing(self, today: date) -> tuple[State, Ruling]:
        """What it is worth on ``today``, in the words of the rules."""
        return standing_of(
            until=self.valid_until,
            revoked_on=self.revoked_on,
            today=today,
            article=self.article,
        )


class Revocation(models.Model):
    """A certificate is taken back: who, when, why. The certificate itself is not edited."""

    certificate = models.OneToOneField(
        Certificate, models.PROTECT, related_name="revocation", verbose_name="证书"
    )
    revoked_on = models.DateField("撤销日期")
    reason = models.CharField("撤销原因", max_length=300)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="revocations", verbose_name="经办人"
    )
    retrain = models.BooleanField("需重新培训（学员可以重新学习、考试）", default=False)
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "证书撤销"
        verbose_name_plural = "证书撤销"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="revocation_names_its_reason")
        ]

    def __str__(self) -> str:
        return f"{self.certificate} 撤销"
