"""A person's name as a certificate bears it. Source: 实名制, the name on the 居民身份证."""

import re

NAME = re.compile(r"[^\W\d_]+(?:[·.' -][^\W\d_]+)*")

LONGEST = 60  # characters


def parse_name(text: str) -> str:
    """Return ``text`` as a name: letters and characters, parts joined by · or a space.

    Raises ValueError with advice for the person.
    """
    name = re.sub(r"\s*[·•・]\s*", "·", " ".join(text.split()))
    if not 2 <= len(name) <= LONGEST or not NAME.fullmatch(name):
        raise ValueError("请填写身份证上的姓名，至少两个字，不要写数字和符号")
    return name
