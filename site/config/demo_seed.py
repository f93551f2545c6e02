"""The parts of the demo's district beyond its register: records, cases, pages, courses, indicators.

Everything goes through the doors that a bureau uses: files through the import, lists through the case, pages
through Wagtail's revisions, exams through the bank's checks.
"""

import tempfile
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from wagtail.models import Site

from config.demo_workbooks import write_workbooks
from courses.models import CourseIndexPage, CoursePage, Exam
from courses.seeding import build_course
from courses.seeding_questions import load_bank, make_exam
from credit.acts import cases, documents, intake, managers, objections, repairs, scores
from credit.acts.proposals import candidates
from credit.models import (
    Accident,
    Enterprise,
    ImportBatch,
    ListCase,
    ListEntry,
    Objection,
    Score,
    Violation,
)
from credit.models.managers import managed_by
from credit.rules.papers import SERVED_WITH, PaperKind
from credit.rules.terms import printed
from culture.models import HomePage, SiteOwner
from culture.seeding import build_site
from indicators.acts import Report, record
from indicators.models import Indicator, Observation

SEED: Final = Path(__file__).resolve().parent / "seed"
NOTICE: Final = (
    "拟将你单位列入名单。事实、理由和依据见附件。你单位有权陈述、申辩，也可在五个工作日内申请听证。"
)
CHECKED: Final = "已向有关部门函询，未发现相关记录（演示）。"
LAWFUL: Final = "事实清楚，证据确凿，程序合法，依据正确，同意报请决定。"
HEADS: Final = [
    ("演示局长甲", "for"),
    ("演示副局长乙", "for"),
    ("演示总工程师丙", "for"),
]
# 12 single at 4, 6 multiple at 6, 8 true or false at 2: 100 points.
BLUEPRINT: Final = [("single", "", 12, 4), ("multiple", "", 6, 6), ("true_false", "", 8, 2)]


def seed_records(today: date) -> int:
    """Write the district's workbooks and take them through the real import; rows recorded.

    Where an earlier seeding was stopped, this one goes on: with its batch, then with the other files.
    """
    rows = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, path in write_workbooks(Path(folder), today):
            batch = _batch(kind, path)
            intake.run(batch, today=today)  # a finished batch does nothing
            rows += batch.rows_new
    if Score.objects.count() < Enterprise.objects.count():
        scores.refresh(as_of=today)
    return rows


def _batch(kind: str, path: Path) -> ImportBatch:
    """The one that an earlier seeding began, or a new one."""
    begun = ImportBatch.objects.filter(file_name=path.name, by=None).first()
    return begun or intake.open_batch(path.read_bytes(), kind=kind, file_name=path.name)


@transaction.atomic
def seed_cases(today: date, *, officer: Any, decider: Any, reviewer: Any, manager: Any) -> int:
    """Carry some proposals the whole way to the public lists, and leave one half way; entries made.

    ``manager`` acts for the enterprise of the black case that is left: it was told today.
    """
    if ListEntry.objects.exists():
        return 0
    opened, heard = today - timedelta(days=40), today - timedelta(days=21)
    served = today - timedelta(days=18)
    for colour in ("black", "red"):
        found = candidates(colour, opened)
        for number, proposal in enumerate(found[:3], start=1):
            firm, told = proposal.enterprise, opened
            if number == 3:
                told = today
            if number == 3 and colour == "black":
                managers.appoint(
                    firm, by=officer, phone=manager.phone, paper="授权委托书（演示）",
                    from_day=opened, last_day=None, today=today,
                )  # fmt: skip
            case = cases.open_case(firm, colour, officer=officer, today=opened)
            for ground in case.grounds:
                if ground["to_check"]:
                    cases.confirm_condition(
                        case, officer=officer, code=ground["code"], finding=CHECKED, today=opened
                    )
            case = cases.send_notice(case, officer=officer, text=NOTICE, served_on=told, today=told)
            if number == 3:
                continue
            if number == 1:
                case = _defence(case, officer=officer, chair=reviewer, day=opened, today=heard)
            case = cases.close_hearing(case, officer=officer, today=heard)
            case = cases.legal_review(case, officer=reviewer, opinion=LAWFUL, today=heard)
            if case.heavy:
                case = cases.record_meeting(
                    case,
                    officer=officer,
                    held_on=heard,
                    record="听取办案人员汇报和法制审核意见，讨论后表决。",
                    members=HEADS,
                    today=heard,
                )
            case = cases.decide(
                case,
                officer=decider,
                number=f"云应急{'红' if colour == 'red' else '黑'}〔{heard.year}〕{number}号（虚构）",
                reason="符合列入条件，当事人未提出异议。",
                today=heard,
            )
            for kind in SERVED_WITH[colour]:
                text = documents.draft(case, kind, today=heard).text
                documents.make(case, kind, officer=officer, text=text, today=heard)
            case = cases.serve(
                case, officer=officer, served_on=served, how="直接送达", today=served
            )
            cases.publish(case, officer=officer, today=served)
    return ListEntry.objects.count()


