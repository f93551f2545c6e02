"""Papers become PDF/A; a rare character does not stop the printing."""

from pathlib import Path

import pytest

from credit.printing import compile_pdf

TEMPLATE = """#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: datetime(year: 2026, month: 1, day: 1))
#set text(font: "Noto Sans SC", lang: "zh")
#data.title
"""


@pytest.mark.parametrize(("title", "is_pdfa"), [("决定书", True), ("决定书\U0002cd4d", False)])
def test_a_paper_is_pdfa_where_the_fonts_allow(tmp_path: Path, title: str, is_pdfa: bool) -> None:
    template = tmp_path / "paper.typ"
    template.write_text(TEMPLATE, encoding="utf-8")
    printed = compile_pdf(template, {"title": title})
    assert printed.startswith(b"%PDF-")
    assert (b"pdfaid:part" in printed) is is_pdfa
