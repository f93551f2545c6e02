"""Codes are read in any usual writing; what may be shared, opened and counted is answered with a reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from courses.rules.passport import (
    CodeError,
    may_count,
    may_open,
    may_share,
    parse_code,
    printed_code,
)

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)


@pytest.mark.parametrize("text", ["7K3QM9ZT4D", " 7k3qm-9zt4d ", "７Ｋ３ＱＭ９ＺＴ４Ｄ"])
def test_any_usual_writing_is_read(text: str):
    assert parse_code(text) == "7K3QM9ZT4D"
    assert printed_code("7K3QM9ZT4D") == "7K3QM-9ZT4D"


def test_letters_that_look_like_figures_are_figures():
    assert parse_code("OILOILOIL0") == "0110110110"


@pytest.mark.parametrize("text", ["", "7K3QM", "7K3QM9ZT4DX", "7K3QM9ZT4U", "分享码分享码分享码分"])
def test_a_slip_is_told(text: str):
    with pytest.raises(CodeError, match="分享码是 10 位字母和数字"):
        parse_code(text)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"chosen": 0}, "请至少选一门课"),
        ({"days": 0}, "有效期是 1 到 90 天"),
        ({"days": 91}, "有效期是 1 到 90 天"),
        ({"standing": 20}, "同时最多 20 个分享，请先停掉不用的"),
        ({}, "可以分享"),
    ],
)
def test_what_may_be_shared(said: dict[str, Any], reason: str):
    assert may_share(**{"chosen": 1, "days": 30, "standing": 0, **said}).reason == reason


def test_a_share_opens_until_its_end():
    later = NOW + timedelta(days=1)
    assert may_open(until=later, ended=False, now=NOW)
    assert not may_open(until=NOW, ended=False, now=NOW)
    assert may_open(until=later, ended=True, now=NOW).reason.startswith("员工已经停止分享")


SOUND = {
    "works_here": True, "asked": True, "paper": False, "sound": True, "automatic": False, "counted": False,
    "done_on": date(2026, 11, 1), "from_on": date(2026, 11, 1),
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"works_here": False}, "他还不是您单位的在岗员工"),
        ({"asked": False, "from_on": None}, "这个岗位没有这项培训要求"),
        ({"paper": True}, "这项要求要国家证件"),
        ({"sound": False}, "没有学完，或者没有有效的证书"),
        ({"automatic": True}, "平台会自动计入"),
        ({"counted": True}, "已经抵过一项要求"),
        (
            {"done_on": date(2026, 10, 31)},
            "这次学习是2026年10月31日完成的，这项要求从2026年11月1日起算",
        ),
        ({}, "可以抵"),
    ],
)
def test_what_may_be_counted(said: dict[str, Any], reason: str):
    ruling = may_count(**{**SOUND, **said})
    assert ruling.reason.startswith(reason) or reason in ruling.reason
    assert bool(ruling) == (reason == "可以抵")
