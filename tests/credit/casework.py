"""Short ways through a listing case for tests: the records, and each state by its acts."""

from datetime import date, timedelta
from typing import Any
from unittest import mock

from django.contrib.auth import get_user_model

from credit.acts import cases, documents
from credit.models import Accident, Enterprise, ListCase, ListEntry
from credit.rules.hearings import earliest_hearing
from credit.rules.papers import SERVED_WITH, PaperKind
from credit.rules.terms import printed
from tests.credit.officers import officer

REVIEWER = "13800000004"
TODAY = date(2026, 11, 2)  # a Monday
LATER = date(2026, 11, 16)
NEXT_DAY = LATER + timedelta(days=1)

MEMBERS = [("局长甲", "for"), ("副局长乙", "for"), ("总工程师丙", "abstain")]


def hide_accident(enterprise: Enterprise, key: str = "SG-1", **more: Any) -> Accident:
    """A concealed and penalised accident: a ground of the black list."""
    facts = {
        "source": "事故台账",
        "source_key": key,
        "happened_on": date(2026, 3, 5),
        "title": "瞒报的坠落事故",
        "kind": "高处坠落",
        "deaths": 1,
        "grade": "general",
        "concealed": True,
        "penalised": True,
    }
    return Accident.objects.create(enterprise=enterprise, **{**facts, **more})


def promise(enterprise: Enterprise) -> None:
    """What the red list asks and the register knows."""
    Enterprise.objects.filter(pk=enterprise.pk).update(
        promised_on=date(2026, 1, 1), standardisation_level=1
    )


def opened(enterprise: Enterprise, opener: Any, colour: str = "black") -> ListCase:
    """立案."""
    return cases.open_case(enterprise, colour, officer=opener, today=TODAY)


def looked_up(case: ListCase, opener: Any) -> ListCase:
    """人工核实 of every condition that asks for it."""
    for code in [ground["code"] for ground in case.grounds if ground["to_check"]]:
        cases.confirm_condition(case, officer=opener, code=code, finding="无记录", today=TODAY)
    return case


def told(enterprise: Enterprise, opener: Any, colour: str = "black") -> ListCase:
    """告知."""
    case = looked_up(opened(enterprise, opener, colour), opener)
    text = "拟列入，可陈述申辩"
    return cases.send_notice(case, officer=opener, text=text, served_on=TODAY, today=TODAY)


def announced(case: ListCase, opener: Any, told_on: date = TODAY, today: date = LATER) -> ListCase:
    """听证通知: a hearing on the first day that the notice of ``told_on`` allows."""
    set_for = earliest_hearing(told_on, cases.calendar()).day
    with_hearing_notice(case, opener, set_for, told_on)
    return cases.announce_hearing(
        case, officer=opener, told_on=told_on, set_for=set_for, place="二楼会议室", today=today
    )


def heard(enterprise: Enterprise, opener: Any, colour: str = "black") -> ListCase:
    """The term for a statement has passed."""
    return cases.close_hearing(told(enterprise, opener, colour), officer=opener, today=LATER)


def legal_reviewer(enterprise: Enterprise) -> Any:
    """The one legal officer of the enterprise's district."""
    found = get_user_model().objects.filter(phone__endswith=REVIEWER).first()
    return found or officer(REVIEWER, enterprise.place.district, "review_case")


def reviewed(enterprise: Enterprise, opener: Any, colour: str = "black") -> ListCase:
    """法制审核, and for a heavy case the heads' meeting."""
    case = heard(enterprise, opener, colour)
    person = legal_reviewer(enterprise)
    case = cases.legal_review(case, officer=person, opinion="程序合法", today=LATER)
    return met(case, opener) if case.heavy else case


def met(case: ListCase, opener: Any) -> ListCase:
    """集体讨论."""
    return cases.record_meeting(
        case, officer=opener, held_on=LATER, record="一致同意", members=MEMBERS, today=LATER
    )


def decided(
    enterprise: Enterprise, opener: Any, decider: Any, colour: str = "black", number: str = "1"
) -> ListCase:
    """Decided by another officer."""
    case = reviewed(enterprise, opener, colour)
    number = f"云应急列〔2026〕{number}号"
    return cases.decide(case, officer=decider, number=number, reason="事实清楚", today=LATER)


def _made(case: ListCase, kind: PaperKind, maker: Any, text: str, today: date) -> None:
    """Nobody prints it: what is on a paper other tests read."""
    with mock.patch.object(documents, "compile_pdf", return_value=b"%PDF-1.7 paper"):
        documents.make(case, kind, officer=maker, text=text, today=today)


def with_hearing_notice(case: ListCase, maker: Any, set_for: date, today: date) -> None:
    """听证通知书."""
    text = f"定于{printed(set_for)}9时在二楼会议室举行听证。"
    _made(case, PaperKind.HEARING_NOTICE, maker, text, today)


def with_papers(case: ListCase, maker: Any, today: date = LATER) -> ListCase:
    """The papers that are served."""
    case = ListCase.objects.get(pk=case.pk)
    for kind in SERVED_WITH[case.colour]:
        _made(case, kind, maker, documents.draft(case, kind, today=today).text, today)
    return case


def served(
    enterprise: Enterprise, opener: Any, decider: Any, colour: str = "black", number: str = "1"
) -> ListCase:
    """送达."""
    case = with_papers(decided(enterprise, opener, decider, colour, number), opener)
    return cases.serve(case, officer=opener, served_on=LATER, how="直接送达", today=LATER)


def removed(entry: ListEntry, asker: Any, decider: Any, today: date = LATER) -> ListEntry:
    """移出: asked for as a wrong listing, and granted."""
    cases.ask_removal(entry.case, officer=asker, ground="wrong", reason="法院撤销", today=today)
    return cases.remove(entry.case, officer=decider, reason="法院撤销", today=today)


def published(
    enterprise: Enterprise, opener: Any, decider: Any, colour: str = "black", number: str = "1"
) -> ListEntry:
    """公示."""
    case = served(enterprise, opener, decider, colour, number)
    return cases.publish(case, officer=opener, today=LATER)
