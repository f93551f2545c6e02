"""One enterprise's score told in full: every step from base to grade, and how it goes on by itself.

Everything here is what the one score function says with the records of now, as of a day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import pandas as pd
from django.db.models import Count, Q

from credit.acts.scores import Computed, Part, compute
from credit.models import Enterprise, Score
from credit.models.rulesets import timeline
from credit.rules.ruleset import NORMAL, Ruleset
from credit.rules.terms import add_months
from credit.rules.timeline import Timeline

MOST_CHANGES: Final = 8  # days shown in the table of what comes next
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """One record in the score. ``full`` is points × weight × decay, ``deducted`` what the cap leaves of it."""

    key: str
    record_type: str
    record_id: int
    label: str
    kind: str
    name: str
    article: str
    confirmed: bool
    happened_on: date
    circumstance: str
    points: Decimal
    weight: Decimal
    decay: Decimal
    full: Decimal
    deducted: Decimal
    drop_off: date | None
    cap: str
    steps: tuple[tuple[date, Decimal], ...]  # until this day, this share counts


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the waterfall; ``amount`` is added. ``sort``: base, line, cap, limit."""

    sort: str
    label: str
    amount: Decimal
    article: str = ""
    confirmed: bool = True
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """The score of one enterprise as of a day. The amounts of ``steps`` add up to ``points``."""

    as_of: date
    points: Decimal
    grade_by_points: str
    grade: str
    veto: str
    veto_reason: str
    veto_article: str
    veto_confirmed: bool
    lines: tuple[Line, ...]
    steps: tuple[Step, ...]
    ruleset: Ruleset
    days: tuple[date, ...]  # after ``as_of``, on which something may change


def account(enterprise: Enterprise, as_of: date, *, upcoming: bool = False) -> Account:
    """What the score of ``enterprise`` is as of a day, if nothing is recorded until then.

    ``upcoming``: with every day after it on which something may change (``changes`` needs them of today).
    """
    part = Part(
        [(enterprise.pk, enterprise.standardisation_level)], {"enterprise_id": enterprise.pk}
    )
    computed = compute(part, as_of, upcoming=upcoming)
    row = computed.frames.enterprises.iloc[0]
    lines = tuple(_lines(computed))
    steps = tuple(_steps(enterprise, row, lines, computed.rules))
    vetoes = {veto.code: veto.confirmed for veto in computed.rules.now.vetoes}
    return Account(
        as_of=as_of,
        points=_money(row["points"]),
        grade_by_points=row["grade_by_points"],
        grade=row["grade"],
        veto=row["veto"],
        veto_reason=row["veto_reason"],
        veto_article=row["veto_article"],
        veto_confirmed=vetoes.get(row["veto"], True),
        lines=lines,
        steps=steps,
        ruleset=computed.rules.now,
        days=tuple(sorted({*(day.date() for day in computed.days["day"]), *_new_rules(as_of)})),
    )


def _new_rules(as_of: date) -> Iterator[date]:
    """The first days of rule-sets that were adopted and come into force later."""
    days = (one.effective_from for one in timeline().sets)
    return (day for day in days if day > as_of)


