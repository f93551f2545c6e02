"""Which differences between records and lists were seen, and since when: nobody is told of one twice."""

from django.db import models

from credit.models.enterprises import Enterprise


class GapSeen(models.Model):
    """One difference that the nightly comparison found; the row goes when the difference does.

    No standing hangs on it: it is the memory of ``credit.acts.gaps``, nothing else.
    """

    key = models.CharField("差异", max_length=64, unique=True)
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField("首次发现", auto_now_add=True)

    class Meta:
        verbose_name = "名单差异"
        verbose_name_plural = "名单差异"

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.key}"
