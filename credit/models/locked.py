"""Querysets for rows whose standing is protected: they refuse what is not an act's."""

from typing import Any, NoReturn

from django.db import models


class LockedError(PermissionError):
    """A legal standing or a written fact was touched beside its acts."""


class Locked(models.QuerySet[Any]):
    """Reads as any queryset; writes are refused: use ``credit.acts.cases``."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LockedError("法定状态只能通过办案步骤改变（credit.acts.cases）")

    update = delete = create = bulk_create = bulk_update = _refuse
    get_or_create = update_or_create = _refuse


class Written(models.QuerySet[Any]):
    """Rows that are added and then stay as they are."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LockedError("办案记录只能添加，不能修改或删除")

    update = delete = bulk_update = update_or_create = _refuse


class WrittenOnce(models.Model):
    """A row that is added and then stays as it is; the database's guards say so too."""

    objects = Written.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add; what is written stays."""
        if self.pk is not None:
            raise LockedError(f"{self._meta.verbose_name}只能添加，不能修改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise LockedError(f"{self._meta.verbose_name}不能删除")
