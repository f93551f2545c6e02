"""The office's pages for rule-sets: who gets in, and the way from a draft to a rule-set in force."""

import io
from typing import Any

import pandas as pd
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from credit.acts import rulesets as acts
from credit.models import Enterprise, Jurisdiction, RulesetDraft, RulesetVersion, Sector, Simulation
from credit.tasks import simulate
from credit.views.simulation_report import bars
from tests.credit.acts.test_scores import make, penalise
from tests.credit.officers import officer
from tests.credit.rulesets import DEARER_FINE, TODAY, adopted, drafted, second, simulated

HOME = "/credit/office/rulesets/"
NOW = time_machine.travel("2026-11-23 09:00:00+08:00", tick=False)


@pytest.fixture
def drafter(district: Jurisdiction) -> Any:
    return officer("13800000021", district, "draft_ruleset", "view_listcase")


@pytest.fixture
def adopter(district: Jurisdiction) -> Any:
    return officer("13800000022", district, "adopt_ruleset", "view_listcase")


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def form_of(draft: RulesetDraft, **more: Any) -> dict[str, Any]:
    return {"title": draft.title, "text": draft.text, **more}


# -- Who gets in -----------------------------------------------------------------------------------------


def test_strangers_log_in_first_and_other_officers_are_refused(
    client: Client, drafter: Any, opener: Any, as_staff: Any
):
    draft = drafted(drafter)
    done = simulated(draft, drafter)
    pages = [HOME, f"{HOME}drafts/{draft.pk}/", f"{HOME}simulations/{done.pk}/",
             f"{HOME}simulations/{done.pk}/xlsx/", f"{HOME}1/"]  # fmt: skip
    for page in pages:
        assert client.get(page).url.startswith("/accounts/login/?next=")
    as_staff(client, opener)
    assert [client.get(page).status_code for page in pages] == [403] * 5
    for act in ("drafts/new", f"drafts/{draft.pk}/simulate", f"simulations/{done.pk}/adopt"):
        assert client.post(f"{HOME}{act}/").status_code == 403


def test_an_auditor_reads_and_changes_nothing(client: Client, drafter: Any, as_staff: Any):
    draft = drafted(drafter)
    as_staff(client, officer("13800000029", None, "view_rulesetversion", "view_listcase"))
    assert "草案只由起草人修改" in text(client.get(f"{HOME}drafts/{draft.pk}/"))
    answer = client.post(f"{HOME}drafts/{draft.pk}/", form_of(draft, text=second(DEARER_FINE)))
    assert answer.status_code == 422
    assert "您没有这个步骤的权限" in text(answer)
    client.post(f"{HOME}drafts/{draft.pk}/simulate/", {"as_of": "2026-11-23"})
    assert not Simulation.objects.exists()
    assert "从现行规则集起草" not in text(client.get(HOME))
    assert RulesetDraft.objects.get().text == second()


@pytest.mark.parametrize("page", ["drafts/99/", "simulations/99/", "simulations/99/xlsx/", "99/"])
def test_unknown_ones_are_not_found(client: Client, drafter: Any, as_staff: Any, page: str):
    as_staff(client, drafter)
    assert client.get(f"{HOME}{page}").status_code == 404


# -- From a draft to a rule-set in force -----------------------------------------------------------------


@NOW
def test_a_drafter_and_an_adopter_go_the_whole_way(
    client: Client, drafter: Any, adopter: Any, enterprise: Enterprise, as_staff: Any
):
    penalise(enterprise)
    as_staff(client, drafter)
    draft_page = client.post(f"{HOME}drafts/new/", {"title": "年终修订"}).url
    draft = RulesetDraft.objects.get()
    answer = client.post(draft_page, form_of(draft, text=second(DEARER_FINE)), follow=True)
    assert "罚款（10万元以下）：每次扣 5 分改为 15 分" in text(answer)
    assert "依据未核对" in text(answer)
    given = {"as_of": "2026-11-23", "every_record": "on"}
    page = client.post(f"{draft_page}simulate/", given).url
    waiting = text(client.get(page))
    assert "排队中，已算 0 / 1 家" in waiting
    simulate(Simulation.objects.get().pk)
    found = text(client.get(page))
    assert '<strong class="d-block fs-2">1</strong>家变差' in found
    assert f'<td data-label="企业">{enterprise.name}</td>' in found
    assert "C → D" in found
    assert 'id="adopt"' not in found
    as_staff(client, adopter)
    assert "批准施行" in text(client.get(page))
    answer = client.post(f"{page}adopt/", {"reason": " "})
    assert answer.status_code == 422
    assert "请写明批准的理由" in text(answer)
    answer = client.post(f"{page}adopt/", {"reason": "局务会议〔2026〕8号"}, follow=True)
    assert "已批准，2026-12-01 起施行。" in text(answer)
    assert "每次扣 5 分改为 15 分" in text(answer)
    home = text(client.get(HOME))
    assert "待施行" in home
    assert home.count("现行</span>") == 1
    assert RulesetVersion.objects.get(version="2").adopted_by == adopter


