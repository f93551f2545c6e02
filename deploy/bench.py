"""What ``make bench`` measures, on a database of its own under var/bench: import, scoring, main pages.

Seconds depend on the machine; no test asserts them. Rows and enterprises can be given: bench.py 30000 20000.
"""

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "bench"
shutil.rmtree(VAR, ignore_errors=True)
os.environ |= {
    "ANXIN_VAR": str(VAR),
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "LOG_REQUESTS": "ERROR",
    "MEDIA_ROOT": str(VAR / "media"),
}

import django  # noqa: E402

django.setup()

import xlsxwriter  # noqa: E402
from bench_rescore import rescore  # noqa: E402
from bench_search import enrol, search  # noqa: E402
from bench_training import training  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from credit.acts import intake, scores  # noqa: E402
from credit.importing.columns import COLUMNS  # noqa: E402
from credit.models import Enterprise  # noqa: E402
from credit.rules.uscc import make_uscc  # noqa: E402

TODAY = date(2026, 11, 24)
PAGES = ["/", "/credit/?q=化工", "/credit/black/", "/courses/", "/courses/confined-space/",
         "/courses/confined-space/recognise/", "/news/", "/search/?q=有限空间", "/indicators/"]  # fmt: skip


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long it took."""
    begin = time.perf_counter()
    yield
    print(f"{what:<48} {time.perf_counter() - begin:8.2f} s", flush=True)  # noqa: T201


def main(rows: int, firms: int) -> None:
    """Measure each part once, pages fifteen times."""
    with timed("migrate, collect static files"):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    with timed("seed the demo's district"):
        call_command("seed_demo", verbosity=0)
    numbers = _register(firms)
    with tempfile.TemporaryDirectory() as folder:
        path = _workbook(Path(folder), rows, numbers)
        content = path.read_bytes()
        spent = {}
        for turn in ("first", "again"):
            begin = time.perf_counter()
            with timed(f"import {rows} penalties, {turn}"):
                batch = intake.open_batch(content, kind="violations", file_name="bench.xlsx")
                intake.run(batch, today=TODAY)
            spent[turn] = time.perf_counter() - begin
            assert batch.rows_bad == 0, batch.problems[:3]  # noqa: S101
    raw = _raw()
    print(f"{'import : raw COPY or executemany':<48} {spent['first'] / raw:8.1f} x", flush=True)  # noqa: T201
    with timed(f"score {Enterprise.objects.count()} enterprises"):
        scores.refresh(as_of=TODAY)
    with timed("score them again, nothing changed"):
        scores.refresh(as_of=TODAY)
    search(max(firms, 100_000))
    _pages()
    training()
    rescore(100_000, 500_000, TODAY)


def only_search(count: int) -> None:
    """The search alone, on an empty register of ``count`` names."""
    call_command("migrate", verbosity=0)
    call_command("seed_demo", verbosity=0)
    search(count)


def only_training() -> None:
    """The rows of training alone."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("seed_demo", verbosity=0)
    training()


def _raw() -> float:
    """Seconds for writing the penalties as plain rows: COPY on PostgreSQL, executemany on SQLite.

    No reading, no checks, no triggers; with the indexes of the table.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM credit_violation")
        rows = cursor.fetchall()
        width = len(rows[0])
        if connection.vendor == "postgresql":
            cursor.execute("CREATE TEMP TABLE bench_raw (LIKE credit_violation INCLUDING INDEXES)")
            begin = time.perf_counter()
            with cursor.copy("COPY bench_raw FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return time.perf_counter() - begin
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'credit_violation' AND sql > ''"
        )
        made = [sql for (sql,) in cursor.fetchall() if not sql.startswith("CREATE TRIGGER")]
        for sql in sorted(made, key=lambda sql: not sql.startswith("CREATE TABLE")):
            name = re.sub(r'(INDEX) "([^"]+)"', r'\1 "bench_\2"', sql)
            cursor.execute(name.replace('"credit_violation"', '"bench_raw"'))
        begin = time.perf_counter()
        marks = ", ".join(["%s"] * width)
        cursor.executemany(f"INSERT INTO bench_raw VALUES ({marks})", rows)  # noqa: S608
        spent = time.perf_counter() - begin
        cursor.execute("DROP TABLE bench_raw")
        return spent


def _register(count: int) -> list[str]:
    numbers = [make_uscc(f"91990001MBE{n:05}") for n in range(count)]
    enrol((f"测速{n}有限公司（虚构）", number) for n, number in enumerate(numbers))
    return numbers


def _workbook(folder: Path, rows: int, numbers: list[str]) -> Path:
    path = folder / "bench.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    headings = [column.heading for column in COLUMNS["violations"] if column.required]
    sheet.write_row(0, 0, [*headings, "罚款（元）"])
    values = {
        "企业名称": "测速",
        "违法行为": "未培训上岗",
        "处罚类别": "罚款",
        "处罚机关": "区应急局",
    }
    for n in range(rows):
        own = {
            "统一社会信用代码": numbers[n % len(numbers)],
            "决定书文号": f"测速〔2026〕{n}号",
            "处罚决定日期": (TODAY - timedelta(days=n % 900)).isoformat(),
        }
        sheet.write_row(n + 1, 0, [*((values | own)[heading] for heading in headings), 5000])
    book.close()
    return path


def _pages() -> None:
    client = Client(headers={"host": "localhost"})
    for page in PAGES:
        client.get(page)
        spent = []
        for _ in range(15):
            begin = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(page)
            spent.append(time.perf_counter() - begin)
        told = f"{answer.status_code}, {len(queries)} queries, {len(answer.content) // 1024} KiB"
        print(f"{page:<40} {median(spent) * 1000:8.1f} ms   {told}", flush=True)  # noqa: T201


if __name__ == "__main__" and sys.argv[1:2] == ["search"]:
    only_search(int(sys.argv[2]))
elif __name__ == "__main__" and sys.argv[1:2] == ["training"]:
    only_training()
elif __name__ == "__main__":
    main(*(int(argument) for argument in (sys.argv[1:3] or ("30000", "20000"))))
