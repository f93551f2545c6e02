"""Whether the text of a rule-set can be used: every problem at once, each with entry, field and remedy."""

import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args, get_origin

if TYPE_CHECKING:
    from credit.rules.ruleset import Decay, Ruleset

GRADES: Final = ("A", "B", "C", "D")
NORMAL: Final = "normal"
ACCIDENT_CLASSES: Final = ("larger", "major", "extraordinary")  # what is below the first is 一般

Row = TypeVar("Row")
# What the database and the calendar can hold.
_LONGEST: Final = {"name": 60, "article": 200, "code": 40, "version": 15, "kind": 40}
_MOST_POINTS: Final = 1000
_MOST_MONTHS: Final = 1200
# What the law gives the party, no rule-set takes away.
_LEAST: Final = {
    "case.hearing": (5, "行政处罚法第六十四条"),
    "case.hearing_notice": (7, "行政处罚法第六十四条第二项"),
}
_MOST: Final = 10**12
_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TYPES: Final = {
    str: "文字（加引号）",
    float: "数字",
    int: "整数",
    bool: "true 或 false",
    date: "日期，如 2027-01-01",
}
_AT: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which ``entry`` and ``field``, and what to do about it; ready to print."""

    entry: str
    field: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.entry} {self.field}".strip()
        return f"{where}：{self.remedy}"


def read_toml(text: str) -> tuple[dict[str, Any], list[Problem]]:
    """The tables of a TOML text; a text that is none has one problem, with line and column."""
    try:
        return tomllib.loads(text), []
    except (ValueError, RecursionError) as error:
        found = _AT.search(str(error))
        where = f"第{found[1]}行第{found[2]}列" if found else "整个文件"
        said = _AT.sub("", str(error)).strip() or "嵌套太深"
        return {}, [
            Problem(where, "", f"写法不是 TOML，请看这一行或上一行的引号、等号和括号（{said}）")
        ]


class Reader:
    """Tables of a TOML text as dataclasses; what cannot be read is kept in ``problems``."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.problems: list[Problem] = []
        self._asked: set[str] = set()

    def head(self, key: str, kind: type[Any], default: Any) -> Any:
        """A value above all tables; ``default`` when it cannot be used."""
        self._asked.add(key)
        if key not in self.data:
            self.problems.append(Problem("开头", key, f"缺少这一项，请写上{_TYPES[kind]}"))
            return default
        return self._checked("开头", key, kind, self.data[key], default)

    def by(self, table: str, kind: type[Row], key: str) -> dict[Any, Row]:
        """Every ``[[table]]`` as a ``kind``, by its ``key``, each of which comes once."""
        self._asked.add(table)
        found: dict[Any, Row] = {}
        for place, row in enumerate(self._tables(table), start=1):
            where = _where(table, place, row)
            read = self._row(row, kind, where)
            if read is not None and getattr(read, key) in found:
                said = getattr(read, key)
                self.problems.append(Problem(where, key, f"{said!r} 重复，每个只能写一次"))
            elif read is not None:
                found[getattr(read, key)] = read
        return found

    def unknown(self) -> Iterator[Problem]:
        """Keys above the tables and tables that nobody asked for."""
        for key in self.data.keys() - self._asked:
            yield Problem(str(key), "", "不认识这一项，请删去或改正写法")

    def _tables(self, table: str) -> list[dict[str, Any]]:
        rows = self.data.get(table)
        if rows is None:
            self.problems.append(Problem(f"[[{table}]]", "", "缺少这一类条目，请从现行规则集复制"))
        elif not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.problems.append(Problem(table, "", f"请写成 [[{table}]] 的条目"))
        else:
            return rows
        return []

    def _row(self, row: dict[str, Any], kind: type[Row], where: str) -> Row | None:
        """The entry, or None when a field is missing, unknown or of a wrong type."""
        before = len(self.problems)
        expected: dict[str, Any] = {f.name: f.type for f in fields(kind)}  # type: ignore[arg-type]
        for name in expected.keys() - row.keys():
            said = _TYPES.get(expected[name], "方括号里的几项，如 [6, 12]")
            self.problems.append(Problem(where, name, f"缺少这一项，请写上{said}"))
        for name in sorted(row.keys() - expected.keys()):
            self.problems.append(Problem(where, name, "不认识这一项，请删去或改正写法"))
        read = {
            name: self._checked(where, name, type_, row[name], None)
            for name, type_ in expected.items()
            if name in row
        }
        return kind(**read) if len(self.problems) == before else None

    def _checked(self, where: str, name: str, expected: Any, value: Any, default: Any) -> Any:
        """The value in the field's type: a wrong type is never converted."""
        if get_origin(expected) is tuple:
            if isinstance(value, list):
                one = get_args(expected)[0]
                return tuple(self._checked(where, name, one, item, item) for item in value)
            self.problems.append(Problem(where, name, f"应为方括号里的几项，现在是 {value!r}"))
            return default
        remedy = _misfit(expected, value) or _excess(name, value)
        if remedy:
            self.problems.append(Problem(where, name, remedy))
        return default if remedy else value


