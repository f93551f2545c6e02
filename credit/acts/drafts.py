"""First words for the papers of a case. The officer reads and changes them; nothing is sent by itself."""

from typing import Any

from django.utils import timezone

from credit.models import ListCase
from credit.models.rulesets import in_force
from credit.rules.terms import printed


def notice_draft(case: ListCase) -> str:
    """The notice (告知书), or for the red list the public announcement, from the case's grounds.

    Facts, reasons, basis and rights, as 行政处罚法 第四十四条 asks.
    """
    days = in_force(timezone.localdate()).terms["case.hearing"].amount
    if case.colour == "red":
        return (
            f"拟将{case.enterprise}列入守信激励名单，现予公告。\n\n依据：\n{grounds_text(case)}\n\n"
            f"对上述内容有异议的，请在公告之日起{days}个工作日内向本机关提出。"
        )
    if case.restores is not None:
        return _restoration_draft(case, days)
    return (
        f"{case.enterprise}：\n\n你单位有下列情形，本机关拟将你单位列入严重失信主体名单：\n"
        f"{grounds_text(case)}\n\n你单位有权陈述、申辩，也可以要求举行听证。"
        f"请在收到本告知书之日起{days}个工作日内提出；逾期不提出的，视为放弃。"
    )


def _restoration_draft(case: ListCase, days: int) -> str:
    """The notice that a removal obtained with false material is to be undone."""
    opened = case.events.filter(action="open").first()
    return (
        f"{case.enterprise}：\n\n{opened.reason if opened else ''}。本机关拟撤销提前移出决定，"
        f"恢复将你单位列入严重失信主体名单，执行剩余的期限。原列入情形：\n{grounds_text(case)}\n\n"
        f"你单位有权陈述、申辩，也可以要求举行听证。请在收到本告知书之日起{days}个工作日内提出；"
        "逾期不提出的，视为放弃。"
    )


def decision_draft(case: ListCase) -> str:
    """The reasons of the decision: the notice, what the party said, what the bureau thinks of it."""
    return f"{heard_text(case)}\n\n决定依据：\n{grounds_text(case)}"


def heard_text(case: ListCase) -> str:
    """How the party was told and heard, a line each."""
    served = printed(case.notice_served_on) if case.notice_served_on else ""
    told = f"公告于{served}发布" if case.colour == "red" else f"告知书于{served}送达"
    return "\n".join(_sentence(line) for line in [told, *_heard(case)])


def _heard(case: ListCase) -> list[str]:
    """What the party, or for red the public, said to it."""
    lines = []
    if case.statement_text:
        who = "收到意见" if case.colour == "red" else "当事人提出"
        lines += [f"{who}：{case.statement_text}", f"复核意见：{case.statement_opinion}"]
    if case.hearing_held_on:
        told = case.hearing_notices.last()
        notice = f"{printed(told.told_on)}通知听证的时间和地点，" if told else ""
        lines.append(f"{notice}{printed(case.hearing_held_on)}举行了听证")
    if case.waived_on:
        waiver = case.events.filter(action="waive").last()
        paper = f"（{waiver.reason}）" if waiver else ""
        lines.append(f"{printed(case.waived_on)}当事人书面放弃陈述、申辩和听证{paper}")
    silence = "公告期间没有收到意见" if case.colour == "red" else "当事人未提出陈述、申辩"
    return lines or [silence]


def _sentence(words: str) -> str:
    """With one full stop, unless it ends with a mark of its own."""
    return words if words.endswith(("。", "！", "？")) else f"{words}。"


def grounds_text(case: ListCase) -> str:
    """The grounds, numbered, each with its article and the records behind it."""
    return "\n".join(
        f"{place}．{ground['reason']}（{ground['article']}）{_evidence(ground)}"
        for place, ground in enumerate(case.grounds, start=1)
    )


def _evidence(ground: dict[str, Any]) -> str:
    """The labels of the records, which begin with the number of the document."""
    labels = "；".join(item["label"] for item in ground["evidence"])
    return f"，见：{labels}" if labels else ""
