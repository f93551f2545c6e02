"""The officers' desk: what waits for this person, then every page of the office, in the order of the work."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from credit.acts import clocks, names, outcomes, removals, suspensions, templates, withdrawals
from credit.acts.proposals import candidates
from credit.acts.reach import register_of, sees_all
from credit.acts.readers import reads_scores_of
from credit.models import (
    CaseEvent,
    CasualtyProposal,
    Delivery,
    NameMatch,
    Objection,
    PartyStatement,
    RepairApplication,
)
from credit.rules.cases import OPEN_STATES, State
from credit.rules.clocks import Standing
from credit.rules.papers import PaperKind
from credit.views.cases import WORKS, cases_seen_by, office
from credit.views.matching import matches_seen_by


@dataclass(frozen=True, slots=True)
class Door:
    """A link of the desk; ``count`` says how much waits behind it, None where nothing is counted."""

    title: str
    words: str
    address: str
    count: int | None = None


# Doors of the floors above: they know this desk, it does not know them. Each gives doors for a request.
more_doors: list[Callable[[HttpRequest], Iterator[Door]]] = []


@office
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """One's own cases first; then the doors, those that concern this person's permissions."""
    today = timezone.localdate()
    counted = dict(cases_seen_by(request).order_by().values_list("state").annotate(Count("pk")))
    waiting = cases_seen_by(request).filter(_waiting_for(request)).distinct()
    others = [door for doors in more_doors for door in doors(request)]
    context = {
        "groups": [
            ("收件和期限", list(_incoming(request, today))),
            ("立案、办案和名单", list(_cases(request, today, counted))),
            ("记录和检查", list(_records(request))),
            ("规则、文书和监督", list(_settings(request))),
            *([("培训", others)] if others else []),
        ],
        "states": [(state, counted.get(state.value, 0)) for state in State],
        "waiting": waiting[:10],
        "waiting_count": waiting.count(),
        "works": any(request.user.has_perm(permission) for permission in WORKS),
    }
    return render(request, "credit/office/desk.html", context)


def _waiting_for(request: HttpRequest) -> Q:
    """The open cases whose next step is this person's; all of them for one who only looks."""
    opens, decides, reviews = (request.user.has_perm(permission) for permission in WORKS)
    if not (opens or decides or reviews):
        return Q(state__in=OPEN_STATES)
    waiting = Q(pk__in=withdrawals.resting_on_lost().values("pk"))
    not_mine = ~Q(pk__in=CaseEvent.objects.filter(actor=request.user.pk).values("case"))
    if opens:
        waiting |= Q(state__in=OPEN_STATES - {State.HEARD, State.LEGAL_REVIEWED})
        waiting |= Q(state=State.LEGAL_REVIEWED, heavy=True, meetings=None)
    if reviews:
        waiting |= Q(state=State.HEARD) & not_mine
    if decides:
        waiting |= Q(state=State.LEGAL_REVIEWED) & not_mine
        waiting |= Q(pk__in=removals.awaiting().values("pk"))
        waiting |= Q(entry__outcomes__result="changed", entry__outcomes__change=None)
        waiting |= Q(pk__in=outcomes.awaiting_annulment(timezone.localdate()).values("pk"))
        waiting |= Q(pk__in=suspensions.awaiting().values("pk"))
    return waiting


def _incoming(request: HttpRequest, today: date) -> Iterator[Door]:
    register, may = register_of(request.user), request.user.has_perm
    running = clocks.running(today, register=None if sees_all(request.user) else register)
    pressing = sum(one.standing in (Standing.OVERDUE, Standing.TODAY) for one in running)
    yield Door("期限", "已经超期或今天到期", reverse("credit:clocks"), pressing)
    statements = PartyStatement.objects.waiting().filter(case__enterprise__in=register)
    objections = Objection.objects.open().filter(enterprise__in=register)
    repairs = RepairApplication.objects.under_way().filter(enterprise__in=register)
    yield Door(
        "企业来件", "陈述申辩、听证申请待登记", reverse("credit:parties"), statements.count()
    )
    yield Door("异议", "企业的异议待答复", reverse("credit:objections"), objections.count())
    yield Door("信用修复", "修复申请在办", reverse("credit:repairs"), repairs.count())
    if may(names.IMPORT):
        pending = matches_seen_by(request).filter(state=NameMatch.State.PENDING)
        yield Door("名称核对", "没有代码的记录，要认企业", reverse("credit:names"), pending.count())
    late = CasualtyProposal.objects.filter(accident__enterprise__in=register, decision=None)
    yield Door("伤亡变更", "超期更正伤亡，待决定", reverse("credit:casualties"), late.count())
    if may("credit.manage_agencies") or may("credit.view_agency"):
        unconfirmed = Delivery.objects.unacknowledged_removals().count()
        yield Door("推送机构", "移出后对方还没有确认", reverse("credit:agencies"), unconfirmed)


def _cases(request: HttpRequest, today: date, counted: dict[Any, int]) -> Iterator[Door]:
    register = register_of(request.user)
    for colour, name in (("black", "黑名单建议"), ("red", "红名单建议")):
        found = len(candidates(colour, today, among=register))
        yield Door(name, "符合条件，还没有立案", reverse("credit:proposals", args=[colour]), found)
    under_way = sum(counted.get(state.value, 0) for state in OPEN_STATES)
    yield Door("案件", "正在办理", reverse("credit:cases"), under_way)
    yield Door("名单差异", "记录和名单对不上的", reverse("credit:gaps"))
    yield Door("措施", "正在执行的惩戒和激励", reverse("credit:measures"))


def _records(request: HttpRequest) -> Iterator[Door]:
    may = request.user.has_perm
    yield Door("查企业", "公开页面、计分详情", reverse("credit:search"))
    if may(names.IMPORT) or may("credit.view_importbatch"):
        yield Door("导入记录", "企业、处罚、事故等", reverse("credit:imports"))
    if reads_scores_of(request.user):
        yield Door("监督检查", "按等级该查的企业", f"{reverse('credit:supervision')}?state=overdue")
    yield Door("企业管理员", "谁代表企业登录", reverse("credit:managers"))
    yield Door("电子送达", "电子送达确认书", reverse("credit:consents"))
    if may("credit.issue_source_key"):
        yield Door("报送系统", "别的系统的密钥", reverse("credit:sources"))


def _settings(request: HttpRequest) -> Iterator[Door]:
    may = request.user.has_perm
    if any(
        map(may, ("credit.draft_ruleset", "credit.adopt_ruleset", "credit.view_rulesetversion"))
    ):
        yield Door("规则集", "起草、模拟、批准", reverse("credit:rulesets"))
    address = reverse("credit:templates")
    if may(templates.APPROVE):
        waiting = sum(templates.waiting(kind) is not None for kind in PaperKind)
        yield Door("文书模板", "新的一版待批准", address, waiting)
    else:
        yield Door("文书模板", "文书的文字", address)
    yield Door("工作日历", "节假日和调休", reverse("credit:calendar"))
    if may("credit.view_auditentry"):
        yield Door("审计记录", "谁办了什么", reverse("credit:audit"))


__all__ = ["Door", "desk", "more_doors"]