def _where(table: str, place: int, row: dict[str, Any]) -> str:
    name = row.get("name")
    return f"[[{table}]] 第{place}条" + (f"“{name[:60]}”" if isinstance(name, str) else "")


def _misfit(expected: Any, value: Any) -> str:
    accepted = (int, float) if expected is float else expected
    is_flag = isinstance(value, bool)
    wrong = is_flag != (expected is bool) or not isinstance(value, accepted)
    if wrong or (expected is date and isinstance(value, datetime)):
        return f"应为{_TYPES[expected]}，现在是 {str(value)[:60]!r}"
    return ""


def _excess(name: str, value: Any) -> str:
    """What no column of the database, or no calendar, could hold."""
    if isinstance(value, str):
        longest = _LONGEST.get(name, 60)
        if not value.strip() or len(value) > longest:
            return f"应为 1 到 {longest} 个字，现在有 {len(value.strip())} 个"
        return "含有不能显示的字符，请删去" if _UNREADABLE.search(value) else ""
    if isinstance(value, float) and not math.isfinite(value):
        return f"应为普通的数字，现在是 {value}"
    if isinstance(value, (int, float)) and abs(value) > _MOST:
        return "数字太大，请核对"
    if name in {"points", "lowest", "highest", "factor"} and not _is_points(value):
        return f"应在 -{_MOST_POINTS} 到 {_MOST_POINTS} 之间，最多两位小数，现在是 {value}"
    return ""


def _is_points(value: float) -> bool:
    return abs(value) <= _MOST_POINTS and round(value * 100, 6) == round(value * 100)


# -- What the entries say together -----------------------------------------------------------------------


def check(ruleset: "Ruleset", data: Mapping[str, Any]) -> Iterator[Problem]:
    """Names that refer to others exist, and figures make sense. ``data``: the tables as they were written."""
    for kind, deduction in ruleset.deductions.items():
        where = f"[[deduction]] “{deduction.name}”"
        yield from _known(where, "decay", deduction.decay, _written(data, "decay", "code"))
        yield from _known(where, "cap", deduction.cap, _written(data, "cap", "code"))
        if "." not in kind:
            yield Problem(where, "kind", "应写成“类别.项目”，如 violation.fine")
    for veto in ruleset.vetoes:
        where = f"[[veto]] “{veto.name}”"
        yield from _known(where, "grade", veto.grade, GRADES)
        for kind in veto.kinds or ("",):
            yield from _known(where, "kinds", kind, _written(data, "deduction", "kind"))
        if veto.at_least < 1 or not 0 <= veto.months <= _MOST_MONTHS:
            yield Problem(where, "at_least、months", f"至少 1 次，0 到 {_MOST_MONTHS} 个月")
    for decay in ruleset.decays.values():
        yield from _check_decay(decay)
    for colour in ("black", "red"):
        if not any(ground.list == colour for ground in ruleset.grounds.values()):
            yield Problem("[[ground]]", "list", f"至少要有一条 {colour!r} 的列入情形")
    for ground in ruleset.grounds.values():
        yield from _known(f"[[ground]] “{ground.name}”", "list", ground.list, ("black", "red"))
    for term in ruleset.terms.values():
        highest = _MOST_MONTHS if term.unit in {"months", "working_days"} else _MOST
        if not 0 <= term.amount <= highest:
            yield Problem(f"[[term]] “{term.name}”", "amount", f"应在 0 到 {highest} 之间")
        least, law = _LEAST.get(term.code, (0, ""))
        if term.amount < least:
            yield Problem(f"[[term]] “{term.name}”", "amount", f"不得少于 {least}（{law}）")
    yield from _check_figures(ruleset)
    yield from _check_accidents(ruleset)


def _written(data: Mapping[str, Any], table: str, key: str) -> set[Any]:
    """The codes of a table, those of unreadable entries too: one slip is one problem."""
    rows = data.get(table)
    rows = rows if isinstance(rows, list) else []
    return {str(row.get(key)) for row in rows if isinstance(row, dict)}


