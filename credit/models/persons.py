"""Persons found responsible in a penalty or an accident: who, in which role, by which finding.

Source: 应急管理部令第11号, which lists units and the persons responsible in them; 个人信息保护法. A person is a
fact: written once, corrected by a row that supersedes, withdrawn by one that is ``void``.
"""

from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from credit.models.locked import LockedError, Written
from credit.models.records import Accident, Violation
from credit.sealing import fingerprint, seal, unseal


class PersonQuerySet(Written):
    """Questions about responsible persons."""

    def current(self) -> Self:
        """The newest word on each: not superseded, not withdrawn."""
        return self.filter(superseded_by__isnull=True, void=False)


class ResponsiblePerson(models.Model):
    """One person and one record. The number is sealed; pages show ``number_masked``.

    ``notice_served_on``: when the person got a notice of the own; without it nothing of them is ever public.
    """

    class Role(models.TextChoices):
        """In which quality the person answers."""

        PRINCIPAL = "principal", "主要负责人"
        CONTROLLER = "controller", "实际控制人"
        SUPERVISOR = "supervisor", "直接负责的主管人员"
        DIRECT = "direct", "其他直接责任人员"

    violation = models.ForeignKey(
        Violation, models.PROTECT, null=True, blank=True, related_name="persons"
    )
    accident = models.ForeignKey(
        Accident, models.PROTECT, null=True, blank=True, related_name="persons"
    )
    name = models.CharField("姓名", max_length=60)
    number_sealed = models.TextField("证件号码（密封）", blank=True, editable=False)
    number_masked = models.CharField("证件号码（隐去）", max_length=30, blank=True, editable=False)
    number_fingerprint = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    role = models.CharField("责任身份", max_length=12, choices=Role.choices)
    finding = models.TextField("认定的责任和处理")
    notice_served_on = models.DateField("本人告知书送达日期", null=True, blank=True)
    void = models.BooleanField("撤销", default=False)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "责任人员"
        verbose_name_plural = "责任人员"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(violation__isnull=True) ^ Q(accident__isnull=True),
                name="responsible_in_one_fact",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name[:1]}** {self.get_role_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add; what is written stays."""
        if not self._state.adding:
            raise LockedError("责任人员的记录只能更正（新增一条），不能修改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise LockedError("责任人员的记录不能删除，只能写明理由撤销")

    @property
    def fact(self) -> Violation | Accident:
        """The record in which the person was found responsible."""
        found = self.violation or self.accident
        if found is None:  # the database has a constraint against it
            raise ValueError("a responsible person without a record")
        return found

    @property
    def number(self) -> str:
        """The number, opened; "" where none is known. For officers' papers alone."""
        return unseal(self.number_sealed) if self.number_sealed else ""

    @number.setter
    def number(self, number: str) -> None:
        self.number_sealed = seal(number) if number else ""
        self.number_fingerprint = fingerprint(number) if number else ""
        self.number_masked = _masked(number)


def _masked(number: str) -> str:
    hidden = len(number) - 5
    return f"{number[:3]}{'*' * hidden}{number[-2:]}" if hidden > 2 else "*" * len(number)
