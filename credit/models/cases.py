"""Listing cases and list entries. A change of standing is a row; the lock lies in the database.

States change through ``credit.acts`` alone. Triggers (migrations 0004 to 0046) refuse every other
path: a skipped step, a decision by an officer who did another step, an entry without notice, legal review,
decision and service.
"""

from datetime import date
from typing import Any, Final, NoReturn

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.fields.json import KT

from credit.models.enterprises import Enterprise
from credit.models.locked import Locked, LockedError, WrittenOnce
from credit.models.places import Jurisdiction
from credit.rules.cases import OPEN_STATES, State


class Colour(models.TextChoices):
    """Which list."""

    BLACK = "black", "严重失信主体名单（黑名单）"
    RED = "red", "守信激励名单（红名单）"


class CaseQuerySet(Locked):
    """Questions about cases."""

    def in_reach_of(self, officer: Any) -> "CaseQuerySet":
        """Cases of enterprises in the places where ``officer`` may act."""
        return self.filter(enterprise__place__in=Jurisdiction.objects.of_officer(officer))

    def open(self) -> "CaseQuerySet":
        """Neither published nor dropped."""
        return self.filter(state__in=OPEN_STATES)


class ListCase(models.Model):
    """One enterprise's way to a list: proposed → notice → heard → legal review → decided → served → published.

    ``heavy``: the heads decide together (None: opened before that was asked). ``term_months`` is the term
    that the decision fixes. ``restores``: the entry that was left by false material and runs again.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="cases")
    colour = models.CharField("名单", max_length=5, choices=Colour.choices)
    state = models.CharField(
        "状态",
        max_length=20,
        choices=[(state.value, state.label) for state in State],
        default=State.PROPOSED.value,
    )
    grounds = models.JSONField("列入情形")
    ruleset = models.CharField("规则集", max_length=60)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_on = models.DateField("立案日期")
    notice_text = models.TextField("告知书", blank=True)
    notice_served_on = models.DateField("告知书送达日期", null=True, blank=True)
    statement_on = models.DateField("陈述申辩日期", null=True, blank=True)
    statement_text = models.TextField("陈述申辩内容", blank=True)
    statement_opinion = models.TextField("复核意见", blank=True)
    hearing_requested_on = models.DateField("申请听证日期", null=True, blank=True)
    hearing_held_on = models.DateField("听证日期", null=True, blank=True)
    hearing_record = models.TextField("听证笔录", blank=True)
    hearing_chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    waived_on = models.DateField("书面放弃日期", null=True, blank=True)
    heavy = models.BooleanField("须集体讨论", null=True, blank=True)
    legal_review_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    legal_review_on = models.DateField("法制审核日期", null=True, blank=True)
    legal_review_opinion = models.TextField("法制审核意见", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decision_number = models.CharField(
        "决定文号", max_length=60, unique=True, null=True, blank=True
    )
    decision_text = models.TextField("决定理由", blank=True)
    term_months = models.PositiveSmallIntegerField("管理期限（月）", null=True, blank=True)
    restores = models.ForeignKey(
        "credit.ListEntry", models.PROTECT, null=True, blank=True, related_name="restorations"
    )
    served_on = models.DateField("决定送达日期", null=True, blank=True)
    served_how = models.CharField("送达方式", max_length=100, blank=True)
    drop_reason = models.TextField("撤回理由", blank=True)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "列入案件"
        verbose_name_plural = "列入案件"
        ordering = ["-id"]
        permissions = [
            ("open_case", "可以立案、告知、送达和公示"),
            ("decide_case", "可以作出列入决定"),
            ("review_case", "可以作法制审核"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "colour"],
                condition=~Q(state__in=["published", "dropped"]),
                name="one_open_case_per_enterprise_and_colour",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("opened_by")),
                name="case_is_decided_by_another_officer",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True)
                | Q(decided_by__isnull=False, notice_served_on__isnull=False),
                name="case_is_decided_after_notice",
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True) | Q(served_on__gte=models.F("decided_on")),
                name="case_is_served_after_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} · {self.get_colour_display()} · {self.get_state_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: only the acts write cases."""
        raise LockedError("案件只能通过办案步骤改变（credit.acts.cases）")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: a case is dropped with a reason, never deleted."""
        raise LockedError("案件不能删除，只能写明理由撤回")


class CaseEvent(WrittenOnce):
    """One step of a case: who, when, with which words. Never edited, never deleted.

    ``snapshot`` holds what this step wrote into the case, and the state after it. Without an
    actor the step was the system's (a red entry that an accident ended).
    """

    case = models.ForeignKey(ListCase, models.PROTECT, related_name="events")
    action = models.CharField("步骤", max_length=20)
    label = models.CharField("步骤名称", max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    on = models.DateField("日期")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    reason = models.TextField("说明", blank=True)
    article = models.CharField("依据", max_length=300, blank=True)
    snapshot = models.JSONField("留痕", default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "办案记录"
        verbose_name_plural = "办案记录"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(action="expire"), name="one_expiry_per_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.label} {self.on}"


# Grounds of removal that say: it should never have stood.
TAKEN_BACK: Final = ("annulled", "wrong")


class EntryQuerySet(Locked):
    """Questions about entries."""

    def in_force(self, today: date) -> "EntryQuerySet":
        """On the list on ``today``: begun, not past its end, not removed, not suspended."""
        return self.standing(today).exclude(pk__in=self.suspended(today).values("pk"))

    def standing(self, today: date) -> "EntryQuerySet":
        """As ``in_force``, with those that are suspended."""
        stays = Q(removed_on__isnull=True) | Q(removed_on__gt=today)
        return self.filter(stays, listed_on__lte=today, ends_on__gt=today)

    def suspended(self, today: date) -> "EntryQuerySet":
        """Those whose newest suspension up to ``today`` was not followed by a resumption."""
        changes = apps.get_model("credit", "Suspension")._base_manager
        newest = changes.filter(entry=OuterRef("pk"), on__lte=today).order_by("-pk")
        known = self.alias(last=Subquery(newest.values("action")[:1]))
        found: EntryQuerySet = known.filter(last="suspend")
        return found

    def void(self) -> "EntryQuerySet":
        """Those that never should have stood: removed as annulled or wrong, or annulled after they had left.

        They count nowhere as an earlier listing. Source: 行政处罚法 第四十八条; 行政诉讼法 第七十条.
        """
        asked = CaseEvent.objects.filter(case=OuterRef("case"), action="ask_removal")
        ground = asked.order_by("-pk").annotate(ground=KT("snapshot__ground")).values("ground")[:1]
        known = self.alias(left_on_ground=Subquery(ground))
        # By a second officer: what ended by itself while such a request waited was not found void by anybody.
        removed = Q(removed_by__isnull=False, left_on_ground__in=TAKEN_BACK)
        found: EntryQuerySet = known.filter(removed | Q(annulment__isnull=False))
        return found

    def valid(self) -> "EntryQuerySet":
        """All but those."""
        return self.exclude(pk__in=ListEntry.objects.void().values("pk"))

    def with_grounds(self) -> "EntryQuerySet":
        """Each with the grounds that a judgment left of it, in the same query (see ``ListEntry.grounds``)."""
        changes = apps.get_model("credit", "EntryChange")._base_manager.filter(entry=OuterRef("pk"))
        left = Subquery(changes.order_by("-pk").values("grounds")[:1])
        found: EntryQuerySet = self.annotate(left_grounds=left)
        return found


class ListEntry(models.Model):
    """A public listing, from a day up to (not including) ``ends_on``; removal is a fact with a reason.

    ``former``: the earlier entry of one that is listed again, or whose listing runs again.
    """

    case = models.OneToOneField(ListCase, models.PROTECT, related_name="entry")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="entries")
    colour = models.CharField("名单", max_length=5, choices=Colour.choices, db_index=True)
    listed_on = models.DateField("列入日期", db_index=True)
    ends_on = models.DateField("期满日期", db_index=True)
    authority = models.CharField("列入机关", max_length=120)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    former = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeats"
    )
    removed_on = models.DateField("移出日期", null=True, blank=True)
    removal_reason = models.TextField("移出理由", blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "名单条目"
        verbose_name_plural = "名单条目"
        ordering = ["-listed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=models.F("listed_on")), name="entry_ends_after_it_began"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} · {self.get_colour_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: only the acts publish."""
        raise LockedError("名单只能由办案步骤公示（credit.acts.cases）")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: an entry ends or is removed with a reason, never deleted."""
        raise LockedError("名单条目不能删除")

    @property
    def grounds(self) -> Any:
        """The case's grounds, or what a judgment left of them (``with_grounds`` for many)."""
        if "left_grounds" in self.__dict__:
            return self.__dict__["left_grounds"] or self.case.grounds
        last = self.changes.last()
        return last.grounds if last else self.case.grounds


class WorkdayException(models.Model):
    """A public holiday (not worked) or a weekend day that is worked; the bureau keeps the calendar."""

    day = models.DateField("日期", primary_key=True)
    is_working = models.BooleanField("上班")
    note = models.CharField("说明", max_length=60, blank=True)

    class Meta:
        verbose_name = "节假日安排"
        verbose_name_plural = "节假日安排"
        ordering = ["day"]
        permissions = [("edit_calendar", "可以修改节假日安排")]

    def __str__(self) -> str:
        return f"{self.day} {'上班' if self.is_working else '放假'}"
