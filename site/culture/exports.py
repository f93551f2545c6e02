"""Wagtail's CSV reports, made harmless: no cell of them runs as a formula in a spreadsheet program."""

from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

from credit.importing.cells import safe


def make_harmless() -> None:
    """Every view that exports goes through this mixin; its XLSX cells are text already.

    Its table of functions by class would not do: some reports have functions by field, which win.
    """
    plain = SpreadsheetExportMixin.preprocess_field_value

    def harmless(self: Any, field: str, value: Any, export_format: str) -> Any:
        printed = plain(self, field, value, export_format)
        return safe(printed) if export_format == self.FORMAT_CSV else printed

    SpreadsheetExportMixin.preprocess_field_value = harmless
