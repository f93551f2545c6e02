"""The party speaks in its case: a manager sends a statement or asks for a hearing, an officer takes it in.

Source: 行政处罚法 第四十四条、第四十五条、第六十三条. Who sends it does no step of the case.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from credit.acts import audit
from credit.acts.attachments import keep_files
from credit.acts.cases import record_statement, request_hearing
from credit.acts.casework import RefusedError, calendar, refuse
from credit.acts.messages import tell
from credit.models import ListCase, PartyStatement, StatementTaken
from credit.models.managers import managed_by
from credit.rules.cases import ARTICLE, OPEN_STATES
from credit.rules.ruling import Ruling
from credit.rules.statements import HEARING, STATEMENT, PartyFacts, may_speak
from credit.rules.terms import printed


def speaking(case: ListCase, kind: str, today: date) -> Ruling:
    """Whether the party may send a statement or ask for a hearing today, and why not."""
    asked = case.party_statements.filter(kind=HEARING).exists()
    facts = PartyFacts(
        colour=case.colour, state=case.state, notice_on=case.notice_served_on, today=today,
        hearing_asked=bool(case.hearing_requested_on) or asked, waived=bool(case.waived_on),
        calendar=calendar(),
    )  # fmt: skip
    return may_speak(kind, facts)


@transaction.atomic
def submit(
    case: ListCase,
    *,
    kind: str,
    text: str,
    files: Iterable[UploadedFile] = (),
    by: Any,
    today: date,
) -> PartyStatement:
    """Receive what the party sends; the row is the receipt. Raises RefusedError."""
    held = ListCase._base_manager.select_for_update().get(pk=case.pk)
    require_manager(by, held.enterprise_id, today)
    ruling = speaking(held, kind, today)
    if not ruling:
        raise RefusedError(ruling)
    if kind == STATEMENT and not text.strip():
        raise refuse("请写明您的意见和理由", ARTICLE)
    sent = PartyStatement.objects.create(case=held, kind=kind, text=text.strip(), by=by)
    keep_files(files, by=by, subject=sent, for_party=True)
    audit.log(
        f"party.{kind}", by=by, subject=sent, enterprise=held.enterprise_id,
        case=held.pk, number=sent.number, text=sent.text,
    )  # fmt: skip
    _tell_handlers(held, sent)
    return sent


@transaction.atomic
def take(sent: PartyStatement, *, officer: Any, today: date) -> StatementTaken:
    """Put it into the case, as of the day on which it came. Raises RefusedError."""
    held = PartyStatement.objects.select_for_update().get(pk=sent.pk)
    if StatementTaken.objects.filter(statement=held).exists():
        raise refuse("已经登记入案", ARTICLE)
    received = timezone.localdate(held.received_at)
    if held.kind == HEARING:
        request_hearing(held.case, officer=officer, requested_on=received, today=today)
    if held.text or held.kind == STATEMENT:
        text = f"【企业网上提交，回执 {held.number}】\n{held.text}"
        record_statement(held.case, officer=officer, text=text, received_on=received, today=today)
    done = StatementTaken.objects.create(statement=held, by=officer)
    audit.log(
        "party.take", by=officer, subject=held, enterprise=held.case.enterprise_id,
        case=held.case_id, number=held.number,
    )  # fmt: skip
    return done


def require_manager(person: Any, enterprise: int, today: date) -> None:
    """``person`` acts for the enterprise today. Raises RefusedError."""
    if not managed_by(person, today).filter(pk=enterprise).exists():
        raise refuse("您不是这家企业的管理员", "企业管理员登记（局规则集）")


def cases_of(enterprise: Any) -> Any:
    """The cases of which the enterprise was told, newest first; one without notice is the office's."""
    return ListCase.objects.filter(enterprise=enterprise, notice_served_on__isnull=False)


def under_way(enterprise: Any) -> Any:
    """Those of them that are not at their end."""
    return cases_of(enterprise).filter(state__in=OPEN_STATES)


def _tell_handlers(case: ListCase, sent: PartyStatement) -> None:
    """The officers who did a step of the case hear of it."""
    actors = case.events.filter(actor__isnull=False).values("actor")
    people = get_user_model()._default_manager.filter(pk__in=actors, is_active=True)
    day = timezone.localdate(sent.received_at)
    tell(
        people, kind="party", key=f"party:{sent.pk}",
        title=f"企业提交了{sent.get_kind_display()}，请登记入案",
        body=f"{case.enterprise.name}，回执 {sent.number}，{printed(day)}",
        link=f"/credit/office/cases/{case.pk}/", enterprise=case.enterprise,
    )  # fmt: skip


__all__ = ["RefusedError", "cases_of", "require_manager", "speaking", "submit", "take", "under_way"]
