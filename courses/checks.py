"""What ``manage.py check`` says about exams: a way to show who one is that needs no face must be there."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string


def identity_without_a_face(**kwargs: Any) -> list[checks.CheckMessage]:
    """A check by face always has an equal alternative (个人信息保护法)."""
    ways: list[Any] = []
    faults: list[checks.CheckMessage] = []
    for path in settings.EXAM_IDENTITY_BACKENDS:
        try:
            ways.append(import_string(path))
        except ImportError:
            text = f"EXAM_IDENTITY_BACKENDS names {path}, which cannot be imported."
            faults.append(checks.Error(text, id="courses.E001"))
    if all(way.face for way in ways):
        text = "EXAM_IDENTITY_BACKENDS holds no way without a face."
        hint = "Keep courses.acts.identity.SeenCard or OneTimeCode in it."
        faults.append(checks.Error(text, hint=hint, id="courses.E002"))
    return faults
