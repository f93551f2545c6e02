"""What one cell says: dates, amounts, counts, yes and no. Never a guess: a doubt is a ValueError
whose message is the remedy, in Chinese, for the person who keeps the file.
"""

import math
import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

EARLIEST: Final = date(1990, 1, 1)
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(32874, 73051)  # 1990-01-01 to 2100-01-01
_DATE: Final = re.compile(
    r"(\d{4})\s*(?:[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})|年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?)"
    r"(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_DATE_EXAMPLE: Final = "请写成 2017-02-27 或 2017年2月27日"
_UNITS: Final = {
    "": 1,
    "元": 1,
    "万": 10_000,
    "万元": 10_000,
    "亿": 100_000_000,
    "亿元": 100_000_000,
}
_AMOUNT: Final = re.compile(r"(-?)(?:￥|¥|人民币)?(-?)(\d+(?:\.\d+)?)(元|万元|万|亿元|亿)?(?:整)?")
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d|,)")
_MOST: Final = Decimal(10) ** 14
_NOISE: Final = Decimal("0.000001")  # 0.1 + 0.2 is 0.30000000000000004 in a workbook
_NOTHING: Final = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "n/a", "不涉及", "未涉及"}
)
_QUOTED: Final = re.compile(r"'[=+\-@]")  # as ``safe`` writes it
_YES: Final = frozenset({"是", "有", "对", "true", "yes", "y", "1", "√", "已"})
_NO: Final = frozenset({"否", "无", "不", "错", "false", "no", "n", "0", "×", "未", ""})
# A line break or a tab inside a cell is ordinary; other control characters are damage.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")


def text(value: Any, longest: int | None = None) -> str:
    """The cell as text, trimmed and half width for Latin; a whole float prints without ".0".

    Raises ValueError for damage (control characters, U+FFFD) and for more than ``longest``.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date() if value.time() == datetime.min.time() else value
    said = str(value).strip()
    if _QUOTED.match(said):
        said = said[1:]
    if _CONTROL.search(said):
        raise ValueError("含有乱码或不可见字符，请重新输入这一格")
    if longest is not None and len(said) > longest:
        raise ValueError(f"太长：最多{longest}个字，现有{len(said)}个字")
    return said


def says_nothing(value: Any) -> bool:
    """Whether a cell is empty or holds what people write into an empty one: -, /, 无, 暂无, N/A."""
    said = text(value)
    return len(said) <= 3 and unicodedata.normalize("NFKC", said).lower() in _NOTHING


def day(value: Any, *, today: date, earliest: date = EARLIEST) -> date:
    """A day that has come: a date cell, an Excel serial number or text in a usual writing.

    Raises ValueError for anything else, for days that do not exist and days after ``today``.
    """
    found = _day(value)
    if found > today:
        raise ValueError(f"日期晚于今天（{today.isoformat()}），请核对")
    if found < earliest:
        raise ValueError(f"日期早于{earliest.year}年，请核对年份")
    return found


def any_day(value: Any) -> date:
    """A day, past or to come (a term's end). Raises ValueError as ``day`` does."""
    return _day(value)


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _numbered_day(float(value))
    said = unicodedata.normalize("NFKC", text(value))
    if not said:
        raise ValueError(f"未填写日期，{_DATE_EXAMPLE}")
    if re.fullmatch(r"\d{8}", said):
        return _calendar_day(int(said[:4]), int(said[4:6]), int(said[6:]))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", said):
        return _numbered_day(float(said))
    match = _DATE.fullmatch(said)
    if match is None:
        raise ValueError(f"不是日期，{_DATE_EXAMPLE}")
    year, *rest = (int(part) for part in match.groups() if part is not None)
    return _calendar_day(year, rest[0], rest[1])


def _numbered_day(number: float) -> date:
    if number.is_integer() and 19900101 <= number <= 21001231:
        whole = int(number)
        return _calendar_day(whole // 10000, whole // 100 % 100, whole % 100)
    if not math.isfinite(number) or int(number) not in _SERIALS:
        raise ValueError(f"数字不是日期，{_DATE_EXAMPLE}")
    return _EXCEL_EPOCH + timedelta(days=int(number))


def _calendar_day(year: int, month: int, day_of_month: int) -> date:
    try:
        return date(year, month, day_of_month)
    except ValueError as fault:
        raise ValueError(f"没有{year}年{month}月{day_of_month}日这一天，请核对") from fault


def amount(value: Any, *, unit: str = "元") -> Decimal:
    """Money in yuan, to the cent. ``unit`` is that of the column; a unit in the cell wins.

    An empty cell is 0. Raises ValueError for negative, unreadable or absurd amounts.
    """
    said = unicodedata.normalize("NFKC", text(value)).replace(" ", "")
    if says_nothing(said):
        return Decimal(0)
    plain = _GROUPED.sub(lambda group: group[0].replace(",", ""), said)
    plain = plain.replace("¥", "¥")
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        return _number(said, unit)
    if match[1] or match[2]:
        raise ValueError("金额不能是负数")
    return _cents(Decimal(match[3]) * _UNITS[match[4] or unit])


def _number(said: str, unit: str) -> Decimal:
    """Scientific writing that Excel produces for long numbers, such as 5E+4."""
    try:
        number = Decimal(said)
    except InvalidOperation as fault:
        raise ValueError(f"不是金额，请只写数字，单位为{unit}，例如 50000") from fault
    if not number.is_finite() or not re.fullmatch(r"-?[\d.]+[eE][+-]?\d+", said):
        raise ValueError(f"不是金额，请只写数字，单位为{unit}，例如 50000")
    if number < 0:
        raise ValueError("金额不能是负数")
    return _cents(number * _UNITS[unit])


def _cents(yuan: Decimal) -> Decimal:
    if yuan >= _MOST:
        raise ValueError("金额太大，请核对单位是元还是万元")
    rounded = yuan.quantize(Decimal("0.01"))
    if abs(rounded - yuan) >= _NOISE:
        raise ValueError("金额最多精确到分，请核对")
    return rounded


def count(value: Any) -> int:
    """A number of people; an empty cell is 0. Raises ValueError for others, negative or broken."""
    said = unicodedata.normalize("NFKC", text(value)).removesuffix("人").strip()
    if said in {"", "无"}:
        return 0
    if not re.fullmatch(r"\d{1,5}", said):
        raise ValueError("应为人数，请写0或正整数，例如 2")
    return int(said)


def flag(value: Any) -> bool:
    """是 or 否; an empty cell is 否. Raises ValueError for anything else."""
    said = unicodedata.normalize("NFKC", text(value)).lower()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise ValueError("请填 是 或 否")


def safe(value: Any) -> Any:
    """``value`` for a CSV: text that a program would run as a formula gets a leading quote.

    A workbook needs none: its text cells are never run.
    """
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}:
        return f"'{value}"
    return value


def printable(value: str) -> str:
    """``value`` for a workbook's text cell: damage is shown as U+FFFD, everything else stays."""
    return _CONTROL.sub("\ufffd", value)
