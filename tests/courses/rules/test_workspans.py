"""Lines about work elsewhere: read exactly, or refused with the line's number."""

from datetime import datetime

import pytest

from courses.rules.workspans import FORM, Span, read_spans

RIGHT = "13800000000，2026-11-24 08:00，2026-11-24 17:00，三号车间"


def test_lines_are_read_with_either_comma_and_empty_ones_passed_over():
    spans, problems = read_spans(f"\n{RIGHT}\n{RIGHT.replace('，', ', ')}\n")
    when = datetime(2026, 11, 24, 8), datetime(2026, 11, 24, 17)
    assert spans == [Span(n, "13800000000", *when, "三号车间") for n in (2, 3)]
    assert problems == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("13800000000", f"应写成：{FORM}"),
        (RIGHT + "，x", f"应写成：{FORM}"),
        (RIGHT.replace("三号车间", " "), f"应写成：{FORM}"),
        (RIGHT.replace("08:00", "8点"), "“2026-11-24 8点”不是时间，应像 2026-11-24 08:00"),
        (RIGHT.replace("08:00", "17:00"), "结束应晚于开始，一条最长 24 小时"),
        (RIGHT.replace("24 17", "26 17"), "结束应晚于开始，一条最长 24 小时"),
        (RIGHT + "长" * 120, "地点太长，最多 120 字"),
    ],
)
def test_anything_else_is_told_with_its_line(line: str, problem: str):
    assert read_spans(f"{RIGHT}\n{line}")[1] == [f"第 2 行：{problem}"]
