"""The one door through which records enter: idempotent by source key, corrections supersede.

A reading is taken in chunks. Each chunk is one transaction together with the batch's counters, so a
killed import is finished by running it again, and running it once more changes nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from typing import IO, Any, Final

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from credit.acts import audit, names, scores
from credit.acts.recording import FACTS, WAITS, Tally, record_enterprises, record_facts
from credit.importing.files import read_table
from credit.importing.reading import shown
from credit.importing.rows import Problem, Reading, Row, read_rows
from credit.importing.tables import FileError, Table
from credit.importing.told import FIRST_ROW, table_of
from credit.importing.workbooks import marked_workbook
from credit.models import ImportBatch, SourceSystem
from credit.turns import IMPORTING, take_turn

CHUNK: Final = 1000
PROBLEMS_KEPT: Final = 20_000
TOLD_KINDS: Final = frozenset(FACTS)
UNDER_WAY: Final = (ImportBatch.State.WAITING, ImportBatch.State.RUNNING)
_COUNTERS: Final = ("rows_done", "rows_new", "rows_corrected", "rows_same", "rows_bad")
_COUNTED: Final = (*_COUNTERS, "problems")  # which may be long: written only when there are more
BROKEN: Final = (
    "系统处理这个文件时出了错，已经停下；已记录的行不会重复。请用 Excel 或 WPS 打开文件，另存为 .xlsx 后再上传一次；"
    "还是不行，请把“导入批次 {}”告诉管理员"
)


def open_batch(
    content: bytes | File[bytes], *, kind: str, file_name: str, by: Any = None, strict: bool = False
) -> ImportBatch:
    """Keep the file in private storage and a batch that waits for ``run``."""
    batch = ImportBatch(kind=kind, file_name=file_name[:200], by=by, strict=strict)
    file = ContentFile(content) if isinstance(content, bytes) else content
    batch.file = storages["private"].save(f"imports/{get_random_string(32)}.bin", file)
    batch.save()
    return batch


def read(content: bytes | IO[bytes], *, kind: str, today: date, by: Any = None) -> Reading:
    """What a file says; a file that is no table is a reading with one problem."""
    try:
        table = read_table(content)
    except FileError as fault:
        return Reading(kind, [], [Problem(0, "", "", str(fault))], [], "")
    return read_rows(table, kind, today=today, officer=by)


def tell(
    kind: str, rows: Sequence[Any], *, source: str, by: Any = None, today: date | None = None
) -> list[dict[str, Any]]:
    """Record what another part of the platform learned; the result of each row (see ``take``).

    ``rows`` are mappings by the field names of ``credit.importing.columns``, with ``number`` and ``name`` of
    the enterprise; ``source`` names who tells. Scores of the touched enterprises are kept at once.
    """
    batch, results = take(kind, rows, source=source, by=by, today=today)
    if batch.rows_new or batch.rows_corrected:
        scores.refresh(touched_by(batch), as_of=today)
    return results


def take(
    kind: str,
    records: Sequence[Any],
    *,
    source: str,
    system: SourceSystem | None = None,
    by: Any = None,
    today: date | None = None,
) -> tuple[ImportBatch, list[dict[str, Any]]]:
    """Record told records as a batch of their own; the batch, and for each record in order
    {index, source_key, result: new|corrected|same|problem, problems: [{column, value, remedy}]}.

    Raises KeyError for an unknown kind.
    """
    content = json.dumps({"source": source, "records": records}, ensure_ascii=True, default=str)
    batch = open_batch(content.encode(), kind=kind, file_name=source, by=by)
    ImportBatch.objects.filter(pk=batch.pk).update(system=system, told=True)
    batch.refresh_from_db()
    on = today or timezone.localdate()
    outcomes: dict[int, str] = {}
    try:
        reading = _read_told(batch, records, source, on)
        _begin(batch, reading)
        known = len(batch.problems)
        if reading.rows:
            record(reading, batch=batch, outcomes=outcomes)
        else:
            _finish(batch, ImportBatch.State.REFUSED)
    except Exception:
        give_up(batch, BROKEN.format(batch.pk))
        raise
    found = [*(one.as_dict() for one in reading.problems), *batch.problems[known:]]
    return batch, _results(records, outcomes, found)


def _read_told(batch: ImportBatch, records: Sequence[Any], source: str, today: date) -> Reading:
    table, faults = table_of(batch.kind, records)
    place = batch.system.place if batch.system else None
    reading = read_rows(
        table, batch.kind, today=today, officer=batch.by, source=source, place=place
    )
    problems = [problem for problem in reading.problems if problem.row]  # 0: every record is bad
    total = reading.rows_total + len({fault.row for fault in faults})
    return replace(reading, problems=[*faults, *problems], rows_total=total)


def _results(
    records: Sequence[Any], outcomes: dict[int, str], problems: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    faults: dict[int, list[dict[str, str]]] = defaultdict(list)
    for one in problems:
        said = {"column": one["column"], "value": one["value"], "remedy": one["advice"]}
        faults[one["row"]].append(said)
    return [
        {
            "index": number - FIRST_ROW,
            "source_key": _key_of(told),
            "result": "problem" if faults[number] else outcomes.get(number, "same"),
            "problems": faults[number],
        }
        for number, told in enumerate(records, start=FIRST_ROW)
    ]


def _key_of(told: Any) -> str:
    return shown(told.get("source_key")) if isinstance(told, Mapping) else ""


def run(batch: ImportBatch, *, today: date, reading: Reading | None = None) -> set[int]:
    """Read the batch's file and record its good rows; the keys of the touched enterprises.

    ``reading`` is what its file says, where it was read already.

    After a killed run every row is looked at again, for the register may have changed meanwhile; what
    was recorded is left alone. A finished batch records nothing, and tells whom it touched: a task that was
    killed after it has still to score them. Whatever goes wrong, the batch ends as
    refused and says what to do; the exception goes on to the caller.
    """
    batch.refresh_from_db()  # another worker may have gone on with it
    if batch.state not in UNDER_WAY:
        return touched_by(batch)
    try:
        return _run(batch, reading or _read_kept(batch, today))
    except Exception:
        give_up(batch, BROKEN.format(batch.pk))
        raise


def _run(batch: ImportBatch, reading: Reading) -> set[int]:
    if not _begin(batch, reading):
        return set()
    if not reading.rows or (batch.strict and reading.problems):
        _finish(batch, ImportBatch.State.REFUSED)
        return set()
    return record(reading, batch=batch)


def _read_kept(batch: ImportBatch, today: date) -> Reading:
    with storages["private"].open(batch.file) as file:
        if batch.told:
            said = json.load(file)
            return _read_told(batch, said["records"], said["source"], today)
        return read(file, kind=batch.kind, today=today, by=batch.by)


def marked(content: bytes | IO[bytes], problems: Sequence[Problem]) -> bytes:
    """The file as XLSX with its bad cells marked; of a file that is no table, the list alone."""
    try:
        table = read_table(content)
    except FileError:
        table = Table([])
    return marked_workbook(table, [problem.as_dict() for problem in problems])


def marked_of(batch: ImportBatch) -> bytes:
    """The same for a batch, from the file that it kept."""
    fields = ("row", "column", "value", "advice", "position")
    kept = [entry for entry in batch.problems if not entry.get("notice")]
    problems = [Problem(**{name: entry[name] for name in fields}) for entry in kept]
    with storages["private"].open(batch.file) as file:
        return marked(file, problems)


def dry_run(reading: Reading) -> Tally:
    """What recording would do, undone before it returns."""
    with transaction.atomic():
        tally = Tally()
        for chunk in _chunks(reading.rows):
            tally.add(_record_chunk(reading, chunk, None))
        transaction.set_rollback(True)
    return tally


def record(
    reading: Reading, *, batch: ImportBatch, outcomes: dict[int, str] | None = None
) -> set[int]:
    """Record the rows of a reading; the keys of the touched enterprises. ``outcomes`` is filled by row.

    A strict batch is one transaction, any other one transaction a chunk.
    """
    if batch.strict:
        return _record_strictly(reading, batch)
    touched = _record_all(reading, batch, outcomes)
    return _close(reading, batch, touched)


def _record_strictly(reading: Reading, batch: ImportBatch) -> set[int]:
    """All or nothing: what is found wrong only while recording undoes the rest too."""
    begun = batch.rows_same
    with transaction.atomic():
        touched = _record_all(reading, batch)
        if batch.rows_bad == reading.bad_rows:
            return _close(reading, batch, touched)
        transaction.set_rollback(True)
    batch.rows_done = batch.rows_new = batch.rows_corrected = 0
    batch.rows_same = begun
    for one in batch.problems:  # what waits for a decision was undone with the rest
        one["advice"] = one["advice"].replace(WAITS, "请单独导入这一行，登记后由第二人决定")
    _finish(batch, ImportBatch.State.REFUSED)
    return set()


def _close(reading: Reading, batch: ImportBatch, touched: set[int]) -> set[int]:
    if batch.rows_done >= len(reading.rows):
        touched |= _count_earlier_runs(reading, batch)
        _finish(batch, ImportBatch.State.DONE)
    return touched


def give_up(batch: ImportBatch, advice: str) -> None:
    """End a batch that cannot or shall not go on, with ``advice`` for its officer; a finished one stays.

    What was recorded stays too: the same file may be sent again.
    """
    with transaction.atomic():
        row = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if row.state in UNDER_WAY:
            row.problems = [Problem(0, "", "", advice).as_dict(), *row.problems]
            _finish(row, ImportBatch.State.REFUSED)
    batch.refresh_from_db()


def touched_by(batch: ImportBatch) -> set[int]:
    """The keys of the enterprises that have facts of this batch."""
    model = FACTS.get(batch.kind)
    if model is None:
        return set()
    return set(model._default_manager.filter(batch=batch).values_list("enterprise_id", flat=True))


def _begin(batch: ImportBatch, reading: Reading) -> bool:
    """Whether the batch still waits for us: its officer may have given it up while the file was read."""
    with transaction.atomic():
        row = ImportBatch.objects.select_for_update().only("state").get(pk=batch.pk)
        if row.state not in UNDER_WAY:
            return False
        batch.state = ImportBatch.State.RUNNING
        batch.sha256 = reading.sha256
        batch.rows_total = reading.rows_total
        batch.rows_bad = reading.bad_rows
        notices = ({**notice.as_dict(), "notice": True} for notice in reading.notices)
        problems = (problem.as_dict() for problem in reading.problems)
        batch.problems = list(islice(chain(problems, notices), PROBLEMS_KEPT))
        batch.rows_done = batch.rows_new = batch.rows_corrected = 0
        # Rows that repeat another one of the file: counted once, and here.
        batch.rows_same = reading.rows_total - len(reading.rows) - reading.bad_rows
        batch.save()
    names.suggest(batch, reading.unknown)  # outside: nobody waits while names are compared
    return True


@transaction.atomic
def _finish(batch: ImportBatch, state: str) -> None:
    """The end of a batch is an act on facts: it is in the log, with the file's hash and what came of it."""
    batch.state = state
    batch.finished_at = timezone.now()
    batch.save()
    audit.log(
        "import.finish", by=batch.by, subject=batch, kind=batch.kind, state=str(state),
        sha256=batch.sha256, system=batch.system_id, new=batch.rows_new,
        corrected=batch.rows_corrected, same=batch.rows_same, bad=batch.rows_bad,
    )  # fmt: skip


