"""Snapshots: off by default, with consent or with a person instead, small, looked at by name, gone after some days."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.storage import storages
from django.db import DatabaseError, connection, transaction
from django.test import Client
from PIL import Image

from courses.acts import exams, identity, snapshots
from courses.acts.answers import BadAnswerError
from courses.models import Attempt, Enrolment, Exam, Snapshot, SnapshotConsent, SnapshotView
from courses.tasks import forget_snapshots
from tests.courses.exam_kit import NOON, enrol, make_course, make_learner, small_exam

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("private_files")


def picture(kind: str = "JPEG", width: int = 320) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, 240), "#88aa99").save(out, kind)
    return out.getvalue()


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON + MINUTE, tick=False) as clock:
        yield clock


@pytest.fixture
def learner(db: None) -> Any:
    return make_learner()


@pytest.fixture
def enrolment(learner: Any) -> Enrolment:
    course = make_course()
    small_exam(course)
    Exam.objects.update(snapshots=True)
    return Enrolment.objects.select_related("course__exam", "person").get(
        pk=enrol(learner, course).pk
    )


@pytest.fixture
def officer(db: None) -> Any:
    person = make_learner("王考官", 90)
    person.groups.add(Group.objects.get(name="editor"))
    return person


@pytest.fixture
def attempt(enrolment: Enrolment, learner: Any) -> Attempt:
    return exams.start(enrolment, learner=learner, now=NOON, agreed=True)


def post(client: Client, attempt: Attempt, content: bytes) -> Any:
    address = f"/learn/attempts/{attempt.pk}/snapshot"
    return client.post(address, content, content_type="image/jpeg")


def test_an_exam_takes_none_unless_it_says_so(learner: Any, client: Client):
    course = make_course("动火")
    small_exam(course)
    attempt = exams.start(enrol(learner, course), learner=learner, now=NOON)
    client.force_login(learner)
    page = client.get(f"/learn/attempts/{attempt.pk}/")
    assert "snapshot.js" not in page.content.decode()
    assert "camera=()" in page["Permissions-Policy"]
    told = post(client, attempt, picture())
    assert (told.status_code, told.json()["message"]) == (409, "这次考试不抓拍")
    assert Snapshot.objects.count() == 0


def test_the_learner_says_yes_or_no_first(
    client: Client, enrolment: Enrolment, learner: Any, officer: Any
):
    client.force_login(learner)
    start = f"/learn/exams/{enrolment.pk}/"
    assert "这个考试会抓拍" in client.get(start).content.decode()
    assert "请先选择是否同意考试中抓拍" in client.post(start).content.decode()
    # no: the same exam, after a person has seen who it is
    page = client.post(start, {"snapshots": "no"}).content.decode()
    assert "请先请监考人或者单位管理员当面核对身份" in page
    identity.confirm(enrolment, by=officer, now=NOON + MINUTE)
    client.post(start, {"snapshots": "no"})
    attempt = Attempt.objects.get()
    assert attempt.snapshot_consent.agreed is False
    assert attempt.identity.check_of.by == officer
    assert post(client, attempt, picture()).status_code == 409
    assert "snapshot.js" not in client.get(f"/learn/attempts/{attempt.pk}/").content.decode()


def test_a_picture_is_kept_and_the_camera_is_open_on_that_page_only(
    client: Client, attempt: Attempt, learner: Any
):
    client.force_login(learner)
    page = client.get(f"/learn/attempts/{attempt.pk}/")
    assert "snapshot.js" in page.content.decode()
    assert "camera=(self)" in page["Permissions-Policy"]
    assert "camera=()" in client.get("/learn/")["Permissions-Policy"]
    assert post(client, attempt, picture()).json() == {"state": "kept"}
    row = Snapshot.objects.get()
    assert (row.taken_at, row.keep_until) == (NOON + MINUTE, date(2026, 12, 24))
    assert storages["private"].open(row.file).read() == picture()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "不是照片"),
        (b"MZ\x90\x00 no picture", "不是照片"),
        (picture("PNG"), "只收 JPG 照片"),
        (picture() + b"x" * 200 * 1024, "照片超过 200 KB"),
    ],
)
def test_only_small_photographs_are_kept(attempt: Attempt, learner: Any, content: bytes, told: str):
    with pytest.raises(BadAnswerError, match=told):
        snapshots.keep(attempt, learner=learner, content=content, now=NOON)
    assert Snapshot.objects.count() == 0


def test_not_too_often_not_after_the_end_and_not_for_another(
    client: Client, attempt: Attempt, learner: Any
):
    snapshots.keep(attempt, learner=learner, content=picture(), now=NOON)
    with pytest.raises(exams.RefusedError, match="离上一张太近"):
        snapshots.keep(attempt, learner=learner, content=picture(), now=NOON + MINUTE - MINUTE / 60)
    snapshots.keep(attempt, learner=learner, content=picture(), now=NOON + MINUTE)
    assert post(client, attempt, picture()).status_code == 401
    client.force_login(make_learner("李四", 2))
    assert post(client, attempt, picture()).status_code == 404
    exams.submit(attempt, learner=learner, now=NOON + 2 * MINUTE)
    with pytest.raises(exams.RefusedError, match="考试已经结束"):
        snapshots.keep(attempt, learner=learner, content=picture(), now=NOON + 9 * MINUTE)
    assert Snapshot.objects.count() == 2


def test_every_look_is_noted_with_who(
    client: Client, as_staff: Any, attempt: Attempt, learner: Any, officer: Any
):
    row = snapshots.keep(attempt, learner=learner, content=picture(), now=NOON)
    address = f"/learn/office/room/snapshots/{row.pk}/"
    far = make_learner("外区", 91)
    far.groups.add(Group.objects.get(name="credit_officer"))
    as_staff(client, far)
    assert client.get(address).status_code == 404
    client.force_login(learner)
    assert client.get(address).status_code == 404
    assert SnapshotView.objects.count() == 0
    as_staff(client, officer)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == picture()
    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("image/jpeg", True)
    assert list(SnapshotView.objects.values_list("snapshot", "by")) == [(row.pk, officer.pk)]
    page = client.get(f"/learn/office/room/{attempt.enrolment_id}/").content.decode()
    assert "看过 1 次，保存到 12月24日" in page


def test_the_bytes_go_after_their_days_and_the_row_says_when(
    client: Client, as_staff: Any, attempt: Attempt, learner: Any, officer: Any, noon: Any
):
    row = snapshots.keep(attempt, learner=learner, content=picture(), now=NOON)
    noon.move_to(NOON + 30 * DAY)
    assert forget_snapshots() == 0
    noon.move_to(NOON + 31 * DAY)
    assert (forget_snapshots(), forget_snapshots()) == (1, 0)
    row.refresh_from_db()
    assert row.deleted_at == NOON + 31 * DAY
    assert not storages["private"].exists(row.file)
    as_staff(client, officer)
    assert client.get(f"/learn/office/room/snapshots/{row.pk}/").status_code == 404


def test_the_database_keeps_consent_and_looks(
    attempt: Attempt, learner: Any, officer: Any, enrolment: Enrolment
):
    row = snapshots.keep(attempt, learner=learner, content=picture(), now=NOON)
    snapshots.look(row.pk, by=officer, now=NOON)
    for statement in (
        "UPDATE courses_snapshotconsent SET agreed = NOT agreed",
        "DELETE FROM courses_snapshotview",
    ):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            connection.cursor().execute(statement)
    exams.submit(attempt, learner=learner, now=NOON)
    facts = {"file": "x", "size": 1, "taken_at": NOON, "keep_until": date(2026, 12, 1)}
    with pytest.raises(DatabaseError, match="with consent"), transaction.atomic():
        Snapshot.objects.create(attempt=attempt, **facts)
    assert SnapshotConsent.objects.get().agreed
