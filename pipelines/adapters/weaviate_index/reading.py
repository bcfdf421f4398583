"""What a census asks: which rows there are, how many, of which bases."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from weaviate.proto.v1 import aggregate_pb2

from pipelines.adapters.weaviate_index.connection import Connection
from pipelines.adapters.weaviate_index.filters import Filters, above, alive_at, at_most, both, equal, none_of, rule_in
from pipelines.adapters.weaviate_index.schema import PARTS
from pipelines.ports.chunk_index import RowLife, VisibleRow


PAGE = 5000
"""Rows of one answer, at most: half of what Weaviate returns, as it is shipped."""

EXPECTED = 2500
"""Rows of one answer that are aimed at: parts are even, not equal."""

_SAMPLE = 100
_COLUMNS = ("chunk", "added_in", "removed_in", "scope")


class Reading:
    """Reads over one connection. Safe between threads."""

    def __init__(self, connection: Connection, *, page: int = PAGE, expected: int = EXPECTED) -> None:
        """
        Take a connection.

        Args:
            connection: to the server.
            page: rows of one answer, at most.
            expected: rows of one answer that are aimed at.

        """
        self._connection = connection
        self._page = page
        self._expected = expected

    def visible(self, kb: int, version: int) -> Iterator[VisibleRow]:
        """Yield the rows of a base that a version shows."""
        for one in self._every(both(equal("kb", kb), *alive_at(version))):
            yield VisibleRow(one.chunk_id, one.added_in, one.rule)

    def lives(self, kb: int) -> Iterator[RowLife]:
        """Yield the rows of a base, of all versions."""
        yield from self._every(equal("kb", kb))

    def _every(self, condition: Filters) -> Iterator[RowLife]:
        """
        Yield the rows that pass a filter.

        Weaviate pages through a filter only with growing effort, and stops at ten
        thousand: so they are read part by part, and a part that is too full is halved.
        """
        # A hint only: a copy that lags behind may count too few.
        rows = self.count(condition)
        pieces = min(PARTS, rows // self._expected + 1)
        left = list(pairwise(PARTS * at // pieces for at in range(pieces + 1)))
        while left:
            first, end = left.pop()
            found = self._rows(both(condition, above("part", first - 1), at_most("part", end - 1)))
            if len(found) >= self._page and end - first > 1:
                middle = (first + end) // 2
                left += [(first, middle), (middle, end)]
            else:
                yield from found

    def count(self, condition: Filters) -> int:
        """Return how many rows pass a filter."""
        request = aggregate_pb2.AggregateRequest(
            collection=self._connection.collection, objects_count=True, filters=condition
        )
        return int(self._connection.aggregate(request).single_result.objects_count)

    def bases(self) -> tuple[int, ...]:
        """
        Return the ids of the bases that have rows, in order.

        Some rows of bases that are not known yet are asked for until there are none:
        grouping in the server would read every row.
        """
        found: set[int] = set()
        while new := self._read(none_of("kb", sorted(found)) if found else None, ("kb",), _SAMPLE):
            found |= {int(one["kb"].int_value) for one in new}
        return tuple(sorted(found))

    def _rows(self, condition: Filters) -> list[RowLife]:
        return [
            RowLife(
                one["chunk"].text_value,
                one["added_in"].int_value,
                one["removed_in"].int_value,
                rule_in(one["scope"].text_value),
            )
            for one in self._read(condition, _COLUMNS, self._page)
        ]

    def _read(self, condition: Filters | None, names: Sequence[str], limit: int) -> list[Mapping[str, Any]]:
        """Return these properties of rows that pass a filter, or of any."""
        request = self._connection.new_search(*names)
        request.limit = limit
        if condition is not None:
            request.filters.CopyFrom(condition)
        return [one.properties.non_ref_props.fields for one in self._connection.read(request).results]
