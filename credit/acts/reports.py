"""Issue a certificate of a clean record, or, where something stands, a plain report of it.

Both say as of when, what was looked at and what was not, and are signed: anybody can check them, with and
without a network. Only what the public may read counts: a fact whose publication ended is not in it.
"""

import json
import secrets
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any, Final

import segno
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from credit.acts import audit
from credit.acts.casework import refuse
from credit.acts.signing import public_keys, signed
from credit.models import Accident, CreditReport, Enterprise, ListEntry, Violation
from credit.models.managers import managed_by
from credit.models.rulesets import in_force
from credit.opendata import statement
from credit.opendata.rows import canonical
from credit.printing import compile_pdf
from credit.rules.masking import mask_numbers
from credit.rules.terms import add_months, printed

SEES: Final = ("credit.view_listcase", "credit.open_case", "credit.decide_case")
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # nobody mixes up its characters
AGAIN: Final = timedelta(minutes=5)  # a second press within this gets the same paper
NOT_LOOKED_AT: Final = (
    "应急管理以外其他部门的记录，以及其他地区的记录",
    "还没有作出决定的案件，以及正在调查的事故",
    "已依法停止公示、修复、撤销的记录",
)
_SOURCES: Final = {
    "entry": "严重失信主体名单",
    "violation": "行政处罚",
    "accident": "生产安全责任事故",
}


def may_ask(person: Any, today: date) -> QuerySet[Enterprise]:
    """The enterprises of which ``person`` may have a paper: the own ones, or those of an officer's places."""
    found = managed_by(person, today)
    if any(person.has_perm(permission) for permission in SEES):
        found = found | Enterprise.objects.in_reach_of(person)
    return found


def may_read(report: CreditReport, person: Any, today: date) -> bool:
    """Whether ``person`` may have the paper itself today.

    Whoever once asked for it has no right that lasts: a manager who was dismissed acts for nobody.
    """
    return may_ask(person, today).filter(pk=report.enterprise_id).exists()


@transaction.atomic
def issue(enterprise: Enterprise, *, person: Any, now: datetime) -> CreditReport:
    """The paper about ``enterprise`` as of ``now``. Raises RefusedError."""
    if not may_ask(person, timezone.localdate(now)).filter(pk=enterprise.pk).exists():
        raise refuse("只能查询本企业，或者您辖区内的企业")
    if not enterprise.is_resolved:
        raise refuse("这家企业的统一社会信用代码还没有核对，不能出具")
    mine = CreditReport.objects.filter(enterprise=enterprise, asked_by=person)
    recent: CreditReport | None = mine.filter(as_of__gt=now - AGAIN).first()
    if recent is not None and _stands(recent, timezone.localdate(now)):
        return recent
    return _write(enterprise, person, now)


def _write(enterprise: Enterprise, person: Any, now: datetime) -> CreditReport:
    content, refs = _content(enterprise, now)
    short = statement.said(content)
    key, signature = signed(statement.signed_bytes(short))
    report = CreditReport.objects.create(
        number=content["number"], enterprise=enterprise, kind=content["kind"], as_of=now,
        content=canonical(content), token=statement.token(short, key.key_id, signature), key=key,
        refs=refs, asked_by=person,
    )  # fmt: skip
    audit.log(
        "report.issue", by=person, subject=report, enterprise=enterprise,
        number=report.number, kind=report.kind,
    )  # fmt: skip
    return report


def _content(enterprise: Enterprise, now: datetime) -> tuple[dict[str, Any], list[str]]:
    """What the paper says, and which facts it lists."""
    today = timezone.localdate(now)
    since = add_months(today, -in_force(today).months("report.lookback"))
    facts = _facts(enterprise, since, today)
    counted = [one["what"] for one in facts.values()]
    months = f"{printed(since)}至{printed(today)}"
    spans = {"entry": f"{printed(today)}在名单上", "violation": months, "accident": months}
    content = {
        "format": "anxin-report/1",
        "number": _number(today),
        "kind": "report" if facts else "clean",
        "name": enterprise.name,
        "code": enterprise.uscc,
        "issuer": f"{enterprise.place.district.name}应急管理局",
        "as_of": timezone.localtime(now).isoformat(timespec="minutes"),
        "checked": [
            {"what": what, "span": spans[source], "found": counted.count(what)}
            for source, what in _SOURCES.items()
        ],
        "found": list(facts.values()),
        "not_checked": list(NOT_LOOKED_AT),
    }
    return content, list(facts)


