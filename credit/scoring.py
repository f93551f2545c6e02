"""The score: one vectorised function over frames, for one enterprise or a million.

There is no second implementation. Points are counted in whole hundredths, so the result
does not depend on how the enterprises are partitioned.

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

from credit.rules.ruleset import GRADES, NORMAL, Ruleset

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
    enterprises: pd.DataFrame, records: pd.DataFrame, ruleset: Ruleset, as_of: date
) -> ScoreFrames:
    """Score ``enterprises`` by their ``records`` under ``ruleset`` as of a day.

    Records later than ``as_of`` and those past their drop-off day do not count. Raises
    ValueError for missing columns, unknown keys, kinds, levels or circumstances, and for
    missing dates: input is never guessed at.
    """
    _require(enterprises, ("enterprise", "standardisation_level"), "enterprises")
    _require(records, ("record", "enterprise", "kind", "happened_on"), "records")
    keys = pd.Index(enterprises["enterprise"])
    if not keys.is_unique:
        raise ValueError("enterprises: a key comes twice")
    today = pd.Timestamp(as_of)
    facts = _facts(records, keys, ruleset)
    facts = facts[facts["happened_on"] <= today]
    lines = _lines(facts, ruleset, today)
    cents = np.bincount(lines["position"], weights=lines["cents"], minlength=len(keys))
    vetoes = _vetoes(facts, ruleset, today, len(keys))
    scores = _scores(enterprises, cents.astype(np.int64), vetoes, ruleset)
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


def _facts(records: pd.DataFrame, keys: pd.Index, ruleset: Ruleset) -> pd.DataFrame:
    """Records joined with what the rule-set says of their kind and circumstance."""
    facts = records[["record", "enterprise", "kind"]].copy()
    facts["position"] = _places(records["enterprise"], keys, "enterprises in records")
    facts["happened_on"] = pd.to_datetime(records["happened_on"]).astype("datetime64[us]")
    if facts["happened_on"].isna().any():
        raise ValueError("records: happened_on is missing")
    rules = pd.DataFrame(
        [(d.name, d.article, float(d.points), d.decay, d.cap) for d in ruleset.deductions.values()],
        columns=["name", "article", "points", "profile", "cap"],
    )
    kinds = _places(records["kind"], pd.Index(list(ruleset.deductions)), "kinds")
    for column in rules.columns:
        facts[column] = rules[column].to_numpy()[kinds]
    if "circumstance" in records.columns:
        facts["circumstance"] = records["circumstance"]
    else:
        facts["circumstance"] = pd.Series(NORMAL, index=facts.index, dtype="str")
    known = pd.Index(list(ruleset.weights))
    factors = np.array([float(weight.factor) for weight in ruleset.weights.values()])
    facts["weight"] = factors[_places(facts["circumstance"], known, "circumstances")]
    return facts


def _lines(facts: pd.DataFrame, ruleset: Ruleset, today: pd.Timestamp) -> pd.DataFrame:
    """Facts that still count, decayed and capped, newest first within an enterprise."""
    lines = _decayed(facts, ruleset, today)
    lines = lines[lines["drop_off"].isna() | (lines["drop_off"] > today)]
    lines = lines.sort_values(
        ["position", "happened_on", "record", "kind"], ascending=[True, False, True, True]
    )
    exact = lines["points"] * lines["weight"] * lines["decay"] * _CENTS
    return _capped(lines.assign(cents=exact.round().astype("int64")), ruleset)


def _decayed(facts: pd.DataFrame, ruleset: Ruleset, today: pd.Timestamp) -> pd.DataFrame:
    """Add ``decay`` and ``drop_off``; a loop over the few profiles, not over rows."""
    decay = np.ones(len(facts))
    drop_off = pd.Series(pd.NaT, index=facts.index, dtype="datetime64[us]")
    for profile in ruleset.decays.values():
        chosen = (facts["profile"] == profile.code).to_numpy()
        if not profile.months or not chosen.any():
            continue
        happened = facts.loc[chosen, "happened_on"]
        ends = [happened + pd.DateOffset(months=months) for months in profile.months]
        shares = [part / profile.whole for part in profile.parts]
        decay[chosen] = np.select([(end > today).to_numpy() for end in ends], shares, default=0.0)
        drop_off = drop_off.mask(chosen, ends[-1].reindex(facts.index))
    return facts.assign(decay=decay, drop_off=drop_off)


def _capped(lines: pd.DataFrame, ruleset: Ruleset) -> pd.DataFrame:
    """Limit each group of an enterprise to its cap: newer lines use it up first."""
    caps = np.array([round(cap.points * _CENTS) for cap in ruleset.caps.values()], dtype=np.int64)
    cap = caps[pd.Index(list(ruleset.caps)).get_indexer(pd.Index(lines["cap"]))]
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
