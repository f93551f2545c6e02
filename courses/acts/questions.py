"""Keep the question bank: a new question, a changed one as a new version, an exam's plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from courses.models import (
    Blueprint,
    Citation,
    Exam,
    Option,
    Question,
    QuestionBank,
    QuestionPicture,
)
from courses.rules.basis import articles_of
from courses.rules.exams import Line
from courses.rules.items import Item
from credit.models import Sector


class UnsoundError(ValueError):
    """A question that no paper may use; ``faults`` names every reason at once."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("；".join(faults))
        self.faults = list(faults)


Draft = Item  # a question as an author gives it


@dataclass(frozen=True, slots=True)
class Plan:
    """What an exam sets beside its blueprint; None takes the national figure."""

    title: str
    lines: Sequence[Line] = field(default_factory=tuple)
    minutes: int | None = None
    pass_mark: int | None = None
    attempts_allowed: int | None = None
    wait_hours: int | None = None
    certificate_kind: str | None = None


@transaction.atomic
def add_question(bank: QuestionBank, draft: Draft) -> Question:
    """A new question in ``bank``. Raises UnsoundError."""
    return _write(bank, draft, None)


@transaction.atomic
def revise_question(question: Question, draft: Draft) -> Question:
    """The next version of ``question``; the old one stays for the papers drawn with it.

    Raises UnsoundError, also when somebody has already changed this version.
    """
    Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if Question.objects.filter(supersedes=question).exists():
        raise UnsoundError(
            ["这道题已经有新版本，您的修改没有保存。请先把修改抄下来，再回到试题列表打开最新的一版"]
        )
    return _write(question.bank, draft, question)


@transaction.atomic
def plan_exam(course_id: int, plan: Plan) -> Exam:
    """The exam of a course with its blueprint; the caller has checked the plan."""
    terms = {
        "minutes": plan.minutes,
        "pass_mark": plan.pass_mark,
        "attempts_allowed": plan.attempts_allowed,
        "wait_hours": plan.wait_hours,
        "certificate_kind": plan.certificate_kind,
    }
    given = {name: value for name, value in terms.items() if value is not None}
    exam: Exam = Exam.objects.create(course_id=course_id, title=plan.title, **given)
    Blueprint.objects.bulk_create(
        Blueprint(
            exam=exam,
            kind=line.kind,
            topic=line.topic,
            count=line.count,
            points=line.points,
            order=order,
        )
        for order, line in enumerate(plan.lines)
    )
    return exam


def _write(bank: QuestionBank, draft: Draft, old: Question | None) -> Question:
    if faults := draft.faults():
        raise UnsoundError(faults)
    question: Question = Question.objects.create(
        **columns_of(draft),
        bank=bank,
        sector=Sector.objects.filter(code=draft.sector).first() if draft.sector else None,
        picture=QuestionPicture.objects.get(key=draft.picture.key) if draft.picture else None,
        version=old.version + 1 if old else 1,
        supersedes=old,
    )
    Option.objects.bulk_create(options_of(draft, question))
    Citation.objects.bulk_create(citations_of(draft, question))
    return question


def columns_of(draft: Draft) -> dict[str, Any]:
    """The columns of a question that need no other row."""
    return {
        "kind": draft.kind,
        "topic": draft.topic.strip(),
        "stem": draft.stem.strip(),
        "body": draft.body_json(),
        "picture_alt": draft.picture_alt.strip(),
        "explanation": draft.explanation.strip(),
        "basis": draft.basis.strip(),
        "level": draft.level,
        "active": draft.active,
    }


def options_of(draft: Draft, question: Question) -> list[Option]:
    """The option rows of a written question."""
    return [
        Option(question=question, text=text.strip(), correct=order in draft.right, order=order)
        for order, text in enumerate(draft.options)
    ]


def citations_of(draft: Draft, question: Question) -> list[Citation]:
    """The articles that its basis names, as rows of a written question."""
    return [
        Citation(question=question, law=cited.law, article=cited.article)
        for cited in articles_of(draft.basis)
    ]
