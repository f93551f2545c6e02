"""培训护照: the worker shares, ends, reads who looked; the next employer sees exactly that, may count it once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from courses.acts import certificates, obligations, passport, proofs
from courses.models import (
    Certificate,
    Enrolment,
    Obligation,
    OutsideProof,
    Share,
    SharedProof,
    ShareEnd,
    ShareItem,
    ShareLook,
)
from courses.rules.passport import printed_code
from credit.models import AuditEntry, Employment, Enterprise, Jurisdiction, Message, Sector
from tests.courses.exam_kit import NOON, make_course, make_learner
from tests.courses.file_kit import TODAY, a_worker, passed_exam
from tests.courses.obligation_kit import counts
from tests.courses.roster_kit import a_manager

NOW = NOON + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def worker(db: None) -> Any:
    return make_learner("王大力", 1)


@pytest.fixture
def held(worker: Any) -> Certificate:
    """An hour of study and an exam, and another course that stays the worker's own."""
    passed_exam(worker, "不给看的课")
    course = make_course("有限空间作业安全")
    course.required_minutes = 480
    course.save()
    return passed_exam(worker, course=course)


@pytest.fixture
def boss(enterprise: Enterprise) -> Any:
    return a_manager(enterprise)


@pytest.fixture
def made(worker: Any, held: Certificate) -> Share:
    return passport.share(worker, rounds=[held.enrolment_id], days=30, whom="长青化工", now=NOW)


def hired(worker: Any, enterprise: Enterprise) -> Employment:
    work = Employment.objects.create(
        person=worker, enterprise=enterprise, position="worker", began_on=TODAY
    )
    obligations.refresh([enterprise.pk], today=TODAY)
    return work


def opened(share: Share, enterprise: Enterprise, boss: Any) -> Share:
    return passport.enter(passport.code_of(share), firm=enterprise, by=boss, now=NOW)


def wanted(work: Employment) -> str:
    return str(work.obligations.filter(step="plant").get().requirement)


# -- Sharing --------------------------------------------------------------------------------------------


def test_the_code_is_kept_sealed_and_found_by_fingerprint(made: Share):
    code = passport.code_of(made)
    row = Share.objects.values().get()
    assert code not in str(row)
    assert (made.until - made.made_at).days == 30
    assert AuditEntry.objects.latest("number").verb == "passport.share"


def test_only_the_own_finished_rounds_are_shared(worker: Any, held: Certificate):
    other = passed_exam(make_learner("路人", 2), "别人的课")
    with pytest.raises(passport.RefusedError, match="选的课程不对"):
        passport.share(worker, rounds=[other.enrolment_id], days=30, whom="", now=NOW)
    begun = Enrolment.objects.create(person=worker, course=make_course("没学完"))
    with pytest.raises(passport.RefusedError, match="选的课程不对"):
        passport.share(worker, rounds=[begun.pk], days=30, whom="", now=NOW)
    with pytest.raises(passport.RefusedError, match="请至少选一门课"):
        passport.share(worker, rounds=[], days=30, whom="", now=NOW)


def test_the_next_employer_sees_exactly_what_is_shared(
    client: Client, worker: Any, made: Share, held: Certificate, enterprise: Enterprise, boss: Any
):
    client.force_login(boss)
    scanned = client.get(reverse("enterprise:passport"), {"code": passport.code_of(made)})
    assert passport.code_of(made) in scanned.content.decode()
    form = {"firm": enterprise.pk, "code": printed_code(passport.code_of(made)).lower()}
    page = client.post(reverse("enterprise:passport"), form, follow=True).content.decode()
    for words in (
        "王大力的培训护照",
        "有限空间作业安全",
        held.printed_number,
        "10.6 学时",
        "100 分",
    ):
        assert words in page
    for hidden in ("不给看的课", worker.phone, worker.masked_phone):
        assert hidden not in page
    assert "他还不是您单位的在岗员工" in page
    assert ShareLook.objects.get().enterprise == enterprise
    assert (
        Message.objects.filter(to=worker, title=f"{enterprise.name}看了您的培训护照").count() == 1
    )
    client.get(reverse("enterprise:shared", args=[enterprise.pk, made.pk]))
    assert ShareLook.objects.count() == 1  # within ten minutes
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        client.get(reverse("enterprise:shared", args=[enterprise.pk, made.pk]))
    assert ShareLook.objects.count() == 2
    assert Message.objects.filter(to=worker, title__endswith="培训护照").count() == 1


