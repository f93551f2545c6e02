"""Rows that are written once: added, then neither changed nor deleted. State follows from further rows."""

from typing import Any, NoReturn

from django.db import models

from credit.models.locked import LockedError, Written


class WrittenOnce(models.Model):
    """A row that stays as it was written; the database's own guards refuse what slips past."""

    objects = Written.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add; what is written stays."""
        if not self._state.adding:
            raise LockedError(f"{self._meta.verbose_name}只能添加，不能修改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise LockedError(f"{self._meta.verbose_name}不能删除")
