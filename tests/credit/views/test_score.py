"""The score in full: who reads it, that it adds up, what comes next, and the paper for the file."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from credit.acts import scores
from credit.models import Employment, Enterprise, EnterpriseManager, Jurisdiction, Sector
from tests.credit.acts.test_scores import make, penalise
from tests.credit.casework import hide_accident

NOW = time_machine.travel("2026-11-23 09:00:00+08:00", tick=False)


def address(enterprise: Enterprise) -> str:
    return f"/credit/enterprises/{enterprise.number}/score/"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def manager(enterprise: Enterprise, by: Any, **more: Any) -> Any:
    person = get_user_model().objects.create_user("13900000001", "long-enough-9")
    facts = {"paper": "授权委托书1号", "from_day": date(2026, 1, 1), **more}
    EnterpriseManager.objects.create(person=person, enterprise=enterprise, appointed_by=by, **facts)
    return person


# -- Who reads it ---------------------------------------------------------------------------------------


@NOW
def test_the_officer_in_reach_the_auditor_and_the_own_manager_read_it(
    client: Client, enterprise: Enterprise, opener: Any, auditor: Any, as_staff: Any
):
    auditor.user_permissions.set(_permissions("view_listcase", "view_score"))
    for person in (opener, auditor, manager(enterprise, opener)):
        as_staff(client, person)
        assert client.get(address(enterprise)).status_code == 200
        assert client.get(address(enterprise)[:-1] + ".pdf").status_code == 200


def _permissions(*names: str) -> Any:
    return Permission.objects.filter(codename__in=names, content_type__app_label="credit")


@NOW
def test_nobody_else_reads_it(client: Client, enterprise: Enterprise, stranger: Any, as_staff: Any):
    for suffix in ("/", ".pdf"):
        page = address(enterprise)[:-1] + suffix
        client.logout()
        assert client.get(page).url.startswith("/accounts/login/?next=")
        as_staff(client, stranger)
        assert client.get(page).status_code == 404
        assert client.get("/credit/enterprises/NOBODY/score/").status_code == 404


@NOW
@pytest.mark.parametrize(
    "days", [{"last_day": date(2026, 11, 22)}, {"from_day": date(2026, 11, 24)}]
)
def test_a_former_or_future_manager_does_not(
    client: Client, enterprise: Enterprise, opener: Any, days: dict[str, Any]
):
    client.force_login(manager(enterprise, opener, **days))
    assert client.get(address(enterprise)).status_code == 403


@NOW
def test_who_works_there_and_was_not_appointed_does_not(client: Client, enterprise: Enterprise):
    person = get_user_model().objects.create_user("13900000001", "long-enough-9")
    Employment.objects.create(
        person=person, enterprise=enterprise, position="principal", began_on=date(2026, 1, 1)
    )
    client.force_login(person)
    assert client.get(address(enterprise)).status_code == 403


@NOW
def test_a_manager_reads_no_other_enterprise(
    client: Client, enterprise: Enterprise, street: Jurisdiction, sector: Sector, opener: Any
):
    other = make(street, sector, 1)[0]
    client.force_login(manager(enterprise, opener))
    assert client.get(address(other)).status_code == 403


# -- What it says ---------------------------------------------------------------------------------------


@NOW
def test_picture_and_table_tell_the_same_steps(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any
):
    penalise(enterprise)
    hide_accident(enterprise)
    as_staff(client, opener)
    answer = client.get(address(enterprise))
    told = [(bar.label, bar.amount) for bar in answer.context["chart"].bars]
    assert told == [
        ("起始分：未达标", "60"),
        ("罚款（10万元以下）", "−5"),
        ("一般事故", "−13.33"),
        ("瞒报谎报事故", "−60"),
        ("最低 0 分", "+18.33"),
        ("得分", "0 分"),
    ]
    now = answer.context["now"]
    assert (sum(step.amount for step in now.steps), now.grade) == (0, "D")
    assert "2028年9月1日起" in text(answer)


@NOW
def test_a_veto_is_told_with_its_article(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any
):
    Enterprise.objects.update(standardisation_level=1)
    hide_accident(enterprise, concealed=False)
    as_staff(client, opener)
    said = text(client.get(address(enterprise)))
    assert "按分数是 B 级，被限定" in said
    assert "因“12个月内发生1起一般事故”，等级最好只能是 C 级。依据：参照聊城市2013年" in said


@NOW
def test_the_next_changes_and_a_day_to_come(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any
):
    penalise(enterprise)
    as_staff(client, opener)
    answer = client.get(address(enterprise), {"on": "2028-09-01"})
    told = [(c.day, float(c.points), c.grade, c.reasons) for c in answer.context["changes"]]
    name = "“罚1 未如实记录培训”"
    assert told == [
        (date(2027, 3, 1), 56.67, "C", (f"{name}改按 67% 计",)),
        (date(2027, 9, 1), 58.33, "C", (f"{name}改按 33% 计",)),
        (date(2028, 9, 1), 60.0, "C", (f"{name}不再计分",)),
    ]
    assert (answer.context["then"].points, answer.context["then"].lines) == (60, ())


@NOW
@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-22", "请选 2026年11月23日 到 2036年11月23日 之间的一天"),
        ("9999-12-31", "请选 2026年11月23日"),
        ("明天", "日期看不懂，请写成 2027-05-01 这样"),
        ("2027-02-30", "日期看不懂"),
        ("\x00", "日期看不懂"),
    ],
)
def test_a_day_that_cannot_be_asked_is_answered_in_words(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any, day: str, said: str
):
    as_staff(client, opener)
    answer = client.get(address(enterprise), {"on": day})
    assert answer.status_code == 400
    assert said in text(answer)


@NOW
def test_peers_are_counted_not_named(
    client: Client,
    enterprise: Enterprise,
    street: Jurisdiction,
    sector: Sector,
    opener: Any,
    as_staff: Any,
):
    firms = make(street, sector, 10)
    for firm in firms[:4]:
        penalise(firm, f"罚{firm.pk}")
    scores.refresh()
    as_staff(client, opener)
    answer = client.get(address(enterprise))
    peers = answer.context["peers"]
    assert (peers.count, peers.lower, peers.equal, peers.share) == (10, 4, 6, 40)
    assert not any(firm.name in text(answer) for firm in firms)
    Enterprise.objects.filter(pk=firms[0].pk).update(status="closed")
    assert "可比的企业只有 9 家" in text(client.get(address(enterprise)))


@NOW
@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_asks_the_same_number_of_queries(
    client: Client,
    enterprise: Enterprise,
    opener: Any,
    as_staff: Any,
    count: int,
    django_assert_num_queries: Any,
):
    for number in range(count):
        penalise(enterprise, f"罚{number}")
    as_staff(client, opener)
    # Session, person, second factor, enterprise, appointment, permissions of person and groups, the officer's
    # places twice; six kinds of facts for each of the four accounts (now and three days to come), the days
    # that four kinds name; peers.
    with django_assert_num_queries(37):
        client.get(address(enterprise))


# -- The paper ------------------------------------------------------------------------------------------


@NOW
def test_the_paper_is_a_pdf_with_day_and_ruleset(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any
):
    penalise(enterprise)
    as_staff(client, opener)
    answer = client.get(address(enterprise)[:-1] + ".pdf")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert f"score-{enterprise.number}-2026-11-23.pdf" in answer["Content-Disposition"]
    assert b"pdfaid" in answer.content  # PDF/A for the file
