"""Mainland mobile numbers: read in any usual writing, kept as E.164 (the rule lies where rosters read it too)."""

from courses.rules.people import parse_phone

__all__ = ["parse_phone"]
