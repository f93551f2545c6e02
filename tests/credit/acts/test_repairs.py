"""Repair of a penalty and early removal: one accepts, a second decides, fraud brings it back."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.acts import repairs as acts
from credit.acts.casework import RefusedError
from credit.models import (
    AuditEntry,
    Enterprise,
    Jurisdiction,
    ListEntry,
    Message,
    RepairApplication,
    Violation,
)
from tests.credit.acts.test_scores import penalise
from tests.credit.casework import hide_accident, published
from tests.credit.officers import officer
from tests.credit.party import appointed, paper

pytestmark = pytest.mark.django_db
IN_TIME = date(2026, 12, 1)  # three months after the penalty of 2026-09-01


@pytest.fixture
def manager(enterprise: Enterprise, opener: Any) -> Any:
    return appointed(enterprise, opener)


@pytest.fixture
def clerk(district: Jurisdiction) -> Any:
    return officer("13800000041", district, "open_case", "accept_repair", "decide_repair")


@pytest.fixture
def judge(district: Jurisdiction) -> Any:
    return officer("13800000042", district, "decide_case", "decide_repair", "accept_repair")


def applied(row: Any, manager: Any, today: date = IN_TIME, **more: Any) -> RepairApplication:
    said = {"statement": "罚款已缴，已整改", "promised": True, "files": [paper()]}
    return acts.apply(row, by=manager, today=today, **{**said, **more})


def granted(row: Any, manager: Any, clerk: Any, judge: Any) -> RepairApplication:
    made = applied(row, manager)
    acts.accept(made, officer=clerk, today=IN_TIME)
    acts.grant(made, officer=judge, reason="材料齐全，义务已履行", today=IN_TIME)
    return made


def test_a_granted_repair_ends_publication_and_fraud_restores_it(
    enterprise: Enterprise, manager: Any, clerk: Any, judge: Any
):
    penalty = penalise(enterprise)
    assert list(Violation.objects.public(IN_TIME)) == [penalty]
    made = granted(penalty, manager, clerk, judge)
    assert list(Violation.objects.public(IN_TIME)) == []
    assert list(Violation.objects.current()) == [penalty]  # the file keeps it
    with pytest.raises(RefusedError, match="准予修复的人员不得撤销修复"):
        acts.revoke(made, officer=judge, reason="缴款凭证系伪造", today=IN_TIME)
    acts.revoke(made, officer=clerk, reason="缴款凭证系伪造", today=IN_TIME)
    assert list(Violation.objects.public(IN_TIME)) == [penalty]
    verbs = AuditEntry.objects.filter(verb__startswith="repair.").order_by("number")
    assert list(verbs.values_list("verb", "actor")) == [
        ("repair.apply", manager.pk), ("repair.accept", clerk.pk),
        ("repair.grant", judge.pk), ("repair.revoke", clerk.pk),
    ]  # fmt: skip
    titles = Message.objects.filter(to=manager, kind__startswith="repair").order_by("pk")
    assert list(titles.values_list("title", flat=True)) == [
        "信用修复申请已受理", "信用修复申请已同意", "信用修复已被撤销，恢复公示",
    ]  # fmt: skip


def test_a_correction_keeps_the_repair_and_another_penalty_stays_public(
    enterprise: Enterprise, manager: Any, clerk: Any, judge: Any
):
    penalty, second = penalise(enterprise), penalise(enterprise, "罚2")
    granted(penalty, manager, clerk, judge)
    Violation.objects.filter(pk=penalty.pk).update(replaced_at="2026-12-01T00:00:00Z")
    penalise(enterprise, fine=19_000, supersedes=penalty)
    assert list(Violation.objects.public(IN_TIME)) == [second]


def test_one_officer_does_not_do_both(enterprise: Enterprise, manager: Any, clerk: Any, judge: Any):
    made = applied(penalise(enterprise), manager)
    with pytest.raises(RefusedError, match="申请还没有受理"):
        acts.grant(made, officer=judge, reason="x", today=IN_TIME)
    acts.accept(made, officer=clerk, today=IN_TIME)
    for verb in (acts.grant, acts.refuse_repair):
        with pytest.raises(RefusedError, match="受理申请的人员不得决定修复"):
            verb(made, officer=clerk, reason="x", today=IN_TIME)
    acts.refuse_repair(made, officer=judge, reason="整改没有完成", today=IN_TIME)
    assert acts.state_of(made) == "refuse"
    with pytest.raises(RefusedError, match="这份申请已经办结"):
        acts.grant(made, officer=judge, reason="x", today=IN_TIME)
    applied(penalise(enterprise, "罚2"), manager)


def test_what_is_missing_is_asked_for_once(
    enterprise: Enterprise, manager: Any, clerk: Any, judge: Any
):
    made = applied(penalise(enterprise), manager)
    acts.ask_more(made, officer=clerk, reason="缺缴款凭证、复查意见书", today=IN_TIME)
    assert Message.objects.filter(to=manager).latest("pk").asks
    with pytest.raises(RefusedError, match="需要补正的内容应一次说全"):
        acts.ask_more(made, officer=clerk, reason="还缺", today=IN_TIME)
    acts.supplement(made, by=manager, text="已补", files=[paper()], today=IN_TIME)
    with pytest.raises(RefusedError, match="需要补正的内容应一次说全"):
        acts.ask_more(made, officer=clerk, reason="还缺", today=IN_TIME)
    acts.accept(made, officer=clerk, today=IN_TIME)
    with pytest.raises(RefusedError, match="已经受理，不能再撤回"):
        acts.take_back(made, by=manager, today=IN_TIME)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"today": date(2026, 11, 30)}, "未满最短公示期，2026年12月1日起可申请"),
        ({"today": date(2027, 9, 1)}, "公示期已于2027年9月1日届满，自动停止公示，无需申请"),
        ({"promised": False}, "勾选信用承诺"),
        ({"files": []}, "至少上传一份证明材料"),
        ({"statement": " "}, "请写明履行和整改情况"),
        ({"files": [paper("a.pdf", b"MZ")]}, "没有收下"),
    ],
)
def test_why_not(enterprise: Enterprise, manager: Any, more: dict, reason: str):
    with pytest.raises(RefusedError, match=reason):
        applied(penalise(enterprise), manager, **more)
    assert RepairApplication.objects.count() == 0


def test_one_application_at_a_time(enterprise: Enterprise, manager: Any):
    penalty = penalise(enterprise)
    first = applied(penalty, manager)
    with pytest.raises(RefusedError, match="已有一份修复申请正在办理"):
        applied(penalty, manager)
    acts.take_back(first, by=manager, today=IN_TIME)
    applied(penalty, manager)


def test_early_removal_after_twelve_months_goes_through_the_removal_by_two(
    enterprise: Enterprise, opener: Any, decider: Any, manager: Any, clerk: Any, judge: Any
):
    hide_accident(enterprise)
    entry = published(enterprise, opener, decider)
    listed = entry.listed_on
    year = listed.replace(year=listed.year + 1)
    with pytest.raises(RefusedError, match="列入未满12个月，2027年11月16日起可申请"):
        applied(entry, manager, today=date(2027, 11, 15))
    made = applied(entry, manager, today=year)
    acts.accept(made, officer=clerk, today=year)
    assert ListEntry.objects.in_force(year).count() == 1
    acts.grant(made, officer=judge, reason="义务已履行", today=year)
    assert ListEntry.objects.in_force(year).count() == 0
    entry.refresh_from_db()
    assert (entry.removed_on, entry.removed_by) == (year, judge)


def test_a_refused_early_removal_leaves_the_entry(
    enterprise: Enterprise, opener: Any, decider: Any, manager: Any, clerk: Any, judge: Any
):
    hide_accident(enterprise)
    entry = published(enterprise, opener, decider)
    year = entry.listed_on.replace(year=entry.listed_on.year + 1)
    made = applied(entry, manager, today=year)
    acts.accept(made, officer=clerk, today=year)
    acts.refuse_repair(made, officer=judge, reason="罚款没有缴清", today=year)
    assert ListEntry.objects.in_force(year).count() == 1
    assert acts.row_at("entry", entry.pk, enterprise, year) == entry


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["ask_more", "supplement", "accept", "grant", "refuse_repair", "take_back", "revoke"]
        ),
        st.sampled_from(["clerk", "judge"]),
    ),
    max_size=8,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(walk=STEPS)
def test_whatever_is_tried_in_whatever_order_nothing_is_repaired_without_two_officers(
    walk: list[tuple[str, str]], enterprise: Enterprise, manager: Any, clerk: Any, judge: Any
):
    penalty = penalise(
        enterprise, f"罚{RepairApplication.objects.count()}x{Violation.objects.count()}"
    )
    made = applied(penalty, manager)
    for verb, who in walk:
        person = {"clerk": clerk, "judge": judge}[who]
        try:
            if verb == "supplement":
                acts.supplement(made, by=manager, text="补", files=[], today=IN_TIME)
            elif verb == "take_back":
                acts.take_back(made, by=manager, today=IN_TIME)
            elif verb == "accept":
                acts.accept(made, officer=person, today=IN_TIME)
            else:
                getattr(acts, verb)(made, officer=person, reason="理由", today=IN_TIME)
        except RefusedError:
            continue
    done = [(one.action, one.by_id) for one in made.steps.all()]
    by = dict(done)
    shown = Violation.objects.public(IN_TIME).filter(pk=penalty.pk).exists()
    assert shown == ("grant" not in by or "revoke" in by)
    if "grant" in by:
        assert "accept" in by
        assert by["grant"] != by["accept"]
    assert not {"grant", "refuse"} <= set(by)
