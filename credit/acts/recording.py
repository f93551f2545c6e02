"""How rows become facts and enterprises: one chunk at a time, within the transaction of ``credit.acts.intake``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from credit.importing.rows import Problem, Reading, Row
from credit.models import (
    Accident,
    CasualtyDecision,
    CasualtyProposal,
    Enterprise,
    ImportBatch,
    Withdrawal,
)
from credit.models.kinds import BY_KIND
from credit.models.records import Fact
from credit.rules.accidents import classify, may_reclassify

FACTS: Final[dict[str, type[Any]]] = BY_KIND


@dataclass(slots=True)
class Tally:
    """What became of a chunk and of each of its rows, and which enterprises it touched."""

    new: int = 0
    corrected: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    outcomes: dict[int, str] = field(default_factory=dict)  # row number: new, corrected, same

    def add(self, part: "Tally") -> None:
        """Take in what became of another chunk; of its rows each, there may be too many."""
        self.new += part.new
        self.corrected += part.corrected
        self.same += part.same
        self.problems += part.problems
        self.touched |= part.touched


# -- Facts: a changed row supersedes -------------------------------------------------------------------


def record_facts(
    model: type[Any], chunk: Sequence[Row], batch: ImportBatch | None, today: date | None = None
) -> Tally:
    """New rows are added, changed ones supersede, equal ones are left alone.

    What was withdrawn on paper stays withdrawn; what went only with an undone import may come again.
    """
    current = _current(model, chunk)
    undone = _undone(model, current.values())
    tally = Tally()
    fresh: list[Fact] = []
    replaced: list[int] = []
    for row in chunk:
        old = current.get((row.values["identity"], row.values["enterprise_id"]))
        again = old is not None and old.pk in undone
        if old is not None and not again and _agrees(old, row.values):
            tally.same += 1
            tally.outcomes[row.number] = "same"
            continue
        if old is not None and not again and old.withdrawn_at is not None:
            tally.problems.append(Problem(row.number, "", row.values["source_key"], _WITHDRAWN))
            continue
        if model is Accident and (late := _late(old, row.values, batch, today)):
            tally.problems.append(Problem(row.number, "", row.values["source_key"], late))
            continue
        tally.touched.add(row.values["enterprise_id"])
        if old is None:
            tally.new += 1
            tally.outcomes[row.number] = "new"
            fresh.append(model(**row.values, batch=batch))
        else:
            tally.corrected += 1
            tally.outcomes[row.number] = "corrected"
            replaced.append(old.pk)
            fresh.append(_corrected(old, row.values, batch))
    if replaced:
        now = timezone.now()
        model._default_manager.filter(pk__in=replaced).update(replaced_at=now)
    add_many(model, fresh)
    return tally


WAITS: Final = "已登记在“伤亡变更”，决定后才更正"
_WITHDRAWN: Final = "这条记录已被撤销，不能更正；如需恢复请由专员办理"


def _late(old: Any, values: dict[str, Any], batch: ImportBatch | None, today: date | None) -> str:
    """Why a change of casualties cannot change the class now, "" if it can; it waits for a second person."""
    people = {name: values[name] for name in ("deaths", "serious_injuries")}
    if old is None or all(getattr(old, name) == value for name, value in people.items()):
        return ""
    on = today or timezone.localdate()
    ruling = may_reclassify(old.happened_on, on, old.kind)
    if ruling:
        return ""
    grade = classify(**people, direct_loss=old.direct_loss).value
    proposal, _ = CasualtyProposal.objects.get_or_create(
        accident=old, **people, defaults={
            "grade": grade, "by": batch.by if batch else None, "batch": batch, "on": on,
        },
    )  # fmt: skip
    decided = CasualtyDecision.objects.filter(proposal=proposal).exists()
    then = "已决定不予变更" if decided else WAITS
    return f"{ruling.reason}（{ruling.article}）：{then}，这一行没有记录"


def add_many(model: type[Any], facts: Sequence[Fact]) -> None:
    """Write new facts: by COPY on PostgreSQL, many rows a statement on SQLite. Triggers look at each row."""
    if connection.vendor != "postgresql" or not facts:
        model._default_manager.bulk_create(facts)
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for fact in facts:
            fact.derive()
            said = [(field, field.pre_save(fact, add=True)) for field in fields]
            copy.write_row([field.get_db_prep_save(value, connection) for field, value in said])


def _corrected(old: Fact, values: dict[str, Any], batch: ImportBatch | None) -> Fact:
    """The row that supersedes ``old``: what the file does not say stays, the number as first printed."""
    kept = {f: getattr(old, f) for f in content_of(type(old)) if f not in values}
    said = {**values, "source_key": old.source_key}
    model: type[Any] = type(old)
    added: Fact = model(**kept, **said, batch=batch, supersedes=old)
    return added


def _undone(model: type[Any], facts: Iterable[Fact]) -> set[int]:
    """Which of the facts are withdrawn by nothing but the undoing of the import that brought them."""
    gone = [fact.pk for fact in facts if fact.withdrawn_at is not None]
    if not gone:
        return set()
    name = model._meta.model_name
    marks = Withdrawal.objects.filter(**{f"{name}__in": gone}).order_by("pk")
    newest = dict(marks.values_list(name, "undo"))
    return {pk for pk, undo in newest.items() if undo is not None}


def _current(model: type[Any], chunk: Sequence[Row]) -> dict[tuple[str, int], Fact]:
    """The rows that stand now for the keys of a chunk; withdrawn ones too."""
    found = model._default_manager.filter(
        source=chunk[0].values["source"],
        identity__in=[row.values["identity"] for row in chunk],
        replaced_at__isnull=True,
    )
    return {(fact.identity, fact.enterprise_id): fact for fact in found}


def _agrees(old: Fact | Enterprise, values: dict[str, Any]) -> bool:
    """How the number is printed is no content."""
    said = ((name, value) for name, value in values.items() if name != "source_key")
    return all(getattr(old, name) == value for name, value in said)


def content_of(model: type[Fact]) -> set[str]:
    """Fields that say what happened, without keys and clocks."""
    common = {f.name for f in Fact._meta.fields} | {"id", "grade"}
    return {f.name for f in model._meta.concrete_fields} - common


# -- The register: the newest word stands --------------------------------------------------------------

_ROW_OF_ITS_OWN: Final = frozenset({"id", "created_at", "search_text"})


def record_enterprises(reading: Reading, chunk: Sequence[Row]) -> Tally:
    """Insert or update by number. What a row does not say stays as it is."""
    tally = Tally()
    resolved = _resolve(chunk)
    for number in ("uscc", "legacy_number"):
        rows = [row.values for row in chunk if _number_of(row.values) == number]
        asked = Enterprise.objects.filter(**{f"{number}__in": [one[number] for one in rows]})
        known = {getattr(found, number): found for found in asked}
        changed = []
        for values in rows:
            old = known.get(values[number])
            if old and old.pk not in resolved and _agrees(old, values):
                tally.same += 1
                continue
            tally.new += old is None
            tally.corrected += old is not None
            changed.append(_as_said(old, values))
        if changed:
            _upsert(changed, number, set(reading.present))
            numbers = [getattr(one, number) for one in changed]
            touched = Enterprise.objects.filter(**{f"{number}__in": numbers})
            tally.touched.update(touched.values_list("pk", flat=True))
    return tally


def _number_of(values: dict[str, Any]) -> str:
    return "uscc" if values.get("uscc") else "legacy_number"


def _resolve(chunk: Sequence[Row]) -> set[int]:
    """A row with both numbers gives the enterprise of the old one its code; the keys of those.

    The batch keeps who said so, and in which file; the old number stays beside the code.
    """
    codes = {
        row.values["legacy_number"]: row.values["uscc"]
        for row in chunk
        if row.values.get("uscc") and row.values.get("legacy_number")
    }
    waiting = list(Enterprise.objects.filter(legacy_number__in=codes, uscc__isnull=True))
    for enterprise in waiting:
        enterprise.uscc = codes[enterprise.legacy_number]
        enterprise.save(update_fields=["uscc", "search_text"])
    return {enterprise.pk for enterprise in waiting}


def _as_said(old: Enterprise | None, values: dict[str, Any]) -> Enterprise:
    names = {field.attname for field in Enterprise._meta.concrete_fields} - _ROW_OF_ITS_OWN
    kept = {name: getattr(old, name) for name in names} if old else {}
    return Enterprise(**{**kept, **values})


def _upsert(enterprises: list[Enterprise], number: str, present: set[str]) -> None:
    """Insert or update by number; only columns that the file has are touched."""
    said = present - {"number", number}
    columns = sorted({"name", "place", "sector", "search_text"} | said)
    Enterprise.objects.bulk_create(
        enterprises, update_conflicts=True, unique_fields=[number], update_fields=columns
    )
