"""Where two parts meet: what one took away does not come back through another, nor by one person alone."""
# ruff: noqa: S608  # every statement is written here

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts.roles import LABELS
from credit.acts import agencies, calendars, cases, party, pushing, reports, withdrawals
from credit.acts.attachments import keep_file
from credit.acts.casework import RefusedError
from credit.acts.open_data import delete_gone, publish_day
from credit.acts.open_folder import served
from credit.acts.persons import shown_with
from credit.acts.undo import undo
from credit.models import (
    Accident,
    AuditEntry,
    CasualtyProposal,
    Delivery,
    Enterprise,
    EntryChange,
    Jurisdiction,
    ListCase,
    ListEntry,
    OpenEntry,
    Posting,
    Violation,
    Withdrawal,
)
from credit.opendata.rows import from_jsonl
from tests.credit.acts.test_casualties import DAY as ACCIDENT_DAY
from tests.credit.acts.test_casualties import classes, decide, report
from tests.credit.acts.test_persons import NUMBER
from tests.credit.acts.test_persons import name as name_person
from tests.credit.acts.test_scores import penalise
from tests.credit.acts.test_standing import ANNIVERSARY, FRAUD, finished, judge
from tests.credit.acts.test_undo import penalties, standing
from tests.credit.casework import (
    LATER,
    NEXT_DAY,
    TODAY,
    announced,
    hide_accident,
    published,
    removed,
    told,
)
from tests.credit.importing.makers import changed
from tests.credit.officers import officer
from tests.credit.party import appointed, paper, person
from tests.credit.test_lock import refused

NOON = "2026-11-16T04:00:00Z"
FLED = "主要负责人"


@pytest.fixture
def importer(district: Jurisdiction) -> Any:
    return officer("13800000031", district, "import_records", "open_case")


