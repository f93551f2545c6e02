"""The learning record store: statements that are added and stay, how they are found, documents, keys, who is who.

Statements about our own learners are copies of our facts: nothing here is ever read back as something learned.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from courses.models.enrolment import Enrolment
from courses.models.reach import employed_in
from courses.xapi.matching import AGENT, NEAR_AGENT, REGISTRATION, digest
from credit.models import Enterprise, Jurisdiction
from credit.models.locked import Written, WrittenOnce


class LearnerAccount(models.Model):
    """By what number a person is known in statements; it says nothing about the person."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="learner_account"
    )
    name = models.UUIDField("编号", unique=True, default=uuid4, editable=False)

    class Meta:
        verbose_name = "学习记录编号"
        verbose_name_plural = "学习记录编号"

    def __str__(self) -> str:
        return str(self.name)


class Registration(models.Model):
    """The number of an enrolment in statements; another round is another registration."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="registration")
    key = models.UUIDField("编号", unique=True, default=uuid4, editable=False)

    class Meta:
        verbose_name = "报名编号"
        verbose_name_plural = "报名编号"

    def __str__(self) -> str:
        return str(self.key)


class LrsKeyQuerySet(models.QuerySet["LrsKey"]):
    """Questions about keys."""

    def usable(self, today: date) -> Self:
        """Active ones that have not run out."""
        return self.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today), active=True)


class LrsKey(models.Model):
    """Another system that writes or reads statements; its secret is shown once and kept as a hash.

    With a ``place`` it reaches those who work there, and nobody else of ours.
    """

    class Scope(models.TextChoices):
        """What it may do. Source: xAPI 1.0.3 part three, 4.2."""

        WRITE = "statements/write", "写入陈述"
        READ_MINE = "statements/read/mine", "读取自己写入的陈述"
        READ = "statements/read", "读取陈述"
        STATE = "state", "读写学习状态"
        PROFILE = "profile", "读写课件和学员的资料"

    name = models.CharField("系统名称", max_length=60, unique=True)
    secret_hash = models.CharField("密钥指纹", max_length=64, editable=False)
    scopes = models.JSONField("权限", default=list)
    place = models.ForeignKey(
        Jurisdiction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="属地（含下级）",
    )
    active = models.BooleanField("启用", default=True)
    expires_on = models.DateField("密钥有效期至", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = LrsKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "学习记录接口密钥"
        verbose_name_plural = "学习记录接口密钥"
        ordering = ["name"]
        permissions = [("issue_lrs_key", "可以发放学习记录接口密钥")]

    def __str__(self) -> str:
        return self.name

    def reaches(self, today: date) -> Any:
        """The people of its place, as a queryset of keys; None for everybody."""
        if self.place is None:
            return None
        places = Jurisdiction.objects.within(self.place)
        return employed_in(Enterprise.objects.filter(place__in=places), today)


class StatementQuerySet(Written):
    """Questions about statements."""

    def standing(self) -> "StatementQuerySet":
        """Not voided. Only whose statement it is can void it."""
        return self.filter(~self._voiding())

    def voided(self) -> "StatementQuerySet":
        """Voided ones."""
        return self.filter(self._voiding())

    def _voiding(self) -> Q:
        """By the target, which few have: the keys are compared as values, or SQLite would walk through all of a key."""
        voids = XapiStatement.objects.filter(voids=True, target=OuterRef("pk"))
        same = voids.annotate(owner=Coalesce("key", 0)).filter(owner=Coalesce(OuterRef("key"), 0))
        return Q(Exists(same), voids=False)

    def mentioning(self, kinds: Iterable[str], what: str) -> "StatementQuerySet":
        """Those about ``what``, in one of the ways ``kinds``; and those that refer to such a one."""
        found = XapiMention.objects.filter(kind__in=list(kinds), key=digest(what))
        return self.filter(pk__in=found.values("statement"))

    def about_agent(self, key: str, *, near: bool) -> "StatementQuerySet":
        """Whose actor or object it is; ``near``: or who has another part in it."""
        return self.mentioning((AGENT, NEAR_AGENT) if near else (AGENT,), key)

    def seen_by_key(self, key: LrsKey, today: date) -> "StatementQuerySet":
        """What a system may read."""
        if LrsKey.Scope.READ not in key.scopes:
            return self.filter(key=key)
        people = key.reaches(today)
        return self if people is None else self.filter(Q(key=key) | Q(account__person__in=people))

    def seen_in(self, registration: Registration, account: LearnerAccount) -> "StatementQuerySet":
        """What a unit may read: the learner's own of this registration."""
        return self.filter(account=account).mentioning((REGISTRATION,), str(registration.key))


