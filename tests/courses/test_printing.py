"""Many certificates in one PDF: few at once, many by a task, each order for whoever gave it, forgotten in time."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from courses import tasks
from courses.acts import certificates, printing
from courses.models import PrintOrder
from credit.models import AuditEntry, Employment, Enterprise, Jurisdiction
from tests.courses.exam_kit import NOON, User, make_course, make_learner
from tests.courses.file_kit import TODAY, a_worker, an_inspector, passed_exam
from tests.courses.roster_kit import a_manager
from tests.courses.test_certificates import needs_poppler, text_of

NOW = NOON + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("noon")
PERIOD = {"first": "2026-11-01", "last": "2026-11-30", "course": ""}


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def three(enterprise: Enterprise) -> list[Any]:
    """Three of the enterprise, one of them in another course; and a stranger."""
    course = make_course()
    passed_exam(make_learner("路人", 9), course=course)
    return [
        passed_exam(a_worker(enterprise, 1, "甲"), course=course),
        passed_exam(a_worker(enterprise, 2, "乙"), course=course),
        passed_exam(a_worker(enterprise, 3, "丙"), "高处作业"),
    ]


@pytest.fixture
def boss(client: Client, enterprise: Enterprise) -> Client:
    client.force_login(a_manager(enterprise))
    return client


def of_firm(enterprise: Enterprise, **said: Any) -> printing.Wanted:
    people = User.objects.filter(employments__enterprise=enterprise)
    usual = {"course": None, "first": date(2026, 11, 1), "last": date(2026, 11, 30), **said}
    return printing.Wanted(people, **usual)


def test_the_choice_is_by_course_day_and_standing(enterprise: Enterprise, three: list[Any]):
    assert {one.person_name for one in printing.wanted(of_firm(enterprise))} == {"甲", "乙", "丙"}
    course = three[2].enrolment.course_id
    assert printing.wanted(of_firm(enterprise, course=course)) == [three[2]]
    certificates.revoke(three[0], officer=three[0].enrolment.person, reason="替考", today=TODAY)
    assert three[0] not in printing.wanted(of_firm(enterprise))
    with pytest.raises(printing.RefusedError, match="没有符合条件的证书"):
        printing.wanted(of_firm(enterprise, last=date(2026, 11, 2)))


def test_more_than_one_order_holds_is_told(
    enterprise: Enterprise, three: list[Any], monkeypatch: Any
):
    monkeypatch.setattr(printing, "figure", lambda code: 2)
    with pytest.raises(printing.RefusedError, match="一次最多打印 2 张"):
        printing.wanted(of_firm(enterprise))


@needs_poppler
def test_a_few_come_at_once_a_page_each(boss: Client, enterprise: Enterprise, three: list[Any]):
    answer = boss.post(reverse("enterprise:prints", args=[enterprise.pk]), PERIOD)
    assert answer["Content-Type"] == "application/pdf"
    pages = text_of(answer.content).split("\f")
    assert [re.findall("[甲乙丙]|路人", page) for page in pages] == [["乙"], ["甲"], ["丙"], []]
    assert b"pdfuaid:part>1" in answer.content
    assert b"pdfaid:conformance>A" in answer.content
    assert AuditEntry.objects.latest("number").verb == "certificate.print_many"


def test_many_are_printed_by_a_task_and_taken_by_the_orderer(
    boss: Client, client: Client, enterprise: Enterprise, three: list[Any], monkeypatch: Any,
    django_capture_on_commit_callbacks: Any,
):  # fmt: skip
    sent: list[int] = []
    monkeypatch.setattr(printing, "few", lambda found: False)
    monkeypatch.setattr(tasks.print_certificates, "delay", sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        page = boss.post(reverse("enterprise:prints", args=[enterprise.pk]), PERIOD, follow=True)
    made = PrintOrder.objects.get()
    assert "正在做，请过一会儿再看" in page.content.decode()
    assert sent == [made.pk]
    assert boss.get(reverse("courses:print_file", args=[made.pk])).status_code == 404
    assert tasks.print_certificates(made.pk)
    first = PrintOrder.objects.get()
    assert tasks.print_certificates(made.pk)  # once more changes nothing
    assert PrintOrder.objects.get().file == first.file
    assert (
        "做好了，一共 3 张"
        in boss.get(reverse("courses:print_order", args=[made.pk])).content.decode()
    )
    answer = boss.get(reverse("courses:print_file", args=[made.pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    client.force_login(make_learner("别人", 8))
    for name in ("print_order", "print_file"):
        assert client.get(reverse(f"courses:{name}", args=[made.pk])).status_code == 404


def test_files_are_forgotten_and_lost_orders_found(
    enterprise: Enterprise,
    three: list[Any],
    monkeypatch: Any,
    django_capture_on_commit_callbacks: Any,
):
    person = a_manager(enterprise)
    made = printing.order(three, by=person, title="三张", firm=enterprise, now=NOW)
    printing.make(made.pk, now=NOW)
    file = PrintOrder.objects.get().file
    assert printing.forget(NOW + timedelta(days=6)) == 0
    assert printing.forget(NOW + timedelta(days=8)) == 1
    assert not storages["private"].exists(file)
    late = printing.order(three, by=person, title="三张", firm=enterprise, now=NOW)
    assert printing.lost(NOW + timedelta(minutes=5)) == []
    assert printing.lost(NOW + timedelta(minutes=11)) == [late.pk]
    sent: list[int] = []
    monkeypatch.setattr(tasks.print_certificates, "delay", sent.append)
    with (
        time_machine.travel(NOW + timedelta(minutes=11), tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        tasks.forget_prints()
    assert sent == [late.pk]


def test_a_failure_is_told(
    enterprise: Enterprise, three: list[Any], boss: Client, monkeypatch: Any
):
    person = User.objects.get(real_name="周管理")
    made = printing.order(three, by=person, title="三张", firm=enterprise, now=NOW)

    def broken(*args: Any, **kwargs: Any) -> bytes:
        raise OSError("disk")

    monkeypatch.setattr(printing, "print_many", broken)
    with pytest.raises(OSError, match="disk"):
        printing.make(made.pk, now=NOW)
    page = boss.get(reverse("courses:print_order", args=[made.pk])).content.decode()
    assert "没有做成，请过一会儿再打印一次" in page


def test_the_right_people_only(
    client: Client, as_staff: Any, enterprise: Enterprise, three: list[Any], district: Jurisdiction
):
    client.force_login(make_learner("别人", 8))
    assert client.get(reverse("enterprise:prints", args=[enterprise.pk])).status_code == 404
    assert client.get(reverse("courses:prints")).status_code == 403
    elsewhere = Jurisdiction.objects.create(code="990002", name="东山区", kind="street")
    as_staff(client, an_inspector(elsewhere))
    page = client.post(reverse("courses:prints"), PERIOD).content.decode()
    assert "没有符合条件的证书" in page
    as_staff(client, an_inspector(district, "13900000079"))
    assert client.post(reverse("courses:prints"), PERIOD)["Content-Type"] == "application/pdf"
    Employment.objects.update(ended_on=date(2026, 11, 20))
    client.force_login(a_manager(enterprise))
    page = client.post(reverse("enterprise:prints", args=[enterprise.pk]), PERIOD).content.decode()
    assert "没有符合条件的证书" in page
