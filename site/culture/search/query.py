"""A question in the words of modelsearch, turned into conditions on the index.

Only the leaf, one plain question, differs between databases. And, Or and Not are Django's own, so that any
combination works on both. Order: hits in the title first, then the newest. A rank computed for each row grew
with the square of the number of pages on SQLite, and would order the two databases differently.
"""

from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Case, FloatField, Q, QuerySet, Value, When
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText

from culture.search.text import MAX_QUESTION, Term, terms

NOTHING = Q(pk__in=[])
EVERYTHING = ~NOTHING
TITLE, BODY, AUTOCOMPLETE = "title", "body", "autocomplete"


class PairsCompiler:
    """What both compilers share. Mixed in before modelsearch's own, whose checks it keeps."""

    queryset: Any
    query: Any
    fields: list[str] | None
    order_by_relevance: bool
    LAST_TERM_IS_PREFIX = False
    COLUMNS: tuple[str, ...] = (TITLE, BODY)

    def object_ids(self, wanted: list[Term], operator: str, columns: tuple[str, ...]) -> Any:
        """A queryset of the keys whose ``columns`` hold all (or any) of ``wanted``."""
        raise NotImplementedError

    def columns(self) -> tuple[str, ...]:
        """The index knows the title and the rest: every other field of ours is in the rest."""
        if self.fields is None or AUTOCOMPLETE in self.COLUMNS:
            return self.COLUMNS
        return tuple(sorted({TITLE if name == TITLE else BODY for name in self.fields}))

    def search(
        self, config: Any, start: int, stop: int | None, score_field: str | None = None, **_: Any
    ) -> QuerySet[Any]:
        """What modelsearch's results ask for. A score, when wanted, says only title (1) or body (0.5)."""
        found = self.queryset.filter(self.condition(self.query, self.columns()))
        if score_field is not None or self.order_by_relevance:
            score_field = score_field or "_score"
            found = found.annotate(**{score_field: self._score()})
            if self.order_by_relevance:
                found = found.order_by(f"-{score_field}", "-pk")
        if not self.order_by_relevance and not found.query.order_by:
            found = found.order_by("-pk")
        page: QuerySet[Any] = found[start:stop]
        return page

    def condition(self, query: Any, columns: tuple[str, ...]) -> Q:
        """The question as a condition. Signs alone, such as a lone quotation mark, find nothing."""
        if isinstance(query, (PlainText, Phrase, Fuzzy)):
            wanted = terms(query.query_string[:MAX_QUESTION])
            operator = getattr(query, "operator", "and")
            found = self.object_ids(wanted, operator, columns) if wanted else None
            return NOTHING if found is None else Q(pk__in=found)
        if isinstance(query, (And, Or)):
            combine, empty = (and_, EVERYTHING) if isinstance(query, And) else (or_, NOTHING)
            parts = [self.condition(part, columns) for part in query.subqueries]
            return reduce(combine, parts) if parts else empty
        if isinstance(query, Not):
            return ~self.condition(query.subquery, columns)
        if isinstance(query, Boost):
            return self.condition(query.subquery, columns)
        if isinstance(query, MatchAll):
            return EVERYTHING
        raise NotImplementedError(f"{type(query).__name__} is no question that this index knows")

    def _score(self) -> Any:
        if TITLE not in self.columns():
            return Value(0.5, output_field=FloatField())
        in_title = self.condition(self.query, (TITLE,))
        return Case(When(in_title, then=1.0), default=0.5, output_field=FloatField())