class XapiStatement(WrittenOnce):
    """A statement as it came, or as it was made of a fact of ours; never changed, never deleted.

    ``key`` or ``session`` say who sent it; neither: ourselves. ``fact`` and ``fact_id`` name the fact of which
    it is a copy. ``defined``: cmi5-defined.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    stored = models.DateTimeField("收到时间")
    said_at = models.DateTimeField("发生时间")
    verb = models.CharField("动词", max_length=2000)
    body = models.TextField("内容")
    account = models.ForeignKey(
        LearnerAccount, models.PROTECT, null=True, related_name="statements", verbose_name="学员"
    )
    key = models.ForeignKey(LrsKey, models.PROTECT, null=True, related_name="statements")
    session = models.ForeignKey(
        "courses.AuSession", models.PROTECT, null=True, related_name="statements"
    )
    fact = models.CharField("事实", max_length=20, blank=True)
    fact_id = models.BigIntegerField(null=True)
    target = models.UUIDField("所指的陈述", null=True)
    voids = models.BooleanField("作废", default=False)
    defined = models.BooleanField("cmi5", default=False)

    objects = StatementQuerySet.as_manager()  # type: ignore[misc]  # a richer kind of the same

    class Meta:
        verbose_name = "学习陈述"
        verbose_name_plural = "学习陈述"
        ordering = ["-stored", "-id"]
        indexes = [
            models.Index(fields=["stored", "id"], name="statement_by_time"),
            models.Index(
                fields=["target"], condition=Q(target__isnull=False), name="statement_by_target"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "fact_id"],
                condition=Q(fact_id__isnull=False),
                name="one_statement_per_fact",
            ),
            models.CheckConstraint(
                condition=Q(key__isnull=True) | Q(session__isnull=True),
                name="statement_has_one_sender",
            ),
            models.CheckConstraint(
                condition=Q(fact="", fact_id__isnull=True)
                | ~Q(fact="") & Q(fact_id__isnull=False, key__isnull=True, session__isnull=True),
                name="only_we_tell_our_facts",
            ),
            models.CheckConstraint(
                condition=Q(voids=False) | Q(target__isnull=False), name="voiding_has_a_target"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.verb.rpartition('/')[2]}"


class XapiMention(WrittenOnce):
    """Where a filter finds a statement: by verb, agent, activity or registration; see ``courses.xapi.matching``.

    A statement about another one has that one's mentions too, so that a filter is one look at an index.
    """

    statement = models.ForeignKey(XapiStatement, models.PROTECT, related_name="mentions")
    kind = models.CharField(max_length=14)
    key = models.CharField(max_length=32)

    class Meta:
        verbose_name = "学习陈述的索引"
        verbose_name_plural = "学习陈述的索引"
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "kind", "key"], name="one_mention_per_statement"
            )
        ]
        indexes = [models.Index(fields=["kind", "key", "statement"], name="mention_by_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class XapiDocument(models.Model):
    """A document of the state or profile resources; replaced and deleted by those who keep it.

    ``scope`` is the digest of what it belongs to (kind, activity, agent, registration).
    """

    class Kind(models.TextChoices):
        """Of which resource."""

        STATE = "state", "学习状态"
        ACTIVITY = "activity", "课件资料"
        AGENT = "agent", "学员资料"

    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    scope = models.CharField(max_length=32)
    name = models.CharField("名称", max_length=400)
    activity = models.CharField("课件", max_length=2000, blank=True)
    agent = models.CharField("学员", max_length=2500, blank=True)
    registration = models.CharField("报名编号", max_length=36, blank=True)
    content = models.BinaryField("内容")
    content_type = models.CharField("内容类型", max_length=250)
    etag = models.CharField(max_length=40)
    updated_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = "学习状态文档"
        verbose_name_plural = "学习状态文档"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["scope", "name"], name="one_document_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class DerivedUpTo(models.Model):
    """Up to which row of a kind of facts statements have been made."""

    fact = models.CharField("事实", max_length=20, primary_key=True)
    last = models.BigIntegerField("到第几行", default=0)

    class Meta:
        verbose_name = "陈述进度"
        verbose_name_plural = "陈述进度"

    def __str__(self) -> str:
        return f"{self.fact} {self.last}"


DOCUMENTS_AT_MOST: Final = 200  # in one scope
