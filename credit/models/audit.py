"""The log of every act on legal standing: each entry carries the hash of the one before it."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.db import models

from credit.models.enterprises import Enterprise
from credit.models.locked import WrittenOnce

BEGINNING: Final = "0" * 64


class AuditEntry(WrittenOnce):
    """Who did what to whose standing, and when. Written by ``credit.acts.audit`` alone; never edited.

    ``number`` counts from 1 without gaps. ``said`` is the act's content as canonical JSON, kept as text so
    that its bytes stay what was hashed. The actor is None where the system acted by itself.
    """

    number = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间", db_index=True)
    verb = models.CharField("办理", max_length=60, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, related_name="audit_entries", verbose_name="企业"
    )
    subject = models.CharField("对象", max_length=80, db_index=True)
    said = models.TextField("内容")
    previous = models.CharField("上一条指纹", max_length=64)
    digest = models.CharField("指纹", max_length=64)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.subject}"

    def computed_digest(self) -> str:
        """SHA-256, in hex, of everything that the entry says and of the entry before it."""
        content = [
            self.number, _instant(self.at), self.verb, self.actor_id, self.enterprise_id,
            self.subject, self.said, self.previous,
        ]  # fmt: skip
        return sha256(canonical(content).encode()).hexdigest()


def canonical(content: Any) -> str:
    """JSON with sorted keys and no spaces: the same content gives the same bytes."""
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
