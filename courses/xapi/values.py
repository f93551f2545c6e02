"""The plain values of xAPI: IRIs, UUIDs, timestamps, durations, language maps.

Source: xAPI 1.0.3 part two, 4 (special data types and rules).
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final
from uuid import UUID

from courses.xapi.faults import FaultError

LONGEST_IRI: Final = 2000
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,8}|[xXiI])(-[A-Za-z0-9]{1,8})*")
_INSTANT: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?"
    r"([Zz]|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_NUMBER = r"\d{1,12}(?:[.,]\d{1,12})?"
_DURATION: Final = re.compile(
    rf"P(?:{_NUMBER}W|(?=[\dT])(?:({_NUMBER})Y)?(?:({_NUMBER})M)?(?:({_NUMBER})D)?"
    rf"(?:T(?=\d)(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?)",
    re.ASCII,
)
_YEARS: Final = range(1900, 9990)


def text(value: Any, where: str, *, empty: bool = True, longest: int = 100_000) -> str:
    """A string. Raises FaultError."""
    if not isinstance(value, str):
        raise FaultError(where, "应该是文字")
    if not empty and not value.strip():
        raise FaultError(where, "不能为空")
    if len(value) > longest:
        raise FaultError(where, f"太长，最多 {longest} 个字符")
    return value


def truth(value: Any, where: str) -> bool:
    """A boolean. Raises FaultError."""
    if not isinstance(value, bool):
        raise FaultError(where, "应该是 true 或 false")
    return value


def number(value: Any, where: str) -> float:
    """A number. Raises FaultError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FaultError(where, "应该是数字")
    return float(value)


def iri(value: Any, where: str) -> str:
    """An IRI with its scheme. Raises FaultError."""
    said = text(value, where, empty=False, longest=LONGEST_IRI)
    if not _IRI.fullmatch(said):
        raise FaultError(where, "应该是带协议的 IRI，例如 https://example.com/course/1")
    return said


def uuid(value: Any, where: str) -> str:
    """A UUID in its standard form, in small letters. Raises FaultError."""
    said = text(value, where, longest=100)
    if not _UUID.fullmatch(said):
        raise FaultError(where, "应该是 UUID，例如 f47ac10b-58cc-4372-a567-0e02b2c3d479")
    return str(UUID(said))


def language(value: Any, where: str) -> str:
    """A language tag of RFC 5646. Raises FaultError."""
    said = text(value, where, longest=60)
    if not _LANGUAGE.fullmatch(said):
        raise FaultError(where, "应该是语言代码，例如 zh-CN")
    return said


def instant(value: Any, where: str) -> datetime:
    """An ISO 8601 timestamp as an aware datetime in UTC; without a zone it is UTC. Raises FaultError."""
    found = _INSTANT.fullmatch(text(value, where, longest=60))
    advice = "应该是 ISO 8601 时间，例如 2026-03-01T08:30:00.000Z"
    if found is None:
        raise FaultError(where, advice)
    *date_parts, fraction, zone = found.groups()
    year, month, day, hour, minute, second = (int(part or 0) for part in date_parts)
    if zone is not None and re.fullmatch(r"-00(:?00)?", zone):
        raise FaultError(where, "时区不能写 -00:00，世界时请写 Z")
    try:
        offset = _offset(zone)
        micros = int((fraction or "0").ljust(6, "0")[:6])
        at = datetime(year, month, day, hour, minute, second, micros, offset)
    except ValueError as error:
        raise FaultError(where, advice) from error
    if year not in _YEARS:
        raise FaultError(where, f"年份应在 {_YEARS.start} 到 {_YEARS.stop - 1} 之间")
    return at.astimezone(UTC)


def _offset(zone: str | None) -> timezone:
    if zone is None or zone in "Zz":
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise ValueError(zone)
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1))


def duration(value: Any, where: str) -> str:
    """An ISO 8601 duration such as PT1H30M. Raises FaultError."""
    said = text(value, where, longest=100)
    if not _DURATION.fullmatch(said):
        raise FaultError(where, "应该是 ISO 8601 时长，例如 PT30M")
    return said


def hundredths(said: str) -> tuple[int, ...] | str:
    """A duration for comparing: precision beyond 0.01 second does not count (4.6)."""
    found = _DURATION.fullmatch(said)
    if found is None or said.endswith("W"):
        return said
    return tuple(int(float((part or "0").replace(",", ".")) * 100) for part in found.groups())


def written(at: datetime) -> str:
    """An instant as we write it: UTC, with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def language_map(value: Any, where: str) -> dict[str, str]:
    """A map of language tags to texts. Raises FaultError."""
    if not isinstance(value, dict):
        raise FaultError(where, '应该是语言对照，例如 {"zh-CN": "完成"}')
    for tag, words in value.items():
        language(tag, f"{where}.{str(tag)[:40]}")
        text(words, f"{where}.{tag}")
    return value


def extensions(value: Any, where: str) -> dict[str, Any]:
    """A map whose keys are IRIs; the values are anybody's own (4.1). Raises FaultError."""
    if not isinstance(value, dict):
        raise FaultError(where, "应该是对象")
    for name in value:
        iri(name, f"{where}.{str(name)[:60]}")
    return value


def shaped(value: Any, where: str, known: frozenset[str]) -> dict[str, Any]:
    """An object with no other than the ``known`` names and no null in it. Raises FaultError."""
    if not isinstance(value, dict):
        raise FaultError(where, "应该是对象")
    dot = f"{where}." if where else ""
    for name, inner in value.items():
        if name not in known:
            raise FaultError(f"{dot}{name[:60]}", "没有这个属性（注意大小写），请去掉或改名")
        if inner is None:
            raise FaultError(f"{dot}{name}", "不能是 null，没有值就不要写这一项")
    return value
