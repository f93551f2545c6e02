"""Mainland mobile numbers: read in any usual writing, kept as E.164."""

import phonenumbers


def parse_phone(text: str) -> str:
    """Return ``text`` as +8613800000000.

    Raises ValueError with a message for the person when it is no mainland mobile number.
    """
    advice = "请输入11位中国大陆手机号，例如 13800000000"
    try:
        number = phonenumbers.parse(text.strip(), "CN")
    except phonenumbers.NumberParseException as fault:
        raise ValueError(advice) from fault
    national = str(number.national_number)
    if number.country_code != 86 or len(national) != 11 or national[0] != "1":
        raise ValueError(advice)
    return f"+86{national}"
