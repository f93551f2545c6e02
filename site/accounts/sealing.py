"""Identity numbers are kept sealed, found by a keyed fingerprint, and shown masked.

The keys and how they are rotated: ``credit.sealing``, which seals what credit keeps of persons as well.
"""

from credit.sealing import fingerprint, fingerprints, seal, unseal

__all__ = ["fingerprint", "fingerprints", "mask_id", "mask_name", "mask_phone", "seal", "unseal"]


def mask_name(name: str) -> str:
    """张三 → 张*, 欧阳小明 → 欧***."""
    return name[:1] + "*" * (len(name) - 1)


def mask_id(number: str) -> str:
    """The first three and the last four characters; a shorter number than those is hidden whole."""
    hidden = len(number) - 7
    return f"{number[:3]}{'*' * hidden}{number[-4:]}" if hidden > 0 else "*" * len(number)


def mask_phone(phone: str) -> str:
    """+8613800000000 or 13800000000 → 138****0000."""
    national = phone.removeprefix("+86")
    return f"{national[:3]}****{national[-4:]}" if len(national) > 7 else "*" * len(national)