def _facts(enterprise: Enterprise, since: date, today: date) -> dict[str, dict[str, str]]:
    """What stands in public against the enterprise, by reference."""
    found = {}
    entries = ListEntry.objects.in_force(today).filter(enterprise=enterprise, colour="black")
    for entry in entries.with_grounds().select_related("case"):
        words = "；".join(ground["name"] for ground in entry.grounds)
        # What a judgment took away is in no later paper, and an older paper that says it is not printed again.
        fewer = len(entry.grounds) < len(entry.case.grounds)
        ref = f"entry:{entry.pk}" + (f":{len(entry.grounds)}" if fewer else "")
        found[ref] = _line(
            "entry", entry.listed_on, words, f"{entry.case.decision_number}，{entry.authority}"
        )
    penalties = Violation.objects.public(today).filter(
        enterprise=enterprise, happened_on__gte=since
    )
    for fact in penalties.order_by("-happened_on", "pk"):
        found[f"violation:{fact.pk}"] = _line(
            "violation", fact.happened_on, f"{fact.offence}（{fact.penalty_kind}）",
            f"{fact.source_key}，{fact.authority}",
        )  # fmt: skip
    accidents = Accident.objects.current().filter(
        enterprise=enterprise, happened_on__gte=since, responsible=True
    )
    for accident in accidents.order_by("-happened_on", "pk"):
        found[f"accident:{accident.pk}"] = _line(
            "accident", accident.happened_on, accident.title, accident.get_grade_display()
        )
    return found


def _line(source: str, on: date, words: str, basis: str) -> dict[str, str]:
    return {
        "what": _SOURCES[source], "on": on.isoformat(), "words": mask_numbers(words),
        "basis": basis,
    }  # fmt: skip


def _number(today: date) -> str:
    """A number that nobody can guess: 50 random bits."""
    return f"XY{today.year}{''.join(secrets.choice(ALPHABET) for _ in range(10))}"


# -- Checking and printing ------------------------------------------------------------------------------


def find(text: str) -> CreditReport | None:
    """The paper with this number, in any usual writing."""
    plain = "".join(mark for mark in text.upper() if mark.isalnum())
    plain = plain[:2] + plain[2:].translate(str.maketrans("OIL", "011"))
    return CreditReport.objects.select_related("enterprise").filter(number=plain[:20]).first()


def is_authentic(report: CreditReport) -> bool:
    """Whether what the database says of the paper is what was signed."""
    carried = statement.carried(json.loads(report.content))
    try:
        return (
            statement.read(f"{report.token} {carried}".encode(), public_keys()).number
            == report.number
        )
    except statement.StatementError:
        return False


def may_be_printed(report: CreditReport, today: date) -> bool:
    """Whether nothing that it lists has left the public since."""
    return _stands(report, today)


def printed_pdf(report: CreditReport, *, today: date) -> bytes:
    """The paper as PDF, with the signed text in it. Raises RefusedError when a listed fact left the public."""
    if not _stands(report, today):
        raise refuse("其中有记录已停止公示或撤销，这份报告不再提供，请重新申请")
    content = json.loads(report.content)
    address = address_of(report)
    texts = {
        **content,
        "title": report.get_kind_display(),
        "as_of_printed": _moment(report.as_of),
        "day": list(timezone.localtime(report.as_of).timetuple()[:3]),
        "address": address,
        "keywords": [report.token, statement.carried(content)],
        "found": [
            {**one, "on": printed(date.fromisoformat(one["on"]))} for one in content["found"]
        ],
    }
    return compile_pdf("report.typ", texts, qr=_qr(f"{address}#{report.token}"))


def address_of(report: CreditReport) -> str:
    """Where anybody checks it."""
    page = reverse("credit:report", args=[report.number])
    return f"{settings.BASE_URL.rstrip('/')}{page}"


def _stands(report: CreditReport, today: date) -> bool:
    since = add_months(today, -in_force(today).months("report.lookback"))
    return not report.refs or set(report.refs) <= set(_facts(report.enterprise, since, today))


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{printed(local.date())} {local:%H:%M}"


def _qr(text: str) -> str:
    picture = BytesIO()
    segno.make(text, error="l", micro=False).save(
        picture, kind="svg", border=0, dark="#0d474f", xmldecl=False
    )
    return picture.getvalue().decode()