@pytest.fixture
def own_key(settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path


# -- A judgment took a ground away ------------------------------------------------------------------------


@pytest.fixture
def two_grounds(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
) -> ListEntry:
    """On the list for concealment, and because the head fled; a person is named for the second."""
    fled = hide_accident(enterprise, "SG-2", concealed=False, principal_fled=True)
    with time_machine.travel("2026-11-02T04:00:00Z"):
        name_person(fled, opener)
    return published(enterprise, opener, decider)


def judged(entry: ListEntry, opener: Any, decider: Any) -> None:
    """A court leaves only the concealment."""
    judge(entry, opener, "changed", grounds=["concealment"])
    cases.apply_change(entry.case, officer=decider, reason="按判决执行", today=LATER)


def test_a_person_is_not_named_for_a_ground_that_a_judgment_took_away(
    two_grounds: ListEntry, opener: Any, decider: Any
):
    assert [one.name for one in shown_with([two_grounds])[two_grounds.pk]] == ["王小明"]
    judged(two_grounds, opener, decider)
    assert shown_with(ListEntry.objects.with_grounds()) == {}


def test_a_restoration_does_not_bring_back_what_a_judgment_took_away(
    two_grounds: ListEntry, opener: Any, decider: Any
):
    judged(two_grounds, opener, decider)
    cases.ask_removal(
        two_grounds.case, officer=opener, ground="early", reason="申请书", today=ANNIVERSARY,
        duties_performed=True, harm_remedied=True,
    )  # fmt: skip
    cases.remove(two_grounds.case, officer=decider, reason="符合条件", today=ANNIVERSARY)
    day = date(2028, 3, 1)
    case = cases.open_restoration(two_grounds.case, officer=opener, today=day, **FRAUD)
    again = finished(case, opener, decider, day, "2")
    assert [ground["code"] for ground in again.grounds] == ["concealment"]


@pytest.mark.usefixtures("own_key")
def test_a_report_says_the_grounds_that_stand_and_an_older_one_is_not_used_again(
    two_grounds: ListEntry, opener: Any, decider: Any
):
    with time_machine.travel(NOON, tick=False):
        ask = {"person": opener, "now": timezone.now()}
        before = reports.issue(two_grounds.enterprise, **ask)
        judged(two_grounds, opener, decider)
        after = reports.issue(two_grounds.enterprise, **ask)
    assert (FLED in before.content, FLED in after.content) == (True, False)
    assert [reports.may_be_printed(one, LATER) for one in (before, after)] == [False, True]


@pytest.mark.usefixtures("own_key")
def test_open_data_of_the_past_forgets_what_a_judgment_took_away(
    two_grounds: ListEntry, opener: Any, decider: Any
):
    publish_day(LATER)
    path = f"{LATER}/black.jsonl"
    assert FLED in _text(path)
    judged(two_grounds, opener, decider)
    delete_gone(LATER)
    assert FLED not in _text(path)
    publish_day(NEXT_DAY)
    for _ in range(2):  # and is not deleted again and again
        delete_gone(NEXT_DAY)
    rows = from_jsonl(_text(f"{NEXT_DAY}/black.jsonl").encode())
    assert [(row["name"], FLED in row["grounds"]) for row in rows] == [
        (two_grounds.enterprise.name, False)
    ]
    assert OpenEntry.objects.count() == 2


def _text(path: str) -> str:
    found = served(path)
    assert found is not None
    return found.content.decode()


def test_the_database_lets_a_judgment_bring_no_ground(
    two_grounds: ListEntry, opener: Any, decider: Any
):
    outcome = judge(two_grounds, opener, "changed", grounds=["concealment"])
    first, second = two_grounds.case.grounds

    def change(grounds: Any) -> EntryChange:
        return EntryChange(
            entry=two_grounds, outcome=outcome, ends_on=two_grounds.ends_on, grounds=grounds,
            asked_by=opener, by=decider, on=LATER, reason="x",
        )  # fmt: skip

    for wrong in ([], [{**first, "name": "别的情形"}], [first, second, {"code": "x"}]):
        with pytest.raises(DatabaseError, match="takes grounds away"), transaction.atomic():
            change(wrong).save()
    change([first]).save()
    again = judge(two_grounds, opener, "changed", ends_on=ANNIVERSARY)
    with pytest.raises(DatabaseError, match="takes grounds away"), transaction.atomic():
        EntryChange(
            entry=two_grounds, outcome=again, ends_on=ANNIVERSARY, grounds=[first, second],
            asked_by=opener, by=decider, on=LATER, reason="x",
        ).save()  # fmt: skip


# -- Undone, and brought back -----------------------------------------------------------------------------


def test_undoing_the_import_that_brought_a_record_back_takes_it_away_again(
    enterprise: Enterprise, importer: Any
):
    first = penalties(changed())
    undo(first, officer=importer, reason="导错了文件", today=LATER)
    second = penalties(changed())
    assert len(standing()) == 1
    done = undo(second, officer=importer, reason="又导错了", today=LATER)
    assert (done.withdrawn, done.put_back, standing()) == (1, 0, [])


def test_undoing_an_import_does_not_undo_what_two_decided(
    enterprise: Enterprise, importer: Any, decider: Any
):
    report(2, ACCIDENT_DAY)
    late = report(3, date(2026, 5, 1), by=importer)
    decide(CasualtyProposal.objects.get(), decider)
    assert classes() == [(2, "general", False), (3, "larger", True)]
    with pytest.raises(RefusedError):
        undo(late, officer=importer, reason="x", today=date(2026, 5, 2))
    assert classes() == [(2, "general", False), (3, "larger", True)]


def test_past_the_window_an_undo_waits_for_a_second_person_to_change_the_class(
    enterprise: Enterprise, importer: Any, decider: Any
):
    report(2, ACCIDENT_DAY)
    wrong = report(3, date(2026, 4, 4), by=importer)
    assert classes() == [(2, "general", False), (3, "larger", True)]
    done = undo(wrong, officer=importer, reason="导错了", today=date(2026, 9, 1))
    assert (done.put_back, done.left) == (0, 1)
    assert classes() == [(2, "general", False), (3, "larger", True)]
    proposal = CasualtyProposal.objects.get()
    assert (proposal.deaths, proposal.grade, proposal.by) == (2, "general", importer)
    decide(proposal, decider)
    assert classes()[-1] == (2, "general", True)


# -- Restored by one alone --------------------------------------------------------------------------------


def test_who_withdrew_a_record_does_not_make_it_public_again(
    enterprise: Enterprise, opener: Any, decider: Any
):
    fact = penalise(enterprise)
    paper_of = {"reason": "x", "paper": "1号", "today": LATER}
    withdrawals.withdraw(fact, officer=opener, **paper_of)
    with pytest.raises(RefusedError, match="撤销记录的人员不得恢复"):
        withdrawals.restore(fact, officer=opener, **paper_of)
    alone = Withdrawal(violation=fact, action="restore", by=opener, on=LATER, reason="x", paper="x")
    with pytest.raises(DatabaseError, match="by another person"), transaction.atomic():
        alone.save()
    assert refused("UPDATE credit_violation SET withdrawn_at = NULL")
    assert Violation.objects.public(LATER).count() == 0
    withdrawals.restore(fact, officer=decider, **paper_of)
    assert Violation.objects.public(LATER).count() == 1


# -- Heard ------------------------------------------------------------------------------------------------


def test_no_hearing_was_held_before_it_was_asked_for(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    case = told(enterprise, opener)
    asked = TODAY + timedelta(days=3)
    cases.request_hearing(case, officer=opener, requested_on=asked, today=asked)
    held = {"chair": decider, "record": "笔录", "today": LATER}
    with pytest.raises(RefusedError, match="不能早于当事人申请听证的日期"):
        cases.hold_hearing(case, officer=opener, held_on=TODAY + timedelta(days=1), **held)
    assert refused(
        "UPDATE credit_listcase SET hearing_held_on = '2026-11-03', hearing_record = 'x',"
        f" hearing_chair_id = {decider.pk}"
    )
    announced(case, opener, told_on=asked)
    assert refused(
        "UPDATE credit_listcase SET hearing_held_on = '2026-11-13', hearing_record = 'x',"
        f" hearing_chair_id = {decider.pk}"
    )  # not the day of which it was told
    cases.hold_hearing(case, officer=opener, held_on=LATER, **held)


def test_no_change_of_the_calendar_shortens_a_term_that_runs(
    enterprise: Enterprise, concealed: Accident, opener: Any, district: Jurisdiction
):
    told(enterprise, opener)  # on a Monday: until the next Monday
    keeper = officer("13800000021", district, "edit_calendar")
    saturday, after = TODAY + timedelta(days=5), TODAY + timedelta(days=12)
    said = {"officer": keeper, "reason": "通知1号"}
    with pytest.raises(RefusedError, match="还在陈述申辩期限内"):
        calendars.set_day(saturday, is_working=True, **said)
    calendars.set_day(after, is_working=True, **said)
    calendars.set_day(TODAY + timedelta(days=2), is_working=False, note="停工", **said)
    with pytest.raises(RefusedError, match="还在陈述申辩期限内"):
        calendars.set_day(TODAY + timedelta(days=2), is_working=None, **said)


# -- Doors ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(LABELS))
def test_a_posting_alone_opens_no_evidence_file(
    client: Client,
    enterprise: Enterprise,
    concealed: Accident,
    opener: Any,
    as_staff: Any,
    role: str,
):
    kept = keep_file(paper(), by=opener, subject=concealed)
    somebody = person("13800000055")
    somebody.groups.add(Group.objects.get(name=role))
    Posting.objects.create(officer=somebody, place=enterprise.place)
    as_staff(client, somebody)
    sees = any(
        somebody.has_perm(f"credit.{one}")
        for one in ("view_listcase", "open_case", "decide_case", "review_case")
    )
    answer: Any = client.get(f"/credit/files/{kept.pk}/")
    assert answer.status_code == (200 if sees else 404)
    answer.close()


def test_a_push_of_what_left_meanwhile_stays_unsent(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any, monkeypatch: Any
):
    entry = published(enterprise, opener, decider)
    sent: list[str] = []
    keeper = officer("13800000005", enterprise.place.district, "manage_agencies", "view_listcase")
    agencies.enter_agency(
        name="征信中心（虚构）", url="https://example.org/x", lists=["black"], officer=keeper
    )
    monkeypatch.setattr(pushing, "send", lambda delivery: sent.append(delivery.op) or True)
    pushing.plan(LATER)
    removed(entry, opener, decider, NEXT_DAY)  # and nobody planned since
    with time_machine.travel("2026-11-18T04:00:00Z"):
        Delivery.objects.update(next_at="2026-11-17T00:00Z")
        assert (pushing.send_due(), sent) == (0, [])
        pushing.plan(date(2026, 11, 18))
        pushing.send_due()
    assert sent == ["DEL"]


# -- The log ----------------------------------------------------------------------------------------------


def test_no_number_of_a_person_is_in_the_log(
    enterprise: Enterprise, concealed: Accident, opener: Any, decider: Any
):
    words = f"证人王某，身份证{NUMBER}，电话13812345678"
    manager = appointed(enterprise, opener)
    case = told(enterprise, opener)
    party.submit(case, kind="statement", text=words, by=manager, today=TODAY)
    cases.record_statement(case, officer=opener, text=words, received_on=TODAY, today=TODAY)
    cases.waive(case, officer=opener, waived_on=TODAY, reason=words, today=TODAY)
    assert AuditEntry.objects.filter(said__contains="王某").count() >= 2
    for number in (NUMBER, "13812345678"):
        assert not AuditEntry.objects.filter(said__contains=number).exists()
    assert ListCase.objects.get().statement_text == words
