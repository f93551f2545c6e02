"""The one door through which records enter: idempotent by source key, corrections supersede.

A reading is taken in chunks. Each chunk is one transaction together with the batch's counters, so a
killed import is finished by running it again, and running it once more changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, cast

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from credit.importing.files import read_table
from credit.importing.rows import Problem, Reading, Row, read_rows
from credit.importing.tables import FileError, Table
from credit.importing.workbooks import marked_workbook
from credit.models import Accident, Enterprise, ImportBatch, Violation
from credit.models.records import Fact

CHUNK: Final = 1000
PROBLEMS_KEPT: Final = 20_000
_FACTS: Final[dict[str, type[Violation] | type[Accident]]] = {
    "violations": Violation,
    "accidents": Accident,
}
_LOCK: Final = 19_860_514  # the advisory lock of imports on PostgreSQL; any constant of our own


@dataclass(slots=True)
class Tally:
    """What became of a chunk, and which enterprises it touched."""

    new: int = 0
    corrected: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)


def open_batch(
    content: bytes, *, kind: str, file_name: str, by: Any = None, strict: bool = False
) -> ImportBatch:
    """Keep the file in private storage and a batch that waits for ``run``."""
    batch = ImportBatch(kind=kind, file_name=file_name[:200], by=by, strict=strict)
    batch.file = storages["private"].save(
        f"imports/{get_random_string(32)}.bin", ContentFile(content)
    )
    batch.save()
    return batch


def read(content: bytes, *, kind: str, today: date, by: Any = None) -> Reading:
    """What a file says; a file that is no table is a reading with one problem."""
    try:
        table = read_table(content)
    except FileError as fault:
        return Reading(kind, [], [Problem(0, "", "", str(fault))], [], "")
    return read_rows(table, kind, today=today, officer=by)


def run(batch: ImportBatch, *, today: date) -> set[int]:
    """Read the batch's file and record its good rows; the keys of the touched enterprises.

    After a killed run every row is looked at again, for the register may have changed meanwhile; what
    was recorded is left alone. A finished batch does nothing.
    """
    batch.refresh_from_db()  # another worker may have gone on with it
    if batch.state in (ImportBatch.State.DONE, ImportBatch.State.REFUSED):
        return set()
    with storages["private"].open(batch.file) as file:
        content = file.read()
    reading = read(content, kind=batch.kind, today=today, by=batch.by)
    _begin(batch, reading)
    if not reading.rows or (batch.strict and reading.problems):
        _finish(batch, ImportBatch.State.REFUSED)
        return set()
    return record(reading, batch=batch)


def marked(content: bytes, problems: Sequence[Problem]) -> bytes:
    """The file as XLSX with its bad cells marked; of a file that is no table, the list alone."""
    try:
        table = read_table(content)
    except FileError:
        table = Table([])
    return marked_workbook(table, [problem.as_dict() for problem in problems])


def marked_of(batch: ImportBatch) -> bytes:
    """The same for a batch, from the file that it kept."""
    with storages["private"].open(batch.file) as file:
        content = file.read()
    fields = ("row", "column", "value", "advice", "position")
    kept = [entry for entry in batch.problems if not entry.get("notice")]
    return marked(content, [Problem(**{name: entry[name] for name in fields}) for entry in kept])


def dry_run(reading: Reading) -> Tally:
    """What recording would do, undone before it returns."""
    with transaction.atomic():
        tally = Tally()
        for chunk in _chunks(reading.rows):
            _add(tally, _record_chunk(reading, chunk, None))
        transaction.set_rollback(True)
    return tally


def record(reading: Reading, *, batch: ImportBatch) -> set[int]:
    """Record the rows of a reading; the keys of the touched enterprises.

    A strict batch is one transaction, any other one transaction a chunk.
    """
    touched: set[int] = set()
    if batch.strict:
        with transaction.atomic():
            touched = _record_all(reading, batch)
    else:
        touched = _record_all(reading, batch)
    if batch.rows_done >= len(reading.rows):
        touched |= _count_earlier_runs(reading, batch)
        _finish(batch, ImportBatch.State.DONE)
    return touched


def _begin(batch: ImportBatch, reading: Reading) -> None:
    batch.state = ImportBatch.State.RUNNING
    batch.sha256 = reading.sha256
    batch.rows_total = reading.rows_total
    batch.rows_bad = reading.bad_rows
    notices = [{**notice.as_dict(), "notice": True} for notice in reading.notices]
    problems = [problem.as_dict() for problem in reading.problems]
    batch.problems = (problems + notices)[:PROBLEMS_KEPT]
    batch.rows_done = batch.rows_new = batch.rows_corrected = 0
    # Rows that repeat another one of the file: counted once, and here.
    batch.rows_same = reading.rows_total - len(reading.rows) - reading.bad_rows
    batch.save()


def _finish(batch: ImportBatch, state: str) -> None:
    batch.state = state
    batch.finished_at = timezone.now()
    batch.save()


def _record_all(reading: Reading, batch: ImportBatch) -> set[int]:
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
            batch.save()
        touched |= tally.touched
    return touched


def _count_earlier_runs(reading: Reading, batch: ImportBatch) -> set[int]:
    """Facts of this batch that a killed run had recorded count as its own; whom they touch."""
    model = _FACTS.get(reading.kind)
    if model is None:
        return set()
    own = model._default_manager.filter(batch=batch)
    new, corrected = (own.filter(supersedes__isnull=first).count() for first in (True, False))
    batch.rows_same -= new + corrected - batch.rows_new - batch.rows_corrected
    batch.rows_new, batch.rows_corrected = new, corrected
    return set(own.values_list("enterprise_id", flat=True))


def _still_ours(batch: ImportBatch) -> bool:
    """Whether no other worker went on with this batch meanwhile; holds its row until the chunk is in."""
    row = ImportBatch.objects.select_for_update().only("rows_done").get(pk=batch.pk)
    return row.rows_done == batch.rows_done


def _chunks(rows: Sequence[Row]) -> list[Sequence[Row]]:
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]


def _add(total: Tally, part: Tally) -> None:
    total.new += part.new
    total.corrected += part.corrected
    total.same += part.same
    total.problems += part.problems
    total.touched |= part.touched


def _record_chunk(reading: Reading, chunk: Sequence[Row], batch: ImportBatch | None) -> Tally:
    """One importer at a time: two at once would both see a row as new."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if reading.kind == "enterprises":
        return _record_enterprises(reading, chunk)
    return _record_facts(_FACTS[reading.kind], chunk, batch)


