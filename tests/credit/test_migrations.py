"""Migrations that fill columns carry the rows of a living database, there and back."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("credit", "0005_tighter_lock")]
AFTER = [("credit", "0012_folded_search_text")]


@pytest.fixture
def migrated_back(transactional_db: None) -> Any:
    """The models as they were; whatever the test did, the newest ones come back."""
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield go(BEFORE)
    go(latest)


def go(targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    state = executor.migrate(targets)
    return state.apps.get_model


def test_keys_and_search_texts_are_filled(migrated_back: Any):
    place = migrated_back("credit", "Jurisdiction").objects.create(
        code="1", name="云溪区", kind="district", path="/1/"
    )
    sector = migrated_back("credit", "Sector").objects.create(code="x", name="化工")
    firm = migrated_back("credit", "Enterprise").objects.create(
        name="甲厂（虚构）Ａ", legacy_number="1", place=place, sector=sector,
        search_text="甲厂（虚构）ａ\n\n1\njc（xg）ａ",
    )  # fmt: skip
    violations = migrated_back("credit", "Violation").objects
    for printed in ("审〔2026〕14号", "审[2026]14号", "审（2026）15号", "审[2026]15号"):
        violations.create(
            enterprise=firm, source="s", source_key=printed, happened_on=date(2026, 3, 1),
            offence="o", penalty_kind="罚款", authority="a",
        )  # fmt: skip
    filled = go(AFTER)
    plain, twin, older, newest = filled("credit", "Violation").objects.order_by("pk")
    assert [fact.identity for fact in (plain, twin, older, newest)] == [
        "审〔2026〕14号", f"审〔2026〕14号#{twin.pk}", f"审〔2026〕15号#{older.pk}", "审〔2026〕15号",
    ]  # fmt: skip
    assert filled("credit", "Enterprise").objects.get().search_text == "甲厂(虚构)a\n\n1\njc(xg)a"
    back = go(BEFORE)
    assert (
        back("credit", "Enterprise").objects.get().search_text == "甲厂（虚构）ａ\n\n1\njc（xg）ａ"
    )
    assert back("credit", "Violation").objects.count() == 4
