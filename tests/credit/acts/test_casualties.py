"""Casualties that change within the window reclassify the accident; later ones wait for a second person."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from credit.acts import cases, casualties, intake
from credit.models import (
    Accident,
    AuditEntry,
    CasualtyDecision,
    CasualtyProposal,
    Enterprise,
    ImportBatch,
)
from credit.rules.accidents import may_reclassify
from tests.credit.acts.test_kinds import counts, example
from tests.credit.importing.makers import xlsx
from tests.credit.test_lock import refused

DAY = date(2026, 3, 5)


def report(deaths: int, today: date, *, by: Any = None, strict: bool = False) -> ImportBatch:
    rows = example("accidents", 死亡人数=deaths, 重伤人数=0, 发生日期="2026-03-05")
    batch = intake.open_batch(xlsx(rows), kind="accidents", file_name="x", by=by, strict=strict)
    intake.run(batch, today=today)
    return batch


def classes() -> list[tuple[int, str, bool]]:
    rows = Accident.objects.order_by("pk")
    return [(one.deaths, one.grade, one.replaced_at is None) for one in rows]


@pytest.mark.parametrize(
    ("kind", "last"),
    [
        ("高处坠落", date(2026, 4, 4)),
        ("道路交通事故", date(2026, 3, 12)),
        ("火灾", date(2026, 3, 12)),
    ],
)
def test_decree_493_article_13_the_window_has_30_days_traffic_and_fire_7(kind: str, last: date):
    assert may_reclassify(DAY, last, kind)
    ruling = may_reclassify(DAY, last.replace(day=last.day + 1), kind)
    assert (bool(ruling), "须由第二人决定" in ruling.reason) == (False, True)


def test_a_death_on_the_thirtieth_day_makes_the_class_larger_with_history(enterprise: Enterprise):
    report(2, DAY)
    assert counts(report(3, date(2026, 4, 4))) == ("done", 0, 1, 0, 0)
    assert classes() == [(2, "general", False), (3, "larger", True)]


def test_a_day_later_a_second_person_decides(
    enterprise: Enterprise, opener: Any, decider: Any, stranger: Any
):
    report(2, DAY)
    late = date(2026, 4, 5)
    for _ in range(2):  # sending again proposes nothing twice
        batch = report(3, late, by=opener)
        assert counts(batch) == ("done", 0, 0, 0, 1)
    assert "已登记在“伤亡变更”" in batch.problems[0]["advice"]
    assert classes() == [(2, "general", True)]
    proposal = CasualtyProposal.objects.get()
    for person, words in ((opener, "没有这个步骤的权限"), (stranger, "不在您的辖区")):
        with pytest.raises(cases.RefusedError, match=words):
            decide(proposal, person)
    decide(proposal, decider)
    assert classes() == [(2, "general", False), (3, "larger", True)]
    assert AuditEntry.objects.filter(verb="accident.decide_casualties").count() == 1
    with pytest.raises(cases.RefusedError, match="已经决定过了"):
        decide(proposal, decider)
    assert counts(report(3, late)) == ("done", 0, 0, 1, 0)


def decide(proposal: CasualtyProposal, person: Any, *, accepted: bool = True) -> CasualtyDecision:
    said = {"reason": "调查报告", "today": date(2026, 4, 10)}
    return casualties.decide(proposal, accepted=accepted, officer=person, **said)


def test_what_was_not_accepted_stays_so(enterprise: Enterprise, decider: Any):
    report(2, DAY)
    report(3, date(2026, 5, 1))
    decide(CasualtyProposal.objects.get(), decider, accepted=False)
    assert "已决定不予变更" in report(3, date(2026, 5, 1)).problems[0]["advice"]
    assert classes() == [(2, "general", True)]


def test_who_proposed_does_not_decide_in_the_rule_and_in_the_database(
    enterprise: Enterprise, decider: Any
):
    report(2, DAY)
    report(3, date(2026, 5, 1), by=decider)
    proposal = CasualtyProposal.objects.get()
    with pytest.raises(cases.RefusedError, match="不能自己决定"):
        decide(proposal, decider)
    own = CasualtyDecision(proposal=proposal, accepted=True, reason="x", by=decider, on=DAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        own.save()
    assert refused("UPDATE credit_casualtyproposal SET deaths = 9")
    assert refused("DELETE FROM credit_casualtyproposal")


def test_a_strict_import_proposes_nothing_and_says_so(enterprise: Enterprise):
    report(2, DAY)
    batch = report(3, date(2026, 5, 1), strict=True)
    assert (counts(batch), CasualtyProposal.objects.count()) == (("refused", 0, 0, 0, 1), 0)
    assert "请单独导入这一行" in batch.problems[0]["advice"]


def test_the_page_shows_and_decides_it(
    client: Client, enterprise: Enterprise, decider: Any, stranger: Any, as_staff: Any
):
    report(2, DAY)
    report(3, date(2026, 5, 1))
    url = "/credit/office/casualties/"
    as_staff(client, stranger)
    key = CasualtyProposal.objects.get().pk
    assert "没有伤亡变更" in client.get(url).content.decode()
    assert client.post(f"{url}{key}/", {"accepted": "yes", "reason": "x"}).status_code == 404
    as_staff(client, decider)
    assert "变更为：死亡 3 人" in client.get(url).content.decode()
    client.post(f"{url}{key}/", {"accepted": "maybe"})
    assert CasualtyDecision.objects.count() == 0
    page = client.post(f"{url}{key}/", {"accepted": "yes", "reason": "报告"}, follow=True)
    assert "同意变更</strong>：报告" in page.content.decode()
    assert classes()[-1] == (3, "larger", True)
