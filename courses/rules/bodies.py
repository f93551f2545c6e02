"""What a question holds beyond options: blanks, a number, steps, pairs, areas of a picture, a model answer.

Each body tells its faults, and writes and reads itself as JSON: so it lies in the bank.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Protocol

from courses.rules.questions import FILL, HOTSPOT, MATCHING, MOST_OPTIONS, NUMERIC, ORDERING, SHORT
from courses.rules.questions import text_faults as _texts

MOST_BLANKS: Final = 8
MOST_RIGHTS: Final = 12  # right sides of a matching question, the spare ones included
MOST_AREAS: Final = 8
MOST_POINTS: Final = 24  # corners of a polygon
LONGEST_BLANK: Final = 100
LONGEST_TEXT: Final = 300  # as an option's
LARGEST: Final = Decimal(10) ** 12
SHAPES: Final = {"rect": "矩形", "circle": "圆", "poly": "多边形"}
_BLANK: Final = re.compile(r"_{2,}|（\s*）|\(\s*\)")


class BodyError(ValueError):
    """JSON that is no body of its kind; the message says what is missing."""


class Body(Protocol):
    """What every body can do."""

    def faults(self, stem: str) -> list[str]:
        """Every fault at once, ready to print."""
        ...

    def as_json(self) -> dict[str, Any]:
        """As it lies in the bank."""
        ...


def same_words(text: str) -> str:
    """A text as answers are compared: full and half width, capitals and blanks make no difference."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).strip("。.,，;；")


def blanks_in(stem: str) -> int:
    """How many places to fill the stem marks, by ____ or （ ）."""
    return len(_BLANK.findall(stem))


def blank_ends(stem: str) -> list[int]:
    """Where each marked place ends in the stem."""
    return [match.end() for match in _BLANK.finditer(stem)]


