"""Who may change an enterprise's roster and training: whoever acts for it today (企业管理员), on its paper."""

from datetime import date
from typing import Any, Final

from courses.acts.refusing import RefusedError
from credit.models import Enterprise
from credit.models.managers import managed_by
from credit.rules.ruling import Ruling

ARTICLE: Final = "安全生产法第二十八条（生产经营单位组织培训、如实记录）"


def refuse(reason: str) -> RefusedError:
    """The refusal to raise."""
    return RefusedError(Ruling(False, reason, ARTICLE))


def require_manager(person: Any, enterprise: Enterprise, today: date) -> None:
    """Raises RefusedError for anybody else."""
    if not managed_by(person, today).filter(pk=enterprise.pk).exists():
        raise refuse("您不是这家企业的管理员")


__all__ = ["ARTICLE", "RefusedError", "refuse", "require_manager"]
