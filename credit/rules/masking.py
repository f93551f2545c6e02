"""What of a person may stand in public: a name's first character, no identity or telephone number.

Source: 个人信息保护法; persons on public lists appear with name and masked number only.
"""

import re
from typing import Final

# 18 or (old) 15 characters with a possible date of birth in the middle; a credit code has none.
_BIRTH: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_NUMBER: Final = re.compile(
    rf"(?<!\d)(\d{{6}})(?:(?:18|19|20)\d{{2}}{_BIRTH}\d{{3}}[\dXx]|\d{{2}}{_BIRTH}\d{{3}})(?!\d)"
)
_MOBILE: Final = re.compile(r"(?<!\d)(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")


def mask_name(name: str) -> str:
    """The first character, the rest as stars."""
    return f"{name[:1]}{'*' * (len(name) - 1)}" if name else ""


def mask_numbers(text: str) -> str:
    """The text with identity and mobile numbers masked; all other numbers stay."""
    text = _ID_NUMBER.sub(lambda found: found[1] + "*" * (len(found[0]) - 6), text)
    return _MOBILE.sub(r"\1****\2", text)
