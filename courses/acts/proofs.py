"""Training outside the platform: the enterprise tells it with its paper, and takes back what was wrong."""

from datetime import date
from typing import Any, Final

from django.db import transaction

from courses.acts import obligations
from courses.acts.managing import refuse, require_manager
from courses.models import Obligation, OutsideProof
from credit.acts import audit
from credit.models import Employment

MOST_HOURS: Final = 400


@transaction.atomic
def tell(
    employment: Employment,
    *,
    requirement: str,
    done_on: date,
    hours: int,
    paper: str,
    by: Any,
    today: date,
) -> OutsideProof:
    """Record hours, or a certificate of the state, with the paper that proves them. Raises RefusedError.

    Source: 安全生产法第二十八条 (train and record truthfully), 第九十七条 (false records are punished).
    """
    require_manager(by, employment.enterprise, today)
    asked = Obligation.objects.filter(employment=employment, requirement=requirement).last()
    if asked is None:
        raise refuse("这个岗位没有这项培训要求")
    if done_on > today:
        raise refuse("完成日期不能晚于今天")
    if not paper.strip():
        raise refuse("请写明证明材料的名称和编号")
    if not asked.paper and not 0 < hours <= MOST_HOURS:
        raise refuse(f"请填学时：1 到 {MOST_HOURS} 之间的整数")
    made = OutsideProof.objects.create(
        employment=employment, requirement=requirement, done_on=done_on,
        hours=0 if asked.paper else hours, paper=paper.strip(), by=by,
    )  # fmt: skip
    _log_and_follow("proof.tell", made, by, today)
    return made


@transaction.atomic
def take_back(proof: OutsideProof, *, by: Any, today: date) -> OutsideProof:
    """It was wrong: what rested on it is owed anew. Raises RefusedError."""
    require_manager(by, proof.employment.enterprise, today)
    if not OutsideProof.objects.standing().filter(pk=proof.pk).exists():
        raise refuse("已经撤回过了")
    made = OutsideProof.objects.create(
        employment=proof.employment, requirement=proof.requirement, done_on=proof.done_on,
        hours=proof.hours, paper=proof.paper, takes_back=proof, by=by,
    )  # fmt: skip
    _log_and_follow("proof.take_back", made, by, today)
    return made


def _log_and_follow(verb: str, made: OutsideProof, by: Any, today: date) -> None:
    firm = made.employment.enterprise_id
    audit.log(
        verb, by=by, subject=made, enterprise=firm, requirement=made.requirement,
        done_on=made.done_on, hours=made.hours, paper=made.paper,
    )  # fmt: skip
    obligations.refresh([firm], today=today)
