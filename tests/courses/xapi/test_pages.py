"""The pages: opening a unit, bringing in a course, placing and waiving, keys. Who may not sees nothing."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses.acts.enrolment import enrol
from courses.acts.exams import RefusedError
from courses.acts.xapi.importing import place
from courses.acts.xapi.keys import issue
from courses.models import (
    AuSession,
    Cmi5Course,
    Cmi5Unit,
    CoursePage,
    Enrolment,
    LrsKey,
    UnitResult,
)
from credit.models import AuditEntry, Jurisdiction, Posting
from tests.courses.xapi_kit import administrator, au, course_xml, imported, statement, system

pytestmark = pytest.mark.django_db


def upload(content: bytes) -> SimpleUploadedFile:
    """A course structure as a browser sends it."""
    return SimpleUploadedFile("cmi5.xml", content, "text/xml")


@pytest.fixture
def unit(course: CoursePage) -> Cmi5Unit:
    """A unit in the first lesson."""
    unit = imported(course).units.get()
    place(unit.structure, {unit.pk: course.lessons().first().pk}, by=administrator())
    unit.refresh_from_db()
    return unit


def test_a_learner_opens_a_unit_from_its_lesson(
    client: Client, enrolment: Enrolment, learner: Any, unit: Cmi5Unit
) -> None:
    """In a frame that may show that one host, beside the clock; no other page may frame anything."""
    client.force_login(learner)
    lesson = client.get(unit.lesson.get_url())
    assert f"打开课件：{unit.title}" in lesson.content.decode()
    assert "frame-src" not in lesson.headers["Content-Security-Policy"]
    answer = client.post(f"/learn/units/{unit.pk}/open/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert (
        '<iframe class="unit-frame" src="https://content.example/au1/index.html?theme=dark&amp;endpoint='
        in page
    )
    assert "data-lesson=" in page
    assert "frame-src https://content.example;" in answer.headers["Content-Security-Policy"] + ";"
    assert "no-store" in answer.headers["Cache-Control"]
    assert AuSession.objects.count() == 1
    assert client.get(f"/learn/units/{unit.pk}/open/").status_code == 405


def test_a_unit_that_wants_its_own_window_gets_a_link(
    client: Client, course: CoursePage, enrolment: Enrolment, learner: Any
) -> None:
    """8.1: OwnWindow is never framed."""
    unit = imported(course, au(1, 'launchMethod="OwnWindow"')).units.get()
    client.force_login(learner)
    page = client.post(f"/learn/units/{unit.pk}/open/").content.decode()
    assert "<iframe" not in page
    assert 'target="_blank" rel="noopener noreferrer"' in page


def test_who_is_not_enrolled_is_told_so(client: Client, course: CoursePage, unit: Cmi5Unit) -> None:
    """Nothing is opened; without a login the login comes first."""
    assert client.post(f"/learn/units/{unit.pk}/open/").status_code == 302
    client.force_login(administrator())
    answer = client.post(f"/learn/units/{unit.pk}/open/", follow=True)
    assert "您没有报名这门课" in answer.content.decode()
    assert not AuSession.objects.exists()


def test_a_unit_in_no_lesson_is_not_there(client: Client, course: CoursePage, learner: Any) -> None:
    """Nor one in a lesson that was taken offline."""
    enrol(course, person=learner)
    unit = imported(course, au(7)).units.get()
    client.force_login(learner)
    assert client.post(f"/learn/units/{unit.pk}/open/").status_code == 404


def test_the_office_looks_into_a_file_and_brings_it_in(office: Client, course: CoursePage) -> None:
    """Looked into first; then taken whole; each fault with its place."""
    said = {"course": course.pk, "do": "look", "file": upload(course_xml(au(1), au(2)))}
    page = office.post("/learn/office/cmi5/", said)
    assert (page.status_code, "共 2 个课件" in page.content.decode()) == (200, True)
    assert not Cmi5Course.objects.exists()
    answer = office.post(
        "/learn/office/cmi5/", said | {"do": "take", "file": upload(course_xml(au(1), au(2)))}
    )
    [made] = Cmi5Course.objects.all()
    assert answer.headers["Location"] == f"/learn/office/cmi5/{made.pk}/"
    assert AuditEntry.objects.filter(verb="cmi5.bring_in").count() == 1
    for content, told in (
        (b"PK\x03\x04rest", "课件包"),
        (b"text", "XML"),
        (course_xml(au(1, url="index.html")), "包里的文件"),
        (course_xml(au(1, url="http://localhost:8000/evil.html")), "本平台的网址"),
        (b"", "XML"),
    ):
        bad = office.post("/learn/office/cmi5/", said | {"do": "take", "file": upload(content)})
        assert (bad.status_code, told in bad.content.decode()) == (422, True)
    assert Cmi5Course.objects.count() == 1


def test_units_are_placed_in_lessons_of_their_course(
    office: Client, course: CoursePage, unit: Cmi5Unit
) -> None:
    """Another course's page is refused, an empty choice takes the unit out."""
    address = f"/learn/office/cmi5/{unit.structure_id}/"
    wrong = office.post(address, {"do": "place", f"lesson-{unit.pk}": course.pk})
    assert (wrong.status_code, "不在这门课里" in wrong.content.decode()) == (422, True)
    lesson = course.lessons().last()
    office.post(address, {"do": "place", f"lesson-{unit.pk}": lesson.pk})
    unit.refresh_from_db()
    assert unit.lesson_id == lesson.pk
    office.post(address, {"do": "place", f"lesson-{unit.pk}": ""})
    unit.refresh_from_db()
    assert unit.lesson is None


