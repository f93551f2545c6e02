"""A certificate is issued with the pass, printed for its owner, and checked by anybody."""

import os
import re
import shutil
import subprocess
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client

from courses.acts import certificates, exams
from courses.models import Certificate
from courses.rules.validity import make_number
from tests.courses.exam_kit import (
    NOON,
    User,
    enrol,
    make_course,
    make_learner,
    places_of,
    right_of,
    small_exam,
)

UNKNOWN = make_number(2026, "ZZZZZZZZZZ")


@pytest.fixture
def certificate(db: None) -> Certificate:
    learner, course = make_learner("㛃堃䶮𬍛"), make_course()
    small_exam(course)
    attempt = exams.start(enrol(learner, course), learner=learner, now=NOON)
    for place in places_of(attempt):
        exams.save_answer(
            attempt, learner=learner, position=place.position, chosen=right_of(place), now=NOON
        )
    exams.submit(attempt, learner=learner, now=NOON + timedelta(minutes=30))
    return Certificate.objects.get()


def words_of(answer: Any) -> list[str]:
    """Every line of text on the page's main part, without the way back."""
    main = re.search(r"<main.*?</main>", answer.content.decode(), re.S)
    assert main
    own = re.sub(r"<nav.*?</nav>", "", main.group(), flags=re.S)
    lines = re.sub(r"<[^>]+>", "\n", own).split("\n")
    return [line.strip() for line in lines if line.strip()]


def test_a_certificate_keeps_what_was_true_on_its_day(certificate: Certificate):
    assert {
        "person_name": certificate.person_name,
        "course_title": certificate.course_title,
        "points": certificate.points,
        "issued_on": certificate.issued_on,
        "valid_until": certificate.valid_until,
        "kind": certificate.kind,
    } == {
        "person_name": "㛃堃䶮𬍛",
        "course_title": "有限空间作业安全",
        "points": 100,
        "issued_on": date(2026, 11, 24),
        "valid_until": date(2027, 11, 23),
        "kind": "worker",
    }
    assert re.fullmatch(r"AX2026[0-9A-HJKMNP-TV-Z]{11}", certificate.number)
    person = certificate.enrolment.person
    person.real_name = "改了名"
    person.save()
    certificate.refresh_from_db()
    assert certificate.person_name == "㛃堃䶮𬍛"


def test_issuing_once_more_gives_the_same(certificate: Certificate):
    again = certificates.issue(certificate.attempt, issued_on=date(2026, 12, 1))
    assert again == certificate
    assert Certificate.objects.count() == 1


def test_a_failed_attempt_has_no_certificate(certificate: Certificate):
    certificate.attempt.passed = False
    with pytest.raises(ValueError, match="is not passed"):
        certificates.issue(certificate.attempt, issued_on=date(2026, 11, 24))


def test_the_database_asks_for_a_name_and_edits_nothing(certificate: Certificate):
    with pytest.raises(IntegrityError, match="a certificate is never edited"), transaction.atomic():
        Certificate.objects.update(person_name="")
    number = make_number(2026, "0123456789")
    copy = {"attempt": certificate.attempt, "enrolment": certificate.enrolment, "number": number}
    days = {"issued_on": certificate.issued_on, "valid_until": certificate.valid_until}
    with pytest.raises(IntegrityError, match="certificate_bears_a_real_name"), transaction.atomic():
        Certificate.objects.create(
            **copy, **days, person_name="", course_title="x", points=80, studied_minutes=1
        )


def test_the_name_is_fixed_once_a_certificate_bears_it(certificate: Certificate):
    person = certificate.enrolment.person
    exams.set_real_name("㛃堃䶮𬍛", person=person)
    with pytest.raises(exams.RefusedError, match="已有证书使用这个姓名"):
        exams.set_real_name("别人", person=person)


def test_anybody_sees_what_a_verifier_needs_and_no_more(client: Client, certificate: Certificate):
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        answer = client.get(f"/certificates/{certificate.number}/")
    assert words_of(answer) == [
        "证书核验结果",
        "有效",
        "这张证书真实有效，有效期至2027年11月23日。",
        "证书编号",
        certificate.printed_number,
        "姓名",
        "㛃***",
        "课程",
        "有限空间作业安全",
        "发证日期",
        "2026年11月24日",
        "有效期至",
        "2027年11月23日",
        "这是线上课程结业证明。",
        "本证明不代替法定培训学时，也不代替特种作业操作证等国家规定的证件。",
        "查询时间 2026年11月24日 13:00。姓名只显示第一个字，请与持证人的身份证和纸质证书核对。",
        "再查一张",
    ]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()
    assert certificate.enrolment.person.phone not in answer.content.decode()


