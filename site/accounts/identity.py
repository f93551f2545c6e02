"""A person's name and 居民身份证 number, read strictly (the rules lie where rosters read them too)."""

from courses.rules.names import parse_name
from courses.rules.people import parse_id_number

__all__ = ["parse_id_number", "parse_name"]
