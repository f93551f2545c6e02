"""The papers of cases: templates that the bureau edits, numbers, documents that stay, proof of service."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from credit.models.cases import ListCase
from credit.models.locked import WrittenOnce
from credit.rules.papers import PaperKind
from credit.rules.service import ServiceKind

KINDS = [(kind.value, kind.label) for kind in PaperKind]


class DocumentTemplate(WrittenOnce):
    """One version of a template: plain text with placeholders. An edit is a new row, the older stays.

    It is used once another person approved it. Version 0 of each kind is the text in credit/papers/.
    """

    kind = models.CharField("文书", max_length=20, choices=KINDS)
    version = models.PositiveIntegerField("版本")
    title = models.CharField("标题", max_length=60)
    addressee = models.CharField("抬头", max_length=120, blank=True)
    text = models.TextField("正文")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("写于", auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField("批准于", null=True, blank=True)

    class Meta:
        verbose_name = "文书模板"
        verbose_name_plural = "文书模板"
        ordering = ["kind", "-version"]
        permissions = [
            ("edit_templates", "可以修改文书模板"),
            ("approve_templates", "可以批准文书模板"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_template_per_version"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="template_is_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} 第{self.version}版"


class DocumentCounter(models.Model):
    """The last number given out for a kind of paper in a year; it moves by one and never back."""

    prefix = models.CharField("机关代字", max_length=20)
    kind = models.CharField("文书", max_length=20, choices=KINDS)
    year = models.PositiveSmallIntegerField("年")
    last = models.PositiveIntegerField("最后一号", default=0)

    class Meta:
        verbose_name = "文号"
        verbose_name_plural = "文号"
        constraints = [
            models.UniqueConstraint(
                fields=["prefix", "kind", "year"], name="one_counter_per_kind_and_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.get_kind_display()} {self.year} {self.last}"


class CaseDocument(WrittenOnce):
    """A paper as it was made: its texts, its PDF in private storage and that file's hash. Never edited.

    Made again, it is a new version under the same number that names the former. ``code`` is what the
    QR code holds: 80 random bits.
    """

    case = models.ForeignKey(ListCase, models.PROTECT, related_name="documents")
    kind = models.CharField("文书", max_length=20, choices=KINDS)
    number = models.CharField("文号", max_length=80)
    version = models.PositiveSmallIntegerField("版次", default=1)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    template = models.ForeignKey(DocumentTemplate, models.PROTECT, null=True, blank=True)
    texts = models.JSONField("文字")
    code = models.CharField("核验码", max_length=20, unique=True)
    file = models.CharField("文件", max_length=200)
    sha256 = models.CharField("文件指纹", max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_on = models.DateField("文书日期")
    made_at = models.DateTimeField("制作时间", auto_now_add=True)

    class Meta:
        verbose_name = "案件文书"
        verbose_name_plural = "案件文书"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="one_document_per_number"),
            models.CheckConstraint(
                condition=Q(version=1, replaces__isnull=True)
                | Q(version__gt=1, replaces__isnull=False),
                name="a_later_version_names_the_former",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def body(self) -> str:
        """Addressee and paragraphs as plain text: what the step of the case records."""
        lines = [f"{self.texts['addressee']}："] if self.texts["addressee"] else []
        return "\n\n".join([*lines, *self.texts["paragraphs"]])


class ServiceRecord(WrittenOnce):
    """A paper was served: how, to whom, when; with the scan of the signed receipt (送达回证)."""

    document = models.ForeignKey(CaseDocument, models.PROTECT, related_name="services")
    how = models.CharField(
        "送达方式", max_length=12, choices=[(kind.value, kind.label) for kind in ServiceKind]
    )
    recipient = models.CharField("收件人", max_length=60)
    witness = models.CharField("见证人", max_length=60, blank=True)
    served_on = models.DateField("送达日期")
    announced_on = models.DateField("公告日期", null=True, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)
    scan = models.CharField("扫描件", max_length=200, blank=True)
    scan_type = models.CharField("扫描件类型", max_length=20, blank=True)
    scan_sha256 = models.CharField("扫描件指纹", max_length=64, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "送达记录"
        verbose_name_plural = "送达记录"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.document} {self.get_how_display()} {self.served_on}"
