"""How rows become facts and enterprises: one chunk at a time, within the transaction of ``credit.acts.intake``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from django.utils import timezone

from credit.importing.rows import Problem, Reading, Row
from credit.models import Accident, Enterprise, ImportBatch, Violation
from credit.models.records import Fact

FACTS: Final[dict[str, type[Violation] | type[Accident]]] = {
    "violations": Violation,
    "accidents": Accident,
}


@dataclass(slots=True)
class Tally:
    """What became of a chunk, and which enterprises it touched."""

    new: int = 0
    corrected: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)

    def add(self, part: "Tally") -> None:
        """Take in what became of another chunk."""
        self.new += part.new
        self.corrected += part.corrected
        self.same += part.same
        self.problems += part.problems
        self.touched |= part.touched


# -- Facts: a changed row supersedes -------------------------------------------------------------------


def record_facts(
    model: type[Violation] | type[Accident], chunk: Sequence[Row], batch: ImportBatch | None
) -> Tally:
    """New rows are added, changed ones supersede, equal ones are left alone."""
    current = _current(model, chunk)
    now = timezone.now()
    tally = Tally()
    fresh: list[Fact] = []
    replaced: list[int] = []
    for row in chunk:
        old = current.get((row.values["identity"], row.values["enterprise_id"]))
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
            said = {**row.values, "source_key": old.source_key}  # as first printed: one history
            fresh.append(model(**kept, **said, batch=batch, supersedes=cast("Any", old)))
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
        identity__in=[row.values["identity"] for row in chunk],
        replaced_at__isnull=True,
    )
    return {(fact.identity, fact.enterprise_id): fact for fact in cast("Any", found)}


def _agrees(old: Fact | Enterprise, values: dict[str, Any]) -> bool:
    """How the number is printed is no content."""
    said = ((name, value) for name, value in values.items() if name != "source_key")
    return all(getattr(old, name) == value for name, value in said)


def _content(model: type[Fact]) -> set[str]:
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
