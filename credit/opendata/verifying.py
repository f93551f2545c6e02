"""Checks a download of the open data, without a network and without a database.

Looks at signatures, hashes, both chains (manifests, deletions), rows, and that each delta leads from one day
to the next. A download may hold a part of it all: what is missing is said, and is no fault.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from credit.opendata.papers import LISTS, SCHEMA_PATH, digest, file_path, redaction_path
from credit.opendata.rows import apply, from_jsonl, to_csv, to_jsonl
from credit.opendata.schema import fault_in_change, fault_in_row
from credit.opendata.signing import Keys, fault_in_signature

Paper = dict[str, Any]


@dataclass
class Findings:
    """What a check found: ``faults`` are grave, ``missing`` could not be looked at, ``checked`` is in order."""

    faults: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)


class _Folder:
    def __init__(self, root: Path, keys: Keys, found: Findings) -> None:
        self.root, self.keys, self.found = root, keys, found

    def read(self, path: str) -> bytes | None:
        """The file, or None with a note that it is not there."""
        try:
            return (self.root / path).read_bytes()
        except OSError:
            self.found.missing.append(f"缺少 {path}")
            return None

    def paper(self, path: str) -> tuple[Paper, bytes] | None:
        """A signed paper that is sound in itself."""
        content, sig = self.read(path), self.read(f"{path}.sig")
        if content is None or sig is None:
            return None
        if fault := fault_in_signature(self.keys, sig, content):
            self.found.faults.append(f"{path}：{fault}")
            return None
        try:
            paper = json.loads(content)
            needed = ("redaction", "ids") if "redaction" in paper else ("number", "day", "schema")
            if not all(key in paper for key in ("format", "files", "previous", *needed)):
                raise ValueError
        except (ValueError, TypeError):
            self.found.faults.append(f"{path}：内容读不懂")
            return None
        return paper, content


def check(root: Path, keys: Keys) -> Findings:
    """Everything that can be told about the folder ``root`` with these public keys."""
    found = Findings()
    folder = _Folder(root, keys, found)
    manifests = _manifests(folder)
    if not manifests:
        found.faults.append("没有一份签名相符的 manifest.json，无法核验")
        return found
    newest = _redactions(folder, manifests)
    _schema(folder, manifests)
    rows: dict[tuple[str, str], list[Any]] = {}
    for number in sorted(manifests):
        _day(folder, manifests, number, newest, rows)
    return found


def _manifests(folder: _Folder) -> dict[int, Paper]:
    """The sound manifests by number, with their chain looked at."""
    papers: dict[int, tuple[Paper, bytes]] = {}
    for path in sorted(folder.root.glob("*/manifest.json")):
        name = path.relative_to(folder.root).as_posix()
        if (read := folder.paper(name)) is None:
            continue
        if name != f"{read[0]['day']}/manifest.json" or read[0]["number"] in papers:
            folder.found.faults.append(f"{name}：放错了文件夹，或编号重复")
            continue
        papers[read[0]["number"]] = read
    for number, (paper, _) in sorted(papers.items()):
        _link(folder.found, f"{paper['day']} 的清单", paper["previous"], papers.get(number - 1))
        if number > 1 and not paper["previous"]:
            folder.found.faults.append(f"{paper['day']} 的清单没有写上一份清单")
    return {number: paper for number, (paper, _) in papers.items()}


def _link(
    found: Findings, what: str, previous: Paper | None, before: tuple[Paper, bytes] | None
) -> None:
    """Whether a manifest follows the one before it."""
    if previous is None:
        return
    if before is None:
        found.missing.append(f"缺少 {previous['day']}/manifest.json，{what}与它是否相接未能核验")
    elif digest(before[1]) != previous["sha256"]:
        found.faults.append(f"{what}与上一份清单的指纹不相接")
    else:
        found.checked.append(f"{what}与上一份相接")


def _redactions(folder: _Folder, manifests: dict[int, Paper]) -> dict[str, list[str]]:
    """Each file that a deletion changed → its hashes in turn; the last one counts."""
    hashes: dict[str, list[str]] = {}
    told = [paper.get("redactions") or {"count": 0} for paper in manifests.values()]
    present = [int(p.stem) for p in folder.root.glob("redactions/*.json") if p.stem.isdecimal()]
    before: bytes | None = b""
    seals: dict[int, str] = {}
    for number in range(1, max([*present, *(one["count"] for one in told)], default=0) + 1):
        read = folder.paper(redaction_path(number))
        if read is None:
            before = None
            continue
        paper, content = read
        if before is not None and paper["previous"] != (digest(before) if before else None):
            folder.found.faults.append(f"第 {number} 份删除记录与上一份的指纹不相接")
        for file in paper["files"]:
            turn = hashes.setdefault(file["path"], [file["original"]])
            turn += [file["sha256"]]
        seals[number], before = digest(content), content
        folder.found.checked.append(f"第 {number} 份删除记录签名相符（{len(paper['ids'])} 条）")
    for one in told:
        if one["count"] in seals and seals[one["count"]] != one["sha256"]:
            folder.found.faults.append(f"第 {one['count']} 份删除记录与清单里的指纹不符")
    return hashes


def _schema(folder: _Folder, manifests: dict[int, Paper]) -> None:
    content = folder.read(SCHEMA_PATH)
    wanted = {paper["schema"]["sha256"] for paper in manifests.values()}
    if content is not None and digest(content) not in wanted:
        folder.found.faults.append(f"{SCHEMA_PATH}：与清单里的指纹不符")


def _day(
    folder: _Folder,
    manifests: dict[int, Paper],
    number: int,
    newest: dict[str, list[str]],
    rows: dict[tuple[str, str], list[Any]],
) -> None:
    """The files of a day: hashes, rows, table, and the delta from the day before."""
    paper = manifests[number]
    sound = {
        file["path"]: content
        for file in paper["files"]
        if (content := _file(folder, file, newest.get(file["path"], []))) is not None
    }
    folder.found.checked.append(f"{paper['day']}：签名相符，{len(sound)} 个文件指纹相符")
    for colour in LISTS:
        _list(folder.found, manifests, number, colour, sound, rows)


def _file(folder: _Folder, file: Paper, turns: list[str]) -> bytes | None:
    """The file's content when it has the hash that it must have."""
    path, content = file["path"], folder.read(file["path"])
    if content is None:
        return None
    if turns and turns[0] != file["sha256"]:
        folder.found.faults.append(f"{path}：删除记录里的原指纹与清单不符")
        return None
    has, must = digest(content), turns[-1] if turns else file["sha256"]
    if has == must and (turns or len(content) == file["bytes"]):
        return content
    if has in turns:
        words = "这是依法删除之前的旧文件，请删除并重新下载"
    else:
        words = "与清单里的指纹不符，文件被改过或没有下载完整"
    folder.found.faults.append(f"{path}：{words}")
    return None


