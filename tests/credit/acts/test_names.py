"""A row without a valid code gets near names; a person decides once, later imports follow."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from credit.acts import cases, names
from credit.models import AuditEntry, Enterprise, ImportBatch, Jurisdiction, NameMatch, Violation
from tests.credit.acts.test_kinds import counts, take
from tests.credit.importing.makers import HEADINGS, changed
from tests.credit.officers import officer

TODAY = date(2026, 11, 24)
NEAR = "云溪县长青化工有限责任公司"


def penalty(name: str = NEAR, number: str = "", key: str = "1号") -> ImportBatch:
    row = changed(企业名称=name, 统一社会信用代码=number, 决定书文号=key)
    return take([HEADINGS, row], "violations")


@pytest.fixture
def importer(district: Jurisdiction) -> Any:
    return officer("13800000041", district, "import_records")


def test_a_person_links_a_name_and_later_imports_follow(enterprise: Enterprise, importer: Any):
    assert counts(penalty()) == ("refused", 0, 0, 0, 1)
    penalty()
    match = NameMatch.objects.get()
    assert [(one["pk"], one["number"]) for one in match.candidates] == [
        (enterprise.pk, enterprise.uscc)
    ]
    names.decide(match, enterprise=enterprise, officer=importer, today=TODAY)
    batch = penalty()
    assert (counts(batch), Violation.objects.get().enterprise) == (("done", 1, 0, 0, 0), enterprise)
    assert batch.problems[0]["advice"] == f"按已核对的名称记到“{enterprise.name}”名下"
    assert counts(penalty(number="123")) == ("refused", 0, 0, 0, 1)  # another number: asked again
    assert AuditEntry.objects.exclude(verb="import.finish").get().verb == "name.decide"


def test_none_of_them_is_remembered_too(enterprise: Enterprise, importer: Any):
    penalty()
    names.decide(NameMatch.objects.get(), enterprise=None, officer=importer, today=TODAY)
    batch = penalty()
    assert (counts(batch), batch.problems[0]["advice"]) == (
        ("refused", 0, 0, 0, 1), "必填，这一格是空的",
    )  # fmt: skip
    assert NameMatch.objects.get().state == "different"
    with pytest.raises(cases.RefusedError, match="已经核对过了"):
        names.decide(NameMatch.objects.get(), enterprise=None, officer=importer, today=TODAY)


def test_a_valid_code_that_nobody_registered_is_never_matched_by_name(enterprise: Enterprise):
    penalty(number="91320382MA1UUP3668")
    assert NameMatch.objects.count() == 0


def test_a_firm_of_another_place_cannot_be_chosen(enterprise: Enterprise, district: Jurisdiction):
    penalty()
    town = Jurisdiction.objects.create(
        code="990001101", name="东山镇", kind="town", parent=district
    )
    person = officer("13800000042", town, "import_records")
    with pytest.raises(cases.RefusedError, match="不在您的辖区"):
        names.decide(NameMatch.objects.get(), enterprise=enterprise, officer=person, today=TODAY)


def test_the_page_offers_only_the_candidates(
    client: Client, enterprise: Enterprise, importer: Any, as_staff: Any
):
    penalty()
    as_staff(client, importer)
    match, url = NameMatch.objects.get(), "/credit/office/names/"
    assert (
        client.post(f"{url}{match.pk}/", {"enterprise": ""}).status_code == 404
    )  # not the own import
    ImportBatch.objects.update(by=importer)
    assert f"就是：{enterprise.name}" in client.get(url).content.decode()
    client.post(f"{url}{match.pk}/", {"enterprise": "999"})
    assert NameMatch.objects.get().state == "pending"
    page = client.post(f"{url}{match.pk}/", {"enterprise": str(enterprise.pk)}, follow=True)
    assert "已记住" in page.content.decode()
    assert NameMatch.objects.get().enterprise == enterprise
