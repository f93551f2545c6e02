"""Other systems send records with a key: each item is answered, sending again changes nothing."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from credit.acts import intake
from credit.models import (
    AuditEntry,
    DutyReport,
    Enterprise,
    ImportBatch,
    Jurisdiction,
    MajorHazard,
    Score,
    SourceSystem,
    Violation,
)
from tests.credit.importing.makers import CODE
from tests.credit.officers import officer

URL = "/api/v1/records"
HAZARD = {
    "number": CODE, "name": "云溪长青化工有限公司（虚构）", "source_key": "YH-1", "title": "储罐未设切断阀",
    "happened_on": "2026-03-12", "supervision": "市级", "deadline": "2026-04-01",
}  # fmt: skip


@pytest.fixture
def key(district: Jurisdiction, enterprise: Enterprise) -> str:
    out = StringIO()
    kinds = "hazards,violations,duty_reports"
    call_command("issue_source_key", "隐患系统", "--kinds", kinds, "--place", "990001", stdout=out)
    return out.getvalue().strip()


def send(client: Client, key: str, records: Any, kind: str = "hazards") -> Any:
    body = json.dumps({"kind": kind, "records": records})
    return post(client, key, body)


def post(client: Client, key: str, body: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return client.post(URL, body, content_type="application/json", headers=headers)


def test_every_item_is_answered_and_sending_again_changes_nothing(client: Client, key: str):
    wrong = HAZARD | {"source_key": "YH-2", "happened_on": "昨天"}
    odd = HAZARD | {"source_key": "YH-3", "colour": "red"}
    answer = send(client, key, [HAZARD, wrong, odd, "x"])
    assert answer.status_code == 200
    said = answer.json()
    assert [said[name] for name in ("new", "corrected", "same", "problem")] == [1, 0, 0, 3]
    assert [(i["index"], i["source_key"], i["result"]) for i in said["items"]] == [
        (0, "YH-1", "new"), (1, "YH-2", "problem"), (2, "YH-3", "problem"), (3, "", "problem"),
    ]  # fmt: skip
    assert said["items"][1]["problems"] == [
        {
            "column": "认定日期",
            "value": "昨天",
            "remedy": "不是日期，请写成 2017-02-27 或 2017年2月27日",
        }
    ]
    assert said["items"][2]["problems"][0]["remedy"] == "没有这个字段，请核对字段名"
    again = send(client, key, [HAZARD]).json()
    assert (again["items"][0]["result"], again["same"]) == ("same", 1)
    changed = send(client, key, [HAZARD | {"ended_on": "2026-05-01"}]).json()
    assert changed["items"][0]["result"] == "corrected"
    assert MajorHazard.objects.current().get().ended_on == date(2026, 5, 1)
    batch = ImportBatch.objects.earliest("pk")
    assert (str(batch.system), batch.kind, batch.state, batch.rows_total) == (
        "隐患系统", "hazards", "done", 4,
    )  # fmt: skip


def test_facts_of_a_system_carry_its_name_but_papers_have_one_series(client: Client, key: str):
    send(client, key, [HAZARD])
    assert MajorHazard.objects.get().source == "隐患系统"
    penalty = {
        "uscc": CODE, "name": HAZARD["name"], "source_key": "云应急罚〔2026〕1号", "offence": "未培训",
        "penalty_kind": "罚款", "fine": 20000.5, "happened_on": "2026-03-12", "authority": "区局",
    }  # fmt: skip
    assert send(client, key, [penalty], "violations").json()["new"] == 1
    fact = Violation.objects.get()
    assert (fact.source, str(fact.fine)) == ("行政处罚", "20000.50")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\xff", 400),
        ("[" * 100_000, 400),
        ("{}", 400),
        ('{"kind": "hazards", "records": []}', 400),
        ('{"kind": "hazards", "records": [NaN]}', 400),
        ('{"kind": ["x"], "records": [1]}', 400),
        ('{"kind": "enterprises", "records": [{}]}', 400),
        ('{"kind": "permits", "records": [{}]}', 403),
        (json.dumps({"kind": "hazards", "records": [{}] * 10_001}), 413),
        ('{"kind": "hazards", "records": [{"name": "\\ud800", "number": "\\u0000"}]}', 200),
        ('{"kind": "hazards", "records": [{"name": {"a": 1}, "number": 1e400}]}', 200),
    ],
)
def test_odd_bodies_are_answered_in_words(client: Client, key: str, body: Any, status: int):
    answer = post(client, key, body)
    assert answer.status_code == status
    assert answer.json().get("detail", "") or answer.json()["problem"] == 1
    assert MajorHazard.objects.count() == 0


def test_a_body_that_is_too_big_is_named(client: Client, key: str, settings: Any):
    settings.API_MAX_BYTES = 100
    answer = send(client, key, [HAZARD])
    assert (answer.status_code, answer.json()["detail"][:4]) == (413, "内容超过")


def test_only_a_usable_key_of_the_place_is_let_in(
    client: Client, key: str, district: Jurisdiction, enterprise: Enterprise
):
    assert [post(client, other, "{}").status_code for other in ("", "x", "密", "x" * 999)] == [
        401
    ] * 4
    town = Jurisdiction.objects.create(
        code="990001101", name="东山镇", kind="town", parent=district
    )
    SourceSystem.objects.update(place=town)
    item = send(client, key, [HAZARD]).json()["items"][0]
    assert item["problems"][0]["remedy"] == "这家企业不在您的辖区，请由属地导入"
    SourceSystem.objects.update(expires_on=date(2020, 1, 1))
    assert post(client, key, "{}").status_code == 401
    SourceSystem.objects.update(expires_on=None, active=False)
    assert post(client, key, "{}").status_code == 401


def test_the_key_itself_is_kept_nowhere(key: str):
    assert key not in str(list(SourceSystem.objects.values()) + list(AuditEntry.objects.values()))


def test_a_key_for_an_unknown_kind_or_place_is_refused(key: str):
    for kinds, place in (("x", "990001"), ("hazards", "1")):
        with pytest.raises(CommandError):
            call_command("issue_source_key", "新", "--kinds", kinds, "--place", place)
    with pytest.raises(CommandError, match="同名"):
        call_command("issue_source_key", "隐患系统", "--kinds", "hazards", "--place", "990001")


def test_an_administrator_gives_replaces_and_stops_a_key_on_the_page(
    client: Client, enterprise: Enterprise, district: Jurisdiction, as_staff: Any
):
    as_staff(client, officer("13800000071", None, "issue_source_key"))
    form = {"name": "监测平台", "kinds": ["duty_reports"], "place": district.pk, "expires_on": ""}
    page = client.post("/credit/office/sources/", form).content.decode()
    first = page.split('fs-5">')[1].split("</code>")[0]
    assert post(Client(), first, "{}").status_code == 400
    system = SourceSystem.objects.get()
    page = client.post(f"/credit/office/sources/{system.pk}/replace/").content.decode()
    second = page.split('fs-5">')[1].split("</code>")[0]
    assert [post(Client(), k, "{}").status_code for k in (first, second)] == [401, 400]
    client.post(f"/credit/office/sources/{system.pk}/stop/")
    assert post(Client(), second, "{}").status_code == 401
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["source.issue_key", "source.replace_key", "source.stop"]
    as_staff(client, officer("13800000072", district, "import_records"))
    assert client.get("/credit/office/sources/").status_code == 403


def test_another_part_of_the_platform_tells_by_the_same_door(enterprise: Enterprise):
    told = {
        "number": CODE, "name": enterprise.name, "source_key": "DB-1", "leader": "溪守正",
        "happened_on": date(2026, 3, 12).isoformat(),
    }  # fmt: skip
    day = date(2026, 11, 24)
    results = intake.tell("duty_reports", [told], source="课程", today=day)
    assert results == [{"index": 0, "source_key": "DB-1", "result": "new", "problems": []}]
    assert DutyReport.objects.get().source == "课程"
    missed = {
        "number": CODE, "name": enterprise.name, "source_key": "PX-1", "event": "未按期培训",
        "title": "复训", "happened_on": "2026-03-12",
    }  # fmt: skip
    intake.tell("trainings", [missed], source="课程", today=day)
    assert Score.objects.get().points == 55
