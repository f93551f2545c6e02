"""Appoint a manager of an enterprise's file, revoke, record the consent to electronic service."""

from datetime import date
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction

from credit.acts import audit
from credit.acts.casework import DECIDE, OPEN, RefusedError, refuse
from credit.acts.messages import tell
from credit.acts.reach import require_within
from credit.models import Enterprise, EnterpriseManager, ManagerRevocation, ServiceConsent

APPOINT: Final = "credit.appoint_manager"
ARTICLE: Final = "企业管理员登记（局规则集）"


@transaction.atomic
def appoint(
    enterprise: Enterprise,
    *,
    by: Any,
    phone: str,
    paper: str,
    from_day: date,
    last_day: date | None,
    today: date,
) -> EnterpriseManager:
    """Let the person with ``phone`` act for ``enterprise``, on a paper of it. Raises RefusedError."""
    require_within(by, APPOINT, enterprise)
    person = _person(phone)
    if person.pk == by.pk:
        raise refuse("不能登记自己为企业管理员", ARTICLE)
    if not paper.strip():
        raise refuse("请写明授权委托书的名称和编号", ARTICLE)
    if last_day and last_day < max(from_day, today):
        raise refuse("最后一天不能早于起始日期，也不能早于今天", ARTICLE)
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    standing = EnterpriseManager.objects.standing(today)
    if standing.filter(person=person, enterprise=enterprise).exists():
        raise refuse("这个人已经是这家企业的管理员", ARTICLE)
    made = EnterpriseManager.objects.create(
        person=person, enterprise=enterprise, paper=paper.strip(),
        from_day=from_day, last_day=last_day, appointed_by=by,
    )  # fmt: skip
    audit.log(
        "manager.appoint", by=by, subject=made, enterprise=enterprise,
        person=person.pk, paper=made.paper, from_day=from_day, last_day=last_day,
    )  # fmt: skip
    tell(
        [person], kind="manager", key=f"manager:{made.pk}", title="您已登记为企业管理员",
        body=f"{enterprise.name}。您可以看企业的信用档案，提交陈述申辩、异议和修复申请。",
        link="/credit/mine/", enterprise=enterprise,
    )  # fmt: skip
    return made


@transaction.atomic
def revoke(
    appointment: EnterpriseManager, *, by: Any, reason: str, today: date
) -> ManagerRevocation:
    """End an appointment at once. Raises RefusedError."""
    require_within(by, APPOINT, appointment.enterprise)
    if not reason.strip():
        raise refuse("请写明撤销的理由", ARTICLE)
    held = EnterpriseManager.objects.select_for_update().get(pk=appointment.pk)
    if ManagerRevocation.objects.filter(appointment=held).exists():
        raise refuse("已经撤销过了", ARTICLE)
    done = ManagerRevocation.objects.create(appointment=held, reason=reason.strip(), by=by)
    audit.log(
        "manager.revoke", by=by, subject=held, enterprise=held.enterprise_id,
        reason=done.reason, on=today,
    )  # fmt: skip
    return done


@transaction.atomic
def record_consent(
    enterprise: Enterprise, *, by: Any, action: str, on: date, paper: str, today: date
) -> ServiceConsent:
    """Record that the enterprise agreed to electronic service, or took that back. Raises RefusedError."""
    require_within(by, APPOINT, enterprise)
    if on > today:
        raise refuse("签署日期不能晚于今天", ARTICLE)
    if not paper.strip():
        raise refuse("请写明确认书的名称和编号", ARTICLE)
    done = ServiceConsent.objects.create(
        enterprise=enterprise, action=action, on=on, paper=paper.strip(), by=by
    )
    audit.log(
        f"service.consent_{action}", by=by, subject=done, enterprise=enterprise,
        on=on, paper=done.paper,
    )  # fmt: skip
    return done


def _person(phone: str) -> Any:
    people = get_user_model()
    try:
        person = people._default_manager.get_by_natural_key(phone)
    except ValueError as fault:
        raise refuse(str(fault), ARTICLE) from fault
    except people.DoesNotExist as fault:
        words = "没有这个手机号的账号。请本人先用这个手机号注册登录一次"
        raise refuse(words, ARTICLE) from fault
    if not person.is_active:
        raise refuse("这个账号已停用", ARTICLE)
    if any(person.has_perm(permission) for permission in (OPEN, DECIDE)):
        raise refuse("办案人员不能登记为企业管理员", ARTICLE)
    return person


__all__ = ["APPOINT", "RefusedError", "appoint", "record_consent", "revoke"]
