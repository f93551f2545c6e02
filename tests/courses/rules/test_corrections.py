"""Who may correct study time: another person, with a reason, within what is there; more time takes two."""

from typing import Any

import pytest

from courses.rules.corrections import may_correct, may_look

ASKED = {
    "minutes": -5,
    "reason": "机房签到表显示中途离开",
    "had": 30,
    "own": False,
    "of_course": True,
}
LOOKED = {"asked_by": 1, "looker": 2, "own": False, "waits": True, "agreed": True, "remark": ""}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "可以更正"),
        ({"own": True}, "不能更正自己的学时"),
        ({"of_course": False}, "这一课不属于这门课程"),
        ({"reason": ""}, "请写明更正的原因"),
        ({"minutes": 0}, "一次更正 1 到 480 分钟"),
        ({"minutes": 481}, "一次更正 1 到 480 分钟"),
        ({"minutes": -31}, "这一课只记了 30 分钟，不能减 31 分钟"),
        ({"minutes": 480, "had": 0}, "可以更正"),
    ],
)
def test_a_correction_is_by_another_with_a_reason(change: dict[str, Any], reason: str):
    ruling = may_correct(**ASKED | change)
    assert (ruling.allowed, ruling.reason) == (reason == "可以更正", reason)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "可以复核"),
        ({"looker": 1}, "加学时要由另一个人复核"),
        ({"own": True}, "不能复核自己的学时"),
        ({"waits": False}, "这条更正不用复核，或者已经有人复核"),
        ({"agreed": False}, "不同意的，请写明理由"),
        ({"agreed": False, "remark": "没有凭据"}, "可以复核"),
    ],
)
def test_more_time_is_looked_at_by_another(change: dict[str, Any], reason: str):
    ruling = may_look(**LOOKED | change)
    assert (ruling.allowed, ruling.reason) == (reason == "可以复核", reason)
