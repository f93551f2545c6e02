"""Any order of imports, corrections and annulments gives the same view as of a day."""

from datetime import date
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.acts import intake, scores, withdrawals
from credit.models import Enterprise, MajorHazard, Score, ScoreLine
from tests.credit.importing.makers import CODE

TODAY = date(2026, 11, 24)
KEYS = ("A", "B", "C")
SAID = {
    "A": {"supervision": "市级", "deadline": "2026-06-30"},
    "B": {"supervision": "", "deadline": "2026-06-30"},
    "C": {"supervision": "区级", "deadline": "", "ended_on": "2026-08-01"},
}


def tell(firm: Enterprise, key: str) -> None:
    """The last word on a hazard; told earlier words first make it a correction."""
    told = {
        "number": CODE, "name": firm.name, "source_key": key, "title": f"隐患{key}",
        "happened_on": "2026-03-12", **SAID[key],
    }  # fmt: skip
    intake.tell("hazards", [told], source="台账", today=TODAY)


def first_word(firm: Enterprise, key: str) -> None:
    if MajorHazard.objects.filter(source_key=key).exists():
        return  # an old file that comes late is known to its sender: he does not send it again
    told = {
        "number": CODE, "name": firm.name, "source_key": key, "title": "初报",
        "happened_on": "2026-03-12",
    }  # fmt: skip
    intake.tell("hazards", [told], source="台账", today=TODAY)


def view(firm: Enterprise) -> Any:
    """What counts, without keys and clocks."""
    facts = MajorHazard.objects.current().order_by("source_key")
    scores.refresh([firm.pk], as_of=TODAY)
    return (
        list(facts.values_list("source_key", "title", "supervision", "deadline", "ended_on")),
        Score.objects.values_list("points", "grade").get(),
        sorted(ScoreLine.objects.values_list("kind", "label", "deducted")),
    )


STEPS = [(verb, key) for key in KEYS for verb in ("first", "last")] + [
    ("annul", "A"),
    ("again", "B"),
]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(STEPS))
def test_any_order_of_imports_corrections_and_annulments_gives_the_same_view(
    order: list[tuple[str, str]], enterprise: Enterprise, opener: Any
):
    with transaction.atomic():
        for step in order:
            do(step, enterprise, opener)
        # A paper that came before its fact is done when the fact is there.
        if not MajorHazard.objects.filter(source_key="A", withdrawn_at__isnull=False).exists():
            do(("annul", "A"), enterprise, opener)
        assert view(enterprise) == (
            [
                ("B", "隐患B", "", date(2026, 6, 30), None),
                ("C", "隐患C", "district", None, date(2026, 8, 1)),
            ],
            (50, "C"),
            [("hazard.overdue", "B 隐患B", 10)],
        )
        transaction.set_rollback(True)


def do(step: tuple[str, str], firm: Enterprise, opener: Any) -> None:
    verb, key = step
    if verb == "first":
        first_word(firm, key)
    elif verb in ("last", "again"):
        tell(firm, key)
    elif fact := MajorHazard.objects.current().filter(source_key=key).first():
        said = {"reason": "撤销", "paper": "1号", "today": TODAY}
        withdrawals.withdraw(fact, officer=opener, **said)
