"""The open-data folder on the web: files, caches, and a page for everybody."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from credit.acts.open_data import delete_gone, publish_day
from credit.acts.open_folder import paths
from tests.credit.casework import LATER, NEXT_DAY, published, removed


@pytest.fixture(autouse=True)
def own_key(settings: Any, tmp_path: Path, time_machine: Any) -> None:
    """A key of the test's own, on the day of the entry."""
    settings.VAR_DIR = tmp_path
    time_machine.move_to(f"{LATER} 12:00+08:00", tick=False)


@pytest.fixture
def entry(concealed: Any, enterprise: Any, opener: Any, decider: Any) -> Any:
    found = published(enterprise, opener, decider)
    publish_day(LATER)
    return found


def test_every_address_of_the_folder_answers(entry: Any, client: Client) -> None:
    answers = {path: client.get(f"/credit/open-data/{path}") for path in paths()}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert len(answers) == 11
    assert answers[f"{LATER}/black.csv"]["Content-Type"] == "text/csv; charset=utf-8"
    assert answers["keys.json"].json()["keys"][0]["algorithm"] == "Ed25519"
    (day,) = answers["index.json"].json()["days"]
    assert [file["path"] for file in day["files"]][:2] == [
        f"{LATER}/black.csv", f"{LATER}/black.delta.jsonl",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["x", "2026-11-16/../keys.json", "2026-02-30/manifest.json", "redactions/99999.json",
     "%00", "a/b/c", "9999999999-1-1/manifest.json"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: Client, db: None, path: str) -> None:
    assert client.get(f"/credit/open-data/{path}").status_code == 404


def test_a_signed_paper_is_kept_for_ever_a_file_for_minutes(entry: Any, client: Client) -> None:
    manifest = client.get(f"/credit/open-data/{LATER}/manifest.json")
    file = client.get(f"/credit/open-data/{LATER}/black.csv")
    assert "immutable" in manifest["Cache-Control"]
    assert file["Cache-Control"] == "public, max-age=300, must-revalidate"
    again = client.get(
        f"/credit/open-data/{LATER}/black.csv", headers={"if-none-match": file["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_after_a_deletion_a_cached_copy_is_no_longer_current(
    entry: Any, opener: Any, decider: Any, client: Client
) -> None:
    tag = client.get(f"/credit/open-data/{LATER}/black.csv")["ETag"]
    removed(entry, opener, decider, NEXT_DAY)
    delete_gone(NEXT_DAY)
    again = client.get(f"/credit/open-data/{LATER}/black.csv", headers={"if-none-match": tag})
    assert again.status_code == 200
    assert "长青" not in again.content.decode()


def test_between_the_end_of_a_term_and_the_nights_deletion_the_file_waits(
    entry: Any, client: Client, time_machine: Any
) -> None:
    address = f"/credit/open-data/{LATER}/"
    last = entry.ends_on - timedelta(days=1)
    time_machine.move_to(f"{last} 23:59+08:00", tick=False)
    tag = client.get(f"{address}black.csv")["ETag"]
    time_machine.move_to(f"{entry.ends_on} 00:01+08:00", tick=False)
    for kind in ("csv", "jsonl", "delta.jsonl"):
        waits = client.get(f"{address}black.{kind}", headers={"if-none-match": tag})
        assert (waits.status_code, waits["Retry-After"]) == (503, "300")
        assert "长青" not in waits.content.decode()
        assert "no-store" in waits["Cache-Control"]
    assert client.get(f"{address}red.csv").status_code == 200
    assert client.get(f"{address}manifest.json").status_code == 200
    publish_day(entry.ends_on)
    again = client.get(f"{address}black.csv")
    assert (again.status_code, "长青" in again.content.decode()) == (200, False)


def test_the_page_says_what_there_is(
    entry: Any, client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):  # days, files, keys
        page = client.get("/credit/open-data/").content.decode()
    assert "最新文件（2026年11月16日）" in page
    assert f'href="/credit/open-data/{LATER}/black.csv"' in page
    assert f'href="/credit/open-data/{LATER}/manifest.json"' in page


def test_before_the_first_day_the_page_says_so(client: Client, db: None) -> None:
    assert "还没有公布过" in client.get("/credit/open-data/").content.decode()


@pytest.mark.parametrize("action", ["publish", "remove"])
def test_a_step_that_changes_a_list_is_followed_at_once(
    concealed: Any, enterprise: Any, opener: Any, decider: Any, action: str, monkeypatch: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    from credit.tasks import publish_open_data

    sent: list[str] = []
    task = publish_open_data._get_current_object()
    monkeypatch.setattr(task, "apply_async", lambda *a, **k: sent.append("sent"))
    if action == "publish":
        with django_capture_on_commit_callbacks(execute=True):
            published(enterprise, opener, decider)
    else:
        entry = published(enterprise, opener, decider)
        with django_capture_on_commit_callbacks(execute=True):
            removed(entry, opener, decider, NEXT_DAY)
    assert sent == ["sent"]
