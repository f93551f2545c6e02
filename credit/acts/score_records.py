"""The facts that count, as rows for the one score function: one place for every kind of record."""

from datetime import date
from typing import Any

import pandas as pd

from credit.models import Accident, Violation
from credit.rules.timeline import Rules
from credit.rules.violations import kind_of


def records_of(where: dict[str, Any], wanted: set[int], rules: Rules) -> pd.DataFrame:
    """Every current fact of the ``wanted`` enterprises as rows for the score function, with what to print.

    ``where`` is the filter that finds them in one range or list.
    A concealed accident is two records: what happened, and that it was concealed.
    """
    rows: list[tuple[str, int, str, date, str, int, str]] = []
    violations = Violation.objects.current().filter(**where)
    for pk, firm, penalty, fine, licence, day, number, offence in violations.values_list(
        "pk", "enterprise_id", "penalty_kind", "fine", "licence", "happened_on", "source_key",
        "offence",
    ):  # fmt: skip
        label = f"{number} {offence}"[:250]
        kind = kind_of(penalty, fine, rules.on(day), licence=licence)
        rows.append((f"violation:{pk}", firm, kind, day, "violation", pk, label))
    accidents = Accident.objects.current().filter(**where, responsible=True)
    for pk, firm, grade, concealed, day, number, title in accidents.values_list(
        "pk", "enterprise_id", "grade", "concealed", "happened_on", "source_key", "title"
    ):
        shown = (day, "accident", pk, f"{number} {title}"[:250])
        rows.append((f"accident:{pk}", firm, f"accident.{grade}", *shown))
        if concealed:
            rows.append((f"concealed:{pk}", firm, "accident.concealed", *shown))
    columns = ["record", "enterprise", "kind", "happened_on", "record_type", "record_id", "label"]
    frame = pd.DataFrame([row for row in rows if row[1] in wanted], columns=columns)
    return frame.astype({"record": "str", "kind": "str", "enterprise": "int64"})
