"""Mainland mobile numbers: read in any usual writing, kept as E.164."""

import re
import unicodedata

# 1, then 3 to 9, then nine more. Source: 电信网编号计划（2017年版）, numbers of mobile networks.
MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")


def parse_phone(text: str) -> str:
    """Return ``text`` as +8613800000000.

    Raises ValueError with a message for the person when it is no mainland mobile number.
    """
    plain = re.sub(r"[\s().\-‐-―]", "", unicodedata.normalize("NFKC", text))
    found = MOBILE.fullmatch(plain)
    if found is None:
        raise ValueError("请输入11位中国大陆手机号，例如 13800000000")
    return f"+86{found[1]}"
