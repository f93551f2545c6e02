"""Tell the enterprise's managers what happened in its case, with a text message.

A message is service only where the enterprise had agreed to electronic service in writing before
(行政处罚法 第六十一条); else it is a courtesy, and says so.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse

from credit.acts.texts import tell_and_text
from credit.models import (
    CaseDocument,
    CaseEvent,
    Enterprise,
    ListCase,
    Message,
    ServiceConsent,
)
from credit.models.managers import managers_of
from credit.rules.papers import PaperKind

# What the enterprise hears of: the step, the title, and what it may do.
_BLACK: Final = {
    "send_notice": ("收到列入失信名单的告知书", "请尽快看告知书。您可以在期限内陈述、申辩，或者申请听证。"),
    "consider": ("陈述、申辩已有复核意见", "办案人员已经书面复核你单位提出的意见。"),
    "announce_hearing": ("收到听证通知", "请看听证的日期和地点，按时参加。"),
    "serve": ("收到列入失信名单的决定书", "决定已经送达。不服的，可以申请行政复议或者提起行政诉讼。"),
    "publish": ("你单位已列入失信名单并公示", "您可以看期满日期，以及最早哪一天可以申请提前移出。"),
    "drop": ("列入案件已经撤回", "这件案件到此结束，没有列入名单。"),
    "remove": ("你单位已移出名单", "公示已经停止。"),
    "expire": ("管理期限届满，你单位已移出名单", "公示已经停止，惩戒措施同时解除。"),
    "annul": ("列入决定已被撤销", "这次列入自始没有效力，今后不再作为曾被列入的依据。"),
    "change": ("列入决定有变更", "请看变更后的期限和情形。"),
    "refuse_removal": ("移出申请没有同意", "请看理由。条件具备后可以再次申请。"),
}  # fmt: skip
_RED: Final = {
    "send_notice": ("正在公告：拟列入守信激励名单", "公告期内公众可以提意见。"),
    "serve": ("收到授予守信激励决定书", "决定已经送达，公示以后生效。"),
    "publish": ("你单位已列入守信激励名单", "期间发生事故或受到处罚，会立即移出。"),
    "drop": ("守信激励名单的案件已经撤回", "这件案件到此结束，没有列入名单。"),
    "remove": ("你单位已移出守信激励名单", "请看移出的理由。"),
    "expire": ("守信激励名单的期限届满", "条件仍然具备的，可以再次列入。"),
    "annul": ("守信激励名单的列入决定已被撤销", "这次列入自始没有效力。"),
    "suspend": ("守信激励已经暂停", "请看暂停的理由；暂停期间不公示，激励措施同时停止。"),
    "resume": ("守信激励已经恢复", "公示和激励措施从今天起恢复。"),
}
# The step whose message tells of the service of a paper.
_TOLD_BY: Final[Mapping[str, str]] = {
    PaperKind.LISTING_NOTICE: "send_notice",
    PaperKind.LISTING_DECISION: "serve",
    PaperKind.REPAIR_LETTER: "serve",
    PaperKind.HEARING_NOTICE: "announce_hearing",
    PaperKind.RED_ANNOUNCEMENT: "send_notice",
    PaperKind.RED_GRANT: "serve",
    PaperKind.REMOVAL_DECISION: "remove",
    PaperKind.NOT_LISTED: "drop",
}
SERVED: Final = "你单位已签电子送达确认书，本消息到达即为送达。"
COURTESY: Final = "本消息只是提醒，不代替文书送达。"


def inform(case: ListCase, event: CaseEvent) -> int:
    """Tell the managers of the case's enterprise about a step that concerns them; how many heard."""
    words = (_RED if case.colour == "red" else _BLACK).get(event.action)
    if words is None or (event.action == "drop" and not case.notice_served_on):
        return 0  # before the notice the enterprise knows of no case
    people = list(managers_of(case.enterprise_id, event.recorded_at.date()))
    if not people:
        return 0
    firm = case.enterprise
    return tell_and_text(
        people, kind=_kind(case, event), key=f"case:{case.pk}:event:{event.pk}", title=words[0],
        body="\n".join([firm.name, words[1], how_it_counts(firm, event.recorded_at.date())]),
        link=reverse("credit:mine_case", args=[firm.pk, case.pk]), enterprise=firm,
    )  # fmt: skip


def _kind(case: ListCase, event: CaseEvent) -> str:
    """Only the notice for the black list asks for something: to be heard, within the term."""
    return "case-notice" if case.colour == "black" and event.action == "send_notice" else "case"


def consent_of(enterprise: Enterprise | int, today: date) -> ServiceConsent | None:
    """The confirmation of electronic service that stands on ``today``."""
    newest = ServiceConsent.objects.filter(enterprise=enterprise, on__lte=today).last()
    return newest if newest and newest.action == ServiceConsent.Action.GIVE else None


def how_it_counts(enterprise: Enterprise, today: date) -> str:
    """Whether a message is service, in words."""
    return SERVED if consent_of(enterprise, today) else COURTESY


def note_reading(case: ListCase, paper: CaseDocument, person: Any, at: datetime) -> int:
    """Who reads the paper itself has read the message that told of its service: the same receipt."""
    steps = case.events.filter(action=_TOLD_BY.get(paper.kind, "")).values_list("pk", flat=True)
    keys = [f"case:{case.pk}:event:{pk}" for pk in steps]
    return int(receipts(case).filter(to=person, key__in=keys, read_at=None).update(read_at=at))


def receipts(case: ListCase) -> Any:
    """Who was told about the case and when it was read: the messages, oldest first."""
    about = Message.objects.filter(key__startswith=f"case:{case.pk}:event:")
    return about.select_related("to").order_by("pk")