def test_the_worker_reads_who_looked_and_ends_it(
    client: Client, worker: Any, made: Share, enterprise: Enterprise, boss: Any
):
    opened(made, enterprise, boss)
    client.force_login(worker)
    page = client.get("/learn/passport/").content.decode()
    assert printed_code(passport.code_of(made)) in page
    assert "云溪长青化工有限公司（虚构）（周管理）" in page
    page = client.post(f"/learn/passport/{made.pk}/end/", follow=True).content.decode()
    assert "已停止分享，对方再也打不开了" in page
    assert printed_code(passport.code_of(made)) not in page
    with pytest.raises(passport.RefusedError, match="员工已经停止分享"):
        opened(made, enterprise, boss)
    client.force_login(boss)
    answer = client.get(reverse("enterprise:shared", args=[enterprise.pk, made.pk]), follow=True)
    assert "员工已经停止分享" in answer.content.decode()
    assert "有限空间作业安全" not in answer.content.decode()


def test_a_share_ends_by_itself(made: Share, enterprise: Enterprise, boss: Any):
    late = NOW + timedelta(days=30)
    with pytest.raises(passport.RefusedError, match="分享码过期了"):
        passport.enter(passport.code_of(made), firm=enterprise, by=boss, now=late)


def test_who_does_not_know_the_code_sees_nothing(
    client: Client,
    made: Share,
    enterprise: Enterprise,
    boss: Any,
    street: Jurisdiction,
    sector: Sector,
):
    other = Enterprise.objects.create(
        name="邻居", uscc="91320382MA1UUP3668", place=street, sector=sector
    )
    stranger = a_manager(other, number=91)
    opened(made, enterprise, boss)
    client.force_login(stranger)
    assert client.get(reverse("enterprise:shared", args=[other.pk, made.pk])).status_code == 404
    assert (
        client.get(reverse("enterprise:shared", args=[enterprise.pk, made.pk])).status_code == 404
    )
    with pytest.raises(passport.RefusedError, match="请先输入分享码"):
        passport.look(made, firm=other, by=stranger, now=NOW)
    with pytest.raises(passport.RefusedError, match="不是这家企业的管理员"):
        passport.enter(passport.code_of(made), firm=enterprise, by=stranger, now=NOW)
    page = client.post(
        reverse("enterprise:passport"), {"firm": other.pk, "code": "0000000000"}
    ).content.decode()
    assert "没有这个分享码" in page
    with pytest.raises(passport.RefusedError, match="只有本人可以停止分享"):
        passport.end(made, by=stranger, now=NOW)
    client.force_login(make_learner("路人", 5))
    assert client.get(reverse("enterprise:passport")).status_code == 404
    assert client.post(f"/learn/passport/{made.pk}/end/").status_code == 404


# -- Counting -------------------------------------------------------------------------------------------


def test_it_counts_as_proof_once(
    client: Client, worker: Any, made: Share, held: Certificate, enterprise: Enterprise, boss: Any
):
    work = hired(worker, enterprise)
    opened(made, enterprise, boss)
    client.force_login(boss)
    item = ShareItem.objects.get()
    address = reverse("enterprise:count_shared", args=[enterprise.pk, made.pk, item.pk])
    page = client.post(address, {"requirement": wanted(work)}, follow=True).content.decode()
    assert "已登记。错了可以在员工页面撤回" in page
    told = OutsideProof.objects.get()
    assert (told.employment, told.done_on, told.hours) == (work, held.issued_on, 10)
    assert told.paper == f"培训护照：《有限空间作业安全》，证书 {held.printed_number}"
    assert Obligation.objects.get(requirement=told.requirement).minutes == 450
    other = work.obligations.filter(step="workshop").get().requirement
    with pytest.raises(passport.RefusedError, match="已经抵过一项要求了"):
        passport.count(item, work, requirement=other, by=boss, now=NOW)
    proofs.take_back(told, by=boss, today=TODAY)
    passport.count(item, work, requirement=other, by=boss, now=NOW)
    assert SharedProof.objects.count() == 2


