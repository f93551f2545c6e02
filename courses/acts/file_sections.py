"""A training file as titled tables, from which both the PDF and the workbook are made. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from courses.acts.owed import Owed
from courses.acts.person_files import PersonFile, Round
from courses.models import Attempt, Certificate, OutsideProof, PaperQuestion
from courses.rules import hours
from courses.rules.exams import figures_in_force
from courses.rules.marking import points_for
from courses.rules.questions import KIND_NAMES
from courses.rules.requirements import trades
from courses.rules.told import given_words, sealed_words, stem_words
from courses.rules.validity import State
from credit.rules.terms import printed

MINUTE: Final = 60_000
STATES: Final = {State.VALID: "有效", State.EXPIRED: "已到期", State.REVOKED: "已撤销"}
NOT_SEEN: Final = "AQ 8011-2023 第4.7条原文未见，内容按平台规则整理"


@dataclass(frozen=True, slots=True)
class Section:
    """A table. ``widths`` are shares of the page's width, one for each column."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    widths: tuple[float, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole file: heading, who or what it is about, its tables."""

    title: str
    subject: str
    about: list[tuple[str, str]]
    sections: list[Section] = field(default_factory=list)


def document_of(file: PersonFile) -> Document:
    """一人一档 of one person."""
    person = file.person
    about = [
        ("姓名", person.real_name or "（没有填写）"),
        ("手机号", person.masked_phone),
        ("身份证号", person.masked_id_number or "（没有填写）"),
        ("累计计入", f"{hours.periods(file.counted)} 学时（{hours.clock().period} 分钟算 1 学时）"),
        ("截至", printed(file.today)),
        ("范围", f"在{file.employer}任职期间的部分" if file.employer else "全部"),
    ]
    sections = [
        Section("任职", ("单位", "岗位", "班组", "工种", "入职", "离职"),
                [_post(one) for one in file.posts], (3, 2, 1.5, 2, 1.5, 1.5)),
        *study_sections(file.rounds, file.today, who=False),
        Section("培训要求（按期）",
                ("要求", "第几期", "起算", "期限", "应学", "已学", "状态", "完成", "凭什么完成", "依据"),
                [_owed(one) for one in file.owed], (2, 0.8, 1.3, 1.3, 0.8, 0.8, 1, 1.3, 2, 2.5)),
        Section("单位登记的线下培训和证件", ("材料", "完成日期", "学时", "单位", "登记", "撤回"),
                [_proof(one) for one in file.proofs], (3, 1.3, 0.7, 2, 2, 1.5)),
    ]  # fmt: skip
    if file.employer is None:
        rows = [_inspection(one) for one in file.inspections]
        head = ("时间", "检查人", "方式", "抽问结果")
        sections.append(Section("现场检查", head, rows, (2, 2, 2, 2)))
    sections.append(papers([one for taken in file.rounds for one in taken.attempts], who=False))
    return Document("安全培训档案（一人一档）", str(person), about, sections)


def study_sections(rounds: Sequence[Round], today: date, *, who: bool) -> list[Section]:
    """Courses, hours by lesson, corrections, exams, certificates; with ``who`` each line names the person."""
    name, wide = (("姓名",), (1.2,)) if who else ((), ())
    return [
        Section("课程和学时", (*name, "课程", "轮次", "报名", "学完", "计入学时", "再学的原因"),
                [(*_who(one, who), *_round(one)) for one in rounds], (*wide, 3, 0.7, 1.6, 1.6, 1, 2)),
        Section("学时从哪里来",
                (*name, "课程", "课时", "第一条", "最后一条", "学习天数", "记录条数", "在线（分钟）",
                 "其中离线补报", "更正（分钟）"),
                [(*_who(one, who), one.enrolment.course.title, *_lesson(line))
                 for one in rounds for line in one.lessons],
                (*wide, 2, 2, 1.6, 1.6, 0.9, 0.9, 1, 1, 1),
                "只按服务器时钟计时；更正写着谁改的、为什么改，不改原来的记录。"),
        Section("学时更正", (*name, "课程", "课时", "加减（分钟）", "原因", "更正", "复核"),
                [(*_who(one, who), one.enrolment.course.title, *_correction(fix))
                 for one in rounds for fix in one.corrections], (*wide, 2, 2, 1, 2, 2, 2)),
        Section("考试", (*name, "考试", "第几次", "开始", "交卷", "方式", "得分", "合格线", "结果", "规则版本"),
                [(*_who(one, who), *_attempt(sat)) for one in rounds for sat in one.attempts],
                (*wide, 2.4, 0.8, 1.6, 1.6, 1.2, 0.7, 0.8, 1, 1.4)),
        Section("证书", (*name, "编号", "课程", "对象", "发证", "有效期至", "状态", "撤销"),
                [(*_who(one, who), *_certificate(held, today)) for one in rounds for held in one.certificates],
                (*wide, 2.4, 2.4, 1.6, 1.4, 1.4, 0.9, 1.8)),
    ]  # fmt: skip


