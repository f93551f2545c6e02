"""一期一档: one run of a course, that is everybody who began it in a period, read for a page, a PDF or a workbook.

What was taught, to whom, how long, which paper, which marks, which certificates; classes in a hall with place,
lecturer and signing.
Source: AQ 8011-2023 4.7 (text not seen); 安全生产法 第二十八条.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count

from courses.acts.class_sections import sections
from courses.acts.file_sections import Document, Section, moment, papers, study_sections
from courses.acts.person_files import Round, rounds_of
from courses.models import CoursePage, Enrolment, LessonPage
from courses.models.turn import midnight
from courses.rules import hours
from courses.rules.files import figure
from credit.rules.terms import printed

MINUTE = 60_000


class TooManyError(ValueError):
    """A run with more people than one file holds; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Run:
    """Which run: a course, the days on which people began it, and whose people (a queryset of users)."""

    course: CoursePage
    first: date
    last: date
    people: Any
    of: str

    def enrolments(self) -> Any:
        """Who began in the period, among ``people``."""
        return Enrolment.objects.filter(
            course=self.course,
            person__in=self.people.order_by().values("pk"),
            enrolled_at__gte=midnight(self.first),
            enrolled_at__lt=midnight(self.last + timedelta(days=1)),
        )


@dataclass(frozen=True, slots=True)
class RunFile:
    """The file of a run; ``figures`` are the totals by name."""

    run: Run
    lessons: tuple[LessonPage, ...]
    exam: Any
    rounds: tuple[Round, ...]
    figures: tuple[tuple[str, int], ...]
    more: tuple[Section, ...]


def runs_of(people: Any, *, first: date, last: date) -> list[dict[str, Any]]:
    """The courses that some people began in a period, with how many: one query."""
    rows = Enrolment.objects.filter(
        person__in=people.order_by().values("pk"),
        enrolled_at__gte=midnight(first),
        enrolled_at__lt=midnight(last + timedelta(days=1)),
    )
    counted = rows.order_by().values("course", "course__title")
    return list(counted.annotate(count=Count("pk")).order_by("course__title", "course"))


def read(run: Run, *, today: date) -> RunFile:
    """The file. Raises TooManyError."""
    taken = run.enrolments()
    most = figure("run_people")
    if (count := taken.count()) > most:
        raise TooManyError(f"这一期有 {count} 人，一份档案最多 {most} 人，请把日期分成几段")
    rounds = rounds_of(taken)
    return RunFile(
        run=run,
        lessons=tuple(run.course.lessons()),
        exam=getattr(run.course, "exam", None),
        rounds=rounds,
        figures=tuple(_figures(rounds)),
        more=tuple(sections(run.course, [one.enrolment.person_id for one in rounds])),
    )


def _figures(rounds: tuple[Round, ...]) -> Iterable[tuple[str, int]]:
    yield "参加", len(rounds)
    yield "学完", sum(one.enrolment.finished_at is not None for one in rounds)
    yield "参加考试", sum(bool(one.attempts) for one in rounds)
    yield "考试合格", sum(any(sat.passed for sat in one.attempts) for one in rounds)
    yield "发证", sum(bool(one.certificates) for one in rounds)
    yield "学时更正", sum(len(one.corrections) for one in rounds)


def document_of(file: RunFile, *, today: date, most_rows: int = 0) -> Document:
    """The same as tables; ``most_rows`` leaves longer papers out and says so."""
    run = file.run
    about = [
        ("课程", run.course.title),
        ("时间", f"{printed(run.first)}至{printed(run.last)}报名"),
        ("范围", run.of),
        ("截至", printed(today)),
        *[(name, f"{count}") for name, count in file.figures],
        ("课程要求", f"{run.course.required_minutes} 分钟（{hours.clock().period} 分钟算 1 学时）"),
        ("培训方式", "线上，只按服务器时钟计时"),
    ]
    sections = [
        Section("参加的人", ("姓名", "手机号", "身份证号", "报名", "学完", "计入学时", "成绩", "证书编号"),
                [_person(one) for one in file.rounds], (1.3, 1.4, 2, 1.6, 1.6, 0.9, 1, 2.4)),
        Section("教了什么", ("课时", "最短学习时间（分钟）"),
                [(one.title, one.min_minutes) for one in file.lessons], (5, 2)),
        _exam(file.exam),
        *file.more,
        *study_sections(file.rounds, today, who=True)[1:],
        papers([sat for one in file.rounds for sat in _with_person(one)], who=True, most=most_rows),
    ]  # fmt: skip
    return Document("培训班档案（一期一档）", run.course.title, about, sections)


def _with_person(one: Round) -> Iterable[Any]:
    for sat in one.attempts:
        sat.enrolment = one.enrolment  # the same row, with its person: no query for each paper
        yield sat


def _person(one: Round) -> tuple[Any, ...]:
    row = one.enrolment
    best = max((sat.points for sat in one.attempts if sat.points is not None), default="")
    numbers = "、".join(held.printed_number for held in one.certificates)
    return (
        str(row.person), row.person.masked_phone, row.person.masked_id_number,
        moment(row.enrolled_at), moment(row.finished_at) or "没有学完", one.periods, best, numbers,
    )  # fmt: skip


def _exam(exam: Any) -> Section:
    head = ("题型和知识点", "题数", "每题分值")
    if exam is None:
        return Section("考试怎么考", head, [], (4, 1, 1), "这门课没有考试。")
    rows = [(str(line), line.count, line.points) for line in exam.lines()]
    note = (
        f"《{exam.title}》：{exam.minutes} 分钟，满分 100 分，{exam.pass_mark} 分合格，"
        f"最多考 {exam.attempts_allowed} 次，两次间隔 {exam.wait_hours} 小时。每人随机抽题，试卷在最后。"
    )
    return Section("考试怎么考", head, rows, (4, 1, 1), note)
