"""A signed day of open data; what leaves a list leaves every file; the chain can be checked all the while."""

import json
import subprocess
import sys
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from credit.acts.open_data import delete_gone, publish_day
from credit.acts.open_folder import paths, served
from credit.models import Enterprise, OpenDay, OpenEntry, OpenFile, Redaction, SigningKey
from credit.opendata.rows import apply, from_jsonl
from tests.credit.casework import LATER, hide_accident, published, removed

NEXT = LATER + timedelta(days=1)
AFTER = LATER + timedelta(days=2)


@pytest.fixture(autouse=True)
def own_key(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def entry(concealed: Any, enterprise: Enterprise, opener: Any, decider: Any) -> Any:
    Enterprise.objects.filter(pk=enterprise.pk).update(legal_representative="张三丰")
    return published(enterprise, opener, decider)


@pytest.fixture
def other(street: Any, sector: Any, opener: Any, decider: Any) -> Any:
    firm = Enterprise.objects.create(
        name="=云溪第二化工厂（虚构）", legacy_number="320321", place=street, sector=sector
    )
    hide_accident(firm, "SG-2")
    return published(firm, opener, decider, number="2")


def text(path: str) -> str:
    found = served(path)
    assert found is not None
    return found.content.decode()


def downloaded(folder: Path) -> Path:
    for path in paths():
        found = served(path)
        assert found is not None
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(found.content)
    return folder


def verified(folder: Path, *more: str) -> str:
    out = StringIO()
    call_command("verify_open_data", str(folder), *more, stdout=out, stderr=out)
    return out.getvalue()


def faults(folder: Path, *more: str) -> str:
    out = StringIO()
    with pytest.raises(CommandError, match="核验不通过"):
        call_command("verify_open_data", str(folder), *more, stdout=out, stderr=out)
    return "\n".join(line for line in out.getvalue().split("\n") if line.startswith("✗"))


def test_a_day_has_the_public_facts_of_each_entry_and_no_more(entry: Any) -> None:
    publish_day(LATER)
    (row,) = from_jsonl(text(f"{LATER}/black.jsonl").encode())
    assert row == {
        "id": OpenEntry.objects.get().public_id,
        "list": "black",
        "name": "云溪长青化工有限公司（虚构）",
        "number": "91110000600037341L",
        "legal_representative": "张**",
        "place": "河滨街道",
        "sector": "危险化学品",
        "grounds": row["grounds"],
        "decision_number": "云应急列〔2026〕1号",
        "authority": "云溪区应急管理局",
        "listed_on": "2026-11-16",
        "ends_on": "2029-11-16",
        "disputed": "否",
    }
    assert "应急管理部令第11号" in row["grounds"]
    table = text(f"{LATER}/black.csv")
    assert table.startswith("\ufeff条目编号,名单,企业名称")
    assert "张**" in table
    assert text(f"{LATER}/red.jsonl") == ""
    assert json.loads(text(f"{LATER}/black.delta.jsonl")) == {"op": "ADD", "row": row}


def test_the_same_day_twice_is_one_day(entry: Any) -> None:
    assert publish_day(LATER) == publish_day(LATER)
    assert (OpenDay.objects.count(), OpenFile.objects.count()) == (1, 6)


def test_a_day_and_the_delta_give_the_next_day(
    entry: Any, other: Any, opener: Any, decider: Any
) -> None:
    publish_day(LATER)
    Enterprise.objects.filter(pk=other.enterprise_id).update(name="云溪第二化工厂（改名，虚构）")
    removed(entry, opener, decider, NEXT)
    publish_day(NEXT)
    changes = from_jsonl(text(f"{NEXT}/black.delta.jsonl").encode())
    assert sorted(change["op"] for change in changes) == ["DEL", "MOD"]
    before = from_jsonl(text(f"{LATER}/black.jsonl").encode())
    assert apply(before, changes) == from_jsonl(text(f"{NEXT}/black.jsonl").encode())


def test_a_download_is_checked_offline(
    entry: Any, other: Any, opener: Any, decider: Any, tmp_path: Path,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    publish_day(LATER)
    removed(entry, opener, decider, NEXT)
    delete_gone(NEXT)
    publish_day(NEXT)
    publish_day(AFTER)
    folder = downloaded(tmp_path / "open")
    with django_assert_num_queries(0):
        said = verified(folder, "--key", str(folder / "keys.json"))
    assert f"{NEXT}/black.delta.jsonl：前一天加上增量等于当天" in said
    assert "第 1 份删除记录签名相符（1 条）" in said
    assert "核验通过" in said
    assert "缺少" not in said


def test_a_removal_leaves_every_file_at_once(
    entry: Any, other: Any, opener: Any, decider: Any, tmp_path: Path
) -> None:
    publish_day(LATER)
    publish_day(NEXT)
    signed_before = text(f"{LATER}/manifest.json")
    removed(entry, opener, decider, NEXT)
    delete_gone(NEXT)
    publish_day(AFTER)
    everything = "".join(text(path) for path in paths())
    assert "长青" not in everything
    assert "91110000600037341L" not in everything
    assert "云应急列〔2026〕1号" not in everything
    assert "云溪第二化工厂" in everything
    assert text(f"{LATER}/manifest.json") == signed_before
    identity = OpenEntry.objects.get(entry=entry).public_id
    assert {"id": identity, "redacted": True} in from_jsonl(text(f"{LATER}/black.jsonl").encode())


def test_the_old_bytes_leave_the_storage_too(
    entry: Any, opener: Any, decider: Any, django_capture_on_commit_callbacks: Any
) -> None:
    publish_day(LATER)
    removed(entry, opener, decider, NEXT)
    with django_capture_on_commit_callbacks(execute=True):
        delete_gone(NEXT)
    storage = storages["private"]
    names = storage.listdir(f"open-data/{LATER}")[1]
    assert len(names) == 6
    for name in names:
        with storage.open(f"open-data/{LATER}/{name}") as file:
            assert "长青".encode() not in file.read()


def test_an_entry_past_its_term_leaves_the_files(entry: Any) -> None:
    publish_day(LATER)
    publish_day(entry.ends_on)
    assert Redaction.objects.count() == 1
    assert "长青" not in "".join(text(path) for path in paths())


def test_nothing_gone_writes_no_record(entry: Any) -> None:
    publish_day(LATER)
    assert delete_gone(NEXT) is None
    assert not Redaction.objects.exists()


@pytest.fixture
def folder(entry: Any, other: Any, opener: Any, decider: Any, tmp_path: Path) -> Path:
    """Three days; on the second an entry was removed."""
    publish_day(LATER)
    old = text(f"{LATER}/black.jsonl")
    removed(entry, opener, decider, NEXT)
    publish_day(NEXT)
    publish_day(AFTER)
    folder = downloaded(tmp_path / "open")
    (folder / "old").write_text(old)
    return folder


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (f"{NEXT}/black.jsonl", "第二", "第三", "指纹不符"),
        (f"{NEXT}/black.csv", "第二", "第三", "指纹不符"),
        (f"{NEXT}/red.csv", "条目", "项目", "指纹不符"),
        (f"{NEXT}/manifest.json", "安信", "安全", "签名不符"),
        (f"{NEXT}/manifest.json.sig", '"signature"', '"nothing"', "签名文件读不懂"),
        ("redactions/00001.json", "停止公示", "继续公示", "签名不符"),
        ("schema-1.json", "条目", "项目", "与清单里的指纹不符"),
    ],
)
def test_a_change_is_found(folder: Path, path: str, old: str, new: str, said: str) -> None:
    content = (folder / path).read_bytes().decode()
    (folder / path).write_bytes(content.replace(old, new).encode())
    found = faults(folder)
    assert f"✗ {path.removesuffix('.sig')}：" in found
    assert said in found


