"""Load a question bank and an exam from plain data; every fault of the data is named at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from courses.acts.questions import Draft, Plan, add_question, plan_exam
from courses.models import CoursePage, Exam, Question, QuestionBank
from courses.rules.exams import Candidate, Line, blueprint_faults, shortfalls
from courses.rules.questions import KIND_NAMES
from courses.rules.validity import KIND_OF_AUDIENCE

FIELDS = {"kind", "topic", "stem", "options", "right", "explanation", "basis"}
REQUIRED = {"kind", "stem", "right"}
TRUE_FALSE_OPTIONS = ["正确", "错误"]


class BankError(ValueError):
    """Data that cannot become a bank or an exam; ``faults`` names each place and its remedy."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


@transaction.atomic
def load_bank(
    course: CoursePage, data: Sequence[Mapping[str, Any]], *, name: str = "题库"
) -> QuestionBank:
    """A bank of ``course`` with every question of ``data``; all or nothing. Raises BankError.

    A row is ``{kind, topic, stem, options, right, explanation, basis}``; ``right`` counts options
    from 0, and a true_false row may leave its options out: 正确, 错误. A stem that the bank
    already holds is kept as it is, so loading the same data again adds nothing.
    """
    drafts = _drafts(data)
    bank, _ = QuestionBank.objects.get_or_create(course=course, name=name)
    known = set(Question.objects.current().filter(bank=bank).values_list("stem", flat=True))
    for draft in drafts:
        if draft.stem.strip() not in known:
            add_question(bank, draft)
    return bank


@transaction.atomic
def make_exam(
    course: CoursePage,
    *,
    blueprint: Sequence[tuple[str, str, int, int]],
    title: str = "",
    **terms: Any,
) -> Exam:
    """The exam of ``course``; a blueprint row is ``(kind, topic or "", count, points each)``.

    ``terms``: minutes, pass_mark, attempts_allowed, wait_hours, certificate_kind; what is left out
    takes the national figure, and the kind the course's audience. Raises BankError when points do
    not sum to 100 or the bank is short.
    """
    lines = [Line(*row) for row in blueprint]
    strange = [
        f"组卷规则：题型“{line.kind}”不认识" for line in lines if line.kind not in KIND_NAMES
    ]
    if faults := strange or blueprint_faults(lines, 100) + shortfalls(_pool(course), lines):
        raise BankError(faults)
    terms.setdefault("certificate_kind", KIND_OF_AUDIENCE.get(course.audience, "worker"))
    return plan_exam(course.pk, Plan(title or f"{course.title}结业考试", lines, **terms))


def _pool(course: CoursePage) -> list[Candidate]:
    rows = Question.objects.pool(course.pk).values_list("pk", "kind", "topic")
    return [Candidate(key, kind, topic, 0) for key, kind, topic in rows]


def _drafts(data: Sequence[Mapping[str, Any]]) -> list[Draft]:
    """Every row as a draft. Raises BankError with the faults of all rows."""
    faults: list[str] = []
    drafts: list[Draft] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(data, start=1):
        found = _row_faults(row)
        if not found:
            draft = _draft(row)
            found = draft.faults()
            first = seen.setdefault(draft.stem.strip(), number)
            if first != number:
                found.append(f"题干与第{first}题相同，请删除一题")
            drafts.append(draft)
        faults += [f"第{number}题：{fault}" for fault in found]
    if faults:
        raise BankError(faults)
    return drafts


def _row_faults(row: Mapping[str, Any]) -> list[str]:
    faults = [f"缺少“{name}”" for name in sorted(REQUIRED - set(row))]
    faults += [f"不认识“{name}”，请删除或改名" for name in sorted(set(row) - FIELDS)]
    for name in sorted({"options", "right"} & set(row)):
        if not isinstance(row[name], (list, tuple)):
            faults.append(f"“{name}”应为列表，现在是“{row[name]}”")
    if not faults and not all(type(place) is int for place in row["right"]):
        faults.append(f"“right”应为选项序号（从 0 开始），现在是“{row['right']}”")
    return faults


def _draft(row: Mapping[str, Any]) -> Draft:
    default = TRUE_FALSE_OPTIONS if row["kind"] == "true_false" else []
    return Draft(
        kind=row["kind"],
        stem=str(row["stem"]),
        options=[str(text) for text in row.get("options") or default],
        right=frozenset(row["right"]),
        topic=str(row.get("topic", "")),
        explanation=str(row.get("explanation", "")),
        basis=str(row.get("basis", "")),
    )
