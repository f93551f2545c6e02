"""What a draft of a rule-set would change, over the whole register as of any day. It writes its own row alone.

The register is gone through by partitions: the memory does not grow with it, apart from what is kept to be
shown. The one score function and the one grounds engine answer, once with the rules in force and once with
the draft.
"""

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import pandas as pd
from django.db import transaction
from django.utils import timezone

from credit.acts import audit
from credit.acts.casework import refuse
from credit.acts.proposals import candidates
from credit.acts.rulesets import ARTICLE, DRAFT, require
from credit.acts.score_records import records_of
from credit.models import Enterprise, Jurisdiction, RulesetDraft, Sector, Simulation
from credit.models.rulesets import fingerprint, timeline
from credit.rules.ruleset import GRADES, Ruleset, parse_ruleset, problems_of
from credit.rules.timeline import Rules, Timeline
from credit.scoring import score

PARTITION: Final = 5_000  # enterprises at a time
KEPT: Final = 20_000  # changes of grade that are kept one by one; beyond it only counted
MOVERS: Final = 50
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
Row = tuple[int, int, int, int]  # key, standardisation level, place, sector
Change = tuple[
    float, int, str, str, float, float
]  # size, enterprise, grades from and to, points from and to


@transaction.atomic
def start(
    draft: RulesetDraft, *, officer: Any, as_of: date, every_record: bool = True
) -> Simulation:
    """A simulation of the draft's text as it stands, waiting for ``run``. Raises RefusedError."""
    require(officer, DRAFT)
    draft.refresh_from_db()
    if problems := problems_of(draft.text):
        raise refuse(f"草案还有 {len(problems)} 处问题，请先改正：{problems[0]}", ARTICLE)
    if not EARLIEST <= as_of < LATEST:
        raise refuse("截至日期应在 2000 年到 2099 年之间", ARTICLE)
    simulation = Simulation.objects.create(
        draft=draft,
        text=draft.text,
        sha256=fingerprint(draft.text),
        as_of=as_of,
        every_record=every_record,
        against=timeline(as_of).now.label,
        run_by=officer,
        total=Enterprise.objects.count(),
    )
    audit.log(
        "ruleset.simulate", by=officer, subject=simulation, sha256=simulation.sha256, as_of=as_of
    )
    return simulation


def run(simulation: Simulation) -> Simulation:
    """Go through the register and keep the result. Idempotent: what is done stays, what broke begins anew."""
    simulation.refresh_from_db()
    if simulation.state == Simulation.State.DONE:
        return simulation
    try:
        result = _result(simulation)
    except Exception:
        _note(simulation, state=Simulation.State.FAILED)
        raise
    _note(
        simulation,
        state=Simulation.State.DONE,
        result=result,
        done=result["total"],
        total=result["total"],
        finished_at=timezone.now(),
    )
    simulation.refresh_from_db()
    return simulation


def _note(simulation: Simulation, **columns: Any) -> None:
    """Another worker may have finished it meanwhile: what is done is never touched."""
    standing = Simulation.objects.filter(pk=simulation.pk).exclude(state=Simulation.State.DONE)
    standing.update(**columns)


def _result(simulation: Simulation) -> dict[str, Any]:
    now = timeline(simulation.as_of)
    then = _with_draft(now, parse_ruleset(simulation.text), simulation)
    tally = _Tally()
    for part in _partitions():
        tally.compare(part, now, then, simulation.as_of)
        _note(simulation, state=Simulation.State.RUNNING, done=tally.total)
    return tally.result()


def _with_draft(now: Timeline, draft: Ruleset, simulation: Simulation) -> Rules:
    """The rules as they would be on the day: the draft is in force by then, or has always been."""
    if simulation.every_record:
        return draft
    first = min(draft.effective_from, simulation.as_of)
    others = [one for one in now.sets if one.effective_from != first]
    return Timeline.of([*others, replace(draft, effective_from=first)])


def _partitions() -> Iterator[list[Row]]:
    register = Enterprise.objects.order_by("pk").values_list(
        "pk", "standardisation_level", "place_id", "sector_id"
    )
    last = 0
    while part := list(register.filter(pk__gt=last)[:PARTITION]):
        last = part[-1][0]
        yield part


