"""What every test may ask for: a small district with one enterprise."""

import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.core.cache import cache
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import Client

from credit.models import Enterprise, Jurisdiction, Sector, rulesets
from credit.rules.ruleset import load_ruleset
from credit.rules.timeline import Timeline
from culture.templatetags.culture_tags import MENU_KEY, OWNER_KEY


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that empties the tables gets back what the migrations had written: roles, first page."""
    for item in items:
        marks = list(item.iter_markers("django_db"))
        emptying = any(mark.kwargs.get("transaction") for mark in marks)
        names = getattr(item, "fixturenames", [])
        if emptying or {"live_server", "transactional_db"} & set(names):
            names.append("django_db_serialized_rollback")


DatabaseOperations = DatabaseWrapper.ops_class


@pytest.fixture(autouse=True, scope="session")
def flush_past_the_guards() -> Iterator[None]:
    """Between transactional tests every table is emptied; SQLite does it by DELETE, and our guards refuse it.

    The guards are taken off for that moment alone. On PostgreSQL the guard on TRUNCATE lets a session pass
    that says so.
    """
    plain_postgresql = BaseDatabaseOperations.execute_sql_flush

    def truncate(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        may_empty = ["SELECT set_config('anxin.may_empty', 'yes', true)"]
        plain_postgresql(self, may_empty * (self.connection.vendor == "postgresql") + sql_list)

    plain = DatabaseOperations.execute_sql_flush

    def flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
        plain(self, sql_list)
        with self.connection.cursor() as cursor:
            for _, sql in triggers:
                cursor.execute(sql)

    BaseDatabaseOperations.execute_sql_flush = truncate  # type: ignore[method-assign]
    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = plain_postgresql  # type: ignore[method-assign]
    DatabaseOperations.execute_sql_flush = plain  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """Static files need no collecting, passwords are cheap, uploads and caches are this test's."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private"}}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain, "private": private}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    own = {**settings.CACHES["default"], "KEY_PREFIX": uuid4().hex}
    if "filebased" in own["BACKEND"]:
        own["LOCATION"] = str(tmp_path / "cache")
    settings.CACHES = {"default": own}
    cache.set_many(
        {MENU_KEY: [], OWNER_KEY: {}}
    )  # warm, as on a running site: pages count their own queries
    rulesets._known = rulesets._Known("test", math.inf, Timeline.of([load_ruleset()]))


@pytest.fixture
def district(db: None) -> Jurisdiction:
    """云溪区, fictional."""
    return Jurisdiction.objects.create(code="990001", name="云溪区", kind="district")


@pytest.fixture
def street(district: Jurisdiction) -> Jurisdiction:
    """A street of the district."""
    return Jurisdiction.objects.create(
        code="990001001", name="河滨街道", kind="street", parent=district
    )


@pytest.fixture
def sector(db: None) -> Sector:
    """危险化学品."""
    return Sector.objects.create(code="chemicals", name="危险化学品", high_risk=True)


@pytest.fixture
def enterprise(street: Jurisdiction, sector: Sector) -> Enterprise:
    """One enterprise with the worked code of GB 32100."""
    return Enterprise.objects.create(
        name="云溪长青化工有限公司（虚构）", uscc="91110000600037341L", place=street, sector=sector
    )


@pytest.fixture
def as_staff() -> Any:
    """Sign somebody in with a second factor, as staff pages ask for."""

    def sign_in(client: Client, person: Any) -> Any:
        if not is_mfa_enabled(person):
            TOTP.activate(person, generate_totp_secret())
        client.force_login(person)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "mfa", "type": "totp", "at": time.time()}
        ]
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
        session.save()
        return person

    return sign_in
