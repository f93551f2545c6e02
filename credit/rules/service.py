"""How a paper is served (送达), and what each way asks for.

Sources: 行政处罚法 第六十一条 (served as the 民事诉讼法 says; by electronic means only where the party
agreed and signed for it); 民事诉讼法 on 留置送达 and 公告送达, whose numbers were not checked.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from credit.rules.clocks import load_clocks
from credit.rules.ruling import Ruling
from credit.rules.terms import printed

ARTICLE: Final = "行政处罚法第六十一条；民事诉讼法（送达）"


class ServiceKind(StrEnum):
    """A way of serving."""

    DIRECT = "direct"
    LEFT = "left"
    POST = "post"
    ELECTRONIC = "electronic"
    ANNOUNCED = "announced"

    @property
    def label(self) -> str:
        """The printed name."""
        return _LABELS[self]


_LABELS: Final = {
    ServiceKind.DIRECT: "直接送达",
    ServiceKind.LEFT: "留置送达",
    ServiceKind.POST: "邮寄送达",
    ServiceKind.ELECTRONIC: "电子送达",
    ServiceKind.ANNOUNCED: "公告送达",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """What an officer says of a service; ``made_on`` is the paper's date."""

    how: ServiceKind
    recipient: str
    made_on: date
    served_on: date
    today: date
    witness: str = ""
    announced_on: date | None = None
    note: str = ""


def may_record(facts: ServiceFacts) -> Ruling:
    """Whether a service holds together, and what is missing."""
    if not facts.recipient.strip():
        return Ruling(False, "请填写收件人", ARTICLE)
    if not facts.made_on <= facts.served_on <= facts.today:
        return Ruling(False, "送达日期应在文书日期之后且不晚于今天", ARTICLE)
    if facts.how is ServiceKind.LEFT and not facts.witness.strip() and not facts.note.strip():
        return Ruling(False, "留置送达要填写见证人，或者在备注写明拍照、录像的情况", ARTICLE)
    if facts.how is ServiceKind.ELECTRONIC and not facts.note.strip():
        return Ruling(False, "电子送达要当事人同意并签订确认书，请在备注写明确认书", ARTICLE)
    if facts.how is ServiceKind.ANNOUNCED:
        return _announced(facts)
    return Ruling(True, f"{printed(facts.served_on)}{facts.how.label}", ARTICLE)


def _announced(facts: ServiceFacts) -> Ruling:
    """Public announcement serves once its days have passed."""
    clock = load_clocks()["service.announced"]
    if facts.announced_on is None or not facts.made_on <= facts.announced_on <= facts.today:
        return Ruling(False, "公告送达要填写公告日期，在文书日期之后且不晚于今天", clock.article)
    earliest = facts.announced_on + timedelta(days=clock.amount)
    if facts.served_on < earliest:
        return Ruling(
            False, f"公告满{clock.amount}日才视为送达，最早{printed(earliest)}", clock.article
        )
    return Ruling(True, f"{printed(facts.announced_on)}公告，视为送达", clock.article)