def _money(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(_CENT)


def _lines(computed: Computed) -> Iterator[Line]:
    shown = computed.records.drop_duplicates("record").set_index("record")
    for row in computed.frames.lines.to_dict("records"):
        about = shown.loc[row["record"]]
        happened: date = row["happened_on"].date()
        ruleset = computed.rules.on(happened)
        rule = ruleset.deductions[row["kind"]]
        yield Line(
            key=row["record"],
            record_type=about["record_type"],
            record_id=int(about["record_id"]),
            label=about["label"],
            kind=row["kind"],
            name=row["name"],
            article=row["article"],
            confirmed=rule.confirmed,
            happened_on=happened,
            circumstance=ruleset.weights.get(row["circumstance"], ruleset.weights[NORMAL]).name,
            points=_money(row["points"]),
            weight=Decimal(str(row["weight"])),
            decay=Decimal(str(row["decay"])),
            full=_money(round(row["points"] * row["weight"] * row["decay"] * 100) / 100),
            deducted=_money(row["deducted"]),
            drop_off=None if pd.isna(row["drop_off"]) else row["drop_off"].date(),
            cap=rule.cap,
            steps=_curve(happened, rule.decay, ruleset),
        )


def _curve(happened: date, profile: str, ruleset: Ruleset) -> tuple[tuple[date, Decimal], ...]:
    decay = ruleset.decays[profile]
    return tuple(
        (add_months(happened, months), Decimal(part) / decay.whole)
        for months, part in zip(decay.months, decay.parts, strict=True)
    )


def _steps(
    enterprise: Enterprise, row: Any, lines: tuple[Line, ...], rules: Timeline
) -> Iterator[Step]:
    ruleset = rules.now
    base = ruleset.bases[enterprise.standardisation_level]
    yield Step("base", f"起始分：{base.name}", _money(row["base"]), base.article, base.confirmed)
    for line in lines:
        yield Step("line", line.name, -line.full, line.article, line.confirmed, line.happened_on)
    caps = {code: cap for one in rules.sets for code, cap in one.caps.items()}
    for code, cap in caps.items():
        beyond = sum((line.full - line.deducted for line in lines if line.cap == code), Decimal())
        if beyond:
            yield Step("cap", f"{cap.name} {cap.points:g} 分", beyond, cap.article, cap.confirmed)
    limited = _money(row["points"]) - _money(row["base"]) + _money(row["deducted"])
    if limited:
        least, most = f"最低 {ruleset.lowest:g} 分", f"最高 {ruleset.highest:g} 分"
        yield Step("limit", least if limited > 0 else most, limited, ruleset.name)


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which figures change by themselves, and why."""

    day: date
    points: Decimal
    grade: str
    reasons: tuple[str, ...]


def changes(enterprise: Enterprise, now: Account) -> list[Change]:
    """The next days on which points, grade or a line change if nothing is recorded, the nearest first."""
    accounts = [now, *(account(enterprise, day) for day in now.days[:MOST_CHANGES])]
    found = [
        Change(after.as_of, after.points, after.grade, tuple(_reasons(before, after)))
        for before, after in pairwise(accounts)
    ]
    return [change for change in found if change.reasons]


def _reasons(before: Account, after: Account) -> Iterator[str]:
    standing = {line.key: line for line in after.lines}
    known = {line.key for line in before.lines}
    for line in before.lines:
        now = standing.get(line.key)
        if now is None:
            yield f"“{line.label}”不再计分"
        elif now.decay != line.decay:
            yield f"“{line.label}”改按 {round(now.decay * 100)}% 计"
        elif now.deducted != line.deducted:
            yield f"“{line.label}”在上限内改扣 {now.deducted.normalize():f} 分"
    yield from (f"“{line.label}”开始计分" for line in after.lines if line.key not in known)
    if before.ruleset.label != after.ruleset.label:
        yield f"改按{after.ruleset.name}（{after.ruleset.label}）计算"
    if before.veto != after.veto:
        if before.veto:
            yield f"不再因“{before.veto_reason}”限定等级"
        if after.veto:
            yield f"改因“{after.veto_reason}”限定等级"


@dataclass(frozen=True, slots=True)
class Peers:
    """Where the points stand among the other active enterprises of the sector that have a score."""

    count: int
    lower: int
    equal: int
    enough: bool

    @property
    def share(self) -> int:
        """Per cent of the peers that have fewer points; 0 without peers."""
        return self.lower * 100 // self.count if self.count else 0


def peers(enterprise: Enterprise, points: Decimal, *, fewest: int) -> Peers:
    """Counted in one query; fewer than ``fewest`` peers say nothing, and might say too much of one."""
    others = Score.objects.filter(
        enterprise__sector=enterprise.sector_id, enterprise__status=Enterprise.Status.ACTIVE
    ).exclude(enterprise=enterprise)
    counted = others.aggregate(
        count=Count("pk"),
        lower=Count("pk", filter=Q(points__lt=points)),
        equal=Count("pk", filter=Q(points=points)),
    )
    return Peers(**counted, enough=counted["count"] >= fewest)
