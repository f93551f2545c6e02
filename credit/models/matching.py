"""What a person decided about rows that name an enterprise without a valid code, and late changes of casualties."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from credit.models.enterprises import Enterprise
from credit.models.locked import WrittenOnce
from credit.models.records import Accident, ImportBatch


class NameMatch(models.Model):
    """A name (folded) with a number that is no code, the near names of the register, and which one it is.

    Decided once, remembered for every later import; "different" means none of them.
    """

    class State(models.TextChoices):
        """How it stands."""

        PENDING = "pending", "待核对"
        LINKED = "linked", "就是这家企业"
        DIFFERENT = "different", "都不是"

    key = models.CharField("名称（统一写法）", max_length=200)
    name = models.CharField("名称", max_length=200)
    said = models.CharField("填写的号码", max_length=60, blank=True)
    candidates = models.JSONField("近似企业", default=list)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PENDING)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="name_matches"
    )
    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="name_matches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField("决定日期", null=True)

    class Meta:
        verbose_name = "名称核对"
        verbose_name_plural = "名称核对"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key", "said"], name="one_match_per_name_and_number"),
            models.CheckConstraint(
                condition=Q(state="linked", enterprise__isnull=False)
                | (~Q(state="linked") & Q(enterprise__isnull=True)),
                name="name_match_links_one_enterprise",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CasualtyProposal(WrittenOnce):
    """New casualties of an accident that came after the window: no class changes before a second person decides."""

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="casualty_proposals")
    deaths = models.PositiveIntegerField("死亡人数")
    serious_injuries = models.PositiveIntegerField("重伤人数")
    grade = models.CharField("拟定等级", max_length=15, choices=Accident.Grade.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    on = models.DateField("提出日期")

    class Meta:
        verbose_name = "伤亡变更建议"
        verbose_name_plural = "伤亡变更建议"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["accident", "deaths", "serious_injuries"],
                name="one_casualty_proposal_per_figures",
            )
        ]

    def __str__(self) -> str:
        return f"{self.accident}：死亡{self.deaths}人，重伤{self.serious_injuries}人"


class CasualtyDecision(WrittenOnce):
    """A second person's decision on such a proposal; the database refuses the proposer's own."""

    proposal = models.OneToOneField(CasualtyProposal, models.PROTECT, related_name="decision")
    accepted = models.BooleanField("同意更正")
    reason = models.TextField("理由")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField("决定日期")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "伤亡变更决定"
        verbose_name_plural = "伤亡变更决定"

    def __str__(self) -> str:
        return f"{self.proposal}：{'同意' if self.accepted else '不同意'}"
