"""The demo's district is whole, valid, and made once."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from stdnum.cn import uscc

from accounts.models import User
from accounts.roles import LABELS
from config.demo_district import firms
from courses.models import CoursePage, Exam, LessonPage, Question
from credit.models import (
    Accident,
    Enterprise,
    Jurisdiction,
    ListEntry,
    Score,
    Sector,
    Violation,
)
from culture.models import CasePage, LawPage, NewsPage
from indicators.models import Indicator, Observation


def test_every_invented_code_is_well_formed_and_its_own():
    made = list(firms())
    assert all(uscc.is_valid(firm.uscc) for firm in made)
    assert len({firm.uscc for firm in made}) == len({firm.name for firm in made}) == 320
    assert all("虚构" in firm.name for firm in made)


def test_the_same_firms_each_time():
    assert list(firms(5)) == list(firms(320))[:5]


def test_a_second_run_keeps_the_data(client: Client, db: None, capsys: pytest.CaptureFixture[str]):
    call_command("seed_demo")
    first = capsys.readouterr().out
    call_command("seed_demo")
    assert capsys.readouterr().out == ""
    assert "19900000008  系统管理员 administrator" in first
    counted = (Jurisdiction, Sector, Enterprise, User, CoursePage, LessonPage, Exam, Indicator)
    counts = [model.objects.count() for model in counted]
    assert counts == [10, 9, 322, len(LABELS), 2, 12, 2, 7]
    assert [Violation.objects.count(), Accident.objects.count()] == [210, 22]
    assert Question.objects.count() >= 60
    assert NewsPage.objects.count() + LawPage.objects.count() + CasePage.objects.count() >= 12
    assert Score.objects.count() == 322
    assert list(ListEntry.objects.order_by("colour").values_list("colour", flat=True)) == [
        "black", "black", "red", "red",
    ]  # fmt: skip
    assert Observation.objects.count() > 30
    password = re.search(r"password (\S+)", first)[1]
    answer = client.post("/accounts/login/", {"login": "19900000001", "password": password})
    assert answer.status_code == 302
