"""The demo's content is whole: courses that teach, sound questions, pages, pictures, and files that import."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from config.demo_district import DISTRICT, PLACES, SECTORS
from config.demo_records import SEED, District, accidents_of
from config.demo_workbooks import write_workbooks
from courses.models.pages import Audience
from courses.rules.questions import question_faults
from credit.acts import intake
from credit.acts.proposals import candidates
from credit.models import Jurisdiction, Sector, Violation
from culture.models import LawPage
from indicators.migrations import __path__ as indicator_migrations

TODAY = date(2026, 11, 24)
BANKS = ["confined-space", "site-induction"]
MAGIC = {"video": b"ftyp", "audio": b"ID3", "document": b"%PDF-"}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FILES = {"image", "video", "audio", "document"}
LESSON_BLOCKS = {"heading", "text", "warning", "checklist", *FILES}
ALLOWED_TAGS = {"p", "b", "ul", "li"}


def data(name: str) -> dict[str, Any]:
    return tomllib.loads((SEED / f"{name}.toml").read_text(encoding="utf-8"))


def words(body: list[Mapping[str, Any]]) -> str:
    """What a reader reads: without tags, white space and the pictures."""
    parts: list[str] = []
    for block in body:
        value = block["value"]
        if block["type"] in FILES:
            continue
        parts += value.values() if isinstance(value, dict) else [*value]
    return re.sub(r"<[^>]+>|\s", "", "".join(parts))


def bodies() -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    for bank in BANKS:
        for lesson in data(f"courses/{bank}")["lessons"]:
            yield lesson["slug"], lesson["body"]
    for page in data("pages")["pages"]:
        yield page["slug"], page["body"]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Path]]:
    return write_workbooks(tmp_path_factory.mktemp("books"), TODAY)


# -- Courses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BANKS)
def test_a_course_has_what_its_page_needs(name: str):
    course = data(f"courses/{name}")
    assert (course["slug"], set(course["audience"]) <= set(Audience.values)) == (name, True)
    assert 0 < len(course["summary"]) <= 400
    assert course["required_minutes"] <= sum(row["min_minutes"] for row in course["lessons"])


@pytest.mark.parametrize("name", BANKS)
def test_every_lesson_teaches_at_length_and_ends_with_a_question(name: str):
    lessons = data(f"courses/{name}")["lessons"]
    assert len(lessons) >= 5
    assert len({lesson["slug"] for lesson in lessons}) == len(lessons)
    for lesson in lessons:
        assert SLUG.fullmatch(lesson["slug"])
        assert 5 <= lesson["min_minutes"] <= 10
        assert 500 <= len(words(lesson["body"])) <= 950, lesson["title"]
        assert {block["type"] for block in lesson["body"]} >= {"heading", "text", "warning"}
        assert lesson["body"][-2]["value"] == "想一想"


def test_text_uses_only_what_the_editor_allows_and_closes_it():
    for where, body in bodies():
        for block in body:
            assert block["type"] in LESSON_BLOCKS | {"quote"}, where
            if block["type"] != "text":
                continue
            tags = re.findall(r"<(/?)(\w+)[^>]*>", block["value"])
            opened = Counter(name for slash, name in tags if not slash)
            closed = Counter(name for slash, name in tags if slash)
            assert opened == closed, where
            assert set(opened) <= ALLOWED_TAGS, where


def test_every_picture_is_there_small_and_described():
    used = [block["value"] for _, body in bodies() for block in body if block["type"] == "image"]
    assert {picture["file"] for picture in used} == {
        path.name for path in (SEED / "images").iterdir()
    }
    for picture in used:
        path = SEED / "images" / picture["file"]
        with Image.open(path) as image:
            assert (image.format, image.width) == ("PNG", 1000)
        assert path.stat().st_size < 80_000
        assert 20 <= len(picture["alt"]) <= 200


@pytest.mark.parametrize("name", BANKS)
def test_a_course_has_a_film_a_sound_and_a_card_of_our_own(name: str):
    kinds: Counter[str] = Counter()
    for lesson in data(f"courses/{name}")["lessons"]:
        for block in lesson["body"]:
            if block["type"] not in FILES - {"image"}:
                continue
            kinds[block["type"]] += 1
            value = block["value"]
            begin = (SEED / "media" / value["file"]).read_bytes()[:12]
            assert MAGIC[block["type"]] in begin, value["file"]
            if block["type"] != "document":
                assert len(value["transcript"]) >= 40
                assert value["duration"] > 0
    assert kinds == {"video": 1, "audio": 1, "document": 1}
    assert sum(path.stat().st_size for path in (SEED / "media").iterdir()) < 6_000_000


# -- Questions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BANKS)
def test_every_question_is_sound_and_explained(name: str):
    for question in data(f"questions/{name}")["questions"]:
        assert set(question) == {
            "kind", "topic", "stem", "options", "right", "explanation", "basis"
        }  # fmt: skip
        asked = {key: question[key] for key in ("kind", "stem", "options", "right")}
        assert question_faults(**asked) == [], question["stem"]
        assert 30 <= len(question["explanation"]) <= 120, question["stem"]
        assert question["basis"]
        assert question["topic"]
        if question["kind"] == "true_false":
            assert question["options"] == ["正确", "错误"]
        else:
            assert len(question["options"]) == 4


@pytest.mark.parametrize("name", BANKS)
def test_a_bank_feeds_a_whole_paper(name: str):
    kinds = Counter(row["kind"] for row in data(f"questions/{name}")["questions"])
    assert kinds.total() >= 35
    assert kinds >= Counter(single=18, multiple=8, true_false=8)


@pytest.mark.parametrize("name", BANKS)
def test_the_right_answer_has_no_favourite_place_and_is_seldom_the_longest(name: str):
    singles = [row for row in data(f"questions/{name}")["questions"] if row["kind"] == "single"]
    places = Counter(row["right"][0] for row in singles)
    assert max(places.values()) - min(places[place] for place in range(4)) <= 2
    longest = [
        row["stem"]
        for row in singles
        if all(
            len(row["options"][row["right"][0]]) > len(option)
            for place, option in enumerate(row["options"])
            if place != row["right"][0]
        )
    ]
    assert len(longest) <= len(singles) // 4


@pytest.mark.parametrize("name", BANKS)
def test_the_number_of_right_options_tells_nothing(name: str):
    rows = [row for row in data(f"questions/{name}")["questions"] if row["kind"] == "multiple"]
    counts = Counter(len(row["right"]) for row in rows)
    assert set(counts) == {2, 3, 4}
    assert max(counts.values()) <= len(rows) // 2
    assert all(row["stem"].endswith("（多选）") for row in rows)


def test_no_stem_is_asked_twice():
    stems = Counter(row["stem"] for bank in BANKS for row in data(f"questions/{bank}")["questions"])
    assert {stem for stem, times in stems.items() if times > 1} == set()


# -- Pages ---------------------------------------------------------------------------------------------


def test_pages_stand_in_columns_of_their_kind_under_their_own_address():
    content = data("pages")
    columns = {row["slug"]: row["kind"] for row in content["columns"]}
    assert columns == {"news": "news", "laws": "law", "cases": "case", "notices": "news"}
    pages = content["pages"]
    assert len(pages) >= 16
    assert all(columns[page["column"]] == page["kind"] for page in pages)
    assert len({page["slug"] for page in pages}) == len(pages)
    assert all(SLUG.fullmatch(page["slug"]) for page in pages)
    assert all(0 < len(page["summary"]) <= 300 for page in pages)
    assert all(400 <= len(words(page["body"])) <= 800 for page in pages)


def test_a_law_says_where_it_stands():
    laws = [page for page in data("pages")["pages"] if page["kind"] == "law"]
    assert {page["slug"]: (page["effective_on"].isoformat(), page["status"]) for page in laws} == {
        "work-safety-law": ("2021-09-01", "in_force"),
        "accident-reporting-regulation": ("2007-06-01", "in_force"),
        "serious-dishonesty-list": ("2023-10-01", "in_force"),
        "confined-space-rules": ("2024-01-01", "in_force"),
        "credit-repair": ("2026-04-01", "in_force"),
        "credit-repair-2023": ("2023-05-01", "repealed"),
        "training-rules": ("2006-03-01", "amended"),
    }
    assert {page["status"] for page in laws} <= set(LawPage.Status.values)
    assert all(page["number"] and page["issuer"] for page in laws)


def test_every_case_is_marked_as_invented_and_teaches():
    for page in data("pages")["pages"]:
        if page["kind"] == "case":
            assert page["fictional"]
            assert "虚构" in page["title"]
            assert "虚构" in words(page["body"])
            assert len(page["direct_cause"]) <= 400
            assert len(page["lessons"]) >= 3
            assert page["articles"]
            assert page["happened_on"] < page["date"]


def test_words_are_chinese_where_a_reader_reads_them():
    for where, body in bodies():
        for latin in re.findall(r"[A-Za-z]{2,}", words(body)):
            assert latin in {"LEL", "GBZ", "GB", "AED", "JGJ", "ppm"}, (where, latin)


def test_no_page_promises_what_the_platform_does_not_do():
    absent = re.compile(
        "提出异议”|在平台上写|编号，自己留好|竞赛|错题本|扫码|在平台上报名|根本大法"
    )
    texts = [page["title"] + page["summary"] for page in data("pages")["pages"]]
    texts += [words(body) for _, body in bodies()]
    assert [found for text in texts for found in absent.findall(text)] == []


def test_covers_are_parts_of_pictures_that_are_there():
    rows = [*data("pages")["pages"], *(data(f"courses/{bank}") for bank in BANKS)]
    covers = [row["cover"] for row in rows if "cover" in row]
    assert len(covers) == 7
    assert len({cover["alt"] for cover in covers}) == 7  # a picture is stored by its words
    for cover in covers:
        left, top, right, bottom = cover["crop"]
        with Image.open(SEED / "images" / cover["file"]) as image:
            assert 0 <= left < right <= image.width
            assert 0 <= top < bottom <= image.height


# -- Indicators ----------------------------------------------------------------------------------------


def test_every_indicator_of_the_plan_has_every_year_and_says_that_it_is_invented():
    plan = next(Path(next(iter(indicator_migrations))).glob("0002_*.py")).read_text("utf-8")
    rows = data("indicators")["observations"]
    years = Counter(row["indicator"] for row in rows if row["year"] >= 2016)
    assert set(years.values()) == {5}
    assert len(years) == 7
    assert all(f'"{code}"' in plan for code in years)
    assert {row["source"] for row in rows} == {"虚构演示数据"}
    assert all(("value" in row) != ("deaths" in row and "divisor" in row) for row in rows)


# -- Workbooks -----------------------------------------------------------------------------------------


def test_the_same_day_gives_the_same_bytes(books: list[tuple[str, Path]], tmp_path: Path):
    again = write_workbooks(tmp_path, TODAY)
    assert [(kind, path.name, path.read_bytes()) for kind, path in again] == [
        (kind, path.name, path.read_bytes()) for kind, path in books
    ]


@pytest.mark.parametrize("today", [date(2024, 2, 29), TODAY, date(2030, 1, 1)])
def test_nothing_lies_after_the_day_of_the_demo(today: date):
    happened = [day for _, _, day, _ in accidents_of(District(today))]
    assert len(happened) == 22
    assert happened == sorted(happened)
    assert 0 < (today - happened[-1]).days < (today - happened[0]).days <= 912


@pytest.fixture
def register(db: None) -> None:
    """The places and sectors that the files name."""
    district = Jurisdiction.objects.create(code=DISTRICT[0], name=DISTRICT[1], kind="district")
    for code, name, kind in PLACES:
        Jurisdiction.objects.create(code=code, name=name, kind=kind, parent=district)
    Sector.objects.bulk_create(
        Sector(code=code, name=name, high_risk=risk) for code, name, risk in SECTORS
    )


@pytest.mark.usefixtures("register")
def test_the_files_import_and_lead_to_both_lists(books: list[tuple[str, Path]]):
    tallies = {}
    for kind, path in books:
        batch = intake.open_batch(path.read_bytes(), kind=kind, file_name=path.name)
        intake.run(batch, today=TODAY)
        tallies[path.name] = (batch.rows_new, batch.rows_bad)
        problems = [(row["row"], row["column"]) for row in batch.problems]
    assert tallies == {
        "enterprises.xlsx": (322, 0),
        "violations.xlsx": (160, 0),
        "violations-gb18030.csv": (48, 0),
        "accidents.xlsx": (22, 0),
        "hazards.xlsx": (4, 0),
        "permits.xlsx": (2, 0),
        "commendations.xlsx": (2, 0),
        "standardisations.xlsx": (2, 0),
        "insurances.xlsx": (4, 0),
        "duty_reports.xlsx": (2, 0),
        "trainings.xlsx": (3, 0),
        "external_facts.xlsx": (1, 0),
        "problems.xlsx": (2, 3),
    }
    assert problems == [
        (4, "统一社会信用代码"), (5, "处罚决定日期"), (6, "决定书文号"), (6, "罚款（元）")
    ]  # fmt: skip
    black = Counter(
        ground["code"] for found in candidates("black", TODAY) for ground in found.grounds
    )
    assert black == {
        "two_larger_accidents": 1, "concealment": 1, "major_accident": 1, "multiplied_fine": 1,
        "principal_fled": 1, "unlicensed": 1, "refuses_penalty": 1,
    }  # fmt: skip
    red = [found.enterprise.name for found in candidates("red", TODAY)]
    assert set(red) >= {firm.name for firm in District(TODAY).clean}


@pytest.mark.usefixtures("register")
def test_some_enterprises_have_several_records_and_fines_read_in_yuan(
    books: list[tuple[str, Path]],
):
    for kind, path in books[:3]:
        intake.run(
            intake.open_batch(path.read_bytes(), kind=kind, file_name=path.name), today=TODAY
        )
    records = Counter(Violation.objects.values_list("enterprise", flat=True))
    assert sum(1 for times in records.values() if times >= 3) >= 5
    fines = sorted(Violation.objects.values_list("fine", flat=True))
    assert [fines[0], fines[-1]] == [Decimal(6000), Decimal(4_800_000)]
