"""What certificates bear besides their words: the bureau's seal, the holder's picture; and printing many at once."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from credit.models.locked import Written, WrittenOnce


class SealQuerySet(Written):
    """Questions about seals."""

    def newest(self, place: Any) -> "SealImage | None":
        """The version that counts for a district; one without a file means that none is printed."""
        found: SealImage | None = self.filter(place=place).order_by("-pk").first()
        return found


class SealImage(WrittenOnce):
    """证书印章: a version of a district's picture of its seal; the newest is printed on what is issued from then on.

    It is a picture, not an electronic signature (电子签名法 第十三条). Without a file: from now on none.
    """

    place = models.ForeignKey(
        "credit.Jurisdiction", models.PROTECT, related_name="seals", verbose_name="属地"
    )
    file = models.CharField("存放位置", max_length=300, blank=True)
    sha256 = models.CharField("文件指纹", max_length=64, blank=True)
    width = models.PositiveSmallIntegerField("宽（像素）", default=0)
    height = models.PositiveSmallIntegerField("高（像素）", default=0)
    reason = models.CharField("原因", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    objects = SealQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "证书印章"
        verbose_name_plural = "证书印章"
        ordering = ["-id"]
        permissions = [("set_seal", "可以更换、停用证书印章")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="seal_says_why"),
            models.CheckConstraint(
                condition=Q(file="", sha256="") | ~Q(file="") & ~Q(sha256=""),
                name="seal_has_its_fingerprint",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.at:%F}"


class CertificateSeal(WrittenOnce):
    """Which district issued a certificate, and with which seal: fixed on the day of issue."""

    certificate = models.OneToOneField(
        "courses.Certificate", models.PROTECT, related_name="sealed", verbose_name="证书"
    )
    seal = models.ForeignKey(SealImage, models.PROTECT, related_name="certificates")
    issuer = models.CharField("发证机关", max_length=120)

    class Meta:
        verbose_name = "证书用印"
        verbose_name_plural = "证书用印"

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.issuer}"


class HolderPhoto(models.Model):
    """照片: the holder's picture as JPEG, made anew here and sealed; one for a person, deleted when the person asks."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="holder_photo", verbose_name="本人"
    )
    picture_sealed = models.TextField("照片（加密）", editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "持证人照片"
        verbose_name_plural = "持证人照片"

    def __str__(self) -> str:
        return f"{self.person_id}"


class PrintOrderQuerySet(models.QuerySet["PrintOrder"]):
    """Questions about orders."""

    def past(self, moment: datetime) -> "PrintOrderQuerySet":
        """Whose file is older than ``moment``."""
        return self.filter(done_at__lt=moment).exclude(file="")


class PrintOrder(models.Model):
    """Many certificates in one file, made in the background; only who ordered it takes it, for some days."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    enterprise = models.ForeignKey(
        "credit.Enterprise", models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField("内容", max_length=200)
    certificates = models.JSONField("证书", default=list)
    made_at = models.DateTimeField("时间")
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    file = models.CharField("存放位置", max_length=300, blank=True)
    fault = models.CharField("没有做成的原因", max_length=300, blank=True)

    objects = PrintOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "批量打印"
        verbose_name_plural = "批量打印"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
