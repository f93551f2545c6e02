"""No address of training without a door: the office's and the enterprise's ask who comes; another reads no name.

A new address is walked without a line here; one for everybody has to be named in OPEN.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from accounts.roles import CREDIT_OFFICER, DECISION_OFFICER
from courses.models import Attempt, Enrolment
from credit.models import Jurisdiction
from tests.courses.contest_kit import player
from tests.credit.officers import officer

# For everybody: contests with tables and lots, and where a beat of a page tells that the login is over.
OPEN: Final = {"contests", "contest", "contest_ranks", "contest_draw", "contest_draw_list"}
ANSWERS: Final = {302, 401, 403, 404, 405, 410}  # 410: a code of a class that ran out
NAMES: Final = ("演示浇铸工", "演示清理工", "云溪安润铸造")
KEYS: Final = range(1, 9)
SEARCH: Final = "/learn/office/?q=演示浇铸"


def _below(found: Any, path: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        below = path + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _below(one.url_patterns, below)
        else:
            yield below, one


def _pages(start: str) -> list[tuple[str, URLPattern]]:
    found = next(one for one in get_resolver().url_patterns if str(one.pattern) == start)
    return list(_below(found.url_patterns, start))


def _address(path: str, one: URLPattern, key: int) -> str:
    """The address with every part filled: a key with ``key``, words with what such words may be."""
    for name, converter in one.pattern.converters.items():
        kind = type(converter).__name__
        word = {"KeyConverter": str(key), "IntConverter": str(key), "UUIDConverter": "0" * 32}
        way = "in" if name == "way" else "xlsx" if name == "kind" else "safety-month"
        for said in (f"<key:{name}>", f"<int:{name}>", f"<slug:{name}>", f"<str:{name}>", f"<way:{name}>",
                     f"<uuid:{name}>"):  # fmt: skip
            path = path.replace(said, word.get(kind, way))
    return f"/{path}"


LEARN = _pages("learn/")
ENTERPRISE = _pages("courses/enterprise/")
ALL = [*LEARN, *ENTERPRISE]


def test_every_part_of_an_address_is_filled():
    assert (len(LEARN) > 100, len(ENTERPRISE) > 20) == (True, True)
    assert [_address(path, one, 1) for path, one in ALL if "<" in _address(path, one, 1)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "one"), ALL, ids=[path for path, _ in ALL])
def test_nobody_enters_without_an_account(client: Client, path: str, one: URLPattern):
    if one.name in OPEN:
        assert client.get(_address(path, one, 1)).status_code in (200, 404)
        return
    for ask in (client.get, client.post):
        answer: Any = ask(_address(path, one, 1))
        assert answer.status_code in ANSWERS, ask
        if answer.status_code == 302:
            assert answer.url.startswith("/accounts/login/"), ask


@pytest.mark.django_db
def test_nobody_of_elsewhere_reads_a_name_or_takes_a_step(client: Client, as_staff: Any):
    """In the demo's district: a worker of nobody, and an officer of another district with every permission."""
    call_command("seed_demo", verbosity=0)
    before = _counts()
    client.force_login(player(77, "路过人"))
    assert _named(client, ALL) == set()
    there = Jurisdiction.objects.create(code="880002", name="远山区", kind="district")
    who = officer("13800000078", there)
    for role in (CREDIT_OFFICER, DECISION_OFFICER):
        who.groups.add(Group.objects.get(name=role))
    rights = Permission.objects.filter(content_type__app_label="courses")
    # Who runs the courses, or looks on, sees every learner: that is another office.
    who.user_permissions.set(
        rights.exclude(codename="change_enrolment").exclude(codename__startswith="view_")
    )
    as_staff(client, who)
    assert _named(client, ALL) == set()
    assert NAMES[0] not in client.get(SEARCH).content.decode()
    as_staff(client, User.objects.get(phone="+8619900000005"))
    assert NAMES[0] in client.get(SEARCH).content.decode()  # the district's own officer
    assert _counts() == before


def _counts() -> list[int]:
    """What others would have changed: rounds begun and attempts that ended."""
    return [Enrolment.objects.count(), Attempt.objects.ended().count()]


def _named(client: Client, pages: list[tuple[str, URLPattern]]) -> set[str]:
    """The addresses whose answers hold a name of the demo's workers or of their employer."""
    found = set()
    for path, one in pages:
        for key in KEYS if one.pattern.converters else (1,):
            address = _address(path, one, key)
            answer = client.get(address)
            content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
            if answer.status_code == 200 and any(name.encode() in content for name in NAMES):
                found.add(address)
            client.post(address)
    return found