# -- Facts: a changed row supersedes -------------------------------------------------------------------


def _record_facts(
    model: type[Violation] | type[Accident], chunk: Sequence[Row], batch: ImportBatch | None
) -> Tally:
    current = _current(model, chunk)
    now = timezone.now()
    tally = Tally()
    fresh: list[Fact] = []
    replaced: list[int] = []
    for row in chunk:
        old = current.get((row.values["source_key"], row.values["enterprise_id"]))
        if old is not None and _agrees(old, row.values):
            tally.same += 1
            continue
        if old is not None and old.withdrawn_at is not None:
            advice = "这条记录已被撤销，不能更正；如需恢复请由专员办理"
            tally.problems.append(Problem(row.number, "", row.values["source_key"], advice))
            continue
        tally.touched.add(row.values["enterprise_id"])
        if old is None:
            tally.new += 1
            fresh.append(model(**row.values, batch=batch))
        else:
            tally.corrected += 1
            replaced.append(old.pk)
            kept = {f: getattr(old, f) for f in _content(model) if f not in row.values}
            fresh.append(model(**kept, **row.values, batch=batch, supersedes=cast("Any", old)))
    if replaced:
        model._default_manager.filter(pk__in=replaced).update(replaced_at=now)
    model._default_manager.bulk_create(cast("Any", fresh))
    return tally


def _current(
    model: type[Violation] | type[Accident], chunk: Sequence[Row]
) -> dict[tuple[str, int], Fact]:
    """The rows that stand now for the keys of a chunk; withdrawn ones too."""
    found = model._default_manager.filter(
        source=chunk[0].values["source"],
        source_key__in=[row.values["source_key"] for row in chunk],
        replaced_at__isnull=True,
    )
    return {(fact.source_key, fact.enterprise_id): fact for fact in cast("Any", found)}


def _agrees(old: Fact, values: dict[str, Any]) -> bool:
    return all(getattr(old, name) == value for name, value in values.items())


def _content(model: type[Fact]) -> set[str]:
    """Fields that say what happened, without keys and clocks."""
    common = {f.name for f in Fact._meta.fields} | {"id", "grade"}
    return {f.name for f in model._meta.concrete_fields} - common


# -- The register: the newest word stands --------------------------------------------------------------

_NUMBERS: Final = ("uscc", "legacy_number")


def _record_enterprises(reading: Reading, chunk: Sequence[Row]) -> Tally:
    tally = Tally()
    for number in _NUMBERS:
        rows = [row.values for row in chunk if row.values[number]]
        known = {
            getattr(found, number): found
            for found in Enterprise.objects.filter(
                **{f"{number}__in": [values[number] for values in rows]}
            )
        }
        changed = []
        for values in rows:
            old = known.get(values[number])
            if old is not None and _agrees_enterprise(old, values):
                tally.same += 1
                continue
            tally.new += old is None
            tally.corrected += old is not None
            if old is not None:
                tally.touched.add(old.pk)
            enterprise = Enterprise(**values)
            enterprise.search_text = enterprise.make_search_text()
            changed.append(enterprise)
        if changed:
            _upsert(changed, number, set(reading.present))
            numbers = [getattr(one, number) for one in changed]
            tally.touched.update(
                Enterprise.objects.filter(**{f"{number}__in": numbers}).values_list("pk", flat=True)
            )
    return tally


def _agrees_enterprise(old: Enterprise, values: dict[str, Any]) -> bool:
    return all(getattr(old, name) == value for name, value in values.items())


def _upsert(enterprises: list[Enterprise], number: str, present: set[str]) -> None:
    """Insert or update by number; only columns that the file has are touched."""
    columns = sorted({"name", "place", "sector", "search_text"} | (present - {"number"}))
    Enterprise.objects.bulk_create(
        enterprises, update_conflicts=True, unique_fields=[number], update_fields=columns
    )
