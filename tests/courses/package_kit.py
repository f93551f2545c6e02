"""Packages made by the tests: real zips, good and hostile, and small SCORM packages that a browser can run."""

import io
import stat
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

MANIFEST_12 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="m" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="o"><organization identifier="o">
  <title>进有限空间之前</title>{items}</organization></organizations>
  <resources>{resources}</resources>
</manifest>"""
MANIFEST_2004 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="m" version="1" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="o"><organization identifier="o">
  <title>上锁挂牌</title>{items}</organization></organizations>
  <resources>{resources}</resources>
</manifest>"""


def item(number: int = 1, title: str = "第一节", more: str = "", parameters: str = "") -> str:
    """An item of an organization."""
    said = f' parameters="{parameters}"' if parameters else ""
    return (
        f'<item identifier="i{number}" identifierref="r{number}"{said}>'
        f"<title>{title}</title>{more}</item>"
    )


def resource(number: int = 1, href: str = "index.html", kind: str = "sco", more: str = "") -> str:
    """A resource, in the letters of both versions (each reads its own)."""
    return (
        f'<resource identifier="r{number}" type="webcontent" adlcp:scormtype="{kind}"'
        f' adlcp:scormType="{kind}" href="{href}"{more}/>'
    )


def manifest(version: str = "scorm12", items: str = "", resources: str = "") -> str:
    """A manifest of one item, unless more is asked for."""
    text = MANIFEST_12 if version == "scorm12" else MANIFEST_2004
    return text.format(items=items or item(), resources=resources or resource())


def scorm(version: str = "scorm12", more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The files of a small good package."""
    return {"imsmanifest.xml": manifest(version), "index.html": "<p>先通风</p>", **(more or {})}


def zipped(files: Mapping[str, Any]) -> io.BytesIO:
    """A zip. A name may be a ZipInfo."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out


def repeated(name: str, *contents: Any) -> io.BytesIO:
    """A good package in which ``name`` lies as often as there are ``contents``."""
    out = zipped(scorm())
    with zipfile.ZipFile(out, "a") as archive:
        for content in contents:
            archive.writestr(zipfile.ZipInfo(name), content)
    return out


def linked(target: str = "/etc/passwd") -> io.BytesIO:
    """A package with a symbolic link."""
    link = zipfile.ZipInfo("link.html")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = zipped(scorm())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(link, target)
    return out


def patched(file: io.BytesIO, name: str, place: int, form: str, *values: int) -> io.BytesIO:
    """Write ``values`` into the entry ``name`` of the central directory, ``place`` bytes after its start."""
    content = bytearray(file.getvalue())
    at = content.find(b"PK\x01\x02")
    while content[at + 46 : at + 46 + len(name)] != name.encode():
        at = content.find(b"PK\x01\x02", at + 4)
        assert at >= 0
    struct.pack_into(form, content, at + place, *values)
    return io.BytesIO(bytes(content))


def crowded(number: int) -> io.BytesIO:
    """A package of ``number`` empty files more."""
    out = zipped(scorm())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as archive:
        for one in range(number):
            archive.writestr(zipfile.ZipInfo(f"f/{one}"), b"")
    return out
