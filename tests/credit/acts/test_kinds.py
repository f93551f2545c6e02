"""Every kind of fact enters, is corrected, withdrawn and locked alike; open matters count while they are open."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from credit.acts import intake, scores, withdrawals
from credit.importing.columns import COLUMNS
from credit.models import (
    AuditEntry,
    Enterprise,
    ImportBatch,
    MajorHazard,
    PermitChange,
    Score,
    ScoreLine,
    Violation,
)
from credit.models.kinds import BY_KIND, SPANS, LiabilityInsurance, TrainingFact
from credit.models.locked import LockedError
from tests.credit.importing.makers import CODE, changed, xlsx
from tests.credit.importing.makers import HEADINGS as PENALTY

TODAY = date(2026, 11, 24)
NAME = "云溪长青化工有限公司（虚构）"
KINDS = sorted(BY_KIND)


def example(kind: str, **cells: Any) -> list[list[Any]]:
    """The template's headings and its example row, for the enterprise of the tests."""
    columns = COLUMNS[kind]
    known = {"企业名称": NAME, "统一社会信用代码": CODE}
    row = [cells.get(c.heading, known.get(c.heading, c.example)) for c in columns]
    return [[c.heading for c in columns], row]


def take(rows: list[list[Any]], kind: str, *, strict: bool = False) -> ImportBatch:
    batch = intake.open_batch(xlsx(rows), kind=kind, file_name="x.xlsx", strict=strict)
    intake.run(batch, today=TODAY)
    return batch


def counts(batch: ImportBatch) -> tuple[str, int, int, int, int]:
    return (batch.state, batch.rows_new, batch.rows_corrected, batch.rows_same, batch.rows_bad)


def refused(statement: str, *values: Any) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_every_template_enters_once_and_is_corrected(
    enterprise: Enterprise, kind: str
):
    rows = example(kind)
    assert counts(take(rows, kind)) == ("done", 1, 0, 0, 0)
    assert counts(take(rows, kind)) == ("done", 0, 0, 1, 0)
    place = next(n for n, c in enumerate(COLUMNS[kind]) if c.field == "happened_on")
    rows[1][place] = "2026-02-02"
    assert counts(take(rows, kind)) == ("done", 0, 1, 0, 0)
    old, new = BY_KIND[kind].objects.order_by("pk")
    assert (new.supersedes_id, new.happened_on, old.replaced_at is not None) == (
        old.pk, date(2026, 2, 2), True,
    )  # fmt: skip


@pytest.mark.parametrize("model", SPANS)
def test_the_database_itself_keeps_every_kind(enterprise: Enterprise, model: Any):
    kind = next(kind for kind, one in BY_KIND.items() if one is model)
    take(example(kind), kind)
    fact, table = model.objects.get(), model._meta.db_table
    assert refused(f"UPDATE {table} SET happened_on = '2020-01-01'")  # noqa: S608
    assert refused(f"DELETE FROM {table}")  # noqa: S608
    assert not refused(f"UPDATE {table} SET withdrawn_at = '2026-01-01 00:00:00+00:00'")  # noqa: S608
    for write in (fact.save, fact.delete, lambda: model.objects.update(source="x")):
        with pytest.raises(LockedError):
            write()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_withdrawn_on_paper_and_shows_its_clock(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any, kind: str
):
    take(example(kind), kind)
    fact = BY_KIND[kind].objects.get()
    withdrawals.withdraw(
        fact, officer=opener, reason="查无此事", paper="复核意见1号", today=TODAY,
        paper_on=date(2026, 11, 18),
    )  # fmt: skip
    assert list(BY_KIND[kind].objects.current()) == []
    assert AuditEntry.objects.exclude(verb="import.finish").get().verb == "record.withdraw"
    as_staff(client, opener)
    page = client.get(f"/credit/office/records/{fact._meta.model_name}/{fact.pk}/").content.decode()
    assert "复核意见1号" in page
    assert (
        "应在 2026年11月23日 前办理：<strong" in page
    )  # Wednesday and three working days; done on the 24th
    assert counts(take(example(kind), kind)) == ("done", 0, 0, 1, 0)  # as said before: nothing new


@pytest.mark.parametrize(
    ("cells", "kinds", "points", "grade"),
    [
        ({}, {"hazard.overdue", "hazard.supervised"}, 30, "D"),
        ({"整改期限": "2026-12-01"}, {"hazard.supervised"}, 40, "D"),
        ({"挂牌督办级别": "", "整改期限": "2026-11-24"}, set(), 60, "C"),
        ({"挂牌督办级别": "", "整改期限": "2026-11-23"}, {"hazard.overdue"}, 50, "C"),
        ({"销号日期": "2026-11-24"}, set(), 60, "C"),
        ({"销号日期": "2026-11-25"}, {"hazard.supervised", "hazard.overdue"}, 30, "D"),
    ],
)
def test_a_hazard_counts_while_it_is_open(
    enterprise: Enterprise, cells: dict[str, str], kinds: set[str], points: int, grade: str
):
    take(example("hazards", **{"挂牌督办级别": "市级", "销号日期": "", **cells}), "hazards")
    scores.refresh(as_of=TODAY)
    score = Score.objects.get()
    assert set(ScoreLine.objects.values_list("kind", flat=True)) == kinds
    assert (score.points, score.grade) == (points, grade)


