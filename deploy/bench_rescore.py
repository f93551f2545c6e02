"""The rescore among ``make bench``: 100,000 enterprises and 500,000 penalties, made by the database itself.

Prints ratios in one run: a full rescore, one SQL UPDATE over the same table, and the nightly run.
"""

import resource
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from credit.acts import scores
from credit.models import Enterprise, Jurisdiction, Score, ScoreLine, Sector, Violation

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) "


def rescore(firms: int, records: int, today: date) -> None:
    """Fill the register and print what each way of scoring it takes."""
    # What the bench itself wrote within the last hour would all count as due tonight.
    scores.MARGIN = timedelta(0)  # type: ignore[misc]
    first = _fill(firms, records, today)
    count = Enterprise.objects.count()
    whole = _spent(lambda: scores.refresh(as_of=today))
    _told(f"score {count} enterprises, {records} records, first", whole)
    full = _spent(lambda: scores.refresh(as_of=today + timedelta(days=1)))
    update = _spent(_one_update)
    due: list[int] = []
    night = _spent(lambda: due.append(scores.refresh_changed(as_of=today + timedelta(days=2))))
    quiet = _spent(lambda: scores.refresh_changed(as_of=today + timedelta(days=2)))
    _told("full rescore, a day later", full, f"{full / update:6.1f} × one UPDATE")
    _told("one SQL UPDATE over the same scores", update, "   1.0")
    said = f"{night / update:6.1f} × one UPDATE, 1/{full / night:.1f} of full"
    _told(f"changed only, a day later ({due[0]} due)", night, said)
    _told("changed only, nothing due", quiet, f"{quiet / update:6.1f} × one UPDATE")
    lines = ScoreLine.objects.filter(enterprise__gte=first).count()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{'lines kept':<48} {lines:8} , memory at most {peak} MiB", flush=True)  # noqa: T201


def _spent(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _told(what: str, seconds: float, ratio: str = "") -> None:
    print(f"{what:<48} {seconds:8.2f} s  {ratio}", flush=True)  # noqa: T201


def _one_update() -> None:
    """What the database needs to write every score once, whatever the figures."""
    Score.objects.update(
        base=models.F("base"), deducted=models.F("deducted"), points=models.F("points"),
        grade=models.F("grade"), computed_at=timezone.now(),
    )  # fmt: skip


def _fill(firms: int, records: int, today: date) -> int:
    """Copies of one enterprise and one penalty, each with its own numbers and day; the first new key."""
    firm = Enterprise.objects.create(
        name="重算", legacy_number="重算-0", place=Jurisdiction.objects.latest("pk"),
        sector=Sector.objects.latest("pk"), standardisation_level=3,
    )  # fmt: skip
    _copies(Enterprise, firm.pk, firms, {
        "name": "'重算' || n.i", "legacy_number": "'重算-' || n.i",
        "standardisation_level": "n.i % 4",
    })  # fmt: skip
    first = firm.pk + 1
    penalty = Violation.objects.create(
        enterprise=firm, source="测速", source_key="重算-0", happened_on=today, offence="x",
        penalty_kind="罚款", fine=5_000, authority="区应急局",
    )  # fmt: skip
    back = "(n.i * 7 %% 1500)"
    postgres = connection.vendor == "postgresql"
    day = f"DATE '{today}' - {back}" if postgres else f"date('{today}', '-' || {back} || ' days')"
    earlier = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")
    _copies(Violation, penalty.pk, records, {
        "enterprise_id": f"{first} + n.i %% {firms}", "source_key": "'重算-' || n.i",
        "identity": "'重算-' || n.i", "happened_on": day, "fine": "5000 + n.i %% 3 * 100000",
        "recorded_at": f"TIMESTAMP '{earlier}'" if postgres else f"'{earlier}'",
    })  # fmt: skip
    if postgres:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return first


def _copies(model: type[models.Model], pk: int, count: int, own: dict[str, str]) -> None:
    """``count`` copies of a row in one statement; ``own`` says in SQL over n.i what differs."""
    table = model._meta.db_table
    names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join(own.get(name, f'o."{name}"').replace(" % ", " %% ") for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) "  # noqa: S608
            f"{_NUMBERS} SELECT {values} FROM n, {table} o WHERE o.id = %s",
            [count, pk],
        )
