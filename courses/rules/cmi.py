"""What a package may say of itself: an allow-list of elements, their sizes, and what they come to.

Sources: ADL SCORM 1.2 Run-Time Environment 3.4; SCORM 2004 4th Edition RTE 4.2. A package runs on the learner's
device and can claim anything: nothing of it earns time. Interactions and times that it tells are not taken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credit.rules.ruling import Ruling

ARTICLE: Final = "AQ 8011-2023 第4.4、4.5条（原文未见）；平台规则"
MOST_ELEMENTS: Final = 800
LARGEST: Final = 100_000  # characters, all values
_PLACE: Final = 1000
_SUSPEND: Final = 65_536
_ID: Final = 300
_NUMBER: Final = re.compile(r"-?\d{1,6}(\.\d{1,10})?")

_STATUS_12: Final = ("passed", "completed", "failed", "incomplete", "browsed", "not attempted", "")
_COMPLETION: Final = ("completed", "incomplete", "not attempted", "unknown", "")
_SUCCESS: Final = ("passed", "failed", "unknown", "")
_EXIT: Final = ("time-out", "suspend", "logout", "normal", "")
_N: Final = r"objectives\.\d{1,2}\."

# An element is text of a length, a number (0), or one of some words.
_TABLES: Final[dict[str, list[tuple[str, int | tuple[str, ...]]]]] = {
    "scorm12": [
        (r"core\.lesson_location", _PLACE),
        (r"core\.lesson_status", _STATUS_12),
        (r"core\.exit", _EXIT),
        (rf"(core|{_N[:-2]})\.score\.(raw|min|max)", 0),
        (r"suspend_data", _SUSPEND),
        (rf"{_N}id", _ID),
        (rf"{_N}status", _STATUS_12),
    ],
    "scorm2004": [
        (r"location", _PLACE),
        (rf"({_N})?completion_status", _COMPLETION),
        (rf"({_N})?success_status", _SUCCESS),
        (r"exit", _EXIT),
        (rf"({_N})?score\.(scaled|raw|min|max)", 0),
        (rf"({_N})?progress_measure", 0),
        (r"suspend_data", _SUSPEND),
        (rf"{_N}id", _ID),
        (rf"{_N}description", _ID),
    ],
    "h5p": [
        (r"completion_status", _COMPLETION),
        (r"success_status", _SUCCESS),
        (r"score\.(scaled|raw|min|max)", 0),
    ],
}
ELEMENTS: Final = {
    kind: [(re.compile(rf"cmi\.{name}"), what) for name, what in rows]
    for kind, rows in _TABLES.items()
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a package claims. ``score``: 0 to 100, None where it gives none."""

    done: bool
    passed: bool | None
    score: float | None

    @property
    def name(self) -> str:
        """In Chinese."""
        if self.passed is False:
            return "没有通过"
        if self.passed:
            return "通过"
        return "做完了" if self.done else "没有做完"


def accepted(kind: str, values: Any) -> dict[str, str]:
    """``values`` as text by element. Raises ValueError naming the element that is not of the form."""
    if not isinstance(values, dict) or len(values) > MOST_ELEMENTS:
        raise ValueError("课件的记录格式不对")
    told = {str(name): _text(name, value) for name, value in values.items()}
    if sum(map(len, told.values())) > LARGEST:
        raise ValueError("课件的记录太长")
    for name, value in told.items():
        if not _fits(kind, name, value):
            raise ValueError(f"课件的记录里 {name[:60]} 不对")
    return told


def _text(name: Any, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"课件的记录里 {str(name)[:60]} 不对")
    text = str(value)
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(f"课件的记录里 {str(name)[:60]} 有不能保存的字符")
    return text


def _fits(kind: str, name: str, value: str) -> bool:
    for pattern, what in ELEMENTS[kind]:
        if pattern.fullmatch(name):
            if isinstance(what, tuple):
                return value in what
            return len(value) <= what if what else value == "" or bool(_NUMBER.fullmatch(value))
    return False


def outcome(kind: str, values: Mapping[str, str], mastery: str = "") -> Outcome:
    """What ``values`` come to; with a ``mastery`` of the manifest, its score decides and not the status."""
    if kind == "scorm12":
        return _outcome_12(values, mastery)
    return _outcome_2004(values, mastery)


def _outcome_12(values: Mapping[str, str], mastery: str) -> Outcome:
    status = values.get("cmi.core.lesson_status", "")
    score = _percent(values, "cmi.core.score")
    raw = values.get("cmi.core.score.raw", "")
    passed = {"passed": True, "failed": False}.get(status)
    done = status in ("passed", "completed")
    if mastery and raw and status in ("passed", "failed", "completed"):
        passed = float(raw) >= float(mastery)
        done = passed
    return Outcome(done, passed, score)


def _outcome_2004(values: Mapping[str, str], mastery: str) -> Outcome:
    scaled = values.get("cmi.score.scaled", "")
    score = _percent(values, "cmi.score")
    if scaled:
        score = _clamped(float(scaled) * 100)
    passed = {"passed": True, "failed": False}.get(values.get("cmi.success_status", ""))
    if mastery and scaled:
        passed = float(scaled) >= float(mastery)
    done = values.get("cmi.completion_status") == "completed" and passed is not False
    return Outcome(done, passed, score)


def _percent(values: Mapping[str, str], name: str) -> float | None:
    """The raw score between its bounds as 0 to 100."""
    raw = values.get(f"{name}.raw", "")
    if not raw:
        return None
    low = float(values.get(f"{name}.min") or 0)
    high = float(values.get(f"{name}.max") or 100)
    return _clamped((float(raw) - low) / (high - low) * 100) if high > low else None


def _clamped(score: float) -> float:
    return round(min(max(score, 0.0), 100.0), 2)


def counts(found: Outcome, *, credited_ms: int, needed_ms: int) -> Ruling:
    """Whether what a package claims counts now: never before the ledger has the lesson's minutes.

    Source: AQ 8011-2023 4.4, 4.5 (its text was not seen): the time studied is the server's.
    """
    if not found.done:
        return Ruling(False, f"课件：{found.name}", ARTICLE)
    if missing := max(needed_ms - credited_ms, 0):
        left = -(-missing // 60_000)
        return Ruling(
            False, f"课件：{found.name}。学习时间还差 {left} 分钟，时间学够了才算数", ARTICLE
        )
    return Ruling(True, f"课件：{found.name}", ARTICLE)
