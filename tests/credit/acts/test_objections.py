"""An objection marks its line at once; another officer answers; what is upheld stays marked until mended."""

from datetime import date, timedelta
from typing import Any

import pytest

from credit.acts import casualties, scores
from credit.acts import objections as acts
from credit.acts.casework import RefusedError
from credit.acts.open_rows import standing_rows
from credit.acts.undo import undo
from credit.acts.withdrawals import withdraw
from credit.models import (
    AuditEntry,
    CasualtyProposal,
    Enterprise,
    ImportBatch,
    Jurisdiction,
    Message,
    Objection,
    Violation,
)
from credit.models.objections import marks
from credit.rules.objections import Year
from tests.credit.acts.test_scores import make, penalise
from tests.credit.casework import LATER, TODAY, hide_accident, legal_reviewer, published
from tests.credit.officers import officer
from tests.credit.party import appointed, paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(enterprise: Enterprise, opener: Any) -> Any:
    return appointed(enterprise, opener)


@pytest.fixture
def importer(district: Jurisdiction) -> Any:
    return officer("13800000031", district, "open_case", "answer_objection")


@pytest.fixture
def other(district: Jurisdiction) -> Any:
    return officer("13800000032", district, "open_case", "answer_objection")


@pytest.fixture
def penalty(enterprise: Enterprise, importer: Any) -> Violation:
    batch = ImportBatch.objects.create(kind="violations", file_name="罚.xlsx", by=importer)
    return penalise(enterprise, batch=batch)


def objected(row: Any, manager: Any, about: str = "fact", **more: Any) -> Objection:
    said = {"reason": "wrong", "text": "罚款是一万元", "today": TODAY}
    return acts.raise_objection(row, about=about, by=manager, **{**said, **more})


def test_the_line_is_marked_at_once_and_until_the_answer(
    penalty: Violation, manager: Any, other: Any
):
    firm = penalty.enterprise_id
    assert marks([firm]) == frozenset()
    made = objected(penalty, manager, files=[paper()])
    assert made.number == f"YY20261102-{made.pk:05}"
    assert marks([firm]) == {f"credit.violation:双公示:{penalty.identity}"}
    acts.answer(made, officer=other, upheld=False, reason="决定书写的是两万元", today=LATER)
    assert marks([firm]) == frozenset()
    message = Message.objects.get(to=manager)
    assert (message.title, message.body.split("\n")[1]) == (
        "异议已答复：异议不成立", "决定书写的是两万元",
    )  # fmt: skip
    verbs = AuditEntry.objects.filter(verb__startswith="objection.").order_by("number")
    assert list(verbs.values_list("verb", "actor")) == [
        ("objection.raise", manager.pk), ("objection.reject", other.pk),
    ]  # fmt: skip


def test_what_is_upheld_stays_marked_until_it_is_mended(
    penalty: Violation, manager: Any, other: Any
):
    made = objected(penalty, manager)
    acts.answer(made, officer=other, upheld=True, reason="确实写错", today=TODAY)
    marked = marks([penalty.enterprise_id])
    assert marked == {f"credit.violation:{penalty.pk}"}
    withdraw(penalty, officer=other, reason="异议成立", paper="异议答复1号", today=TODAY)
    corrected = penalise(penalty.enterprise, "罚2", fine=10_000)
    assert f"credit.violation:{corrected.pk}" not in marks([penalty.enterprise_id])


def test_the_officer_who_recorded_it_neither_answers_nor_gets_it(
    penalty: Violation, manager: Any, importer: Any, other: Any
):
    made = objected(penalty, manager)
    mine = "这一条是您登记或决定的，应由另一名人员答复异议"
    with pytest.raises(RefusedError, match=mine):
        acts.answer(made, officer=importer, upheld=False, reason="x", today=TODAY)
    with pytest.raises(RefusedError, match=mine):
        acts.assign(made, officer=other, to=importer, today=TODAY)
    acts.assign(made, officer=importer, to=other, today=TODAY)  # may hand it to another
    third = officer("13800000033", penalty.enterprise.place, "answer_objection")
    with pytest.raises(RefusedError, match="这件异议已交给另一名人员办理"):
        acts.answer(made, officer=third, upheld=False, reason="x", today=TODAY)
    acts.answer(made, officer=other, upheld=False, reason="x", today=TODAY)


