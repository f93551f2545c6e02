"""Whether a major hazard (重大事故隐患) is open, overdue or closed on a day."""

from datetime import date
from enum import StrEnum


class HazardState(StrEnum):
    """How a hazard stands."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """In print."""
        return {"open": "整改中", "overdue": "逾期未整改", "closed": "已销号"}[self.value]


def state_on(day: date, *, deadline: date | None, closed_on: date | None) -> HazardState:
    """The state at the end of ``day``: the deadline itself is still in time, and closed on the day of closing.

    Source: 安全生产法 第四十一条 (治理责任), 国发〔2010〕23号 第四条 (挂牌督办).
    """
    if closed_on is not None and closed_on <= day:
        return HazardState.CLOSED
    late = deadline is not None and day > deadline
    return HazardState.OVERDUE if late else HazardState.OPEN
