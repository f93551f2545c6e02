"""Pairs in SQLite's FTS5: a run of Chinese is a phrase of pairs, found word for word."""

from typing import Any

from django.db.models import Value
from modelsearch.backends.database.sqlite.query import MatchExpression, SearchQueryExpression
from modelsearch.backends.database.sqlite.sqlite import (
    IndexEntry,
    SQLiteAutocompleteQueryCompiler,
    SQLiteFTSIndexEntry,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.utils import get_content_type_pk, get_descendants_content_types_pks

from culture.search import documents
from culture.search.query import AUTOCOMPLETE, PairsCompiler
from culture.search.text import Term, index_text


class Index(SQLiteIndex):  # type: ignore[misc]
    """Writes pairs into modelsearch's table; its triggers carry them to FTS5."""

    def add_items(self, model: Any, objs: Any) -> None:
        """One statement for all of ``objs``, new or known."""
        content_type = get_content_type_pk(model)
        IndexEntry.objects.bulk_create(
            [
                IndexEntry(
                    content_type_id=content_type,
                    object_id=str(obj.pk),
                    title=index_text(documents.title(obj)),
                    body=index_text(documents.body(obj)),
                    autocomplete=index_text(documents.autocomplete(obj)),
                )
                for obj in objs
            ],
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=["title", "body", "autocomplete"],
        )

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Nothing to do: they serve a rank that we do not use, and rewriting them rewrites all of FTS5."""


class QueryCompiler(PairsCompiler, SQLiteSearchQueryCompiler):  # type: ignore[misc]
    """Questions to the title and the body."""

    def object_ids(self, wanted: list[Term], operator: str, columns: tuple[str, ...]) -> Any:
        """Read from FTS5 once for the whole question, never once for each page."""
        prefix = self.LAST_TERM_IS_PREFIX
        match = MatchExpression(
            list(columns), SearchQueryExpression(Value(match_text(wanted, operator, prefix=prefix)))
        )
        kinds = get_descendants_content_types_pks(self.queryset.model)
        entries = SQLiteFTSIndexEntry.objects.filter(match, index_entry__content_type__in=kinds)
        return entries.values("index_entry__object_id")


class AutocompleteQueryCompiler(QueryCompiler, SQLiteAutocompleteQueryCompiler):  # type: ignore[misc]
    """Questions of the editors' choosers: the last word may be unfinished."""

    LAST_TERM_IS_PREFIX = True
    COLUMNS = (AUTOCOMPLETE,)


def match_text(wanted: list[Term], operator: str, *, prefix: bool = False) -> str:
    """The question in FTS5's language. Tokens hold letters and digits only, so nothing needs escaping."""
    phrases = [f'"{" ".join(term.tokens)}"{"*" if term.beginning else ""}' for term in wanted]
    if prefix and not wanted[-1].beginning:
        phrases[-1] += "*"
    return f" {operator.upper()} ".join(phrases)


class SQLiteBackend(SQLiteSearchBackend):  # type: ignore[misc]
    """modelsearch's backend with our index and our questions."""

    index_class = Index
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