def test_an_expired_certificate_says_so(client: Client, certificate: Certificate):
    with time_machine.travel(NOON + timedelta(days=365), tick=False):
        words = words_of(client.get(f"/certificates/{certificate.number}/"))
    assert words[1:3] == ["已到期", "这张证书已于2027年11月23日到期，现在无效。"]


def test_a_revoked_certificate_says_so_without_the_reason(client: Client, certificate: Certificate):
    officer = make_learner("办事员", 8)
    certificates.revoke(certificate, officer=officer, reason=" 替考 ", today=date(2026, 11, 25))
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        answer = client.get(f"/certificates/{certificate.number}/")
    assert words_of(answer)[1:3] == ["已撤销", "这张证书已于2026年11月25日撤销，现在无效。"]
    assert "替考" not in answer.content.decode()
    certificate.refresh_from_db()
    assert (certificate.revoked_on, certificate.revoked_reason) == (date(2026, 11, 25), "替考")


def test_revoking_needs_a_reason_and_happens_once(certificate: Certificate):
    officer = make_learner("办事员", 8)
    with pytest.raises(certificates.CannotRevokeError, match="请写明撤销原因"):
        certificates.revoke(certificate, officer=officer, reason=" ", today=date(2026, 11, 25))
    certificates.revoke(certificate, officer=officer, reason="替考", today=date(2026, 11, 25))
    with pytest.raises(certificates.CannotRevokeError, match="已经撤销过了"):
        certificates.revoke(certificate, officer=officer, reason="替考", today=date(2026, 11, 25))


def test_an_unknown_number_is_told_plainly(client: Client, db: None):
    answer = client.get(f"/certificates/{UNKNOWN}/")
    assert answer.status_code == 404
    assert words_of(answer)[:3] == [
        "证书核验",
        "查不到",
        f"没有编号为 {UNKNOWN} 的证书。请对照证书再输入一次；如果编号没有错，这张证书不是本平台发的。",
    ]


@pytest.mark.parametrize(
    "typed", ["AX2026", "AX20260000000000A", "'; DROP TABLE", "<script>", "\x00", "字" * 300]
)
def test_a_slip_is_told_and_nothing_breaks(client: Client, db: None, typed: str):
    answer = client.get("/certificates/", {"number": typed})
    assert answer.status_code == 200
    assert "请对照证书再输入一次" in answer.content.decode()
    assert "<script>" not in answer.content.decode().split("<main")[1]


def test_any_usual_writing_leads_to_the_certificate(client: Client, certificate: Certificate):
    page = f"/certificates/{certificate.number}/"
    spoken = f" {certificate.printed_number.lower()} "
    assert client.get("/certificates/", {"number": spoken})["Location"] == page
    assert client.get(f"/certificates/{certificate.printed_number}/")["Location"] == page
    assert client.get("/certificates/nonsense/").status_code == 404


def test_only_the_owner_and_staff_get_the_paper(client: Client, certificate: Certificate):
    address = f"/certificates/{certificate.number}/pdf"
    assert client.get(address)["Location"].startswith("/accounts/login/")
    stranger = make_learner("王五", 9)
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    stranger.user_permissions.add(Permission.objects.get(codename="view_certificate"))
    client.force_login(User.objects.get(pk=stranger.pk))
    assert client.get(address).status_code == 200
    client.force_login(certificate.enrolment.person)
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{certificate.number}.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_the_paper_is_pdf_a_and_pdf_ua_with_its_title(certificate: Certificate):
    pdf = certificates.print_pdf(certificate, today=NOON.date())
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    for part in (b"/StructTreeRoot", b"/Lang(zh-CN)", b"/MarkInfo", b"/DisplayDocTitle true"):
        assert part in pdf, part
    assert f"线上课程结业证明 {certificate.printed_number}".encode() in pdf


def test_the_code_on_the_paper_leads_to_the_public_page(certificate: Certificate, settings: Any):
    settings.BASE_URL = "https://anxin.example/"
    address = certificates.public_address(certificate)
    assert address == f"https://anxin.example/certificates/{certificate.number}/"


