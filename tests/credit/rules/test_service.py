"""Ways of serving a paper, and what each asks for (行政处罚法 第六十一条)."""

from datetime import date
from typing import Any

import pytest

from credit.rules.service import ServiceFacts, ServiceKind, may_record

MADE, TODAY = date(2026, 11, 2), date(2026, 12, 15)


def asked(how: str, **more: Any) -> str:
    facts = {"recipient": "王某", "made_on": MADE, "served_on": date(2026, 12, 2), "today": TODAY}
    return may_record(ServiceFacts(how=ServiceKind(how), **{**facts, **more})).reason


@pytest.mark.parametrize(
    ("how", "more", "reason"),
    [
        ("direct", {}, "2026年12月2日直接送达"),
        ("direct", {"recipient": " "}, "请填写收件人"),
        ("post", {"served_on": date(2026, 11, 1)}, "送达日期应在文书日期之后且不晚于今天"),
        ("post", {"served_on": date(2026, 12, 16)}, "送达日期应在文书日期之后且不晚于今天"),
        ("left", {}, "留置送达要填写见证人，或者在备注写明拍照、录像的情况"),
        ("left", {"witness": "社区李某"}, "2026年12月2日留置送达"),
        ("electronic", {}, "电子送达要当事人同意并签订确认书，请在备注写明确认书"),
        ("electronic", {"note": "确认书1号"}, "2026年12月2日电子送达"),
        ("announced", {}, "公告送达要填写公告日期，在文书日期之后且不晚于今天"),
        (
            "announced",
            {"announced_on": date(2026, 11, 3)},
            "公告满30日才视为送达，最早2026年12月3日",
        ),
        ("announced", {"announced_on": MADE}, "2026年11月2日公告，视为送达"),
    ],
)
def test_each_way_asks_for_its_own(how: str, more: dict[str, Any], reason: str) -> None:
    assert asked(how, **more) == reason
