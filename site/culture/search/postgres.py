"""Pairs in PostgreSQL's full-text search with the configuration ``simple``.

A question is the AND of its pairs, not a phrase: a phrase loses everything past position 16,383. So a page may
be found that holds all pairs in different places; that is rare from three characters on. The column ``body``
holds the title as well: a question to both is a question to one column, which its GIN index answers.
"""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import TextField, Value
from django.db.models.functions import Cast
from modelsearch.backends.database.postgres.postgres import (
    IndexEntry,
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)
from modelsearch.utils import get_content_type_pk, get_descendants_content_types_pks

from culture.search import documents
from culture.search.query import AUTOCOMPLETE, BODY, PairsCompiler
from culture.search.text import Term, index_text

CONFIG = "simple"


class Index(PostgresIndex):  # type: ignore[misc]
    """Writes pairs as vectors into modelsearch's table."""

    def add_items(self, model: Any, objs: Any) -> None:
        """One statement for all of ``objs``, new or known."""
        content_type = get_content_type_pk(model)
        IndexEntry.objects.bulk_create(
            [
                IndexEntry(
                    content_type_id=content_type,
                    object_id=str(obj.pk),
                    title=_vector(documents.title(obj)),
                    body=_vector(f"{documents.title(obj)} {documents.body(obj)}"),
                    autocomplete=_vector(documents.autocomplete(obj)),
                )
                for obj in objs
            ],
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=["title", "body", "autocomplete"],
        )

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Nothing to do: they serve a rank that we do not use."""


class QueryCompiler(PairsCompiler, PostgresSearchQueryCompiler):  # type: ignore[misc]
    """Questions to the title and the body."""

    def object_ids(self, wanted: list[Term], operator: str, columns: tuple[str, ...]) -> Any:
        """The index is asked alone, so that its GIN index serves; joined to the pages it was skipped."""
        question = SearchQuery(
            query_text(wanted, operator, prefix=self.LAST_TERM_IS_PREFIX),
            search_type="raw",
            config=CONFIG,
        )
        column = BODY if BODY in columns else columns[0]
        kinds = get_descendants_content_types_pks(self.queryset.model)
        entries = IndexEntry.objects.filter(content_type__in=kinds, **{column: question})
        return entries.values(key=Cast("object_id", _key_field(self.queryset.model)))


class AutocompleteQueryCompiler(QueryCompiler, PostgresAutocompleteQueryCompiler):  # type: ignore[misc]
    """Questions of the editors' choosers: the last word may be unfinished."""

    LAST_TERM_IS_PREFIX = True
    COLUMNS = (AUTOCOMPLETE,)


def query_text(wanted: list[Term], operator: str, *, prefix: bool = False) -> str:
    """The question in tsquery's language. Tokens hold letters and digits only, so nothing needs escaping."""
    parts = [" & ".join(f"'{t}'" for t in term.tokens) + ":*" * term.beginning for term in wanted]
    if prefix and not wanted[-1].beginning:
        parts[-1] += ":*"
    return (" | " if operator == "or" else " & ").join(f"({part})" for part in parts)


class PostgresBackend(PostgresSearchBackend):  # type: ignore[misc]
    """modelsearch's backend with our index and our questions."""

    index_class = Index
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler


def _vector(text: str) -> SearchVector:
    return SearchVector(Value(index_text(text), output_field=TextField()), config=CONFIG)


def _key_field(model: Any) -> Any:
    field = model._meta.pk
    while field.remote_field:
        field = field.target_field
    return field.__class__()
