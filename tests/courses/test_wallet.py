"""我的证件: what one holds with its code, kept for where there is no network; the holder's picture."""

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from courses.acts import certificates, obligations, photos
from courses.acts.managing import RefusedError
from courses.models import Certificate, HolderPhoto
from credit.models import AuditEntry, Employment, Enterprise, Message
from tests.courses.exam_kit import NOON, make_learner
from tests.courses.file_kit import TODAY, a_worker, passed_exam
from tests.courses.picture_kit import phone_photo, photo_bytes
from tests.courses.roster_kit import a_manager

NOW = NOON + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def worker(enterprise: Enterprise) -> Any:
    return a_worker(enterprise)


@pytest.fixture
def held(worker: Any) -> Certificate:
    return passed_exam(worker)


def upload(content: bytes) -> dict[str, Any]:
    return {"photo": SimpleUploadedFile("照片.jpg", content)}


def test_the_page_shows_each_certificate_with_its_code(
    client: Client, worker: Any, held: Certificate
):
    client.force_login(worker)
    page = client.get("/learn/wallet/").content.decode()
    assert held.printed_number in page
    assert "2027年10月24日起可以再培训、再考试，换新证" in page
    assert page.count("<svg") >= 1
    certificates.revoke(held, officer=worker, reason="替考", today=TODAY)
    page = client.get("/learn/wallet/").content.decode()
    assert "已撤销" in page
    assert reverse("courses:card", args=[held.number]) not in page


def test_the_page_takes_the_same_queries_for_one_and_for_four(
    client: Client, worker: Any, held: Certificate, django_assert_num_queries: Any
):
    client.force_login(worker)
    client.get("/learn/wallet/")
    with django_assert_num_queries(6):
        client.get("/learn/wallet/")
    for serial in range(3):
        passed_exam(worker, f"课程{serial}")
    with django_assert_num_queries(6):
        client.get("/learn/wallet/")


def test_the_state_s_paper_says_when_it_is_reviewed(
    client: Client, enterprise: Enterprise, worker: Any
):
    Employment.objects.filter(person=worker).update(position="special_operator", trades="welding")
    obligations.refresh([enterprise.pk], today=TODAY)
    client.force_login(worker)
    page = client.get("/learn/wallet/").content.decode()
    assert "国家证件和复审" in page
    assert re.search("请在 2026年12月25日 前办好，拿到后交单位登记", page)


def test_one_file_opens_without_a_network(client: Client, worker: Any, held: Certificate):
    photos.keep(worker, photo_bytes(), by=worker, now=NOW)
    client.force_login(worker)
    answer = client.get("/learn/wallet/wallet.html")
    assert answer["Content-Disposition"] == 'attachment; filename="anxin-wallet-2026-11-25.html"'
    page = answer.content.decode()
    assert held.printed_number in page
    assert "data:image/jpeg;base64," in page
    wanted = re.findall(r"""(?:src|href)=["']([^"']*)""", page)
    assert [one for one in wanted if not one.startswith("data:")] == []
    assert "url(" not in page
    assert "<script" not in page
    assert client.get("/learn/wallet/wallet.pdf").content.startswith(b"%PDF-")
    assert client.get("/learn/wallet/wallet.exe").status_code == 404


def test_a_certificate_is_a_picture_for_its_holder_alone(
    client: Client, worker: Any, held: Certificate
):
    address = reverse("courses:card", args=[held.number])
    client.force_login(make_learner("路人", 5))
    assert client.get(address).status_code == 404
    client.force_login(worker)
    answer = client.get(address)
    with Image.open(BytesIO(answer.content)) as image:
        assert image.format == "PNG"
        assert image.width == 709


# -- The picture ----------------------------------------------------------------------------------------


def test_the_picture_is_made_anew_sealed_and_printed(
    client: Client, worker: Any, held: Certificate
):
    client.force_login(worker)
    page = client.post("/learn/wallet/photo/", upload(phone_photo()), follow=True).content.decode()
    assert "照片已保存" in page
    row = HolderPhoto.objects.get()
    assert "SecretPhone" not in row.picture_sealed
    assert "/9j/" not in row.picture_sealed[:20]  # how JPEG begins in base64
    assert photos.bytes_of(row).startswith(b"\xff\xd8")
    assert certificates.texts_of([held], today=TODAY)[0]["photo"].startswith("<svg")
    bare = len(client.get(f"/certificates/{held.number}/pdf").content)
    client.post("/learn/wallet/photo/delete/")
    assert not HolderPhoto.objects.exists()
    assert certificates.texts_of([held], today=TODAY)[0]["photo"] == ""
    assert len(client.get(f"/certificates/{held.number}/pdf").content) < bare
    verbs = AuditEntry.objects.filter(verb__startswith="photo.").order_by("number")
    assert [one.verb for one in verbs] == ["photo.keep", "photo.delete"]


def test_what_is_no_picture_is_told(client: Client, worker: Any):
    client.force_login(worker)
    answer = client.post("/learn/wallet/photo/", upload(b"MZ\x90\x00 not a picture"))
    assert answer.status_code == 422
    assert "不是图片或者已损坏" in answer.content.decode()
    assert not HolderPhoto.objects.exists()


def test_the_manager_uploads_and_the_person_hears_of_it_and_may_delete(
    client: Client, enterprise: Enterprise, worker: Any
):
    client.force_login(a_manager(enterprise))
    work = Employment.objects.get()
    address = reverse("enterprise:photo", args=[enterprise.pk, work.pk])
    page = client.post(address, upload(photo_bytes()), follow=True).content.decode()
    assert "已告诉员工本人" in page
    assert Message.objects.filter(to=worker, title="单位上传了您的证件照片").count() == 1
    client.force_login(worker)
    client.post("/learn/wallet/photo/delete/")
    assert not HolderPhoto.objects.exists()


def test_nobody_else_touches_it(enterprise: Enterprise, worker: Any):
    with pytest.raises(RefusedError, match="只有本人和现在的单位管理员"):
        photos.keep(worker, photo_bytes(), by=make_learner("路人", 5), now=NOW)
    photos.keep(worker, photo_bytes(), by=worker, now=NOW)
    boss = a_manager(enterprise)
    Employment.objects.update(ended_on=date(2026, 11, 20))
    with pytest.raises(RefusedError, match="只有本人和现在的单位管理员"):
        photos.delete(worker, by=boss, now=NOW)


def test_pictures_are_sealed_anew_with_the_newest_key(worker: Any, monkeypatch: Any):
    from cryptography.fernet import Fernet

    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setattr(settings, "SEALING_KEYS", [old])
    row = photos.keep(worker, photo_bytes(), by=worker, now=NOW)
    picture = photos.bytes_of(row)
    monkeypatch.setattr(settings, "SEALING_KEYS", [new, old])
    call_command("reseal", verbosity=0)
    monkeypatch.setattr(settings, "SEALING_KEYS", [new])
    row.refresh_from_db()
    assert photos.bytes_of(row) == picture
