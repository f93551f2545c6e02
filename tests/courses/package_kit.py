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


# -- Packages that a browser can run ------------------------------------------------------------------

PAGE_12 = """<!doctype html><html><head><meta charset="utf-8"><title>第一节</title></head><body>
<p id="place"></p><button id="go">下一页</button><button id="end">做完</button>
<script>
  var at = window, api = null;
  while (!(api = at.API) && at.parent && at.parent !== at) at = at.parent;
  api.LMSInitialize("");
  var place = Number(api.LMSGetValue("cmi.core.lesson_location") || 1);
  var show = function () {
    document.getElementById("place").textContent = "第" + place + "页 " + api.LMSGetValue("cmi.suspend_data");
  };
  document.getElementById("go").onclick = function () {
    place += 1;
    api.LMSSetValue("cmi.core.lesson_location", String(place));
    api.LMSSetValue("cmi.suspend_data", "看到" + place);
    api.LMSSetValue("cmi.core.exit", "suspend");
    show();
  };
  document.getElementById("end").onclick = function () {
    api.LMSSetValue("cmi.core.score.raw", "85");
    api.LMSSetValue("cmi.core.lesson_status", "passed");
    api.LMSFinish("");
  };
  show();
</script></body></html>"""
PAGE_2004 = (
    PAGE_12.replace("at.API)", "at.API_1484_11)")
    .replace("LMS", "")
    .replace("Finish", "Terminate")
    .replace("cmi.core.lesson_location", "cmi.location")
    .replace('cmi.core.lesson_status", "passed"', 'cmi.completion_status", "completed"')
    .replace('cmi.core.score.raw", "85"', 'cmi.score.scaled", "0.85"')
    .replace("cmi.core.exit", "cmi.exit")
)
HOSTILE_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title=location.origin</script></svg>'
)


def running(version: str = "scorm12") -> io.BytesIO:
    """A package of one part for each version; that of 2004 has two parts and a hostile drawing."""
    if version == "scorm12":
        return zipped(scorm(more={"index.html": PAGE_12}))
    if version == "h5p":
        return zipped(h5p())
    items = item() + item(2, "第二节")
    text = manifest("scorm2004", items, resource() + resource(2, "two.html"))
    files = {"imsmanifest.xml": text, "index.html": PAGE_2004, "two.html": PAGE_2004}
    return zipped({**files, "evil.svg": HOSTILE_SVG})


H5P_SCRIPT = """var H5P = H5P || {};
H5P.Anxin = (function () {
  function Anxin(params) {
    H5P.EventDispatcher.call(this);
    var self = this;
    this.attach = function ($box) {
      $box.html('<p>' + params.text + '</p><button id="done">做完</button>');
      $box.find('button').on('click', function () { self.triggerXAPIScored(8, 10, 'completed', true, true); });
    };
  }
  Anxin.prototype = Object.create(H5P.EventDispatcher.prototype);
  return Anxin;
})();"""


def h5p(more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The files of a small H5P package with a library of its own."""
    version = '"majorVersion": 1, "minorVersion": 0'
    return {
        "h5p.json": '{"title": "认一认隐患", "language": "und", "mainLibrary": "H5P.Anxin", "embedTypes": ["div"],'
        f' "preloadedDependencies": [{{"machineName": "H5P.Anxin", {version}}}]}}',
        "content/content.json": '{"text": "哪里有隐患？"}',
        "H5P.Anxin-1.0/library.json": '{"title": "Anxin", "machineName": "H5P.Anxin", "patchVersion": 0,'
        f' "runnable": 1, {version}, "preloadedJs": [{{"path": "anxin.js"}}]}}',
        "H5P.Anxin-1.0/anxin.js": H5P_SCRIPT,
        **(more or {}),
    }
