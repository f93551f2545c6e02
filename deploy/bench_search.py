"""The register's search among many names: the slowest of 180 questions, as a ratio to one row by its key.

Part of ``make bench``; alone, with a size of its own: deploy/bench.py search 1000000.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from statistics import median

from credit.models import Enterprise, Jurisdiction, Sector
from credit.rules.uscc import make_uscc

ASKED = 180
CHUNK = 10_000
_TRADES = ("化工", "机械", "建筑", "物流", "食品", "电子", "商贸", "科技")
_FORMS = ("有限公司", "股份有限公司", "厂", "经营部")
_SIGNS = [chr(0x4E00 + at * 7 % 2500) for at in range(600)]


def search(count: int) -> None:
    """Fill the register up to ``count`` names, ask 180 questions, print median, slowest and ratio."""
    dice = random.Random(20261125)  # noqa: S311  # the same names every time
    names = list(_names(count, dice))
    enrol((name, make_uscc(f"91990001{n:08}")) for n, name in enumerate(names))
    asked = list(_questions(names, dice))
    spent = sorted(_seconds(partial(_first_page, words)) for words in asked)
    keys = list(Enterprise.objects.values_list("pk", flat=True)[:ASKED])
    row = median(_seconds(partial(Enterprise.objects.get, pk=pk)) for pk in keys)
    told = f"median {median(spent) * 1000:.1f} ms, slowest of {ASKED} {spent[-1] * 1000:.1f} ms"
    ratio = f"{median(spent) / row:.1f}x and {spent[-1] / row:.1f}x one row by its key"
    print(f"search among {Enterprise.objects.count()} names: {told}: {ratio}", flush=True)  # noqa: T201


def _names(count: int, dice: random.Random) -> Iterator[str]:
    for n in range(count):
        own = "".join(dice.choice(_SIGNS) for _ in range(2 + n % 3))
        yield f"云溪{own}{dice.choice(_TRADES)}{dice.choice(_FORMS)}"


def enrol(named: Iterable[tuple[str, str]]) -> None:
    """Register enterprises, each given by name and code, all of one place and sector."""
    place, sector = Jurisdiction.objects.latest("pk"), Sector.objects.latest("pk")
    waiting = iter(named)
    while chunk := list(islice(waiting, CHUNK)):
        Enterprise.objects.bulk_create(
            Enterprise(name=name, uscc=code, place=place, sector=sector) for name, code in chunk
        )


def _questions(names: list[str], dice: random.Random) -> Iterator[str]:
    """Two characters of the own name, the beginning, the end, a piece of a code: rare and common ones."""
    for number in (dice.randrange(len(names)) for _ in range(ASKED // 4)):
        name, code = names[number], make_uscc(f"91990001{number:08}")
        yield from (name[2:4], name[:4], name[-2:], code[11:])


def _first_page(words: str) -> list[Enterprise]:
    return list(Enterprise.objects.matching(words).select_related("place", "sector")[:20])


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
