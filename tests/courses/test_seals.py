"""The bureau's seal: set by the decision officer of the district, versioned, fixed to what is issued meanwhile."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client

from courses.acts import certificates, seals
from courses.acts.managing import RefusedError
from courses.models import CertificateSeal, SealImage
from credit.models import AuditEntry, Enterprise, Jurisdiction
from tests.courses.exam_kit import NOON, make_learner
from tests.courses.file_kit import TODAY, a_worker, passed_exam
from tests.courses.picture_kit import photo_bytes, seal_bytes
from tests.courses.test_corrections import of_office


@pytest.fixture
def head(district: Jurisdiction) -> Any:
    return of_office("13900000011", "郑局长", role="decision_officer", place=district)


def put(place: Jurisdiction, head: Any, **said: Any) -> SealImage:
    usual = {"content": seal_bytes(), "reason": "启用", **said}
    content = usual.pop("content")
    return seals.set_seal(place, content, by=head, now=NOON, **usual)


def test_what_is_issued_bears_the_seal_of_its_day(
    district: Jurisdiction, enterprise: Enterprise, head: Any
):
    bare = passed_exam(a_worker(enterprise, 1))
    first = put(district, head)
    old = passed_exam(a_worker(enterprise, 2))
    second = put(district, head, content=seal_bytes(120), reason="换新章")
    new = passed_exam(a_worker(enterprise, 3))
    seals.stop(district, by=head, reason="机构改革", now=NOON)
    last = passed_exam(a_worker(enterprise, 4))
    found = dict(CertificateSeal.objects.values_list("certificate", "seal"))
    assert found == {old.pk: first.pk, new.pk: second.pk}
    texts = certificates.texts_of([bare, old, new, last], today=TODAY)
    assert [bool(one["seal"]) for one in texts] == [False, True, True, False]
    assert texts[1]["issuer"] == "云溪区应急管理局 · 安信 · 安全生产培训平台"
    assert texts[1]["seal"] != texts[2]["seal"]
    verbs = AuditEntry.objects.filter(verb__startswith="seal.").values_list("verb", flat=True)
    assert list(verbs.order_by("number")) == ["seal.set", "seal.set", "seal.stop"]
    assert b"pdfuaid:part>1" in certificates.print_pdf(old, today=TODAY)


def test_without_an_employer_the_only_district_counts(district: Jurisdiction, head: Any):
    put(district, head)
    assert CertificateSeal.objects.filter(certificate=passed_exam(make_learner("王五", 5))).exists()
    Jurisdiction.objects.create(code="990002", name="东山区", kind="district")
    held = passed_exam(make_learner("赵六", 6), "另一门课")
    assert not CertificateSeal.objects.filter(certificate=held).exists()


def test_who_may_not_is_told_why(district: Jurisdiction, street: Jurisdiction, head: Any):
    other = Jurisdiction.objects.create(code="990002", name="东山区", kind="district")
    with pytest.raises(RefusedError, match="没有更换证书印章的权限"):
        put(district, make_learner("路人", 5))
    with pytest.raises(RefusedError, match="只能换您任职的区的印章"):
        put(other, head)
    with pytest.raises(RefusedError, match="只能换您任职的区的印章"):
        put(street, head)
    with pytest.raises(RefusedError, match="请写明原因"):
        put(district, head, reason=" ")
    with pytest.raises(RefusedError, match="印章只收 PNG"):
        put(district, head, content=photo_bytes())
    with pytest.raises(RefusedError, match="现在没有用印章"):
        seals.stop(district, by=head, reason="停", now=NOON)
    put(district, head)
    with pytest.raises(RefusedError, match="和现在用的印章一样"):
        put(district, head)


@pytest.mark.parametrize("model", [SealImage, CertificateSeal])
def test_the_database_keeps_every_version(
    district: Jurisdiction, enterprise: Enterprise, head: Any, model: Any
):
    put(district, head)
    passed_exam(a_worker(enterprise))
    table = model._meta.db_table
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):  # noqa: S608
        with (
            pytest.raises(DatabaseError, match=r"never (deleted|edited)"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_page_shows_the_versions(
    client: Client, as_staff: Any, district: Jurisdiction, head: Any
):
    client.force_login(make_learner("路人", 5))
    assert client.get("/learn/office/seals/").status_code == 403
    as_staff(client, head)
    file = SimpleUploadedFile("章.png", seal_bytes())
    form = {"place": district.pk, "reason": "启用", "file": file}
    page = client.post("/learn/office/seals/", form, follow=True).content.decode()
    assert "已换上，从现在起发的证书用这个印章" in page
    assert "data:image/png;base64," in page
    page = client.post(
        "/learn/office/seals/", {"place": district.pk, "reason": "换"}
    ).content.decode()
    assert "请选一张印章图片" in page
    form = {"place": district.pk, "reason": "机构改革", "stop": "yes"}
    assert (
        "以后发的证书不印印章"
        in client.post("/learn/office/seals/", form, follow=True).content.decode()
    )
    other = Jurisdiction.objects.create(code="990002", name="东山区", kind="district")
    form = {"place": other.pk, "reason": "启用", "file": SimpleUploadedFile("a.png", seal_bytes())}
    assert client.post("/learn/office/seals/", form).status_code == 404


def test_the_desk_leads_there(client: Client, as_staff: Any, head: Any):
    as_staff(client, head)
    page = client.get("/credit/office/").content.decode()
    assert 'href="/learn/office/seals/"' in page
    assert 'href="/learn/office/inspections/"' not in page