@NOW
def test_every_problem_of_a_draft_is_shown_with_its_remedy(
    client: Client, drafter: Any, as_staff: Any
):
    draft = drafted(drafter)
    as_staff(client, drafter)
    bad = draft.text.replace("points = 90\n", "").replace('decay = "standard"', 'decay = "odd"', 1)
    answer = text(client.post(f"{HOME}drafts/{draft.pk}/", form_of(draft, text=bad), follow=True))
    assert "有 2 处要改，改好才能模拟" in answer
    assert "<code>points</code>：缺少这一项" in answer
    assert "<code>decay</code>：&#x27;odd&#x27; 没有定义，可用：long、open、standard" in answer
    assert "开始模拟" not in answer


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("规则".encode("gb18030"), "文件不是 UTF-8 编码"),
        (b"", "文件是空的"),
        (b"a\0b", "文件是空的，或不是文本文件"),
        (b"x" * 1_300_000, "文件太大"),
    ],
)
def test_a_bad_file_is_refused_in_words(
    client: Client, drafter: Any, as_staff: Any, content: bytes, said: str
):
    draft = drafted(drafter)
    as_staff(client, drafter)
    file = SimpleUploadedFile("x.toml", content)
    answer = client.post(f"{HOME}drafts/{draft.pk}/", form_of(draft, file=file))
    assert answer.status_code == 422
    assert said in text(answer)


def test_an_uploaded_file_takes_the_place_of_the_text(client: Client, drafter: Any, as_staff: Any):
    draft = drafted(drafter)
    as_staff(client, drafter)
    file = SimpleUploadedFile("x.toml", b"\xef\xbb\xbf" + second(DEARER_FINE).encode())
    client.post(f"{HOME}drafts/{draft.pk}/", form_of(draft, file=file))
    draft.refresh_from_db()
    assert draft.text == second(DEARER_FINE)


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31", "2026\0"])
def test_a_bad_day_is_refused_in_words(client: Client, drafter: Any, as_staff: Any, day: str):
    draft = drafted(drafter)
    as_staff(client, drafter)
    answer = client.post(f"{HOME}drafts/{draft.pk}/simulate/", {"as_of": day}, follow=True)
    assert "截至日期" in text(answer)
    assert not Simulation.objects.exists()


# -- Names, the workbook, the chart ----------------------------------------------------------------------


def test_who_looks_after_one_street_reads_no_names_of_another(
    client: Client, drafter: Any, enterprise: Enterprise, district: Jurisdiction, as_staff: Any
):
    penalise(enterprise)
    done = simulated(drafted(drafter, DEARER_FINE), drafter)
    town = Jurisdiction.objects.create(
        code="990001101", name="东山镇", kind="town", parent=district
    )
    as_staff(client, officer("13800000027", town, "draft_ruleset", "view_listcase"))
    page = client.get(f"{HOME}simulations/{done.pk}/")
    assert enterprise.name not in text(page)
    assert "河滨街道" in text(page)
    sheets = workbook_of(client, done)
    assert sheets["等级变化的企业"].empty
    assert sheets["等级变化"].iloc[2].tolist() == ["C", 0, 0, 0, 1]


def workbook_of(client: Client, done: Simulation) -> Any:
    content = client.get(f"{HOME}simulations/{done.pk}/xlsx/").content
    return pd.read_excel(io.BytesIO(content), sheet_name=None, engine="calamine")


def test_the_workbook_says_what_the_page_says_and_holds_no_formula(
    client: Client, drafter: Any, enterprise: Enterprise, as_staff: Any
):
    Enterprise.objects.update(name="=HYPERLINK(1)厂（虚构）")
    penalise(enterprise)
    done = simulated(drafted(drafter, DEARER_FINE), drafter)
    as_staff(client, drafter)
    sheets = workbook_of(client, done)
    assert list(sheets) == [
        "说明", "等级变化", "按属地", "按行业领域", "等级变化的企业", "新增建议列入黑名单",
        "不再建议列入黑名单", "新增建议列入红名单", "不再建议列入红名单",
    ]  # fmt: skip
    assert sheets["等级变化的企业"].iloc[0].tolist() == [
        "=HYPERLINK(1)厂（虚构）", "91110000600037341L", "河滨街道", "危险化学品", "C", "D", 55, 45,
    ]  # fmt: skip
    assert sheets["按属地"].iloc[0, :4].tolist() == ["河滨街道", 1, 0, 1]


def test_the_chart_has_the_numbers_of_the_table():
    matrix = [[4, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    drawn = [(bar["grade"], bar["now"], bar["then"], bar["now_width"], bar["then_width"])
             for bar in bars({"matrix": matrix})]  # fmt: skip
    assert drawn == [
        ("A", 4, 4, 220, 220),
        ("B", 2, 1, 110, 55),
        ("C", 0, 1, 0, 55),
        ("D", 0, 0, 0, 0),
    ]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_pages_ask_as_often_for_many_as_for_one(
    client: Client,
    drafter: Any,
    street: Jurisdiction,
    sector: Sector,
    as_staff: Any,
    django_assert_num_queries: Any,
    count: int,
):
    for firm in make(street, sector, count):
        penalise(firm, f"罚{firm.pk}")
    drafts = [drafted(drafter, DEARER_FINE) for _ in range(count)]
    done = simulated(drafts[0], drafter)
    as_staff(client, drafter)
    client.get(HOME)
    with django_assert_num_queries(8):
        client.get(HOME)
    with django_assert_num_queries(7):
        client.get(f"{HOME}drafts/{drafts[0].pk}/")
    with django_assert_num_queries(8):
        client.get(f"{HOME}simulations/{done.pk}/")


def test_adopted_versions_are_listed_with_who_and_why(
    client: Client, drafter: Any, district: Jurisdiction, as_staff: Any
):
    boss = officer("13800000028", district, "adopt_ruleset", "view_listcase")
    version = adopted(drafter, boss, DEARER_FINE)
    as_staff(client, boss)
    page = text(client.get(f"{HOME}{version.pk}/"))
    assert "和上一版 anxin-2026@1 的不同" in page
    assert version.sha256 in page
    assert "局务会议〔2026〕8号" in text(client.get(HOME))
    with pytest.raises(acts.RefusedError):
        acts.adopt(version.simulation, officer=boss, reason="x", today=TODAY)