def number_of(text: str) -> Decimal | None:
    """The number that a text says; None for anything else. 1,000 and full width are understood."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", plain):
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if abs(number) < LARGEST and len(plain) <= 30 else None


@dataclass(frozen=True, slots=True)
class Blanks:
    """填空题: for each blank the texts that are right; the first is the one that is shown."""

    accepted: tuple[tuple[str, ...], ...]

    def faults(self, stem: str) -> list[str]:
        """As many blanks as the stem marks; one blank needs no mark."""
        faults, marked = [], blanks_in(stem)
        if not 1 <= len(self.accepted) <= MOST_BLANKS:
            faults.append(f"填空题应有 1 到 {MOST_BLANKS} 个空，现有 {len(self.accepted)} 个")
        elif marked != len(self.accepted) and (marked or len(self.accepted) > 1):
            told = f"题干里有 {marked} 个空（用 ____ 或（ ）表示），答案有 {len(self.accepted)} 个"
            faults.append(f"{told}，请改成一样多")
        for place, texts in enumerate(self.accepted, start=1):
            if not texts or not all(same_words(text) for text in texts):
                faults.append(f"第{place}空的答案是空的，请填写")
            if any(len(text) > LONGEST_BLANK for text in texts):
                faults.append(f"第{place}空的答案太长，最多 {LONGEST_BLANK} 个字")
        return faults

    def as_json(self) -> dict[str, Any]:
        """As it lies in the bank."""
        return {"blanks": [list(texts) for texts in self.accepted]}


@dataclass(frozen=True, slots=True)
class Number:
    """计算题: ``value`` is right, and what differs from it by at most ``tolerance``."""

    value: Decimal
    tolerance: Decimal = Decimal(0)
    unit: str = ""

    def faults(self, stem: str) -> list[str]:
        """A number of ordinary size, a tolerance that is none or more."""
        faults = []
        if not (self.value.is_finite() and abs(self.value) < LARGEST):
            faults.append("答案应为数字，例如 19.5")
        if not (self.tolerance.is_finite() and 0 <= self.tolerance < LARGEST):
            faults.append("允许误差应为 0 或正数，例如 0.5")
        if len(self.unit) > 20:
            faults.append("单位太长，最多 20 个字")
        return faults

    def as_json(self) -> dict[str, Any]:
        """As it lies in the bank: decimals as texts, so that none is rounded."""
        return {"value": f"{self.value:f}", "tolerance": f"{self.tolerance:f}", "unit": self.unit}


@dataclass(frozen=True, slots=True)
class Steps:
    """排序题: the steps in the right order."""

    steps: tuple[str, ...]

    def faults(self, stem: str) -> list[str]:
        """Two to eight different steps."""
        faults = _texts("步骤", self.steps) + _long("步骤", self.steps)
        if not 2 <= len(self.steps) <= MOST_OPTIONS:
            faults.append(f"排序题应有 2 到 {MOST_OPTIONS} 步，现有 {len(self.steps)} 步")
        return faults

    def as_json(self) -> dict[str, Any]:
        """As it lies in the bank."""
        return {"steps": list(self.steps)}


@dataclass(frozen=True, slots=True)
class Pairs:
    """连线题: each left with its right; several lefts may share one. ``spare`` rights fit none."""

    pairs: tuple[tuple[str, str], ...]
    spare: tuple[str, ...] = ()

    def rights(self) -> list[str]:
        """Every right side once."""
        return list(dict.fromkeys([right for _, right in self.pairs] + list(self.spare)))

    def faults(self, stem: str) -> list[str]:
        """Two to eight lefts that differ, rights that are filled, spare ones that fit none."""
        lefts, rights = [left for left, _ in self.pairs], [right for _, right in self.pairs]
        faults = _texts("左边", lefts) + _long("左边", lefts)
        faults += _texts("右边", list(dict.fromkeys(rights)) + list(self.spare))
        faults += _long("右边", [*rights, *self.spare])
        if not 2 <= len(lefts) <= MOST_OPTIONS:
            faults.append(f"连线题左边应有 2 到 {MOST_OPTIONS} 项，现有 {len(lefts)} 项")
        if len(self.rights()) > MOST_RIGHTS:
            faults.append(f"连线题右边最多 {MOST_RIGHTS} 项，现有 {len(self.rights())} 项")
        if len(self.rights()) < 2:
            faults.append("连线题右边至少要有 2 项不同的")
        return faults

    def as_json(self) -> dict[str, Any]:
        """As it lies in the bank."""
        return {"pairs": [list(pair) for pair in self.pairs], "spare": list(self.spare)}


@dataclass(frozen=True, slots=True)
class Area:
    """A place in the picture, in its own pixels: rect x1 y1 x2 y2, circle x y r, poly x y x y x y …"""

    shape: str
    numbers: tuple[int, ...]
    name: str

    def faults(self, width: int, height: int) -> list[str]:
        """A shape that lies in the picture and is large enough for a finger (a twentieth of its width)."""
        count = len(self.numbers)
        if self.shape not in SHAPES:
            return [f"形状“{self.shape}”不认识，应为 {'、'.join(SHAPES)} 之一"]
        right_count = {
            "rect": count == 4,
            "circle": count == 3,
            "poly": count % 2 == 0 and 6 <= count <= 2 * MOST_POINTS,
        }
        if not right_count[self.shape]:
            return [f"隐患“{self.name}”：{SHAPES[self.shape]}的坐标个数不对"]
        faults = [] if self.name.strip() else ["有隐患没有写名称，请填写"]
        left, top, right, bottom = self.box()
        if left < 0 or top < 0 or right > width or bottom > height:
            faults.append(f"隐患“{self.name}”超出了图片（宽 {width}，高 {height}）")
        elif right - left < width / 20 or bottom - top < width / 20:
            faults.append(f"隐患“{self.name}”的范围太小，手机上点不准，请画大一些")
        return faults + _long("隐患名称", [self.name])

    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        numbers = self.numbers
        if self.shape == "circle":
            x, y, radius = numbers
            return x - radius, y - radius, x + radius, y + radius
        xs, ys = numbers[0::2], numbers[1::2]
        if self.shape == "rect":
            return numbers[0], numbers[1], numbers[2], numbers[3]
        return min(xs), min(ys), max(xs), max(ys)

    def holds(self, x: int, y: int) -> bool:
        """Whether the point lies in it; the edge counts."""
        left, top, right, bottom = self.box()
        if not (left <= x <= right and top <= y <= bottom):
            return False
        if self.shape == "circle":
            middle_x, middle_y, radius = self.numbers
            return (x - middle_x) ** 2 + (y - middle_y) ** 2 <= radius**2
        return self.shape == "rect" or _in_polygon(x, y, self.numbers)

    def as_json(self) -> dict[str, Any]:
        """As it lies in the bank."""
        return {"shape": self.shape, "numbers": list(self.numbers), "name": self.name}


@dataclass(frozen=True, slots=True)
class Spots:
    """找隐患题: the areas of the picture where a hazard is; as many taps are allowed."""

    areas: tuple[Area, ...]

    def faults(self, stem: str) -> list[str]:
        """One to eight areas; whether they lie in the picture, the question itself looks at."""
        if 1 <= len(self.areas) <= MOST_AREAS:
            return []
        return [f"找隐患题应有 1 到 {MOST_AREAS} 处隐患，现有 {len(self.areas)} 处"]

    def as_json(self) -> dict[str, Any]:
        """As it lies in the bank."""
        return {"areas": [area.as_json() for area in self.areas]}


@dataclass(frozen=True, slots=True)
class Model:
    """简答题: the answer that the marker compares with."""

    answer: str

    def faults(self, stem: str) -> list[str]:
        """A marker needs something to mark by."""
        return [] if self.answer.strip() else ["简答题要写参考答案，阅卷时按它给分"]

    def as_json(self) -> dict[str, Any]:
        """As it lies in the bank."""
        return {"answer": self.answer}


def body_of(kind: str, data: Mapping[str, Any]) -> Body | None:
    """The body that JSON says; None for kinds with options. Raises BodyError."""
    try:
        return _READERS[kind](data) if kind in _READERS else None
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as fault:
        raise BodyError(f"题目内容不完整：{fault}") from fault


def area_of(data: Mapping[str, Any]) -> Area:
    """An area from JSON."""
    return Area(str(data["shape"]), tuple(map(int, data["numbers"])), str(data["name"]))


_READERS: Final[Mapping[str, Any]] = {
    FILL: lambda data: Blanks(tuple(tuple(map(str, texts)) for texts in data["blanks"])),
    NUMERIC: lambda data: Number(
        Decimal(str(data["value"])), Decimal(str(data.get("tolerance", 0))), data.get("unit", "")
    ),
    ORDERING: lambda data: Steps(tuple(map(str, data["steps"]))),
    MATCHING: lambda data: Pairs(
        tuple((str(left), str(right)) for left, right in data["pairs"]),
        tuple(map(str, data.get("spare", ()))),
    ),
    HOTSPOT: lambda data: Spots(tuple(area_of(area) for area in data["areas"])),
    SHORT: lambda data: Model(str(data["answer"])),
}


def _long(what: str, texts: Sequence[str]) -> list[str]:
    long = [text for text in texts if len(text) > LONGEST_TEXT]
    return [f"{what}“{text[:10]}…”太长，最多 {LONGEST_TEXT} 个字" for text in long]


def _in_polygon(x: int, y: int, numbers: Sequence[int]) -> bool:
    """Even-odd rule; a point on an edge lies within."""
    corners = list(zip(numbers[0::2], numbers[1::2], strict=True))
    inside = False
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        cross = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        between = min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2)
        if cross == 0 and between:
            return True
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