def _list(
    found: Findings,
    manifests: dict[int, Paper],
    number: int,
    colour: str,
    sound: dict[str, bytes],
    rows: dict[tuple[str, str], list[Any]],
) -> None:
    """One list on one day, as far as its files are there."""
    day = manifests[number]["day"]
    path, table, delta = (
        file_path(date.fromisoformat(day), colour, kind) for kind in ("jsonl", "csv", "delta.jsonl")
    )
    if path in sound:
        parsed = _parsed(found, path, sound[path], fault_in_row)
        if parsed is None:
            return
        rows[day, colour] = parsed
        if to_jsonl(parsed) != sound[path]:
            found.faults.append(f"{path}：行的顺序或写法不规范")
        if table in sound and to_csv(parsed) != sound[table]:
            found.faults.append(f"{table}：与 {path} 的内容不一致")
    if delta not in sound:
        return
    changes = _parsed(found, delta, sound[delta], fault_in_change)
    previous = (manifests[number]["previous"] or {}).get("day")
    before = rows.get((previous, colour)) if previous else []
    if changes is None or before is None or (day, colour) not in rows:
        return
    try:
        fits = apply(before, changes) == rows[day, colour]
    except ValueError as fault:
        found.faults.append(f"{delta}：{fault}")
        return
    if fits:
        found.checked.append(f"{delta}：前一天加上增量等于当天")
    else:
        found.faults.append(f"{delta}：前一天加上增量不等于当天")


def _parsed(found: Findings, path: str, content: bytes, fault_in: Any) -> list[Any] | None:
    """The lines of a file when every one is sound."""
    try:
        lines = from_jsonl(content)
    except ValueError:
        found.faults.append(f"{path}：读不懂，不是一行一个 JSON")
        return None
    for number, line in enumerate(lines, 1):
        if fault := fault_in(line):
            found.faults.append(f"{path} 第 {number} 行：{fault}")
            return None
    return lines
