"""The demo's district is whole, valid, and made once."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from stdnum.cn import uscc

from accounts.models import User
from accounts.roles import LABELS
from config.demo_district import firms
from config.management.commands import seed_demo
from courses.models import (
    Certificate,
    ContestRound,
    CoursePage,
    Exam,
    LessonPage,
    PlanFigure,
    Question,
    SuspectedPerson,
    Suspicion,
)
from credit.acts import intake, party
from credit.models import (
    Accident,
    Enterprise,
    EnterpriseManager,
    ImportBatch,
    Jurisdiction,
    ListEntry,
    MajorHazard,
    Objection,
    OpenDay,
    RepairApplication,
    Score,
    ScoreLine,
    Sector,
    TrainingFact,
    Violation,
)
from credit.models.kinds import FACT_MODELS
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
    assert "19900000002  企业管理员 enterprise_manager（有案件在办" in first
    (appointment,) = EnterpriseManager.objects.all()
    assert appointment.person.phone == "+8619900000002"
    case = party.under_way(appointment.enterprise).get()
    assert party.speaking(case, "statement", timezone.localdate())
    firm = appointment.enterprise
    assert [kind for kind, model in FACT_MODELS.items() if not model.objects.exists()] == []
    own = {kind for kind, model in FACT_MODELS.items() if model.objects.filter(enterprise=firm)}
    assert own == set(FACT_MODELS)  # the manager's file shows every kind
    hazards = MajorHazard.objects.order_by("source_key")
    states = [hazard.state_on(timezone.localdate()) for hazard in hazards]
    assert [state.value for state in states] == ["open", "overdue", "closed", "closed"]
    assert [one.enterprise for one in Objection.objects.open()] == [firm]
    assert [one.enterprise for one in RepairApplication.objects.under_way()] == [firm]
    assert [one.day for one in OpenDay.objects.all()] == [timezone.localdate()]
    counted = (Jurisdiction, Sector, Enterprise, User, CoursePage, LessonPage, Exam, Indicator)
    counts = [model.objects.count() for model in counted]
    assert counts == [10, 9, 322, len(LABELS) + 20, 2, 12, 2, 7]
    assert [Violation.objects.count(), Accident.objects.count()] == [210, 22]
    assert Question.objects.count() >= 60
    assert NewsPage.objects.count() + LawPage.objects.count() + CasePage.objects.count() >= 12
    assert Score.objects.count() == 322
    assert list(ListEntry.objects.order_by("colour").values_list("colour", flat=True)) == [
        "black", "black", "red", "red",
    ]  # fmt: skip
    assert Observation.objects.count() > 30
    late = TrainingFact.objects.true_on(timezone.localdate()).filter(
        enterprise=firm, event="missed"
    )
    assert sorted(late.values_list("title", flat=True)) == [
        "主要负责人：任职培训（高危行业）",
        "特种作业人员：上岗前厂级安全教育（高危行业）",
        "特种作业人员：上岗前班组级安全教育（高危行业）",
        "特种作业人员：上岗前车间级安全教育（高危行业）",
    ]
    assert ScoreLine.objects.filter(enterprise=firm, record_type="trainingfact").exists()
    found = Suspicion.objects.order_by("kind").values_list("kind", flat=True)
    assert list(found) == [
        "one_device",
        "same_times",
    ]  # the class that was made up, and nobody honest
    suspected = SuspectedPerson.objects.values_list("person__real_name", flat=True)
    assert {name[:5] for name in suspected} == {"演示清理工"}
    assert Certificate.objects.count() == 3
    assert (
        ContestRound.objects.get().opens_at < timezone.now() < ContestRound.objects.get().closes_at
    )
    figures = PlanFigure.objects.order_by("pk").values_list("indicator", "kind", "amount")
    assert [(name, kind, int(amount)) for name, kind, amount in figures] == [
        ("coverage", "target", 100), ("rotation", "target", 100), ("migrants", "past", 10_000),
    ]  # fmt: skip
    password = re.search(r"password (\S+)", first)[1]
    answer = client.post("/accounts/login/", {"login": "19900000001", "password": password})
    assert answer.status_code == 302


def test_a_stopped_seeding_goes_on(db: None, monkeypatch: pytest.MonkeyPatch):
    real_run, runs = intake.run, iter(range(9))

    def stop_in_the_fourth_file(*args: Any, **kwargs: Any) -> set[int]:
        if next(runs) == 3:
            raise KeyboardInterrupt
        return real_run(*args, **kwargs)

    monkeypatch.setattr(intake, "run", stop_in_the_fourth_file)
    with pytest.raises(KeyboardInterrupt):
        call_command("seed_demo", verbosity=0)
    monkeypatch.undo()
    assert [Violation.objects.count(), Accident.objects.count()] == [208, 0]
    call_command("seed_demo", verbosity=0)
    assert [Violation.objects.count(), Accident.objects.count()] == [210, 22]
    assert [Score.objects.count(), ListEntry.objects.count()] == [322, 4]
    assert not ImportBatch.objects.exclude(state=ImportBatch.State.DONE).exists()


def test_the_printed_password_fits_whatever_database_was_seeded_last(
    db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(seed_demo, "PASSWORD_FILE", tmp_path / "demo-password")
    person = User.objects.create_user("19900000001", "of this database")
    district = Jurisdiction.objects.create(code="990001", name="云溪区", kind="district")
    (tmp_path / "demo-password").write_text("of another one")
    seed_demo.Command()._people(district)
    person.refresh_from_db()
    drawn = (tmp_path / "demo-password").read_text()
    assert person.check_password(drawn)
    seed_demo.Command()._people(district)
    assert (tmp_path / "demo-password").read_text() == drawn