@dataclass
class _Tally:
    """What was found so far."""

    total: int = 0
    matrix: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: Counter[tuple[int, str]] = field(default_factory=Counter)
    sectors: Counter[tuple[int, str]] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    movers: list[Change] = field(default_factory=list)
    lists: dict[str, dict[str, list[tuple[int, str]]]] = field(
        default_factory=lambda: {colour: {"new": [], "gone": []} for colour in ("black", "red")}
    )

    def compare(self, part: list[Row], now: Rules, then: Rules, as_of: date) -> None:
        """Add some enterprises, by key without a gap."""
        keys = {pk for pk, *_ in part}
        where = {"enterprise_id__gte": part[0][0], "enterprise_id__lte": part[-1][0]}
        before, after = (_scored(part, keys, where, rules, as_of) for rules in (now, then))
        self.total += len(part)
        homes = {pk: (place, sector) for pk, _, place, sector in part}
        for place, sector in homes.values():
            self._count(place, sector, "total")
        pairs = zip(before, after, strict=True)
        for (pk, old, points), (_, new, new_points) in pairs:
            self._move(homes[pk], (abs(new_points - points), pk, old, new, points, new_points))
        self.changes = heapq.nlargest(KEPT, self.changes)
        self.movers = heapq.nlargest(MOVERS, self.movers)
        self._list(homes, now, then, as_of)

    def _move(self, home: tuple[int, int], change: Change) -> None:
        size, _, old, new, *_ = change
        self.matrix[old, new] += 1
        if old != new:
            self.changes.append(change)
            self._count(*home, "worse" if GRADES.index(new) > GRADES.index(old) else "better")
        if size:
            self.movers.append(change)

    def _list(
        self, homes: dict[int, tuple[int, int]], now: Rules, then: Rules, as_of: date
    ) -> None:
        """Who would be proposed for a list, or no longer."""
        among = Enterprise.objects.filter(pk__gte=min(homes), pk__lte=max(homes))
        for colour, found in self.lists.items():
            old, new = (
                {
                    one.enterprise.pk: "；".join(ground["reason"] for ground in one.grounds)
                    for one in candidates(colour, as_of, among=among, rules=rules)
                }
                for rules in (now, then)
            )
            for name, ones, others in (("new", new, old), ("gone", old, new)):
                for pk in (ones.keys() - others.keys()) & homes.keys():
                    found[name].append((pk, ones[pk]))
                    self._count(*homes[pk], f"{colour}_{name}")

    def _count(self, place: int, sector: int, what: str) -> None:
        self.places[place, what] += 1
        self.sectors[sector, what] += 1

    def result(self) -> dict[str, Any]:
        """As plain JSON; names of places and sectors as they are today."""
        changed = sum(n for (old, new), n in self.matrix.items() if old != new)
        return {
            "total": self.total,
            "matrix": [[self.matrix[old, new] for new in GRADES] for old in GRADES],
            "changed": changed,
            "places": _by_name(self.places, dict(Jurisdiction.objects.values_list("pk", "name"))),
            "sectors": _by_name(self.sectors, dict(Sector.objects.values_list("pk", "name"))),
            "changes": [change[1:] for change in self.changes],
            "movers": [change[1:] for change in self.movers],
            "lists": self.lists,
        }


COUNTED: Final = ("total", "better", "worse", "black_new", "black_gone", "red_new", "red_gone")


def _by_name(counted: Counter[tuple[int, str]], names: dict[int, str]) -> list[dict[str, Any]]:
    """A row for each, most changes of grade first."""
    rows: list[dict[str, Any]] = [
        {"name": names.get(key, ""), **{what: counted[key, what] for what in COUNTED}}
        for key in dict.fromkeys(key for key, _ in counted)
    ]
    return sorted(rows, key=lambda row: (-row["better"] - row["worse"], row["name"]))


def _scored(
    part: list[Row], keys: set[int], where: dict[str, Any], rules: Rules, as_of: date
) -> list[tuple[int, str, float]]:
    """Key, grade and points of each, in the order of ``part``."""
    enterprises = pd.DataFrame(
        [(pk, level) for pk, level, *_ in part], columns=["enterprise", "standardisation_level"]
    )
    frame = score(enterprises, records_of(where, keys, rules), rules, as_of).enterprises
    columns = (frame[name].tolist() for name in ("enterprise", "grade", "points"))
    return list(zip(*columns, strict=True))
