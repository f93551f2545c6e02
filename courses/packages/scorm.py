"""Reads imsmanifest.xml of SCORM 1.2 and SCORM 2004 (2nd to 4th edition).

Sources: ADL SCORM 1.2 Content Aggregation Model 2.2; SCORM 2004 4th Edition CAM 3.4. The tree of items comes as
a flat list in its order, for free choice. Sequencing rules are not carried out, and ``notes`` say so.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from courses.packages.archive import Archive
from courses.packages.manifests import Item, Manifest, Reader
from courses.packages.problems import PackageError, shown
from courses.packages.xml import base_of, local, parsed, space_of
from courses.rules.packages import joined

FILE: Final = "imsmanifest.xml"
KINDS: Final = {
    "http://www.imsproject.org/xsd/imscp_rootv1p1p2": "scorm12",
    "http://www.imsglobal.org/xsd/imscp_v1p1": "scorm2004",
}
ADL: Final = {
    "scorm12": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    "scorm2004": "http://www.adlnet.org/xsd/adlcp_v1p3",
}
SEQUENCING: Final = "http://www.imsglobal.org/xsd/imsss"
VERSIONS: Final = {
    "scorm12": ("1.2",),
    "scorm2004": ("CAM 1.3", "2004 3rd Edition", "2004 4th Edition"),
}
UNSEQUENCED: Final = "包里的排序规则（先学哪节、能不能跳）不起作用：各节可以自由选择"
_LONG: Final = 200
_DATA: Final = 64_000


def read(content: bytes, archive: Archive) -> Manifest:
    """The manifest. Raises PackageError with all that is wrong."""
    root = parsed(content, FILE, deepest=archive.rules.manifest_depth)
    kind = _kind(root)
    return _Reading(root, kind, archive).manifest()


def _kind(root: Element) -> str:
    problems = []
    if local(root) != "manifest":
        problems.append(f"{FILE} 的最外层是 <{shown(local(root))}>，应是 <manifest>")
    kind = KINDS.get(space_of(root), "")
    if not kind:
        problems.append(
            f"{FILE} 的命名空间“{shown(space_of(root)) or '（没有）'}”不是 SCORM 1.2 或 SCORM 2004 的，"
            "请在制作工具里选择导出为 SCORM 1.2 或 SCORM 2004"
        )
    if problems:
        raise PackageError(problems)
    return kind


class _Reading:
    """One manifest under reading; gathers its problems."""

    def __init__(self, root: Element, kind: str, archive: Archive) -> None:
        self.root, self.kind, self.archive = root, kind, archive
        self.ns, self.adl = f"{{{space_of(root)}}}", f"{{{ADL[kind]}}}"
        self.problems: list[str] = []
        self.resources: dict[str, tuple[str, Element]] = {}

    def manifest(self) -> Manifest:
        self._version()
        self._collect_resources()
        organization = self._organization()
        items = tuple(self._items(organization)) if organization is not None else ()
        if organization is not None and not items and not self.problems:
            self.problems.append(f"{FILE} 里没有可以打开的一节，请重新导出")
        if self.problems:
            raise PackageError(self.problems)
        title = self._text(organization, "title") or items[0].title
        rules = next(self.root.iter(f"{{{SEQUENCING}}}sequencingRules"), None)
        flow = next(self.root.iter(f"{{{SEQUENCING}}}controlMode"), None)
        return Manifest(
            self.kind,
            title[:_LONG],
            items,
            (UNSEQUENCED,) if rules is not None or flow is not None else (),
        )

    def _version(self) -> None:
        said = self.root.findtext(f"{self.ns}metadata/{self.ns}schemaversion")
        version = " ".join((said or "").split())
        if version and version not in VERSIONS[self.kind]:
            self.problems.append(
                f"{FILE} 写的版本是“{shown(version)}”，和命名空间不一致，"
                f"应是 {'、'.join(VERSIONS[self.kind])}"
            )

    def _collect_resources(self) -> None:
        for holder in self.root.findall(f"{self.ns}resources"):
            base = joined(base_of(self.root), base_of(holder))
            for one in holder.findall(f"{self.ns}resource"):
                identifier = one.get("identifier", "")
                if identifier in self.resources:
                    self.problems.append(f"{FILE} 里有两个资源都叫“{shown(identifier)}”")
                self.resources[identifier] = (joined(base, base_of(one)), one)

    def _organization(self) -> Element | None:
        holder = self.root.find(f"{self.ns}organizations")
        found = holder.findall(f"{self.ns}organization") if holder is not None else []
        if holder is None or not found:
            self.problems.append(f"{FILE} 里没有 <organization>，不知道从哪一节开始")
            return None
        default = holder.get("default")
        return next((one for one in found if one.get("identifier") == default), found[0])

    def _items(self, parent: Element) -> Iterator[Item]:
        for element in parent.findall(f"{self.ns}item"):
            if element.get("isvisible") != "false" and (reference := element.get("identifierref")):
                item = self._item(element, reference)
                if item is not None:
                    yield item
            yield from self._items(element)

    def _item(self, element: Element, reference: str) -> Item | None:
        title = (self._text(element, "title") or reference)[:_LONG]
        if reference not in self.resources:
            self.problems.append(f"“{shown(title)}”指的资源“{shown(reference)}”不在 {FILE} 里")
            return None
        base, resource = self.resources[reference]
        launch, fragment = self._launch(title, base, resource.get("href", ""))
        if not launch:
            return None
        kind = resource.get(f"{self.adl}scormType") or resource.get(f"{self.adl}scormtype") or ""
        return Item(
            element.get("identifier", reference)[:_LONG],
            title,
            launch,
            _parameters(fragment, element.get("parameters", "")),
            kind.lower() == "sco",
            self._data(element),
        )

    def _launch(self, title: str, base: str, href: str) -> tuple[str, str]:
        """The file that ``href`` names and what follows it; ("", "") where there is none, and why."""
        try:
            parts = urlsplit(href)
        except ValueError:
            parts = None
        if parts is None or parts.scheme or parts.netloc or not parts.path:
            self.problems.append(
                f"“{shown(title)}”要打开的是“{shown(href) or '（空的）'}”，只能打开包里的文件"
            )
            return "", ""
        found = joined(base, unquote(parts.path))
        if found not in self.archive:
            self.problems.append(f"“{shown(title)}”要打开的文件 {shown(found or href)} 不在包里")
            return "", ""
        query = f"?{parts.query}" if parts.query else ""
        return found, query + (f"#{parts.fragment}" if parts.fragment else "")

    def _data(self, element: Element) -> dict[str, str]:
        """``launch_data``, ``mastery`` (1.2: 0 to 100; 2004: −1 to 1) and what becomes of time over."""
        names = {
            "dataFromLMS": "launch_data",
            "datafromlms": "launch_data",
            "masteryscore": "mastery",
        }
        told = {
            names[local(one)]: (one.text or "")[:_DATA]
            for one in element
            if space_of(one) == ADL[self.kind] and local(one) in names
        }
        measure = element.find(
            f"{{{SEQUENCING}}}sequencing/{{{SEQUENCING}}}objectives/"
            f"{{{SEQUENCING}}}primaryObjective/{{{SEQUENCING}}}minNormalizedMeasure"
        )
        if measure is not None and measure.text:
            told["mastery"] = measure.text.strip()
        if "mastery" in told and not _is_measure(told["mastery"], self.kind):
            self.problems.append(f"通过分数“{shown(told['mastery'])}”不对，应是数字")
        return told

    def _text(self, parent: Element | None, name: str) -> str:
        if parent is None:
            return ""
        return " ".join((parent.findtext(f"{self.ns}{name}") or "").split())


def _is_measure(text: str, kind: str) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return 0 <= value <= 100 if kind == "scorm12" else -1 <= value <= 1


def _parameters(fragment: str, parameters: str) -> str:
    """What follows the file's address (SCORM 1.2 CAM 2.2.4.3): a query joins a query."""
    told = parameters.lstrip("?&")
    if not told:
        return fragment[:_LONG]
    if told.startswith("#"):
        return (fragment or told)[:_LONG]
    if "#" in fragment:
        query, _, anchor = fragment.partition("#")
        return f"{query}{'&' if query else '?'}{told}#{anchor}"[:_LONG]
    return f"{fragment}{'&' if fragment else '?'}{told}"[:_LONG]


READER: Final = Reader(FILE, frozenset(KINDS.values()), read)