def _record_all(
    reading: Reading, batch: ImportBatch, outcomes: dict[int, str] | None = None
) -> set[int]:
    touched: set[int] = set()
    for chunk in _chunks(reading.rows):
        with transaction.atomic():
            if not _still_ours(batch):
                return touched
            tally = _record_chunk(reading, chunk, batch)
            batch.rows_done += len(chunk)
            batch.rows_new += tally.new
            batch.rows_corrected += tally.corrected
            batch.rows_same += tally.same
            batch.rows_bad += len(tally.problems)
            batch.problems += [problem.as_dict() for problem in tally.problems]
            batch.save(update_fields=_COUNTED if tally.problems else _COUNTERS)
        touched |= tally.touched
        if outcomes is not None:
            outcomes |= tally.outcomes
    return touched


def _count_earlier_runs(reading: Reading, batch: ImportBatch) -> set[int]:
    """Facts of this batch that a killed run had recorded count as its own; whom they touch."""
    model = FACTS.get(reading.kind)
    if model is None:
        return set()
    own = model._default_manager.filter(batch=batch)
    new, corrected = (own.filter(supersedes__isnull=first).count() for first in (True, False))
    batch.rows_same -= new + corrected - batch.rows_new - batch.rows_corrected
    batch.rows_new, batch.rows_corrected = new, corrected
    return touched_by(batch)


def _still_ours(batch: ImportBatch) -> bool:
    """Whether nobody gave up or went on with this batch meanwhile; holds its row until the chunk is in."""
    row = ImportBatch.objects.select_for_update().only("rows_done", "state").get(pk=batch.pk)
    return (row.rows_done, row.state) == (batch.rows_done, batch.state)


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _record_chunk(reading: Reading, chunk: Sequence[Row], batch: ImportBatch | None) -> Tally:
    """One importer at a time: two at once would both see a row as new."""
    take_turn(IMPORTING)
    if reading.kind == "enterprises":
        return record_enterprises(reading, chunk)
    return record_facts(FACTS[reading.kind], chunk, batch, reading.today)
