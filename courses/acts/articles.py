"""A law changed: tell it, find what cites it, and clear each with a name and a note. Nothing follows by itself."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Count

from courses.acts.refusing import refuse
from courses.models import (
    ArticleChange,
    Certificate,
    Exam,
    LessonPage,
    Question,
    Recheck,
    RecheckAnswer,
)
from courses.rules.articles import bare_name, cites, names_of, printed
from credit.acts.audit import log

TELL: Final = "courses.add_articlechange"
CLEAR: Final = "courses.add_recheckanswer"
LOOKS: Final = "courses.view_articlechange"
_TAGS: Final = re.compile(r"<[^>]*>")


def may_read(person: Any) -> bool:
    """Whether ``person`` tells changes, clears them, or looks on."""
    return any(map(person.has_perm, (TELL, CLEAR, LOOKS)))


@transaction.atomic
def tell(
    *, law: str, article: int, changed_on: date, paper: str, note: str, by: Any, today: date
) -> ArticleChange:
    """Write the change and everything that cites the article now. Raises RefusedError."""
    if not by.has_perm(TELL):
        raise refuse("您没有登记法条变更的权限")
    law, paper, note = bare_name(law), paper.strip(), note.strip()
    if len(law) < 2:
        raise refuse("请写明法规名称，例如：安全生产法")
    if not paper or not note:
        raise refuse("请写明文件，以及变了什么")
    same = {"law": law, "article": article, "changed_on": changed_on}
    if ArticleChange.objects.filter(**same).exists():
        raise refuse("这一条这一天的变更已经登记过了，请看下面的列表")
    change = ArticleChange.objects.create(**same, paper=paper, note=note, by=by)
    Recheck.objects.bulk_create(_found(change, today), batch_size=500)
    log(
        "law.change", by=by, subject=change, law=law, article=article, changed_on=changed_on,
        paper=paper, found=change.rechecks.count(),
    )  # fmt: skip
    return change


@transaction.atomic
def clear(recheck: Recheck, *, outcome: str, note: str, by: Any) -> RecheckAnswer:
    """What somebody found who looked. Raises RefusedError."""
    if not by.has_perm(CLEAR):
        raise refuse("您没有复核的权限")
    if outcome not in RecheckAnswer.Outcome.values or not note.strip():
        raise refuse("请选结论，并写明复核说明")
    Recheck.objects.select_for_update().get(pk=recheck.pk)
    if RecheckAnswer.objects.filter(recheck=recheck).exists():
        raise refuse("这一项已经有人复核过了")
    answer = RecheckAnswer.objects.create(
        recheck=recheck, outcome=outcome, note=note.strip()[:500], by=by
    )
    log(
        "law.clear", by=by, subject=recheck, change=str(recheck.change), kind=recheck.kind,
        title=recheck.title, outcome=outcome, note=answer.note,
    )  # fmt: skip
    return answer


# -- What cites it ---------------------------------------------------------------------------------------


def _found(change: ArticleChange, today: date) -> Iterator[Recheck]:
    yield from _lessons(change)
    questions = _questions(change)
    yield from (
        _row(change, Recheck.Kind.QUESTION, pk, stem, f"依据写的是：{basis}")
        for pk, stem, basis in questions.values_list("pk", "stem", "basis")
    )
    yield from _exams(change, questions)
    yield from _certificates(change, today)


def _row(change: ArticleChange, kind: str, target: int, title: str, why: str) -> Recheck:
    return Recheck(change=change, kind=kind, target=target, title=title[:300], why=why[:300])


def _lessons(change: ArticleChange) -> Iterator[Recheck]:
    """Published lessons whose text cites it: every text is read once, when a change is told."""
    for lesson in LessonPage.objects.live().order_by("path").iterator(chunk_size=100):
        if cites(text_of(lesson), change.law, change.article):
            words = f"课文提到{printed(change.law, change.article)}，或者只提到这部法规"
            yield _row(change, Recheck.Kind.LESSON, lesson.pk, lesson.title, words)


def text_of(lesson: LessonPage) -> str:
    """All words of a lesson, without markup."""
    parts = (lesson.body, lesson.readings or ())
    raw = [
        lesson.title,
        *(dict(block) for part in parts for block in getattr(part, "raw_data", ())),
    ]
    return _TAGS.sub("", json.dumps(raw, ensure_ascii=False))


def _questions(change: ArticleChange) -> Any:
    """The newest versions in use that rest on the article, or on the law as a whole."""
    cited: dict[str, Any] = {"citations__law__in": names_of(change.law)}
    if change.article:
        cited["citations__article__in"] = (change.article, 0)
    return Question.objects.current().filter(active=True, **cited).order_by("pk").distinct()


def _exams(change: ArticleChange, questions: Any) -> Iterator[Recheck]:
    """Exams whose papers may draw one of these questions."""
    rows = Exam.objects.filter(course__banks__questions__in=questions.values("pk"))
    counted = rows.annotate(number=Count("course__banks__questions", distinct=True)).order_by("pk")
    for pk, title, number in counted.values_list("pk", "title", "number"):
        words = f"题库里有 {number} 道题依据这一条"
        yield _row(change, Recheck.Kind.EXAM, pk, title, words)


def _certificates(change: ArticleChange, today: date) -> Iterator[Recheck]:
    """Certificates that are worth something today, by course, where their basis names the law."""
    standing = Certificate.objects.filter(valid_until__gte=today, revocation=None)
    groups = standing.order_by().values_list(
        "enrolment__course", "enrolment__course__title", "article"
    )
    counts: dict[tuple[int, str], int] = {}
    for course, title, article, number in groups.annotate(Count("pk")):
        if cites(article, change.law, change.article):
            counts[course, title] = counts.get((course, title), 0) + number
    for (course, title), number in sorted(counts.items()):
        words = f"有效证书 {number} 张，证书上的依据是这部法规"
        yield _row(change, Recheck.Kind.CERTIFICATE, course, f"{title}（证书）", words)