needs_poppler = pytest.mark.skipif(
    not shutil.which("pdftotext") and os.environ.get("CI") != "true",
    reason="Install poppler (Debian: apt-get install poppler-utils).",
)


def text_of(pdf: bytes, *options: str) -> str:
    """The text on the paper, as poppler reads it."""
    run = ["pdftotext", *options, "-", "-"]
    return subprocess.run(run, input=pdf, capture_output=True, check=True).stdout.decode()


@needs_poppler
def test_rare_names_print_and_can_be_copied(certificate: Certificate):
    paper = text_of(certificates.print_pdf(certificate, today=NOON.date()), "-layout")
    printed = [certificate.printed_number, "线上课程结业证明", certificates.LIMITS, "100 分"]
    for words in ["㛃堃䶮𬍛", "《有限空间作业安全》", *printed]:
        assert words in paper


@needs_poppler
@pytest.mark.parametrize(
    ("day", "revoked", "stamp"),
    [
        (date(2026, 11, 25), False, []),
        (date(2027, 11, 24), False, ["已过有效期"]),
        (date(2026, 11, 25), True, ["已撤销2026年11月25日"]),
    ],
)
def test_a_paper_that_is_worth_nothing_says_so_across_the_page(
    client: Client, certificate: Certificate, day: date, revoked: bool, stamp: list[str]
):
    owner = certificate.enrolment.person
    if revoked:
        certificates.revoke(certificate, officer=owner, reason="替考", today=day)
    with time_machine.travel(datetime.combine(day, time(4), UTC), tick=False):
        client.force_login(owner)
        pdf = client.get(f"/certificates/{certificate.number}/pdf").content
    paper = text_of(pdf, "-raw").replace(" ", "")  # the typesetter sets figures off from characters
    said = set(re.findall("已撤销2026年11月25日|已过有效期", paper))
    assert said == set(stamp)  # across the page, and in words for who hears it
    assert ("有效" in re.findall("打印时\n?.*，(.*)", paper)) == (stamp == [])
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf


def test_a_revoked_certificate_is_not_offered_as_paper(client: Client, certificate: Certificate):
    owner, address = certificate.enrolment.person, f"/certificates/{certificate.number}/pdf"
    pages = ["/learn/", f"/learn/attempts/{certificate.attempt_id}/result/"]
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        client.force_login(owner)
        assert [address in client.get(page).content.decode() for page in pages] == [True, True]
        certificates.revoke(certificate, officer=owner, reason="替考", today=NOON.date())
        assert [address in client.get(page).content.decode() for page in pages] == [False, False]


def test_the_longest_name_and_title_stay_on_one_page(certificate: Certificate):
    certificate.person_name, certificate.course_title = "艾" * 60, "安全" * 127
    assert certificates.print_pdf(certificate, today=NOON.date()).count(b"/Type/Page\n") <= 1


def test_a_character_without_a_glyph_still_gives_a_paper(certificate: Certificate):
    certificate.person_name = "张\U0003134a"
    pdf = certificates.print_pdf(certificate, today=NOON.date())
    assert pdf.startswith(b"%PDF-")
    assert b"pdfaid" not in pdf


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0分钟"), (45, "45分钟"), (480, "8小时"), (510, "8小时30分钟")]
)
def test_study_time_is_printed_in_words(minutes: int, text: str):
    assert certificates.printed_minutes(minutes) == text


def test_my_certificates_are_listed_with_their_standing(certificate: Certificate):
    held = certificates.held_by(certificate.enrolment.person, today=date(2028, 1, 1))
    assert [(row["number"], row["state"]) for row in held] == [(certificate.number, "expired")]
    page = render_to_string("courses/_my_certificates.html", {"certificates": held})
    assert "已到期" in page
    assert certificate.printed_number in page


def test_the_exam_card_leads_to_the_exam(certificate: Certificate):
    enrolment = certificate.enrolment
    ruling = exams.readiness(enrolment, now=NOON)
    card = {"enrolment": enrolment, "exam": enrolment.course.exam, "ruling": ruling}
    page = render_to_string("courses/_exam_card.html", card)
    assert f'href="/learn/exams/{enrolment.pk}/"' in page
    assert "已经考试合格，不用再考" in page
