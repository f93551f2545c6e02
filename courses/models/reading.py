"""How a lesson is read and heard: its own text, simple words, another language; recordings. Reads only."""

from typing import Any, Final

from courses.blocks import READINGS, SIMPLE
from courses.models.activities import KINDS

NAMES: Final = dict(READINGS)
RIGHT_TO_LEFT: Final = frozenset({"ug", "kk-Arab"})


def reading_context(lesson: Any, asked: str) -> dict[str, Any]:
    """``blocks`` to show in ``language``, the ways to read (code, name, whether it is this), recordings.

    ``to_do``: beside a reading, what has to be done in the lesson, and its films. An unknown way is the lesson's
    own text. ``plays``: whether there is a film, for which the player is loaded;
    sound has the browser's own.
    """
    readings = {one.value["language"]: one.value for one in lesson.readings or ()}
    chosen = readings.get(asked)
    own = [("", "标准版"), *((code, NAMES[code]) for code in NAMES if code in readings)]
    shown = chosen["body"] if chosen else lesson.body
    to_do = [one for one in lesson.body if chosen and one.block_type in KINDS]
    sound = chosen["sound"] if chosen else None
    language = asked if chosen and asked != SIMPLE else "zh-Hans"
    recordings = [] if chosen else [one.value for one in lesson.spoken or ()]
    return {
        "blocks": shown,
        "to_do": to_do,
        "heading": chosen["title"] if chosen else lesson.title,
        "written_by": chosen["by"] if chosen else "",
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "as": asked if chosen else "",
        "ways": [(code, name, code == (asked if chosen else "")) for code, name in own]
        if readings
        else [],
        "sound": sound,
        "recordings": recordings,
        "plays": any(one.block_type == "video" for one in [*shown, *to_do]),
    }
