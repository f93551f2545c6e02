"""Our table in a Word file (.docx): the same columns as the workbook, pictures within their row.

Source: ECMA-376 part 1 (WordprocessingML tables 17.4, DrawingML blips 20.1.8.13).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from courses.exchange.archive import Archive, parsed, zipped
from courses.exchange.batch import Batch, UnreadableError, Written
from courses.exchange.sheet import picture_name, read_rows, rows_of
from courses.rules.items import Item, Picture
from courses.rules.pictures import LARGEST

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_EMU: Final = 9525  # English metric units in a pixel
_WIDEST: Final = 300  # pixels of a picture in the table
_NO_TABLE: Final = "Word 文件里没有表格；请用我们的模板，一道题占表格的一行"


def read(content: bytes, batch: Batch) -> Batch:
    """The questions of the first table with our headings. Raises UnreadableError."""
    archive = Archive(content)
    if "word/document.xml" not in archive.entries:
        raise UnreadableError("这不是 Word 文件（.docx），请用 Word 或 WPS 另存为 .docx 后再上传")
    root = parsed(archive.read("word/document.xml"), "Word 文件")
    tables = list(root.iter(f"{_W}tbl"))
    if not tables:
        raise UnreadableError(_NO_TABLE)
    targets = _targets(archive)
    fault: UnreadableError | None = None
    for table in tables:
        rows, embedded = _rows(table, archive, targets, batch)
        try:
            return read_rows(rows, batch, files={}, embedded=embedded)
        except UnreadableError as missing:
            fault = fault or missing
    raise fault or UnreadableError(_NO_TABLE)


def _targets(archive: Archive) -> dict[str, str]:
    """Entries of pictures by the ids of relations."""
    name = "word/_rels/document.xml.rels"
    if name not in archive.entries:
        return {}
    root = parsed(archive.read(name), "Word 文件")
    pairs = ((row.get("Id", ""), row.get("Target", "")) for row in root)
    return {
        key: target.lstrip("/") if target.startswith("/") else archive.beside("word/x", target)
        for key, target in pairs
    }


def _rows(
    table: Any, archive: Archive, targets: Mapping[str, str], batch: Batch
) -> tuple[list[list[str]], dict[int, list[bytes]]]:
    rows: list[list[str]] = []
    embedded: dict[int, list[bytes]] = {}
    for number, line in enumerate(table.findall(f"{_W}tr"), start=1):
        cells: list[str] = []
        for cell in line.findall(f"{_W}tc"):
            cells.append(_text(cell))
            if cell.find(f"{_W}tcPr/{_W}vMerge") is not None:
                advice = "有上下合并的单元格，请取消合并，一道题占一行"
                batch.blame(advice, row=number, value=cells[-1])
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            wide = span.get(f"{_W}val", "1") if span is not None else "1"
            cells += [""] * (min(int(wide), 50) - 1 if wide.isdigit() else 0)
        rows.append(cells)
        names = [targets.get(blip.get(f"{_R}embed", ""), "") for blip in line.iter(f"{_A}blip")]
        if found := [archive.read(name, LARGEST + 1) for name in names if name in archive.entries]:
            embedded[number] = found
    return rows, embedded


def _text(cell: Any) -> str:
    """Paragraphs as lines; what was deleted under tracked changes is gone."""
    lines = []
    for paragraph in cell.iter(f"{_W}p"):
        pieces = []
        for node in paragraph.iter():
            if node.tag == f"{_W}t":
                pieces.append(node.text or "")
            elif node.tag in (f"{_W}br", f"{_W}cr"):
                pieces.append("\n")
            elif node.tag == f"{_W}tab":
                pieces.append("\t")
        lines.append("".join(pieces))
    return "\n".join(lines).strip()


# -- Out -----------------------------------------------------------------------------------------------


def write(items: Sequence[Item], media: Mapping[str, bytes], name: str) -> Written:
    """A document on a lying page, with one table."""
    rows = rows_of(items)
    at = rows[0].index("图片")
    pictures = {picture_name(item.picture): item.picture for item in items if item.picture}
    ids = {file: f"rId{number}" for number, file in enumerate(pictures, start=1)}
    body = "".join(_row(row, at, pictures, ids) for row in rows)
    relations = "".join(
        f'<Relationship Id="{ids[file]}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/image" Target="media/{file}"/>'
        for file in pictures
    )
    files = {
        "[Content_Types].xml": _TYPES.encode(),
        "_rels/.rels": _ROOT.encode(),
        "word/document.xml": _DOCUMENT.format(rows=body).encode(),
        "word/_rels/document.xml.rels": f"{_RELATIONS}{relations}</Relationships>".encode(),
        **{f"word/media/{file}": media[picture.key] for file, picture in pictures.items()},
    }
    return Written(zipped(files), f"{name}.docx", DOCX)


def _row(
    row: Sequence[str], at: int, pictures: Mapping[str, Picture], ids: Mapping[str, str]
) -> str:
    cells = []
    for place, value in enumerate(row):
        drawn = place == at and value in pictures
        inner = _drawing(pictures[value], ids[value]) if drawn else _paragraphs(value)
        cells.append(f"<w:tc><w:tcPr/>{inner}</w:tc>")
    return f"<w:tr>{''.join(cells)}</w:tr>"


def _paragraphs(value: str) -> str:
    lines = (
        f'<w:p><w:r><w:t xml:space="preserve">{escape(_plain(line))}</w:t></w:r></w:p>'
        for line in value.split("\n")
    )
    return "".join(lines)


def _plain(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(c if c == "\t" or c >= " " else "\ufffd" for c in text)


def _drawing(picture: Picture, relation: str) -> str:
    wide = min(picture.width, _WIDEST)
    size = f'cx="{wide * _EMU}" cy="{max(wide * picture.height // picture.width, 1) * _EMU}"'
    number = relation.removeprefix("rId")
    return _PICTURE.format(size=size, relation=relation, number=number)


_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES: Final = (
    f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="png" ContentType="image/png"/><Default Extension="jpg" ContentType="image/jpeg"/>'
    '<Default Extension="gif" ContentType="image/gif"/><Default Extension="webp" ContentType="image/webp"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS: Final = (
    f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
)
_ROOT: Final = (
    f'{_RELATIONS}<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
_LINE: Final = '<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
_BORDERS: Final = "".join(
    _LINE.format(side=side) for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_DOCUMENT: Final = (
    f'{_HEAD}<w:document xmlns:w="{_W[1:-1]}" xmlns:r="{_R[1:-1]}" xmlns:a="{_A[1:-1]}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>'
    f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>'
    "<w:tblGrid/>{rows}</w:tbl><w:p/><w:sectPr>"
    '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    '<w:pgMar w:top="720" w:right="720" w:bottom="720" w:left="720" w:header="0" w:footer="0" w:gutter="0"/>'
    "</w:sectPr></w:body></w:document>"
)
_PICTURE: Final = (
    '<w:p><w:r><w:drawing><wp:inline><wp:extent {size}/><wp:docPr id="{number}" name="图{number}"/>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
    '<pic:nvPicPr><pic:cNvPr id="{number}" name="图{number}"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
    "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)