def test_an_entry_is_answered_by_none_of_its_case(
    enterprise: Enterprise, opener: Any, decider: Any, other: Any, manager: Any
):
    hide_accident(enterprise)
    entry = published(enterprise, opener, decider)
    made = objected(entry, manager, "entry")
    assert marks([enterprise.pk]) == {f"credit.listentry:{entry.pk}"}
    assert acts.made_by(made) == {opener.pk, legal_reviewer(enterprise).pk, decider.pk}
    acts.answer(made, officer=other, upheld=False, reason="x", today=LATER)


def test_a_line_of_the_score_is_its_own_line(penalty: Violation, manager: Any):
    scores.refresh([penalty.enterprise_id], as_of=TODAY)
    objected(penalty, manager, "score", reason="points")
    assert marks([penalty.enterprise_id]) == {f"score:credit.violation:{penalty.pk}"}
    objected(penalty, manager)
    assert len(marks([penalty.enterprise_id])) == 2


def test_one_open_objection_a_line_and_reason(penalty: Violation, manager: Any, other: Any):
    first = objected(penalty, manager)
    with pytest.raises(RefusedError, match="这一条已有一件同样事由的异议正在办理"):
        objected(penalty, manager)
    objected(penalty, manager, reason="expired")
    acts.answer(first, officer=other, upheld=False, reason="x", today=TODAY)
    again = objected(penalty, manager)
    acts.take_back(again, by=manager, today=TODAY)
    with pytest.raises(RefusedError, match="这件异议已经办结"):
        acts.answer(again, officer=other, upheld=True, reason="x", today=TODAY)


def test_only_a_manager_of_that_enterprise_objects(
    penalty: Violation, street: Jurisdiction, sector: Any, opener: Any
):
    elsewhere = appointed(make(street, sector, 1)[0], opener)
    with pytest.raises(RefusedError, match="您不是这家企业的管理员"):
        objected(penalty, elsewhere)


def test_the_figures_count_by_year_and_say_nothing_of_few(
    enterprise: Enterprise, manager: Any, other: Any
):
    for n in range(6):
        day = date(2026, 3, 1) + timedelta(days=n)
        made = objected(penalise(enterprise, f"罚{n}"), manager, today=day)
        if n < 5:
            ended = day + timedelta(days=(2, 4, 6, 8, 20)[n])
            acts.answer(made, officer=other, upheld=n < 2, reason="x", today=ended)
    old = objected(penalise(enterprise, "罚9"), manager, today=date(2025, 12, 31))
    acts.answer(old, officer=other, upheld=True, reason="x", today=date(2026, 1, 3))
    assert acts.statistics() == [
        Year(2026, 6, 5, 6, 0.4), Year(2025, 1, 1, None, None),
    ]  # fmt: skip


def test_who_put_back_an_earlier_word_or_decided_on_casualties_does_not_answer(
    enterprise: Enterprise, manager: Any, importer: Any, other: Any, decider: Any
):
    first = penalise(enterprise)
    batch = ImportBatch.objects.create(
        kind="violations", file_name="x", by=importer, state="done", rows_corrected=1
    )
    Violation.objects.filter(pk=first.pk).update(replaced_at="2026-10-01T00:00Z")
    penalise(enterprise, fine=1, batch=batch, supersedes=first)
    undoer = officer("13800000034", enterprise.place, "import_records", "answer_objection")
    undo(batch, officer=undoer, reason="传错了", today=TODAY)
    back = Violation.objects.current().get()
    assert acts.made_by(objected(back, manager)) == {importer.pk, undoer.pk}

    accident = hide_accident(enterprise)
    asked = CasualtyProposal.objects.create(
        accident=accident, deaths=3, serious_injuries=0, grade="larger", by=importer, on=TODAY
    )
    casualties.decide(asked, accepted=True, officer=decider, reason="核实", today=TODAY)
    new = accident.superseded_by
    assert acts.made_by(objected(new, manager)) == {importer.pk, decider.pk}


def test_an_upheld_entry_is_marked_in_the_open_data_as_on_the_pages(
    enterprise: Enterprise, opener: Any, decider: Any, other: Any, manager: Any
):
    hide_accident(enterprise)
    entry = published(enterprise, opener, decider)
    assert [row["disputed"] for row in standing_rows(LATER)] == ["否"]
    made = objected(entry, manager, "entry")
    acts.answer(made, officer=other, upheld=True, reason="确实写错", today=LATER)
    assert [row["disputed"] for row in standing_rows(LATER)] == ["是"]
