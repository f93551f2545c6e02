"""The score: one vectorised function over frames, for one enterprise or a million.

There is no second implementation. Points are counted in whole hundredths, so the result
does not depend on how the enterprises are partitioned.

A record takes its figures (points, weight, decay, group) from the rule-set of its day; base points, bounds,
vetoes and caps are those of the rule-set in force as of the day of the question (docs/decisions/0013).

Frames that go in
    enterprises: ``enterprise`` (unique key), ``standardisation_level`` (0 none, 1 best, 2, 3)
    records: ``record`` (key), ``enterprise``, ``kind`` (of the rule-set), ``happened_on``
    (date) and, if wanted, ``circumstance`` (of the rule-set's weights; "normal" if absent).
    Pass records of open matters (hazards) only while they are open; closed ones are left out.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit.rules.ruleset import GRADES, NORMAL, Ruleset, load_ruleset
from credit.rules.timeline import Rules

ENTERPRISE_COLUMNS: Final = (
    "enterprise",
    "base",  # points at the start
    "deducted",  # sum of the lines, negative when merits prevail
    "points",  # base - deducted, within the rule-set's lowest and highest
    "grade_by_points",
    "grade",  # after vetoes
    "veto",  # code of the veto that decided the grade, "" if none
    "veto_reason",
    "veto_article",
)
LINE_COLUMNS: Final = (
    "record",
    "enterprise",
    "kind",
    "name",  # the kind in Chinese
    "article",
    "confirmed",  # whether the article's text was checked
    "happened_on",
    "circumstance",
    "points",  # before weight
    "weight",
    "decay",  # 1 fresh, falling towards 0
    "deducted",  # points x weight x decay, less what is beyond the cap
    "drop_off",  # first day on which it no longer counts; NaT: counts while it is open
)
_CENTS: Final = 100
_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ScoreFrames:
    """``enterprises``: a row each, in the order given. ``lines``: a row per counting record."""

    enterprises: pd.DataFrame
    lines: pd.DataFrame


def score(
    enterprises: pd.DataFrame, records: pd.DataFrame, rules: Rules, as_of: date
) -> ScoreFrames:
    """Score ``enterprises`` by their ``records`` under ``rules``, one rule-set or several in time, as of a day.

    Records later than ``as_of`` and those past their drop-off day do not count, nor do those of a kind that
    the rule-set of their day does not know. Raises
    ValueError for missing columns, unknown keys, kinds, levels or circumstances, and for
    missing dates: input is never guessed at.
    """
    _require(enterprises, ("enterprise", "standardisation_level"), "enterprises")
    _require(records, ("record", "enterprise", "kind", "happened_on"), "records")
    keys = pd.Index(enterprises["enterprise"])
    if not keys.is_unique:
        raise ValueError("enterprises: a key comes twice")
    today = pd.Timestamp(as_of)
    rules = rules.until(as_of)
    facts = _facts(records, keys, rules.sets)
    facts = facts[facts["happened_on"] <= today]
    lines = _lines(facts, rules.sets, today)
    cents = np.bincount(lines["position"], weights=lines["cents"], minlength=len(keys))
    vetoes = _vetoes(facts, rules.now, today, len(keys))
    scores = _scores(enterprises, cents.astype(np.int64), vetoes, rules.now)
    return ScoreFrames(scores, lines[list(LINE_COLUMNS)].reset_index(drop=True))


def _require(frame: pd.DataFrame, columns: tuple[str, ...], what: str) -> None:
    if missing := [column for column in columns if column not in frame.columns]:
        raise ValueError(f"{what}: missing columns {', '.join(missing)}")


def _places(values: "pd.Series[Any]", known: pd.Index, what: str) -> npt.NDArray[np.intp]:
    """Where each value stands in ``known``. Raises ValueError naming up to five unknown ones."""
    places = known.get_indexer(pd.Index(values))
    if (places < 0).any():
        unknown = sorted({str(value) for value in values[places < 0]})[:5]
        raise ValueError(f"unknown {what}: {', '.join(unknown)}")
    return places


def _facts(records: pd.DataFrame, keys: pd.Index, sets: tuple[Ruleset, ...]) -> pd.DataFrame:
    """Records joined with what the rule-set of their day says of their kind and circumstance."""
    facts = records[["record", "enterprise", "kind"]].copy()
    facts["position"] = _places(records["enterprise"], keys, "enterprises in records")
    facts["happened_on"] = pd.to_datetime(records["happened_on"]).astype("datetime64[us]")
    if facts["happened_on"].isna().any():
        raise ValueError("records: happened_on is missing")
    begins = np.array([one.effective_from for one in sets[1:]], dtype="datetime64[us]")
    days = facts["happened_on"].to_numpy(dtype="datetime64[us]")
    facts["version"] = np.searchsorted(begins, days, side="right")
    known = {*load_ruleset().deductions, *(kind for one in sets for kind in one.deductions)}
    kinds = pd.Index(sorted(known))
    rules = _kinds(sets, kinds)
    rows = facts["version"].to_numpy() * len(kinds) + _places(records["kind"], kinds, "kinds")
    for column in rules.columns:
        facts[column] = rules[column].to_numpy()[rows]
    facts = _weighed(facts, records, sets)
    return facts[facts["points"].notna()]


def _kinds(sets: tuple[Ruleset, ...], kinds: pd.Index) -> pd.DataFrame:
    """What each rule-set says of each kind, a row each; points are nan where it does not know the kind."""
    columns = ["name", "article", "confirmed", "points", "profile", "cap"]
    rows = []
    for place, one in enumerate(sets):
        for kind in kinds:
            d = one.deductions.get(kind)
            rows.append(
                (d.name, d.article, d.confirmed, float(d.points), f"{place}:{d.decay}", d.cap)
                if d
                else ("", "", False, np.nan, "", "")
            )
    return pd.DataFrame(rows, columns=columns)


def _weighed(facts: pd.DataFrame, records: pd.DataFrame, sets: tuple[Ruleset, ...]) -> pd.DataFrame:
    """Add circumstance and weight; a circumstance that came into the rules later weighs as normal."""
    if "circumstance" in records.columns:
        facts["circumstance"] = records["circumstance"]
    else:
        facts["circumstance"] = pd.Series(NORMAL, index=facts.index, dtype="str")
    known = pd.Index(sorted({name for one in sets for name in one.weights}))
    places = _places(facts["circumstance"], known, "circumstances")
    factors = np.array(
        [
            [float(one.weights.get(name, one.weights[NORMAL]).factor) for name in known]
            for one in sets
        ]
    )
    facts["weight"] = factors[facts["version"].to_numpy(), places]
    return facts


def _lines(facts: pd.DataFrame, sets: tuple[Ruleset, ...], today: pd.Timestamp) -> pd.DataFrame:
    """Facts that still count, decayed and capped, newest first within an enterprise."""
    lines = _decayed(facts, sets, today)
    lines = lines[lines["drop_off"].isna() | (lines["drop_off"] > today)]
    lines = lines.sort_values(
        ["position", "happened_on", "record", "kind"], ascending=[True, False, True, True]
    )
    exact = lines["points"] * lines["weight"] * lines["decay"] * _CENTS
    return _capped(lines.assign(cents=exact.round().astype("int64")), sets)


def _decayed(facts: pd.DataFrame, sets: tuple[Ruleset, ...], today: pd.Timestamp) -> pd.DataFrame:
    """Add ``decay`` and ``drop_off``; a loop over the few profiles, not over rows."""
    decay = np.ones(len(facts))
    drop_off = pd.Series(pd.NaT, index=facts.index, dtype="datetime64[us]")
    profiles = [
        (f"{place}:{p.code}", p) for place, one in enumerate(sets) for p in one.decays.values()
    ]
    for code, profile in profiles:
        chosen = (facts["profile"] == code).to_numpy()
        if not profile.months or not chosen.any():
            continue
        happened = facts.loc[chosen, "happened_on"]
        ends = [happened + pd.DateOffset(months=months) for months in profile.months]
        shares = [part / profile.whole for part in profile.parts]
        decay[chosen] = np.select([(end > today).to_numpy() for end in ends], shares, default=0.0)
        drop_off = drop_off.mask(chosen, ends[-1].reindex(facts.index))
    return facts.assign(decay=decay, drop_off=drop_off)


def _capped(lines: pd.DataFrame, sets: tuple[Ruleset, ...]) -> pd.DataFrame:
    """Limit each group of an enterprise to its cap: newer lines use it up first.

    The cap is today's; of a group that today's rule-set no longer has, the last that it had.
    """
    last = {code: cap.points for one in sets for code, cap in one.caps.items()}
    caps = np.array([round(points * _CENTS) for points in last.values()], dtype=np.int64)
    cap = caps[pd.Index(list(last)).get_indexer(pd.Index(lines["cap"]))]
    size = lines["cents"].abs()
    used_before = size.groupby([lines["position"], lines["cap"]]).cumsum() - size
    allowed = np.clip(cap - used_before.to_numpy(), 0, size.to_numpy())
    cents = np.sign(lines["cents"].to_numpy()) * allowed
    return lines.assign(cents=cents, deducted=cents / _CENTS)


def _vetoes(facts: pd.DataFrame, ruleset: Ruleset, today: pd.Timestamp, count: int) -> _Numbers:
    """For each enterprise the place of the strictest veto that holds, -1 for none."""
    decided = np.full(count, -1, dtype=np.int64)
    worst = np.full(count, -1, dtype=np.int64)
    for place, veto in enumerate(ruleset.vetoes):
        chosen = facts[facts["kind"].isin(veto.kinds)]
        if veto.months:
            chosen = chosen[chosen["happened_on"] + pd.DateOffset(months=veto.months) > today]
        found = np.bincount(chosen["position"], minlength=count)
        rank = GRADES.index(veto.grade)
        stricter = (found >= veto.at_least) & (rank > worst)
        decided[stricter] = place
        worst[stricter] = rank
    return decided


def _scores(
    enterprises: pd.DataFrame, deducted: _Numbers, vetoes: _Numbers, ruleset: Ruleset
) -> pd.DataFrame:
    """Points and grades, a row for each enterprise."""
    levels = pd.Index(list(ruleset.bases))
    bases = np.array([round(base.points * _CENTS) for base in ruleset.bases.values()])
    base = bases[_places(enterprises["standardisation_level"], levels, "standardisation levels")]
    low, high = round(ruleset.lowest * _CENTS), round(ruleset.highest * _CENTS)
    points = np.clip(base - deducted, low, high)
    lowest = np.array([round(bound.lowest * _CENTS) for bound in reversed(ruleset.bounds)])
    by_points = len(GRADES) - np.searchsorted(lowest, points, side="right")
    # One more, blank row stands for "no veto": index -1 reaches it.
    rows = [(v.code, v.name, v.article, GRADES.index(v.grade)) for v in ruleset.vetoes]
    table = pd.DataFrame([*rows, ("", "", "", 0)], columns=["code", "name", "article", "rank"])
    ceiling = table["rank"].to_numpy()[vetoes]
    deciding = np.where(ceiling > by_points, vetoes, -1)
    names = np.array(GRADES, dtype=object)
    frame = pd.DataFrame(
        {
            "enterprise": enterprises["enterprise"].to_numpy(),
            "base": base / _CENTS,
            "deducted": deducted / _CENTS,
            "points": points / _CENTS,
            "grade_by_points": names[by_points],
            "grade": names[np.maximum(by_points, ceiling)],
            "veto": table["code"].to_numpy()[deciding],
            "veto_reason": table["name"].to_numpy()[deciding],
            "veto_article": table["article"].to_numpy()[deciding],
        }
    )
    return frame[list(ENTERPRISE_COLUMNS)]