@transaction.atomic
def seed_requests(today: date, *, manager: Any) -> None:
    """What the manager asked for: an objection to the accident, the repair of the penalty for it."""
    firm = managed_by(manager, today).get()
    if Objection.objects.filter(enterprise=firm).exists():
        return
    objections.raise_objection(
        Accident.objects.current().get(enterprise=firm), about="fact", reason="wrong",
        text="直接经济损失按保险公司的定损单少算了折旧，请核对（演示）。", by=manager,
        today=today - timedelta(days=4),
    )  # fmt: skip
    repairs.apply(
        Violation.objects.public(today).get(enterprise=firm), by=manager, promised=True,
        statement="罚款已经缴清，冷却水断水报警已经装好并通过复查（演示）。", files=[_receipt()],
        today=today - timedelta(days=2),
    )  # fmt: skip


def _receipt() -> SimpleUploadedFile:
    """A picture stands for the receipt of the payment."""
    picture = SEED / "images" / "three-steps.png"
    return SimpleUploadedFile("缴款凭证（演示）.png", picture.read_bytes())


def _defence(case: ListCase, *, officer: Any, chair: Any, day: date, today: date) -> ListCase:
    """A statement that is answered, and for the black list a hearing."""
    said = "公示的企业名称已经变更，请核对（演示）。"
    case = cases.record_statement(case, officer=officer, text=said, received_on=day, today=day)
    answer = "经核对登记信息，名称以营业执照为准（演示）。"
    case = cases.consider_statement(
        case, officer=officer, opinion=answer, accepted=True, today=today
    )
    if case.colour == "black":
        case = cases.request_hearing(case, officer=officer, requested_on=day, today=today)
        place = "局机关二楼会议室（演示）"
        words = f"定于{printed(today)}9时在{place}举行听证，请按时参加。"
        documents.make(case, PaperKind.HEARING_NOTICE, officer=officer, text=words, today=day)
        case = cases.announce_hearing(
            case, officer=officer, told_on=day, set_for=today, place=place, today=today
        )  # fmt: skip
        case = cases.hold_hearing(
            case,
            officer=officer,
            chair=chair,
            held_on=today,
            record="听证笔录（演示）",
            today=today,
        )
    return case


def seed_pages() -> None:
    """Columns, articles, the catalogue of courses with their exams."""
    home = HomePage.objects.get(pk=Site.objects.get(is_default_site=True).root_page_id)
    catalogue = CourseIndexPage.objects.child_of(home).first()
    if catalogue is None:
        catalogue = CourseIndexPage(
            title="学安全",
            slug="courses",
            intro="免费学，学完考试，合格发结业证明。手机就能学，学到一半放下，下次接着学。",
            show_in_menus=True,
        )
        home.add_child(instance=catalogue)
        catalogue.save_revision().publish()
    build_site(_data("pages.toml"), images=SEED / "images")
    for path in sorted((SEED / "courses").glob("*.toml")):
        folders = {"images": SEED / "images", "media": SEED / "media"}
        course = build_course(catalogue, tomllib.loads(path.read_text()), **folders)
        _exam(course, path.stem)


def seed_owner() -> None:
    """The foot of the pages: invented, and marked so."""
    site = Site.objects.get(is_default_site=True)
    SiteOwner.objects.get_or_create(site=site, defaults=_data("pages.toml")["owner"])


def _exam(course: CoursePage, name: str) -> None:
    if Exam.objects.filter(course=course).exists():
        return
    load_bank(course, _data(f"questions/{name}.toml")["questions"])
    make_exam(course, blueprint=BLUEPRINT, title=f"{course.title}考试", minutes=40, wait_hours=0)


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((SEED / name).read_text())


@transaction.atomic
def seed_observations(editor: Any) -> int:
    """Yearly figures of the fictional district, reported through the editors' own act; how many."""
    if Observation.objects.exists():
        return 0
    indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
    rows = _data("indicators.toml")["observations"]
    for row in rows:
        report = Report(
            year=row["year"],
            source=row["source"],
            value=_decimal(row.get("value")),
            deaths=row.get("deaths"),
            divisor=_decimal(row.get("divisor")),
        )
        record(indicators[row["indicator"]], report, editor=editor)
    return len(rows)


def _decimal(figure: int | float | None) -> Decimal | None:
    return None if figure is None else Decimal(str(figure))