def test_the_office_waives_a_unit(
    office: Client, enrolment: Enrolment, learner: Any, unit: Cmi5Unit
) -> None:
    """By the learner's phone; one who is not there is not told apart from one out of reach."""
    address = f"/learn/office/cmi5/{unit.structure_id}/"
    said = {"do": "waive", "phone": "13800000000", "unit": unit.pk, "reason": "在别处学过同样内容"}
    nobody = office.post(address, said | {"phone": "13811111111"})
    assert (nobody.status_code, "没有找到" in nobody.content.decode()) == (422, True)
    assert office.post(address, said).status_code == 302
    [result] = UnitResult.objects.all()
    assert (result.verb, result.reason) == ("waived", "在别处学过同样内容")
    again = office.post(address, said)
    assert "已经免学" in again.content.decode()


def test_pages_of_the_office_are_the_offices(client: Client, learner: Any, unit: Cmi5Unit) -> None:
    """A learner sees none of them."""
    client.force_login(learner)
    for address in ("cmi5/", f"cmi5/{unit.structure_id}/", "lrs/"):
        assert client.get(f"/learn/office/{address}").status_code == 403
        assert client.post(f"/learn/office/{address}").status_code == 403


def test_keys_are_shown_once_replaced_and_stopped(office: Client) -> None:
    """The list never shows a secret; a stopped key opens nothing."""
    said = {
        "name": "企业学习平台",
        "scopes": ["statements/write", "statements/read/mine"],
        "place": "",
    }
    page = office.post("/learn/office/lrs/", said)
    key = LrsKey.objects.get()
    assert f"lrs-{key.pk}" in page.content.decode()
    assert page.content.decode().count("<code") == 3
    listed = office.get("/learn/office/lrs/").content.decode()
    assert "企业学习平台" in listed
    assert key.secret_hash not in listed
    assert office.post("/learn/office/lrs/", said).status_code == 422  # the name is taken
    assert office.post("/learn/office/lrs/", {"name": "x"}).status_code == 422
    old = key.secret_hash
    office.post(f"/learn/office/lrs/{key.pk}/replace/")
    key.refresh_from_db()
    assert key.secret_hash != old
    office.post(f"/learn/office/lrs/{key.pk}/stop/")
    key.refresh_from_db()
    assert not key.active
    assert office.post(f"/learn/office/lrs/{key.pk}/forget/").status_code == 404
    verbs = AuditEntry.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["lrs.issue_key", "lrs.replace_key", "lrs.stop"]


def test_a_stopped_or_expired_key_opens_nothing() -> None:
    """401 from the next request on."""
    lrs = system()
    assert lrs.post(statement()).status_code == 200
    LrsKey.objects.update(active=False)
    assert lrs.post(statement()).status_code == 401
    LrsKey.objects.update(active=True, expires_on="2020-01-01")
    assert lrs.post(statement()).status_code == 401


def test_an_officer_gives_out_keys_for_the_own_places_alone(
    district: Jurisdiction, street: Jurisdiction
) -> None:
    """A key without a place reaches everybody: whoever is posted to a street gives out none."""
    officer = administrator()
    Posting.objects.create(officer=officer, place=street)
    for somewhere in (None, district):
        with pytest.raises(RefusedError, match="辖区"):
            issue("系统", scopes=["statements/read"], by=officer, place=somewhere)
    key, _ = issue("系统", scopes=["statements/read"], by=officer, place=street)
    assert key.place == street
