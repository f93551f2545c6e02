"""The demo's district is whole, valid, and made once."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from stdnum.cn import uscc

from accounts.models import User
from accounts.roles import LABELS
from config.demo_district import firms
from credit.models import Enterprise, Jurisdiction, Sector


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
    counts = [model.objects.count() for model in (Jurisdiction, Sector, Enterprise, User)]
    assert counts == [10, 9, 320, len(LABELS)]
    password = re.search(r"password (\S+)", first)[1]
    answer = client.post("/accounts/login/", {"login": "19900000001", "password": password})
    assert answer.status_code == 302
