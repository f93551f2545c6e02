"""The bureau's own words: versions of the templates of papers, each approved by a second person.

The first text of every kind lies in ``credit/papers/`` (version 0); an edit is a new row.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from credit.acts import audit
from credit.acts.casework import refuse
from credit.models import DocumentTemplate
from credit.rules.papers import PaperKind, template_problems

EDIT: Final = "credit.edit_templates"
APPROVE: Final = "credit.approve_templates"
FOLDER: Final = Path(__file__).resolve().parent.parent / "papers"
ARTICLE: Final = "文书模板须由第二人批准（局规则集）"


@dataclass(frozen=True, slots=True)
class Words:
    """A template in use: its text, and the row it comes from (None: the text in the repository)."""

    kind: PaperKind
    title: str
    addressee: str
    text: str
    row: DocumentTemplate | None = None

    @property
    def version(self) -> int:
        """0 for the text in the repository."""
        return self.row.version if self.row else 0


class TemplateError(ValueError):
    """A template that cannot be used; ``problems`` says everything that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems


@cache
def default(kind: PaperKind) -> Words:
    """The text in the repository."""
    data = tomllib.loads((FOLDER / f"{kind.value}.toml").read_text(encoding="utf-8"))
    return Words(kind, data["title"], data["addressee"], data["text"].strip())


def in_use(kind: PaperKind) -> Words:
    """The newest approved version."""
    rows = DocumentTemplate.objects.filter(kind=kind, approved_by__isnull=False)
    row = rows.order_by("-version").first()
    return Words(kind, row.title, row.addressee, row.text, row) if row else default(kind)


def waiting(kind: PaperKind) -> DocumentTemplate | None:
    """The newest version, if nobody approved it yet."""
    newest = DocumentTemplate.objects.filter(kind=kind).order_by("-version")
    row = newest.select_related("written_by").first()
    return row if row and row.approved_by_id is None else None


@transaction.atomic
def write(
    kind: PaperKind, *, officer: Any, title: str, addressee: str, text: str
) -> DocumentTemplate:
    """A new version. Raises TemplateError with every problem, RefusedError without the permission."""
    if not officer.has_perm(EDIT):
        raise refuse("您没有修改文书模板的权限", ARTICLE)
    title, addressee, text = title.strip(), addressee.strip(), text.replace("\r\n", "\n").strip()
    if problems := template_problems(title, f"{text}\n{addressee}" if text else ""):
        raise TemplateError(problems)
    if len(addressee) > 120 or "\n" in addressee:
        raise TemplateError(["抬头要写一行，最多120个字"])
    newest = DocumentTemplate.objects.filter(kind=kind).order_by("-version").first()
    row = DocumentTemplate(
        kind=kind, version=newest.version + 1 if newest else 1, title=title, addressee=addressee,
        text=text, written_by=officer,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as fault:
        raise refuse("另一名人员刚刚改了这份模板，请刷新后再看", ARTICLE) from fault
    audit.log("template.write", by=officer, subject=row, kind=kind.value, version=row.version)
    return row


@transaction.atomic
def approve(row: DocumentTemplate, *, officer: Any) -> DocumentTemplate:
    """Put the newest version into use, by another person than its writer. Raises RefusedError."""
    if not officer.has_perm(APPROVE):
        raise refuse("您没有批准文书模板的权限", ARTICLE)
    newest = waiting(PaperKind(row.kind))
    if newest is None or newest.pk != row.pk:
        raise refuse("这一版已经批准，或者又有了新的一版，请刷新后再看", ARTICLE)
    if row.written_by_id == officer.pk:
        raise refuse("写这一版的人员不能批准，请由另一名人员批准", ARTICLE)
    done = DocumentTemplate._base_manager.filter(pk=row.pk, approved_by__isnull=True)
    if not done.update(approved_by=officer, approved_at=timezone.now()):
        raise refuse("另一名人员刚刚批准了这一版", ARTICLE)
    audit.log("template.approve", by=officer, subject=row, kind=row.kind, version=row.version)
    row.refresh_from_db()
    return row
