"""A person's phone and 居民身份证 number, read strictly. Sources: 电信网编号计划（2017年版）; GB 11643-1999."""

import re
import unicodedata
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

# 1, then 3 to 9, then nine more: numbers of mobile networks.
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


def parse_id_number(text: str, today: date) -> str:
    """Return the 18 characters of an identity number, X in capitals.

    The first six digits are not compared with a list of places: lists are never complete, and the
    residence permits of people from 港澳台 and abroad carry numbers of the same make.
    Raises ValueError with advice for the person.
    """
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise ValueError("身份证号是18位：17位数字，最后一位是数字或X。请看着证件再填一次")
    if number[-1] != ric.calc_check_digit(number) or not _is_born(number, today):
        raise ValueError("身份证号不对，可能写错了一位。请看着证件再填一次")
    return number


def _is_born(number: str, today: date) -> bool:
    try:
        born: date = ric.get_birth_date(number)
    except ValidationError:
        return False
    return date(1900, 1, 1) <= born <= today