def papers(attempts: Iterable[Attempt], *, who: bool, most: int = 0) -> Section:
    """Every place of every ended paper: one query. With ``most`` longer ones are left out, and it says so."""
    ended = {one.pk: one for one in attempts if one.submitted_at is not None}
    name, wide = (("姓名",), (1.2,)) if who else ((), ())
    head = (*name, "考试", "题号", "题型", "题目", "作答", "正确答案", "得分", "满分")
    widths = (*wide, 1.6, 0.6, 0.9, 4, 1.6, 1.6, 0.7, 0.7)
    places = PaperQuestion.objects.filter(attempt__in=list(ended))
    if most and (count := places.count()) > most:
        note = f"试卷一共 {count} 行，太长，没有印在这里，请看 Excel 档案。"
        return Section("试卷", head, [], widths, note)
    rows = places.select_related("answer", "hand_mark").order_by("attempt", "position")
    return Section("试卷", head, [_place(one, ended[one.attempt_id], who) for one in rows], widths)


def moment(at: datetime | None) -> str:
    """2026-11-25 12:00; empty for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


# -- Lines ----------------------------------------------------------------------------------------------


def _who(one: Round, who: bool) -> tuple[str, ...]:
    return (str(one.enrolment.person),) if who else ()


def _post(work: Any) -> tuple[Any, ...]:
    named = "、".join(trades().get(code, code) for code in (work.trades or "").split())
    return (
        work.enterprise.name, work.get_position_display(), work.team or "", named,
        work.began_on, work.ended_on or "",
    )  # fmt: skip


def _round(one: Round) -> tuple[Any, ...]:
    row = one.enrolment
    return (
        row.course.title, row.round, moment(row.enrolled_at), moment(row.finished_at) or "没有学完",
        one.periods, row.reason,
    )  # fmt: skip


def _lesson(line: Any) -> tuple[Any, ...]:
    minutes = [round(part / MINUTE, 1) for part in (line.online, line.late, line.fixed)]
    return (
        line.title, moment(line.first), moment(line.last), line.days, line.entries, *minutes,
    )  # fmt: skip


def _correction(fix: Any) -> tuple[Any, ...]:
    look = getattr(fix, "look", None)
    if look is not None:
        seen = f"{look.by} {moment(look.at)} {'同意' if look.agreed else '不同意'} {look.remark}".strip()
    else:
        seen = "等另一人复核，没有计入" if fix.minutes > 0 else "不用复核"
    return (fix.lesson.title, fix.minutes, fix.reason, f"{fix.by} {moment(fix.at)}", seen)


def _attempt(sat: Attempt) -> tuple[Any, ...]:
    ended = {True: "合格", False: "不合格", None: "等评分"}
    result = ended[sat.passed] if sat.submitted_at else "正在考试"
    points: Any = "" if sat.points is None else sat.points
    return (
        sat.exam.title, sat.number, moment(sat.started_at), moment(sat.submitted_at),
        sat.get_ended_by_display(), points, sat.pass_mark, result, sat.figures,
    )  # fmt: skip


def _certificate(held: Certificate, today: date) -> tuple[Any, ...]:
    state, _ = held.standing(today)
    revoked = f"{held.revoked_on} {held.revoked_reason}" if held.revoked_on else ""
    return (
        held.printed_number, held.course_title, held.get_kind_display(), held.issued_on,
        held.valid_until, STATES[state], revoked,
    )  # fmt: skip


def _owed(one: Owed) -> tuple[Any, ...]:
    row = one.row
    by = ""
    if row.certificate:
        by = f"证书 {row.certificate.printed_number}"
    elif row.proof:
        by = f"单位登记：{row.proof.paper}"
    elif row.enrolment_id:
        by = "学完没有考试的课程"
    article = row.article + ("" if row.confirmed else "（待核）")
    return (
        row.name, row.cycle, row.from_on, row.due_on, row.hours, one.learned, one.label,
        row.met_on or "", by, article,
    )  # fmt: skip


def _proof(row: OutsideProof) -> tuple[Any, ...]:
    back = getattr(row, "taken_back", None)
    return (
        row.paper, row.done_on, row.hours or "", row.employment.enterprise.name,
        f"{row.by} {moment(row.at)}", f"已撤回 {moment(back.at)}" if back else "",
    )  # fmt: skip


def _inspection(row: Any) -> tuple[Any, ...]:
    return (moment(row.at), str(row.officer), row.get_way_display(), spot_words(row))


def spot_words(row: Any) -> str:
    """How the questions on the spot went."""
    answers = [getattr(one, "answer", None) for one in row.questions.all()]
    if not answers:
        return "没有抽问"
    if None in answers:
        return "已抽题，没有作答"
    return f"{len(answers)} 题答对 {sum(one.right for one in answers if one)} 题"


def _place(place: PaperQuestion, sat: Attempt, who: bool) -> tuple[Any, ...]:
    figures = figures_in_force(timezone.localdate(sat.started_at))
    shares = figures.shares()
    answer = place.marked()
    earned: Any = "等评分" if answer.waits else points_for(answer, **shares)
    person = (str(sat.enrolment.person),) if who else ()
    return (
        *person, f"{sat.exam.title} 第{sat.number}次", place.position, KIND_NAMES[place.shown["kind"]],
        stem_words(place.shown), given_words(place.shown, place.chosen()),
        sealed_words(place.shown, place.sealed["right"]), earned, place.points,
    )  # fmt: skip
