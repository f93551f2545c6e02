"""Questions come into a bank from a file, all of them or none; and leave it in any format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from courses.acts.pictures import bytes_of, keep_pictures
from courses.acts.questions import citations_of, columns_of, options_of
from courses.exchange.batch import Batch, Problem, UnreadableError, Written
from courses.exchange.formats import FORMATS, read_file
from courses.models import Citation, Option, Question, QuestionBank
from courses.rules.items import Item
from courses.rules.questions import KIND_NAMES
from credit.models import Sector

CHUNK = 500  # questions read from the database at once
ALREADY = "题库里已经有这道题，请删去这一题，或者在题库里修改原来的题"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file would bring: the reading, checked against the bank."""

    batch: Batch

    @property
    def problems(self) -> list[Problem]:
        """Every problem, in the order of the file."""
        return sorted(self.batch.problems, key=lambda problem: (problem.item, problem.row))

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many questions of each kind."""
        kinds = [item.kind for item in self.batch.items]
        return [(name, kinds.count(kind)) for kind, name in KIND_NAMES.items() if kind in kinds]

    @property
    def ready(self) -> bool:
        """Whether it may be taken: something is there, and nothing is wrong."""
        return bool(self.batch.taken) and not self.batch.problems


class ProblemsError(ValueError):
    """A file that is not taken; ``problems`` are all of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("；".join(f"{one.where}：{one.advice}" for one in problems[:3]))
        self.problems = list(problems)


def look_into(content: bytes, *, bank: QuestionBank) -> Looked:
    """Read a file for ``bank`` and write nothing; a file that cannot be read is one problem."""
    batch = Batch(sectors=_sectors())
    try:
        read_file(content, batch)
    except UnreadableError as fault:
        batch.blame(str(fault))
    known = _known(bank)
    for taken in batch.taken:
        if _same(taken.item) in known:
            batch.blame(ALREADY, row=taken.row, number=taken.number, value=taken.item.stem[:40])
    return Looked(batch)


@transaction.atomic
def bring_in(content: bytes, *, bank: QuestionBank, by: Any) -> int:
    """Every question of a file into ``bank``, in one transaction; tells how many. Raises ProblemsError."""
    QuestionBank.objects.select_for_update(of=("self",)).get(pk=bank.pk)
    looked = look_into(content, bank=bank)
    if not looked.ready:
        raise ProblemsError(looked.problems)
    _write(bank, looked.batch)
    count = len(looked.batch.taken)
    log(instance=bank, action="wagtail.edit", user=by, data={"imported": count})
    return count


def send_out(bank: QuestionBank, code: str) -> Written:
    """The newest version of every question of ``bank`` in format ``code``. Raises KeyError for an unknown one."""
    items = [question.item() for question in _whole(bank)]
    media = bytes_of({item.picture.key for item in items if item.picture})
    return FORMATS[code].write(items, media, bank.name)


def _whole(bank: QuestionBank) -> Iterator[Question]:
    rows = Question.objects.current().filter(bank=bank).whole().order_by("pk")
    return iter(rows.iterator(chunk_size=CHUNK))


def _sectors() -> dict[str, str]:
    rows = list(Sector.objects.values_list("code", "name"))
    return {name: code for code, name in rows} | {code: code for code, _ in rows}


def _known(bank: QuestionBank) -> set[tuple[str, str, str]]:
    rows = Question.objects.current().filter(bank=bank)
    return {
        (kind, stem, key or "")
        for kind, stem, key in rows.values_list("kind", "stem", "picture__key")
    }


def _same(item: Item) -> tuple[str, str, str]:
    return item.kind, item.stem.strip(), item.picture.key if item.picture else ""


def _write(bank: QuestionBank, batch: Batch) -> None:
    pictures = keep_pictures(batch.media)
    sectors = {row.code: row for row in Sector.objects.all()}
    waiting = iter(batch.items)
    while items := list(islice(waiting, CHUNK)):
        questions = Question.objects.bulk_create(
            Question(
                **columns_of(item),
                bank=bank,
                sector=sectors.get(item.sector),
                picture=pictures[item.picture.key] if item.picture else None,
            )
            for item in items
        )
        pairs = list(zip(items, questions, strict=True))
        Option.objects.bulk_create([row for pair in pairs for row in options_of(*pair)])
        Citation.objects.bulk_create([row for pair in pairs for row in citations_of(*pair)])
