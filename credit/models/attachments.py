"""Evidence files (证据材料): kept privately under random names, written once, with their fingerprint."""

from django.apps import apps
from django.conf import settings
from django.db import models

from credit.models.enterprises import Enterprise
from credit.models.locked import WrittenOnce


def subject_of(row: models.Model) -> str:
    """How a row is named as the subject of a file or an objection, such as "credit.listcase:12"."""
    return f"{row._meta.label_lower}:{row.pk}"


def row_of(subject: str) -> models.Model | None:
    """The row that ``subject_of`` named, if it is there."""
    label, _, key = subject.partition(":")
    found: models.Model | None = apps.get_model(label)._base_manager.filter(pk=key).first()
    return found


class Attachment(WrittenOnce):
    """One file about one subject. ``name`` is what the sender called it, ``kind`` what its bytes are.

    ``for_party``: the enterprise itself may read it (it sent it, or an officer opened it to it);
    everything else is the office's.
    """

    subject = models.CharField("材料对象", max_length=80, db_index=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="attachments")
    file = models.CharField("存放位置", max_length=300, unique=True)
    name = models.CharField("原文件名", max_length=120)
    kind = models.CharField("格式", max_length=5)
    content_type = models.CharField("内容类型", max_length=100)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("文件指纹", max_length=64)
    for_party = models.BooleanField("企业可看", default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "证据材料"
        verbose_name_plural = "证据材料"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
