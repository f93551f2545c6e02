"""A check on the spot: a short-lived code, the file, three questions marked at once, facts that stay; nothing more."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from courses.acts import spot_checks
from courses.acts.exams import RefusedError
from courses.models import Certificate, CreditFact, Inspection, SpotAnswer, SpotQuestion
from courses.rules.files import figures, may_ask
from credit.models import AuditEntry, Enterprise, Jurisdiction
from tests.courses.exam_kit import NOON, make_learner
from tests.courses.file_kit import a_worker, an_inspector, passed_exam

NOW = NOON + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def worker(enterprise: Enterprise) -> Any:
    return a_worker(enterprise)


@pytest.fixture
def held(worker: Any) -> Certificate:
    return passed_exam(worker)


@pytest.fixture
def inspector(district: Jurisdiction) -> Any:
    return an_inspector(district)


@pytest.fixture
def opened(worker: Any, held: Certificate, inspector: Any) -> Inspection:
    return spot_checks.open_file(worker, officer=inspector, now=NOW)


def right(place: SpotQuestion) -> list[int]:
    return list(place.sealed["right"])


def test_a_code_opens_for_ten_minutes(worker: Any):
    code = spot_checks.code_for(worker)
    with time_machine.travel(NOW + timedelta(minutes=9), tick=False):
        assert spot_checks.person_of(code) == worker
    with (
        time_machine.travel(NOW + timedelta(minutes=11), tick=False),
        pytest.raises(RefusedError, match="检查码过期了"),
    ):
        spot_checks.person_of(code)


@pytest.mark.parametrize("code", ["", "1", "1.2.3", "1.abc.def", "\x00", "字" * 300])
def test_a_made_up_code_opens_nothing(worker: Any, code: str):
    with pytest.raises(RefusedError, match="不是检查码"):
        spot_checks.person_of(code)


def test_opening_is_a_fact_and_once_more_is_the_same(
    opened: Inspection, inspector: Any, worker: Any
):
    again = spot_checks.open_file(worker, officer=inspector, now=NOW + timedelta(minutes=5))
    assert again == opened
    later = spot_checks.open_file(worker, officer=inspector, now=NOW + timedelta(minutes=30))
    assert later != opened
    assert AuditEntry.objects.filter(verb="inspection.open", actor=inspector).count() == 2


def test_only_an_inspector_of_the_place_opens(
    worker: Any, held: Certificate, district: Jurisdiction
):
    elsewhere = Jurisdiction.objects.create(code="990002", name="东山区", kind="district")
    with pytest.raises(RefusedError, match="不在您的辖区"):
        spot_checks.open_file(worker, officer=an_inspector(elsewhere), now=NOW)
    with pytest.raises(RefusedError, match="没有现场检查培训档案的权限"):
        spot_checks.open_file(worker, officer=make_learner("路人", 5), now=NOW)
    own = an_inspector(district, "13900000079")
    with pytest.raises(RefusedError, match="不能检查自己"):
        spot_checks.open_file(own, officer=own, now=NOW)


def test_three_questions_of_what_was_passed_are_marked_at_once(opened: Inspection, inspector: Any):
    other = passed_exam(make_learner("路人", 5), "没考过的课").enrolment.course
    places = spot_checks.ask(opened, officer=inspector)
    assert len(places) == 3
    assert other.pk not in {place.question.bank.course_id for place in places}
    given = {1: right(places[0]), 2: [(right(places[1])[0] + 1) % 4]}
    assert spot_checks.answer(opened, officer=inspector, given=given, now=NOW) == 1
    answers = SpotAnswer.objects.order_by("place__position").values_list("chosen", "right")
    assert list(answers) == [(given[1], True), (given[2], False), ([], False)]


def test_questions_are_drawn_once_and_answered_once(
    opened: Inspection, inspector: Any, district: Any
):
    with pytest.raises(RefusedError, match="还没有抽题"):
        spot_checks.answer(opened, officer=inspector, given={}, now=NOW)
    colleague = an_inspector(district, "13900000079")
    with pytest.raises(RefusedError, match="只有打开这次检查的人可以抽问"):
        spot_checks.ask(opened, officer=colleague)
    spot_checks.ask(opened, officer=inspector)
    with pytest.raises(RefusedError, match="一次检查只抽一次"):
        spot_checks.ask(opened, officer=inspector)
    with pytest.raises(RefusedError, match="只有打开这次检查的人可以记答案"):
        spot_checks.answer(opened, officer=colleague, given={}, now=NOW)
    with pytest.raises(RefusedError, match="第1题没有这个选项"):
        spot_checks.answer(opened, officer=inspector, given={1: [9]}, now=NOW)
    spot_checks.answer(opened, officer=inspector, given={}, now=NOW)
    with pytest.raises(RefusedError, match="已经记下了，不能再改"):
        spot_checks.answer(opened, officer=inspector, given={}, now=NOW)


def test_nothing_passed_means_nothing_to_ask(worker: Any, inspector: Any):
    bare = spot_checks.open_file(worker, officer=inspector, now=NOW)
    with pytest.raises(RefusedError, match="还没有考试合格的课程"):
        spot_checks.ask(bare, officer=inspector)
    assert not may_ask(mine=True, asked=False, pool=2)
    assert may_ask(mine=True, asked=False, pool=3)


def test_nothing_follows_by_itself(opened: Inspection, inspector: Any, held: Certificate):
    before = list(CreditFact.objects.values())
    spot_checks.ask(opened, officer=inspector)
    spot_checks.answer(opened, officer=inspector, given={}, now=NOW)
    held.refresh_from_db()
    assert held.revoked_on is None
    assert list(CreditFact.objects.values()) == before


@pytest.mark.parametrize("model", [Inspection, SpotQuestion, SpotAnswer])
def test_the_database_keeps_the_facts(opened: Inspection, inspector: Any, model: Any):
    spot_checks.ask(opened, officer=inspector)
    spot_checks.answer(opened, officer=inspector, given={}, now=NOW)
    table = model._meta.db_table
    from django.db import connection

    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):  # noqa: S608
        with (
            pytest.raises(DatabaseError, match=r"never (deleted|edited)"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# -- The pages ------------------------------------------------------------------------------------------


def test_a_worker_shows_the_code_and_reads_who_looked(
    client: Client, worker: Any, opened: Inspection
):
    client.force_login(worker)
    page = client.get("/learn/check/").content.decode()
    assert "<svg" in page
    assert "12:10 前有效" in page
    assert "孙检查 · 本人出示的检查码" in page


def test_one_scan_shows_the_file_and_asks_three_questions(
    client: Client, as_staff: Any, worker: Any, held: Certificate, inspector: Any
):
    as_staff(client, inspector)
    address = reverse("courses:check", args=[spot_checks.code_for(worker)])
    answer = client.get(address, follow=True)
    made = Inspection.objects.get()
    assert answer.redirect_chain == [(reverse("courses:inspection", args=[made.pk]), 302)]
    page = answer.content.decode()
    assert "王大力" in page
    assert held.printed_number in page
    assert "抽三道题" in page
    page = client.post(
        reverse("courses:inspection_ask", args=[made.pk]), follow=True
    ).content.decode()
    assert page.count("<fieldset") == 3
    assert json.dumps("解析") not in page
    assert "正确答案" not in page
    places = list(made.questions.all())
    form = {f"was{place.position}": "" for place in places}
    form |= {f"q{place.position}": right(place)[0] for place in places[:2]}
    page = client.post(
        reverse("courses:inspection_answer", args=[made.pk]), form, follow=True
    ).content.decode()
    assert "3 题答对 <strong>2</strong> 题" in page
    assert "系统不会自动处罚" in page
    assert (
        "3 题答对 2 题"
        in client.get(reverse("courses:learner_file", args=[worker.pk])).content.decode()
    )


def test_a_certificate_leads_to_the_file_too(
    client: Client, as_staff: Any, held: Certificate, inspector: Any
):
    public = f"/certificates/{held.number}/"
    assert "打开培训档案" not in client.get(public).content.decode()
    as_staff(client, inspector)
    assert "打开培训档案" in client.get(public).content.decode()
    client.post(reverse("courses:inspect_certificate"), {"number": held.printed_number})
    made = Inspection.objects.get()
    assert (made.way, made.certificate, made.officer) == ("certificate", held, inspector)
    answer = client.post(reverse("courses:inspect_certificate"), {"number": "AX1"}, follow=True)
    assert "请对照证书再输入一次" in answer.content.decode()


def test_nobody_else_gets_in(client: Client, as_staff: Any, worker: Any, opened: Inspection):
    pages = [
        reverse("courses:check", args=[spot_checks.code_for(worker)]),
        reverse("courses:inspections"), reverse("courses:inspection", args=[opened.pk]),
    ]  # fmt: skip
    assert {client.get(page).status_code for page in pages} == {302}
    client.force_login(make_learner("路人", 5))
    assert {client.get(page).status_code for page in pages} == {403}
    elsewhere = Jurisdiction.objects.create(code="990002", name="东山区", kind="district")
    as_staff(client, an_inspector(elsewhere, "13900000070"))
    assert client.get(pages[2]).status_code == 404
    assert "不在您的辖区" in client.get(pages[0], follow=True).content.decode()
    assert Inspection.objects.count() == 1


def test_the_list_takes_the_same_queries_for_one_and_for_five(
    client: Client, as_staff: Any, enterprise: Enterprise, opened: Inspection, inspector: Any,
    django_assert_num_queries: Any,
):  # fmt: skip
    as_staff(client, inspector)
    client.get("/learn/office/inspections/")
    with django_assert_num_queries(10):
        client.get("/learn/office/inspections/")
    for serial in range(10, 14):
        person = a_worker(enterprise, serial, f"工人{serial}")
        spot_checks.open_file(person, officer=inspector, now=NOW)
    with django_assert_num_queries(10):
        assert "工人13" in client.get("/learn/office/inspections/").content.decode()


def test_the_figures_are_data_and_unconfirmed():
    found = {code: (one.amount, one.confirmed) for code, one in figures().items()}
    assert found["check_minutes"] == (10, False)
    assert found["spot_questions"] == (3, False)
