"""The pages of deadlines and of the calendar."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from credit.models import Accident, Enterprise, Jurisdiction, WorkdayException
from tests.credit.acts.test_scores import make
from tests.credit.casework import hide_accident, opened, told
from tests.credit.officers import officer
from tests.credit.rules.test_holidays import GOOD
from tests.credit.views.test_cases import HOME, NOW, THEN, text

pytestmark = pytest.mark.django_db
CLOCKS, CALENDAR = f"{HOME}clocks/", f"{HOME}calendar/"


@THEN
def test_deadlines_are_shown_by_how_they_stand(
    client: Client, enterprise: Enterprise, concealed: Accident, opener: Any, stranger: Any,
    as_staff: Any,
) -> None:  # fmt: skip
    told(enterprise, opener)
    as_staff(client, opener)
    page = text(client.get(CLOCKS))
    for word in (
        "当事人的期限已届满，可以办理下一步 1", "已经超期 0", enterprise.name, "2026年11月9日",
        "2027年尚无官方节假日安排，仅按周末推算", "行政处罚法第四十四条",
    ):  # fmt: skip
        assert word in page
    assert "没有这一类期限" in text(client.get(f"{CLOCKS}?standing=overdue"))
    assert enterprise.name in text(client.get(f"{CLOCKS}?standing=over&mine=1"))
    assert client.get(f"{CLOCKS}?standing=%00&page=x&mine=2").status_code == 200
    as_staff(client, stranger)
    assert enterprise.name not in text(client.get(CLOCKS))


@NOW
@pytest.mark.parametrize("size", [1, 3, 30])
def test_the_page_asks_the_same_number_of_queries(
    client: Client, enterprise: Enterprise, opener: Any, as_staff: Any, size: int,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    for firm in make(enterprise.place, enterprise.sector, size):
        hide_accident(firm, f"SG-{firm.pk}")
        opened(firm, opener)
    as_staff(client, opener)
    client.get(CLOCKS)
    with django_assert_num_queries(18):
        client.get(CLOCKS)


@NOW
def test_strangers_are_refused(client: Client, enterprise: Enterprise) -> None:
    for page in (CLOCKS, CALENDAR, f"{HOME}templates/"):
        assert client.get(page).url.startswith("/accounts/login/?next=")
    client.force_login(officer("13800000005", None))
    assert client.get(CLOCKS).status_code == 403


@NOW
def test_the_calendar_is_seen_by_all_officers_and_changed_by_its_keepers(
    client: Client, district: Jurisdiction, opener: Any, as_staff: Any
) -> None:
    keeper = officer("13800000021", district, "edit_calendar", "view_listcase")
    as_staff(client, opener)
    assert "改一天" not in text(client.get(CALENDAR))
    assert "2027 年还没有官方的节假日安排" in text(client.get(f"{CALENDAR}2027/"))
    day = {"day": "2027-05-01", "state": "off", "note": "劳动节", "reason": "通知1号"}
    refused = client.post(f"{CALENDAR}2027/day/", day)
    assert (refused.status_code, "没有修改节假日安排的权限" in text(refused)) == (422, True)
    as_staff(client, keeper)
    assert client.post(f"{CALENDAR}2027/day/", day)["Location"] == f"{CALENDAR}2027/"
    assert "5月1日 放假：劳动节" in text(client.get(f"{CALENDAR}2027/"))
    assert 'value="2027-05-03"' in text(client.get(f"{CALENDAR}2027/?day=2027-05-03"))
    pasted = {"text": f"{GOOD}乱写一行\n2027-02-30,休,x", "reason": "国办"}
    faults = client.post(f"{CALENDAR}2027/import/", pasted)
    assert "请改正这 2 处" in text(faults)
    assert WorkdayException.objects.filter(day__year=2027).count() == 1
    sheet = SimpleUploadedFile("2027.csv", GOOD.encode("gb18030"))
    client.post(f"{CALENDAR}2027/import/", {"file": sheet, "reason": "国办"})
    assert "还没有官方的节假日安排" not in text(client.get(f"{CALENDAR}2027/"))


@NOW
@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("2027/day/", {"day": "昨天", "state": "off", "reason": "x"}),
        ("2027/day/", {"day": "2027-05-04", "state": "on", "reason": "x"}),
        ("2027/day/", {"day": "9999-12-31", "state": "off", "reason": "x"}),
        ("2027/day/", {}),
        ("2027/import/", {"text": "", "reason": "x"}),
        ("2027/import/", {"text": "a\x00b", "reason": "x"}),
        ("2027/import/", {"file": SimpleUploadedFile("x", b"\xff\xfe\x81"), "reason": "x"}),
    ],
)
def test_bad_input_is_told(
    client: Client, district: Jurisdiction, as_staff: Any, rest: str, said: Any
) -> None:
    as_staff(client, officer("13800000021", district, "edit_calendar", "view_listcase"))
    assert client.post(f"{CALENDAR}{rest}", said).status_code == 422
    for page in ("1999/", "99999999/", "2101/"):
        assert client.get(f"{CALENDAR}{page}").status_code == 404
    assert client.get(f"{CALENDAR}?day=%00").status_code == 200
