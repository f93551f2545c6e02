"""Secrets of this machine: drawn when first asked for, kept under VAR_DIR, readable by their owner alone."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings


def own_secret(name: str, draw: Callable[[], str]) -> str:
    """The secret in ``VAR_DIR/name``, drawn if there is none yet."""
    path = Path(settings.VAR_DIR) / name
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(draw())
        try:
            os.link(draft, path)  # fails when another process was first: its secret stays
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
