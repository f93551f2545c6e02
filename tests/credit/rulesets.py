"""Short ways to a rule-set for tests: a draft's text, its simulation, its adoption."""

from datetime import date
from typing import Any

from credit.acts import rulesets, simulation
from credit.models import RulesetDraft, RulesetVersion, Simulation
from credit.rules.ruleset import shipped_text

TODAY = date(2026, 11, 23)
FIRST_DAY = date(2026, 12, 1)
DEARER_FINE = ('kind = "violation.fine"\npoints = 5', 'kind = "violation.fine"\npoints = 15')


def second(*edits: tuple[str, str], first_day: date = FIRST_DAY, version: str = "2") -> str:
    """The shipped rule-set as the next version, with edits."""
    text = shipped_text()
    changes = [
        ('version = "1"', f'version = "{version}"'),
        ("effective_from = 2026-01-01", f"effective_from = {first_day}"),
        *edits,
    ]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def drafted(officer: Any, *edits: tuple[str, str], **more: Any) -> RulesetDraft:
    """A draft with the text of ``second``."""
    draft = rulesets.begin_draft(officer=officer, title="年终修订", today=TODAY)
    return rulesets.edit_draft(draft, officer=officer, title="", text=second(*edits, **more))


def simulated(
    draft: RulesetDraft, officer: Any, as_of: date = TODAY, *, every_record: bool = True
) -> Simulation:
    """Run over the register."""
    waiting = simulation.start(draft, officer=officer, as_of=as_of, every_record=every_record)
    return simulation.run(waiting)


def adopted(drafter: Any, adopter: Any, *edits: tuple[str, str], **more: Any) -> RulesetVersion:
    """The whole way."""
    done = simulated(drafted(drafter, *edits, **more), drafter)
    return rulesets.adopt(done, officer=adopter, reason="局务会议〔2026〕8号", today=TODAY)