def _known(where: str, field: str, name: str, names: Iterable[str]) -> Iterator[Problem]:
    if name not in names:
        yield Problem(where, field, f"{name!r} 没有定义，可用：{'、'.join(sorted(names)[:30])}")


def _check_decay(decay: "Decay") -> Iterator[Problem]:
    steps_match = len(decay.months) == len(decay.parts)
    rising = all(a < b for a, b in pairwise((0, *decay.months, _MOST_MONTHS + 1)))
    fading = all(a >= b for a, b in pairwise((decay.whole, *decay.parts, 0)))
    if not (steps_match and rising and fading and decay.whole > 0):
        words = "months 要从小到大，parts 要从大到小、不超过 whole，两项个数相同"
        yield Problem(f"[[decay]] “{decay.name}”", "months、parts", words)


def _check_figures(ruleset: "Ruleset") -> Iterator[Problem]:
    lowest = [bound.lowest for bound in ruleset.bounds]
    if tuple(bound.grade for bound in ruleset.bounds) != GRADES:
        yield Problem("[[bound]]", "grade", "应依次写 A、B、C、D 四个等级")
    elif lowest != sorted(set(lowest), reverse=True) or lowest[-1] != ruleset.lowest:
        yield Problem("[[bound]]", "lowest", "应从 A 到 D 依次降低，D 级从最低分开始")
    for base in ruleset.bases.values():
        if not ruleset.lowest <= base.points <= ruleset.highest:
            words = f"应在最低分 {ruleset.lowest:g} 和最高分 {ruleset.highest:g} 之间"
            yield Problem(f"[[base]] “{base.name}”", "points", words)
    if NORMAL not in ruleset.weights:
        yield Problem("[[weight]]", "circumstance", f"必须有一般情形（{NORMAL}）")
    for weight in ruleset.weights.values():
        if weight.factor < 0:
            yield Problem(f"[[weight]] “{weight.name}”", "factor", "不能小于 0")
    for cap in ruleset.caps.values():
        if cap.points < 0:
            yield Problem(f"[[cap]] “{cap.name}”", "points", "不能小于 0")


def _check_accidents(ruleset: "Ruleset") -> Iterator[Problem]:
    bounds = ruleset.accident_bounds
    figures = [(b.deaths, b.serious_injuries, b.direct_loss) for b in bounds]
    if tuple(bound.grade for bound in bounds) != ACCIDENT_CLASSES:
        words = f"应依次写 {'、'.join(ACCIDENT_CLASSES)}"
        yield Problem("[[accident_class]]", "grade", words)
    rising = [
        a < b
        for low, high in pairwise(((0, 0, 0), *figures))
        for a, b in zip(low, high, strict=True)
    ]
    if not all(rising):
        words = "死亡、重伤、损失的起点应逐级升高"
        yield Problem("[[accident_class]]", "deaths、serious_injuries、direct_loss", words)


# -- What the program reads ------------------------------------------------------------------------------


def check_against(ruleset: "Ruleset", program: "Ruleset") -> list[Problem]:
    """What the program reads by its code and ``ruleset`` does not have, or has in another unit."""
    asked = {
        "base": (program.bases, ruleset.bases, "level"),
        "deduction": (program.deductions, ruleset.deductions, "kind"),
        "weight": (program.weights, ruleset.weights, "circumstance"),
        "term": (program.terms, ruleset.terms, "code"),
        "switch": (program.switches, ruleset.switches, "code"),
    }
    found = [
        Problem(f"[[{table}]]", key, f"缺少 {code!r}（{entry.name}），系统要用，请从现行规则集复制")
        for table, (wanted, there, key) in asked.items()
        for code, entry in wanted.items()  # type: ignore[attr-defined]
        if code not in there  # type: ignore[operator]
    ]
    for code, term in program.terms.items():
        if code in ruleset.terms and ruleset.terms[code].unit != term.unit:
            where = f"[[term]] “{ruleset.terms[code].name}”"
            found.append(Problem(where, "unit", f"系统按 {term.unit} 计算，请写 {term.unit!r}"))
    for code, ground in ruleset.grounds.items():
        if code not in program.grounds or program.grounds[code].list != ground.list:
            where = f"[[ground]] “{ground.name}”"
            found.append(
                Problem(where, "code", f"系统不会判断 {code!r}，列入情形只能从现有的里面选")
            )
    return found
