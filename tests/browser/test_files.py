"""Wallet, file, code and passport on a phone; an inspector scans and asks; the next employer opens a share."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.acts import corrections, exams, passport, photos, spot_checks
from courses.models import Certificate, Inspection, ShareLook, SpotAnswer
from credit.models import Employment, Enterprise, Jurisdiction
from tests.browser.looks import seen
from tests.browser.test_auditor import sign_in as office_sign_in
from tests.courses.exam_kit import enrol, make_course, places_of, right_of, small_exam
from tests.courses.picture_kit import photo_bytes
from tests.courses.roster_kit import a_manager
from tests.courses.test_corrections import of_office

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def held(enterprise: Enterprise, live_server: Any, settings: Any) -> Certificate:
    """A worker with a certificate, a correction, a picture and what the post asks for."""
    from accounts.models import User
    from courses.acts import obligations

    settings.BASE_URL = live_server.url
    now, today = timezone.now(), timezone.localdate()
    worker = User.objects.create_user(
        "13800000000", "long-enough-9", phone_verified=True, real_name="王大力"
    )
    Employment.objects.create(
        person=worker, enterprise=enterprise, position="special_operator", trades="welding",
        team="甲班", began_on=today - timedelta(days=30),
    )  # fmt: skip
    course = make_course()
    small_exam(course)
    attempt = exams.start(enrol(worker, course), learner=worker, now=now)
    for place in places_of(attempt):
        exams.save_answer(
            attempt, learner=worker, position=place.position, chosen=right_of(place), now=now
        )
    exams.submit(attempt, learner=worker, now=now + timedelta(minutes=20))
    editor = of_office("13900000078", "王编辑")
    lesson = course.lessons().get()
    corrections.ask(attempt.enrolment, lesson, officer=editor, minutes=-4, reason="中途离开")
    obligations.refresh([enterprise.pk], today=today)
    photos.keep(worker, photo_bytes(), by=worker, now=now)
    return Certificate.objects.get()


def sign_in(page: Page, phone: str, live_server: Any) -> None:
    from django.conf import settings

    from accounts.models import User

    client = Client()
    client.force_login(User.objects.get(phone=f"+86{phone}"))
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": key, "url": live_server.url}])


def drawn(page: Page, selector: str) -> float:
    """How wide the code itself is on the screen, in pixels: its lines, not the box around them."""
    box = page.locator(f"{selector} path").last.bounding_box()
    assert box is not None
    return box["width"]


def test_a_worker_carries_certificates_file_and_code(
    page: Page, held: Certificate, live_server: Any, tmp_path: Any
):
    sign_in(page, "13800000000", live_server)
    page.goto("/learn/")
    page.get_by_role("link", name="我的证件").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的证件")
    expect(page.get_by_text("国家证件和复审")).to_be_visible()
    assert drawn(page, ".qr-small svg") > 120
    seen(page, "files-1-wallet")
    with page.expect_download() as got:
        page.get_by_role("link", name="存成网页文件").click()
    saved = tmp_path / "wallet.html"
    got.value.save_as(saved)
    page.context.set_offline(True)
    offline = page.context.new_page()
    offline.set_content(saved.read_text())
    expect(offline.get_by_text(held.printed_number)).to_be_visible()
    assert drawn(offline, ".qr svg") > 150
    seen(offline, "files-2-offline")
    offline.close()
    page.context.set_offline(False)
    page.goto("/learn/file/")
    expect(page.get_by_text("更正")).not_to_have_count(0)
    seen(page, "files-3-file")
    page.get_by_role("link", name="出示检查码").click()
    assert drawn(page, ".qr-card svg") > 200
    seen(page, "files-4-code")
    page.goto("/learn/passport/")
    page.get_by_label("有限空间作业安全").check()
    page.get_by_label("给谁看").fill("长青化工")
    page.get_by_role("button", name="做分享码").click()
    expect(page.locator(".share-code")).to_be_visible()
    seen(page, "files-5-passport")


def test_an_inspector_scans_and_asks_three_questions(
    page: Page, held: Certificate, live_server: Any, as_staff: Any, district: Jurisdiction
):
    inspector = of_office("13900000077", "孙检查", role="credit_officer", place=district)
    office_sign_in(page, inspector, as_staff, live_server.url)
    person = held.enrolment.person
    page.goto(f"/learn/office/check/{spot_checks.code_for(person)}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("王大力")
    seen(page, "files-6-scanned")
    page.get_by_role("button", name="抽三道题").click()
    expect(page.locator("fieldset")).to_have_count(3)
    seen(page, "files-7-questions")
    places = list(Inspection.objects.get().questions.order_by("position"))
    for place in places[:2]:
        right = place.sealed["right"][0]
        page.locator(f"input[name=q{place.position}][value='{right}']").check()
    page.get_by_role("button", name="交答案").click()
    expect(page.get_by_text("3 题答对 2 题")).not_to_have_count(0)
    assert SpotAnswer.objects.filter(right=True).count() == 2
    seen(page, "files-8-marked")
    page.goto("/learn/office/inspections/")
    seen(page, "files-9-inspections")
    page.goto("/learn/office/runs/")
    page.get_by_role("link", name="有限空间作业安全（1 人）").click()
    seen(page, "files-10-run")


def test_the_next_employer_opens_a_share(
    page: Page, held: Certificate, live_server: Any, enterprise: Enterprise
):
    a_manager(enterprise)
    person = held.enrolment.person
    share = passport.share(
        person, rounds=[held.enrolment_id], days=30, whom="长青化工", now=timezone.now()
    )
    sign_in(page, "13800000090", live_server)
    page.goto(f"/courses/enterprise/passport/?code={passport.code_of(share)}")
    seen(page, "files-11-enter")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("王大力的培训护照")
    assert ShareLook.objects.count() == 1
    seen(page, "files-12-shared")
    page.goto(f"/courses/enterprise/{enterprise.pk}/prints/")
    seen(page, "files-13-prints")
    work = Employment.objects.get()
    page.goto(f"/courses/enterprise/{enterprise.pk}/people/{work.pk}/")
    page.get_by_text("证件照片").first.click()
    seen(page, "files-14-employee")
    page.get_by_role("link", name="培训档案（一人一档）").click()
    seen(page, "files-15-employee-file")