def test_missed_training_insurance_and_commendation_count_in_their_terms(enterprise: Enterprise):
    take(example("trainings", 培训事项="未按期培训", 终止日期=""), "trainings")
    policies = example("insurances")
    policies.append([*example("insurances", 保单号="第二张")[1]])
    take(policies, "insurances")
    take(example("commendations"), "commendations")
    scores.refresh(as_of=TODAY)
    lines = dict(ScoreLine.objects.values_list("kind", "deducted"))
    assert lines == {
        "training.untrained": Decimal(5),
        "merit.insurance": Decimal(-3),  # two policies, one insurance
        "merit.commendation": Decimal("-3.33"),
    }
    scores.refresh(
        as_of=date(2027, 3, 12)
    )  # the policy ended the day before, as did the commendation
    assert set(ScoreLine.objects.values_list("kind", flat=True)) == {"training.untrained"}
    assert (TrainingFact.objects.count(), LiabilityInsurance.objects.count()) == (1, 2)


def test_an_end_before_the_beginning_is_named(enterprise: Enterprise):
    batch = take(example("hazards", 销号日期="2026-03-01"), "hazards")
    assert counts(batch) == ("refused", 0, 0, 0, 1)
    advice = "早于认定日期（2026-03-12），请核对两个日期"
    assert [(p["column"], p["advice"]) for p in batch.problems] == [("销号日期", advice)]


def test_the_permits_of_double_publicity_are_understood(enterprise: Enterprise):
    row = {
        "XK_XDR_MC": NAME, "XK_XDR_LB": "法人", "XK_XDR_SHXYM": CODE, "XK_FRDB": "溪守正",
        "XK_XKWS": "准予许可决定书", "XK_WSH": "云应急许〔2026〕8号", "XK_XKLB": "普通",
        "XK_XKZS": "危险化学品经营许可证", "XK_XKBH": "A8", "XK_NR": "汽油", "XK_JDRQ": "2026/3/12",
        "XK_YXQZ": "2026/3/12", "XK_YXQZI": "2099/12/31", "XK_XKJG": "云溪区应急管理局",
        "XK_XKJGDM": CODE, "XK_ZT": 1, "XK_SJLY": "局", "XK_SJLYDM": CODE, "BZ": "",
    }  # fmt: skip
    batch = take([list(row), list(row.values())], "permits")
    assert (counts(batch), batch.problems) == (("done", 1, 0, 0, 0), [])
    permit = PermitChange.objects.get()
    assert (permit.action, permit.permit_number, permit.valid_from, permit.ended_on) == (
        "granted", "A8", date(2026, 3, 12), date(2099, 12, 31),
    )  # fmt: skip
    row |= {"XK_ZT": 2, "XK_WSH": "9号"}
    batch = take([list(row), list(row.values())], "permits")
    assert [p["advice"][:10] for p in batch.problems] == ["没有说明许可怎么变了"]


OLD = {
    "CF_WSH": "云应急罚〔2016〕3号", "CF_CFMC": "未培训上岗", "CF_CFLB1": "罚款", "CF_CFLB2": "没收违法所得",
    "CF_SY": "检查发现", "CF_YJ": "安全生产法", "CF_XDR_MC": NAME, "CF_XDR_SHXYM": CODE,
    "CF_XDR_ZDM": "", "CF_XDR_GSDJ": "", "CF_XDR_SWDJ": "", "CF_XDR_SFZ": "", "CF_FR": "溪守正",
    "CF_JG": "罚款人民币二万元", "CF_JDRQ": "2016/5/6", "CF_XZJG": "云溪区安监局", "CF_ZT": 0,
    "DFBM": "990001", "SJC": "2016/5/7", "BZ": "",
}  # fmt: skip


def test_the_penalties_of_2016_are_understood_and_no_fine_is_guessed(enterprise: Enterprise):
    batch = take([list(OLD), list(OLD.values())], "violations")
    assert counts(batch) == ("done", 1, 0, 0, 0)
    assert [p["advice"][:24] for p in batch.problems] == [
        "这是2016年的双公示格式，没有罚款金额列，罚款"
    ]
    fact = Violation.objects.get()
    assert (fact.offence, fact.penalty_kind, fact.content, fact.authority, fact.fine) == (
        "未培训上岗", "罚款、没收违法所得", "罚款人民币二万元", "云溪区安监局", 0,
    )  # fmt: skip


def test_a_penalty_of_2016_that_was_annulled_is_not_recorded(enterprise: Enterprise):
    row = OLD | {"CF_ZT": 1}
    batch = take([list(row), list(row.values())], "violations")
    assert counts(batch) == ("refused", 0, 0, 0, 1)
    assert batch.problems[0]["advice"].startswith("状态是“撤销”，不能当作有效的处罚记录")


def test_a_strict_import_records_nothing_when_a_withdrawn_record_shows_up_while_recording(
    enterprise: Enterprise, opener: Any
):
    take([PENALTY, changed()], "violations")
    paper = {"reason": "撤销", "paper": "1号", "today": TODAY}
    withdrawals.withdraw(Violation.objects.get(), officer=opener, **paper)
    rows = [PENALTY, changed(决定书文号="新1号"), changed(**{"罚款（元）": 7})]
    assert counts(take(rows, "violations", strict=True)) == ("refused", 0, 0, 0, 1)
    assert Violation.objects.count() == 1
    assert counts(take(rows, "violations")) == ("done", 1, 0, 0, 1)
    assert MajorHazard.objects.count() == 0
