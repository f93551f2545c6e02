"""Objections to a single line: raised by a manager, marked at once, answered by another officer.

Source: 征信业管理条例 第二十五条. An objection that is upheld asks for a withdrawal, a correction or a
removal, which is another act by an officer; until then the line stays marked.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from credit.acts import audit
from credit.acts.attachments import keep_files
from credit.acts.casework import RefusedError, refuse
from credit.acts.evidence import MODELS
from credit.acts.party import require_manager
from credit.acts.reach import require_within
from credit.acts.texts import tell_and_text
from credit.models import Accident, Enterprise, ListEntry, Objection, ObjectionStep
from credit.models.attachments import subject_of
from credit.models.managers import managers_of
from credit.models.objections import line_of, title_of
from credit.rules.objections import Year, may_answer, year_of
from credit.rules.ruling import Ruling

ANSWER: Final = "credit.answer_objection"
ARTICLE: Final = "征信业管理条例第二十五条"
Action = ObjectionStep.Action


def line_at(kind: str, pk: int, enterprise: Enterprise) -> Any:
    """The line of ``enterprise`` that an address names: a current fact, or a standing entry; else None."""
    if kind == "entry":
        return ListEntry.objects.filter(enterprise=enterprise, pk=pk, removed_on=None).first()
    if kind not in MODELS:
        return None
    return MODELS[kind]._default_manager.current().filter(enterprise=enterprise, pk=pk).first()


def label_of(row: Any) -> str:
    """How the line is printed."""
    if isinstance(row, ListEntry):
        return f"{row.get_colour_display()}，{row.listed_on} 列入"
    return f"{title_of(row)}（{row.source_key}）"[:300]


@transaction.atomic
def raise_objection(
    row: Any,
    *,
    about: str,
    reason: str,
    text: str,
    files: Iterable[UploadedFile] = (),
    by: Any,
    today: date,
) -> Objection:
    """Object to one line; from now on it is marked “有异议”. Raises RefusedError."""
    require_manager(by, row.enterprise_id, today)
    if not text.strip():
        raise refuse("请写明哪里不对、应该是什么", ARTICLE)
    Enterprise.objects.select_for_update().get(pk=row.enterprise_id)
    line = f"score:{line_of(row)}"[:500] if about == Objection.About.SCORE else line_of(row)
    if Objection.objects.open().filter(line=line, reason=reason).exists():
        raise refuse("这一条已有一件同样事由的异议正在办理，请等答复", ARTICLE)
    made = Objection.objects.create(
        enterprise_id=row.enterprise_id, about=about, subject=subject_of(row), line=line,
        label=label_of(row), reason=reason, text=text.strip(), by=by, raised_on=today,
    )  # fmt: skip
    keep_files(files, by=by, subject=made, for_party=True)
    audit.log(
        "objection.raise", by=by, subject=made, enterprise=row.enterprise_id,
        about=made.subject, reason=reason, text=made.text, on=today,
    )  # fmt: skip
    return made


@transaction.atomic
def assign(objection: Objection, *, officer: Any, to: Any, today: date) -> ObjectionStep:
    """Hand it to an officer who may answer it. Raises RefusedError."""
    held = _open(objection, officer)
    require_within(to, ANSWER, held.enterprise)
    ruling = may_answer(to.pk, made_by(held), None)
    if not ruling:
        raise RefusedError(ruling)
    return _write(held, Action.ASSIGN, officer, today, "", to=to)


@transaction.atomic
def answer(
    objection: Objection, *, officer: Any, upheld: bool, reason: str, today: date
) -> ObjectionStep:
    """Answer with reasons, as another officer than who made the line. Raises RefusedError."""
    held = _open(objection, officer)
    ruling = answer_ruling(held, officer)
    if not ruling:
        raise RefusedError(ruling)
    if not reason.strip():
        raise refuse("请写明核查结果和理由", ARTICLE)
    done = _write(held, Action.UPHOLD if upheld else Action.REJECT, officer, today, reason.strip())
    firm = held.enterprise
    tell_and_text(
        managers_of(firm, today), kind="objection", key=f"objection:{held.pk}:{done.action}",
        title=f"异议已答复：{done.get_action_display()}", body=f"{held.label}\n{done.reason}",
        link=reverse("credit:mine_objections", args=[firm.pk]), enterprise=firm,
    )  # fmt: skip
    return done


@transaction.atomic
def take_back(objection: Objection, *, by: Any, today: date) -> ObjectionStep:
    """The enterprise takes it back. Raises RefusedError."""
    require_manager(by, objection.enterprise_id, today)
    return _write(_locked(objection), Action.TAKE_BACK, by, today, "")


def answer_ruling(objection: Objection, officer: Any) -> Ruling:
    """Whether this officer may answer, for the page."""
    last = objection.steps.filter(action=Action.ASSIGN).last()
    return may_answer(officer.pk, made_by(objection), last.to_id if last else None)


def who_may(objection: Objection) -> list[Any]:
    """The officers who may answer it: the permission, the place, none of those who made the line."""
    app, code = ANSWER.split(".")
    held = Permission.objects.filter(content_type__app_label=app, codename=code)
    people = get_user_model()._default_manager.filter(
        Q(user_permissions__in=held) | Q(groups__permissions__in=held), is_active=True
    )
    place = objection.enterprise.place.path
    known = people.exclude(pk__in=made_by(objection)).prefetch_related("postings__place").distinct()
    near = (
        one
        for one in known
        if any(place.startswith(posting.place.path) for posting in one.postings.all())
    )
    return sorted(near, key=str)


def made_by(objection: Objection) -> frozenset[Any]:
    """Who recorded or decided the line: who imported or undid, withdrew or restored, decided on casualties;
    of an entry the case's people.
    """
    row = subject_row(objection)
    if isinstance(row, ListEntry):
        actors = row.case.events.filter(actor__isnull=False).values_list("actor", flat=True)
        return frozenset({*actors, row.case.decided_by_id, row.published_by_id} - {None})
    versions = type(row)._default_manager.versions_of(row)
    people = set(versions.values_list("batch__by", flat=True))
    people |= set(
        versions.values_list("batch__undo__by", flat=True)
    )  # who put an earlier word back
    if isinstance(row, Accident):  # who proposed or decided its casualties
        people |= set(versions.values_list("casualty_proposals__decision__by", flat=True))
        people |= set(versions.values_list("casualty_proposals__by", flat=True))
    if hasattr(row, "withdrawals"):
        people |= set(versions.values_list("withdrawals__by", flat=True))
    return frozenset(people - {None})


def subject_row(objection: Objection) -> Any:
    """The very row that is objected to."""
    label, pk = objection.subject.split(":")
    kind = label.split(".")[1]
    model: Any = ListEntry if kind == "listentry" else MODELS[kind]
    return model._default_manager.get(pk=pk)


def statistics() -> list[Year]:
    """By year of receipt, newest first: how many, how long, how often the enterprise was right."""
    raised: dict[int, int] = defaultdict(int)
    days: dict[int, list[int]] = defaultdict(list)
    upheld: dict[int, int] = defaultdict(int)
    closing = ObjectionStep.objects.filter(
        objection=OuterRef("pk"), action__in=("uphold", "reject")
    )
    found = Objection.objects.annotate(
        end=Subquery(closing.values("action")[:1]), ended=Subquery(closing.values("on")[:1])
    )
    for on, end, ended in found.order_by().values_list("raised_on", "end", "ended"):
        raised[on.year] += 1
        if end:
            days[on.year].append((ended - on).days)
            upheld[on.year] += end == Action.UPHOLD
    years = sorted(raised, reverse=True)
    return [year_of(year, raised[year], days[year], upheld[year]) for year in years]


def _open(objection: Objection, officer: Any) -> Objection:
    require_within(officer, ANSWER, objection.enterprise)
    return _locked(objection)


def _locked(objection: Objection) -> Objection:
    held: Objection = Objection.objects.select_for_update().get(pk=objection.pk)
    if not Objection.objects.open().filter(pk=held.pk).exists():
        raise refuse("这件异议已经办结", ARTICLE)
    return held


def _write(
    objection: Objection, action: Action, by: Any, today: date, reason: str, to: Any = None
) -> ObjectionStep:
    done = ObjectionStep.objects.create(
        objection=objection, action=action, by=by, to=to, on=today, reason=reason
    )
    audit.log(
        f"objection.{action.value}", by=by, subject=objection, enterprise=objection.enterprise_id,
        on=today, reason=reason, to=to and to.pk,
    )  # fmt: skip
    return done
