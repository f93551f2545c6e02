"""What the party says, argument by argument, and the bureau's opinion on each.

Source: 行政处罚法 第四十五条 (the facts, reasons and evidence that the party puts forward are reviewed, and
accepted where they hold); for the red list an argument is an objection from the public.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from credit.acts.casework import during_hearing, note, refuse
from credit.models import CaseArgument, ListCase
from credit.rules.cases import ARTICLE


@transaction.atomic
def record_statement(
    case: ListCase,
    *,
    officer: Any,
    text: str,
    received_on: date,
    today: date,
    arguments: Sequence[str] = (),
) -> ListCase:
    """Record a statement or defence (陈述、申辩); each of ``arguments`` (by default the whole) is answered."""
    case = during_hearing(case, officer, received_on, today)
    if not text.strip():
        raise refuse("请写明陈述、申辩的内容", ARTICLE)
    points = [one.strip() for one in arguments if one.strip()] or [text.strip()]
    CaseArgument._base_manager.bulk_create(
        [CaseArgument(case=case, received_on=received_on, text=point) for point in points]
    )
    joined = "\n\n".join(filter(None, [case.statement_text, text.strip()]))
    changes = {"statement_on": received_on, "statement_text": joined, "statement_opinion": ""}
    label = "收到意见" if case.colour == "red" else "收到陈述申辩"
    return note(case, "statement", label, officer, received_on, text.strip(), changes)


@transaction.atomic
def consider_statement(
    case: ListCase,
    *,
    officer: Any,
    opinion: str,
    today: date,
    argument: int | None = None,
    accepted: bool = False,
) -> ListCase:
    """Record the written opinion on one argument; without its key, on the only one that waits."""
    case = during_hearing(case, officer, today, today)
    if not case.statement_on or not opinion.strip():
        raise refuse("应先有陈述、申辩，并写明复核意见", ARTICLE)
    point = _waiting(case, argument)
    CaseArgument._base_manager.filter(pk=point.pk).update(
        opinion=opinion.strip(), accepted=accepted, answered_by=officer, answered_on=today
    )
    label = "复核意见" if case.colour == "red" else "复核陈述申辩"
    verdict = "采纳" if accepted else "不采纳"
    words = opinion.strip() if argument is None else f"“{point.text}”：{verdict}。{opinion.strip()}"
    changes = {"statement_opinion": _joined(case)}
    return note(case, "consider", label, officer, today, words, changes)


def _waiting(case: ListCase, argument: int | None) -> CaseArgument:
    """The argument to answer. A statement from before arguments were told apart becomes one."""
    found = list(CaseArgument.objects.filter(case=case))
    if not found and not case.statement_opinion and case.statement_on:
        whole = CaseArgument(case=case, received_on=case.statement_on, text=case.statement_text)
        found = CaseArgument._base_manager.bulk_create([whole])
    open_ones = [one for one in found if not one.opinion]
    if argument is not None:
        open_ones = [one for one in open_ones if one.pk == argument]
    if not open_ones:
        raise refuse("这条意见不在这个案件里，或已经复核过", ARTICLE)
    if len(open_ones) > 1:
        raise refuse("有多条意见，请逐条写明复核意见", ARTICLE)
    only: CaseArgument = open_ones[0]
    return only


def _joined(case: ListCase) -> str:
    """Every opinion in a row for the decision's text; "" while one is missing."""
    opinions = list(CaseArgument.objects.filter(case=case).values_list("opinion", flat=True))
    return "\n".join(opinions) if all(opinions) else ""