def test_a_file_from_before_the_deletion_is_told(folder: Path) -> None:
    (folder / f"{LATER}/black.jsonl").write_text((folder / "old").read_text())
    assert "这是依法删除之前的旧文件，请删除并重新下载" in faults(folder)


def test_a_missing_day_and_a_missing_record_are_said_and_no_fault(folder: Path) -> None:
    for path in (folder / str(NEXT)).iterdir():
        path.unlink()
    (folder / f"{AFTER}/red.csv").unlink()
    said = verified(folder)
    assert f"缺少 {NEXT}/manifest.json" in said
    assert f"缺少 {AFTER}/red.csv" in said
    assert "核验通过" in said


def test_without_the_deletion_record_the_changed_file_is_a_fault(folder: Path) -> None:
    (folder / "redactions/00001.json").unlink()
    assert f"✗ {LATER}/black.jsonl" in faults(folder)


def test_a_foreign_key_vouches_for_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other.key").write_text("A" * 43 + "=")
    assert "不在您给的公钥里" in faults(folder, "--key", str(tmp_path / "other.key"))


@pytest.mark.parametrize("content", ["", "x", "{}", '{"keys": []}', '{"keys": [{"public": "AA"}]}'])
def test_a_bad_key_file_is_told_in_words(folder: Path, content: str) -> None:
    (folder / "keys.json").write_text(content)
    with pytest.raises(CommandError, match="读不懂"):
        verified(folder)


def test_a_folder_without_a_manifest_fails(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "没有一份签名相符的" in faults(tmp_path / "empty", "--key", str(folder / "keys.json"))
    with pytest.raises(CommandError, match="没有这个文件夹"):
        verified(tmp_path / "none")


def test_after_a_rotation_old_papers_keep_their_key(
    entry: Any, tmp_path: Path, settings: Any
) -> None:
    publish_day(LATER)
    settings.SIGNING_KEYS = ["A" * 43 + "="]
    publish_day(NEXT)
    folder = downloaded(tmp_path / "open")
    assert len(json.loads((folder / "keys.json").read_text())["keys"]) == 2
    assert "核验通过" in verified(folder)
    assert (tmp_path / "signing_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("model", [OpenDay, Redaction, SigningKey, OpenEntry])
def test_the_database_keeps_what_was_signed(folder: Path, model: Any) -> None:
    row = model._base_manager.first()
    changes = {OpenEntry: {"since": date(2020, 1, 1)}, SigningKey: {"public": "x"}}
    change = changes.get(model, {"text": "x"})
    gone = OpenEntry.objects.filter(gone_on__isnull=False).get()
    pk = gone.pk if model is OpenEntry else row.pk
    with pytest.raises(DatabaseError), transaction.atomic():
        model._base_manager.filter(pk=pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        model._base_manager.filter(pk=row.pk)._raw_delete(using="default")


def test_the_snippet_of_the_docs_checks_a_day(folder: Path, tmp_path: Path) -> None:
    docs = (Path(__file__).parents[3] / "docs/open-data.md").read_text()
    snippet = docs.partition("```python\n")[2].partition("```")[0]
    (tmp_path / "check.py").write_text(snippet)
    for day in (LATER, NEXT, AFTER):
        command = [sys.executable, str(tmp_path / "check.py"), str(folder), str(day)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, f"OK {day} 6\n"), done.stderr
    (folder / f"{NEXT}/red.csv").write_text("x")
    command[-1] = str(NEXT)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
