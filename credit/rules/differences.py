"""What changes from one rule-set to another, in words that a decision officer can read aloud."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credit.rules.ruleset import Ruleset
from credit.rules.terms import printed

UNITS: Final = {
    "months": " 个月",
    "days": " 日",
    "working_days": " 个工作日",
    "yuan": " 元",
    "count": "",
}
Aspects = list[tuple[str, str]]
"""What an entry says, bit by bit: (words before, value)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, ready to print, with the article of the entry as it now stands (or last stood)."""

    section: str
    words: str
    article: str
    confirmed: bool


def differences(old: Ruleset, new: Ruleset) -> list[Change]:
    """Every difference from ``old`` to ``new``, section by section; nothing when they say the same."""
    found = list(_heads(old, new))
    for section, read, say in _SECTIONS:
        before = {code: (entry, say(entry, old)) for code, entry in read(old).items()}
        after = {code: (entry, say(entry, new)) for code, entry in read(new).items()}
        found += _entries(section, before, after)
    return found


def _heads(old: Ruleset, new: Ruleset) -> Iterator[Change]:
    """Name, version, first day and the range of points."""
    for words in _altered(_head(old), _head(new)):
        yield Change("总则", words, "", True)


def _head(one: Ruleset) -> Aspects:
    return [
        ("名称：", f"“{one.name}”"),
        ("版本：", one.label),
        ("施行日期：", printed(one.effective_from)),
        ("最低分：", f"{one.lowest:g} 分"),
        ("最高分：", f"{one.highest:g} 分"),
    ]


def _entries(
    section: str,
    old: Mapping[Any, tuple[Any, Aspects]],
    new: Mapping[Any, tuple[Any, Aspects]],
) -> Iterator[Change]:
    """What went, then what came and what changed, in the order of the newer one."""
    for code, (entry, said) in old.items():
        if code not in new:
            yield _change(section, entry, f"删去“{entry.name}”（{_whole(said)}）")
    for code, (entry, said) in new.items():
        if code not in old:
            yield _change(section, entry, f"新增“{entry.name}”：{_whole(said)}")
            continue
        before, said_before = old[code]
        altered = [*_altered(said_before, said), *_sources(before, entry)]
        if altered:
            yield _change(section, entry, f"{before.name}：{'；'.join(altered)}")


def _altered(old: Aspects, new: Aspects) -> Iterator[str]:
    """每次扣 5 分改为 8 分: the words before are said once while they stay."""
    for (label, value), (new_label, new_value) in zip(old, new, strict=True):
        if (label, value) != (new_label, new_value):
            following = new_value if new_label == label else f"{new_label}{new_value}"
            gap = " " if following[:1].isdigit() else ""
            yield f"{label}{value}改为{gap}{following}"


def _sources(old: Any, new: Any) -> Iterator[str]:
    if old.name != new.name:
        yield f"名称改为“{new.name}”"
    if old.article != new.article:
        yield f"依据由“{old.article}”改为“{new.article}”"
    if old.confirmed != new.confirmed:
        yield "依据改为已核对" if new.confirmed else "依据改为未核对"


def _whole(said: Aspects) -> str:
    return "，".join(f"{label}{value}" for label, value in said)


def _change(section: str, entry: Any, words: str) -> Change:
    return Change(section, words, entry.article, entry.confirmed)


# -- What the entries of each kind say -------------------------------------------------------------------


def _deduction(entry: Any, rules: Ruleset) -> Aspects:
    verb = "扣" if entry.points >= 0 else "加"
    return [
        (f"每次{verb} ", f"{abs(entry.points):g} 分"),
        ("时间系数按", f"“{rules.decays[entry.decay].name}”"),
        ("计入", f"“{rules.caps[entry.cap].name}”"),
    ]


def _decay(entry: Any, rules: Ruleset) -> Aspects:
    steps = zip(entry.months, entry.parts, strict=True)
    shown = "、".join(f"{months} 个月内计 {part}/{entry.whole}" for months, part in steps)
    return [("", shown or "存续期间全额计")]


def _veto(entry: Any, rules: Ruleset) -> Aspects:
    kinds = "、".join(rules.deductions[kind].name for kind in entry.kinds)
    span = f"{entry.months} 个月内" if entry.months else "存续期间"
    return [
        ("计算范围：", span),
        ("涉及", kinds),
        ("达 ", f"{entry.at_least} 次"),
        ("最高评为 ", f"{entry.grade} 级"),
    ]


def _accident(entry: Any, rules: Ruleset) -> Aspects:
    return [
        ("死亡 ", f"{entry.deaths} 人起"),
        ("重伤 ", f"{entry.serious_injuries} 人起"),
        ("直接经济损失 ", f"{entry.direct_loss / 10_000:g} 万元起"),
    ]


def _ground(entry: Any, rules: Ruleset) -> Aspects:
    return [("", "黑名单列入情形" if entry.list == "black" else "红名单条件")]


def _term(entry: Any, rules: Ruleset) -> Aspects:
    return [("", f"{entry.amount}{UNITS.get(entry.unit, f' {entry.unit}')}")]


def _simple(label: str, field: str, unit: str) -> Callable[[Any, Ruleset], Aspects]:
    return lambda entry, rules: [(label, f"{getattr(entry, field):g}{unit}")]


def _switch(entry: Any, rules: Ruleset) -> Aspects:
    return [("", f"{printed(entry.day)}起")]


def _by_code(rows: Any, key: str) -> Mapping[Any, Any]:
    return {getattr(row, key): row for row in rows}


Read = Callable[[Ruleset], Mapping[Any, Any]]
_SECTIONS: Final[tuple[tuple[str, Read, Callable[[Any, Ruleset], Aspects]], ...]] = (
    ("起始分", lambda one: one.bases, _simple("", "points", " 分")),
    ("扣分和加分", lambda one: one.deductions, _deduction),
    ("情节系数", lambda one: one.weights, _simple("按 ", "factor", " 倍计")),
    ("时间系数", lambda one: one.decays, _decay),
    ("合计上限", lambda one: one.caps, _simple("最多 ", "points", " 分")),
    ("等级分数线", lambda one: _by_code(one.bounds, "grade"), _simple("", "lowest", " 分起")),
    ("一票否决", lambda one: _by_code(one.vetoes, "code"), _veto),
    ("列入情形和条件", lambda one: one.grounds, _ground),
    ("期限和数额", lambda one: one.terms, _term),
    ("事故等级", lambda one: _by_code(one.accident_bounds, "grade"), _accident),
    ("新旧规定衔接", lambda one: one.switches, _switch),
)
