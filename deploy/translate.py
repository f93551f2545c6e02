"""Bring our Chinese for Wagtail's own pages up to date: python deploy/translate.py, then fill what it prints.

Wagtail and wagtailmedia leave some of their texts in English. Our catalogues in site/config/locale hold those texts;
ours win over theirs. A text that they have translated meanwhile stays ours, so that the words stay the same.
"""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import polib

OURS = (
    Path(__file__).resolve().parents[1] / "site" / "config" / "locale" / "zh_Hans" / "LC_MESSAGES"
)
DOMAINS = ("django", "djangojs")
UNUSED = ("styleguide", "simple_translation")  # not among our apps
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def gaps(domain: str) -> Iterator[polib.POEntry]:
    """The texts of the installed packages that have no Chinese, fuzzy ones included."""
    for source in sorted(_package("wagtail").rglob(f"locale/en/LC_MESSAGES/{domain}.po")):
        if not any(app in source.parts for app in UNUSED):
            yield from _untranslated(source, Path(str(source).replace("/en/", "/zh_Hans/")))
    chinese = _package("wagtailmedia") / "locale" / "zh_Hans" / "LC_MESSAGES" / f"{domain}.po"
    if chinese.exists():
        yield from _untranslated(chinese, chinese)


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed: run make setup")
    return Path(spec.origin).parent


def _untranslated(source: Path, chinese: Path) -> Iterator[polib.POEntry]:
    theirs = polib.pofile(str(chinese)) if chinese.exists() else []
    done = {(one.msgctxt, one.msgid) for one in theirs if one.translated() and not one.obsolete}
    for entry in polib.pofile(str(source)):
        if not entry.obsolete and (entry.msgctxt, entry.msgid) not in done:
            yield entry


def update(domain: str) -> list[str]:
    """Add what is new to our catalogue, write it and its compiled form; the texts that still lack Chinese."""
    path = OURS / f"{domain}.po"
    catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
    catalogue.metadata = HEADER
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    for gap in gaps(domain):
        if (gap.msgctxt, gap.msgid) not in known:
            known.add((gap.msgctxt, gap.msgid))
            catalogue.append(_blank(gap))
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    return [entry.msgid for entry in catalogue.untranslated_entries()]


def _blank(gap: polib.POEntry) -> polib.POEntry:
    flags = [flag for flag in gap.flags if flag != "fuzzy"]
    plural = (
        {"msgid_plural": gap.msgid_plural, "msgstr_plural": {0: ""}} if gap.msgid_plural else {}
    )
    return polib.POEntry(msgid=gap.msgid, msgctxt=gap.msgctxt, flags=flags, **plural)


if __name__ == "__main__":
    left = [text for domain in DOMAINS for text in update(domain)]
    sys.stdout.writelines(f"{text}\n" for text in left)
    sys.exit(1 if left else 0)