def test_what_does_not_count_is_told(
    worker: Any, made: Share, held: Certificate, enterprise: Enterprise, boss: Any
):
    item = ShareItem.objects.get()
    opened(made, enterprise, boss)
    elsewhere = a_worker(enterprise, 5, "别人")
    theirs = Employment.objects.get(person=elsewhere)
    with pytest.raises(passport.RefusedError, match="他还不是您单位的在岗员工"):
        passport.count(item, theirs, requirement=wanted(theirs), by=boss, now=NOW)
    work = hired(worker, enterprise)
    with pytest.raises(passport.RefusedError, match="没有这项培训要求"):
        passport.count(item, work, requirement="nothing", by=boss, now=NOW)
    yearly = work.obligations.filter(step="yearly").get()
    assert yearly.from_on == TODAY
    with pytest.raises(passport.RefusedError, match="这项要求从2026年11月25日起算"):
        passport.count(item, work, requirement=yearly.requirement, by=boss, now=NOW)
    counts(held.enrolment.course, wanted(work))
    with pytest.raises(passport.RefusedError, match="平台会自动计入"):
        passport.count(item, work, requirement=wanted(work), by=boss, now=NOW)
    certificates.revoke(held, officer=boss, reason="替考", today=TODAY)
    with pytest.raises(passport.RefusedError, match="没有有效的证书"):
        passport.count(item, work, requirement=wanted(work), by=boss, now=NOW)
    passport.end(made, by=worker, now=NOW)
    with pytest.raises(passport.RefusedError, match="员工已经停止分享"):
        passport.count(ShareItem.objects.get(), work, requirement=wanted(work), by=boss, now=NOW)
    assert not OutsideProof.objects.exists()


# -- What stays -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Share, ShareItem, ShareEnd, ShareLook, SharedProof])
def test_the_database_keeps_it(
    worker: Any, made: Share, enterprise: Enterprise, boss: Any, model: Any
):
    work = hired(worker, enterprise)
    opened(made, enterprise, boss)
    passport.count(ShareItem.objects.get(), work, requirement=wanted(work), by=boss, now=NOW)
    passport.end(made, by=worker, now=NOW)
    table = model._meta.db_table
    changes = "whom = 'x'" if model is Share else "id = id"
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {changes}"):  # noqa: S608
        with (
            pytest.raises(DatabaseError, match=r"never (deleted|edited)"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_codes_open_after_the_keys_were_rotated(
    made: Share, enterprise: Enterprise, boss: Any, settings: Any
):
    from cryptography.fernet import Fernet

    code = passport.code_of(made)
    old = (settings.VAR_DIR / "sealing_key").read_text()
    new = Fernet.generate_key().decode()
    settings.SEALING_KEYS = [new, old]
    assert passport.reseal_all() == 1
    settings.SEALING_KEYS = [new]
    assert passport.enter(code, firm=enterprise, by=boss, now=NOW) == made


def test_the_page_takes_the_same_queries_for_one_share_and_for_four(
    client: Client, worker: Any, made: Share, held: Certificate, django_assert_num_queries: Any
):
    client.force_login(worker)
    client.get("/learn/passport/")
    with django_assert_num_queries(7):
        client.get("/learn/passport/")
    for _ in range(3):
        passport.share(worker, rounds=[held.enrolment_id], days=1, whom="", now=NOW)
    with django_assert_num_queries(7):
        client.get("/learn/passport/")


def test_the_form_tells_what_is_missing(client: Client, worker: Any, held: Certificate):
    client.force_login(worker)
    page = client.post("/learn/passport/", {"days": "30"}).content.decode()
    assert "请至少选一门课" in page
    form = {"days": "91", "rounds": [held.enrolment_id]}
    assert "有效期是 1 到 90 天" in client.post("/learn/passport/", form).content.decode()
    page = client.post("/learn/passport/", {**form, "days": "7"}, follow=True).content.decode()
    assert "分享码做好了" in page
