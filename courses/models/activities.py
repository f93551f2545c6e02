"""What of a lesson has to be done besides reading, and what of it a learner has done. Reads only."""

from dataclasses import dataclass, field
from typing import Any, Final

from courses.models.packages import ActivityEvent

KINDS: Final = {
    "package": ActivityEvent.Kind.PACKAGE,
    "tasks": ActivityEvent.Kind.CHECKLIST,
    "question": ActivityEvent.Kind.QUESTION,
    "case": ActivityEvent.Kind.CASE,
    "video": ActivityEvent.Kind.VIDEO,
}


@dataclass
class Done:
    """What was done in a block: by item ("" where it has none), the newest event and whether ever done."""

    newest: dict[str, ActivityEvent] = field(default_factory=dict)
    items: set[str] = field(default_factory=set)

    @property
    def last(self) -> ActivityEvent | None:
        """The newest event of the block."""
        return max(self.newest.values(), key=lambda one: one.pk, default=None)


def interactive(lesson: Any) -> list[Any]:
    """The blocks of a lesson in which something is done."""
    return [block for block in lesson.body if _asks(block)]


def _asks(block: Any) -> bool:
    """A film asks for nothing unless it is to be watched whole."""
    kind = block.block_type
    return kind in KINDS and (kind != "video" or bool(block.value.get("hold")))


def must(block: Any) -> bool:
    """Whether the lesson waits for a block."""
    return bool(block.value["hold" if block.block_type == "video" else "must"])


def done_in(enrolment: Any, lesson: Any) -> dict[str, Done]:
    """By the block's id. One query; none for a lesson without such blocks."""
    if not interactive(lesson):
        return {}
    found: dict[str, Done] = {}
    for event in ActivityEvent.objects.filter(enrolment=enrolment, lesson=lesson).order_by("pk"):
        block = found.setdefault(str(event.block), Done())
        block.newest[event.item] = event
        if event.done:
            block.items.add(event.item)
    return found


def open_in(enrolment: Any, lesson: Any) -> list[str]:
    """The titles of what must be done before the lesson can be finished and is not yet."""
    needed = {str(block.id): block for block in interactive(lesson) if must(block)}
    if not needed:
        return []
    done = done_in(enrolment, lesson)
    return [
        title_of(block)
        for key, block in needed.items()
        if items_of(block) - done.get(key, Done()).items
    ]


def items_of(block: Any) -> set[str]:
    """What of a block must be done: the parts of a package that report, else the block itself."""
    if block.block_type != "package":
        return {""}
    package = block.value["package"]
    return set(package.tracked) if package else set()


def title_of(block: Any) -> str:
    """What a block is called."""
    if block.block_type == "package":
        package = block.value["package"]
        return package.title if package else "课件"
    if block.block_type == "video":
        return str(block.value["caption"] or block.value["media"].title)
    return str(block.value["title"] or block.block.label)
