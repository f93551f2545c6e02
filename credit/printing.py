"""Papers as PDF: a typst template and its texts become PDF/A-2b with our own fonts, without a network."""

import json
from pathlib import Path
from typing import Any, Final, Literal

import structlog
import typst
from django.conf import settings

Standard = Literal["a-2a", "a-2b", "ua-1"]
ARCHIVED: Final[tuple[Standard, ...]] = ("a-2b",)
# Tagged, with reading order, language and texts for pictures: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1).
ACCESSIBLE: Final[tuple[Standard, ...]] = ("a-2a", "ua-1")
TEMPLATES: Final = Path(__file__).resolve().parent / "typst"
log = structlog.get_logger(__name__)


def compile_pdf(
    template: str | Path,
    texts: dict[str, Any],
    *,
    number: str = "",
    standards: tuple[Standard, ...] = ARCHIVED,
    **inputs: str,
) -> bytes:
    """The PDF of a template (a name in credit/typst/ or a path); ``texts`` arrive as ``data``, JSON.

    The template only places the texts: ``#let data = json(bytes(sys.inputs.data))``. ``inputs`` are
    further strings, such as the SVG of a QR code; ``number`` names the paper in the log. A text with a
    character that our fonts lack cannot be PDF/A: it is printed as plain PDF. ``standards`` are asked of typst,
    which refuses what does not keep them.
    """
    path = TEMPLATES / template if isinstance(template, str) else template
    given = {"data": json.dumps(texts, ensure_ascii=False, default=str), **inputs}
    try:
        return _compile(path, given, standards)
    except typst.TypstError as fault:
        log.warning("paper_not_pdfa", template=path.name, number=number, fault=str(fault))
        return _compile(path, given, ())


def compile_png(template: Path, texts: dict[str, Any], *, dots: int = 200) -> bytes:
    """The first page of a template as PNG, ``dots`` an inch: for what people keep in their phone."""
    pages = typst.compile(
        str(template),
        font_paths=[str(settings.PACKAGE_DIR / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(texts, ensure_ascii=False, default=str)},
        format="png",
        ppi=dots,
    )
    return pages if isinstance(pages, bytes) else pages[0]


def _compile(path: Path, inputs: dict[str, str], standards: tuple[Standard, ...]) -> bytes:
    return typst.compile(
        str(path),
        font_paths=[str(settings.PACKAGE_DIR / "fonts")],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        format="pdf",
        pdf_standards=[*standards],
    )
