"""The index: it searches and keeps rows; the ranking, the rights and the places are ours."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pipelines.domain.access import AccessFilter
from pipelines.domain.values import Value
from pipelines.errors import TransientError


if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LIST_LENGTH = 100
"""Entries of each of the two lists, at most."""


class OtherRows(TransientError):
    """The index has another embedder's vectors, or another analyser's terms, by now than the question: make it anew."""


@dataclass(frozen=True, slots=True)
class TermFields(Value):
    """
    Analysed terms of a chunk, or of a question, by field.

    A term holds no white space, so the terms of a field can be joined by blanks.
    """

    stems: tuple[str, ...]
    bigrams: tuple[str, ...] = ()
    grams: tuple[str, ...] = ()
    title: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexRow(Value):
    """
    One life of a chunk in the index. Its key is (chunk_id, added_in).

    Attributes:
        chunk_id: stable id, 32 hexadecimal digits; names its base too.
        kb: id of the knowledge base.
        rule: id of the audience rule that governs it; rule ids are unique across bases.
        added_in: first version that shows it.
        terms: analysed terms.
        vector: unit vector, float32, one length per index; None where words only.

    """

    chunk_id: str
    kb: int
    rule: int
    added_in: int
    terms: TermFields
    vector: "NDArray[np.float32] | None" = None


@dataclass(frozen=True, slots=True)
class SearchRequest(Value):
    """
    One question to the index.

    Attributes:
        terms: analysed terms of the question; no stems means no list of words.
        vector: unit vector of the question; None means no list of vectors.
        access: the rules that the reader satisfies.
        versions: base id -> version to search; a base that is missing is not searched.
        limit: entries per list, 1..100.
        embedder: name of the embedder that made the vector; None where nobody changes it.
        analyser: version of the analyser that made the terms; None as well.

    """

    terms: TermFields
    vector: "NDArray[np.float32] | None"
    access: AccessFilter
    versions: Mapping[int, int]
    limit: int = LIST_LENGTH
    embedder: str | None = None
    analyser: str | None = None


@dataclass(frozen=True, slots=True)
class SearchLists(Value):
    """
    Two lists, each chunk id -> score, best first, ties by chunk id.

    Attributes:
        words: BM25 scores, > 0.
        vectors: cosine similarities, -1..1.

    """

    words: Mapping[str, float]
    vectors: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class VisibleRow(Value):
    """What a census sees of a row."""

    chunk_id: str
    added_in: int
    rule: int


@dataclass(frozen=True, slots=True)
class RowLife(Value):
    """A row without what is searched: its key, the version that ends it (`ALIVE` for none), its rule."""

    chunk_id: str
    added_in: int
    removed_in: int
    rule: int


@dataclass(frozen=True, slots=True)
class WholeRow(Value):
    """
    All that an index holds of a row, so that another one can hold the same.

    A term that is too long for an index comes back as the mark of its hash, which every
    index takes for that very term (`domain.long_terms`).
    """

    row: IndexRow
    removed_in: int


class ChunkIndex(Protocol):
    """
    Rows that live from `added_in` until before `removed_in`.

    A search at version v sees exactly the rows with `added_in <= v < removed_in` of
    the bases in `versions`, governed by a rule of `access` of that base. Every write
    is idempotent and durable when the call returns; a reader sees all of a call's
    effect or, in batches of at most 200 ms each, a growing part of it. Faults are raised as
    errors of `pipelines.errors`.
    """

    def search(self, request: SearchRequest) -> SearchLists:
        """Return the two lists, filtered before they are ranked and cut."""

    def has_rows(self) -> bool:
        """
        Say whether any row is held, over the connection that searches use; nothing is made.

        Once there was one it may go on saying so although all were deleted: what deletes
        them is told to the records as well.

        Raises:
            FootnoteError: no search would be answered now.

        """

    def stage(self, rows: Sequence[IndexRow]) -> None:
        """Write rows; a row with a key that exists is replaced and alive again."""

    def retire(self, kb: int, chunk_ids: Sequence[str], version: int) -> None:
        """Let the lives that are alive and older than `version` end in `version`."""

    def sweep(self, kb: int, version: int) -> None:
        """Undo a version: delete the rows added in it, revive the rows removed in it."""

    def vacuum(self, kb: int, oldest: int) -> int:
        """Delete the rows removed in or before `oldest`; return how many."""

    def assign_rule(self, kb: int, chunk_ids: Sequence[str], rule: int) -> None:
        """Put every living row of these chunks under another rule, in place."""

    def visible(self, kb: int, version: int) -> Iterator[VisibleRow]:
        """Yield every row that a search at this version could see, in any order."""

    def delete(self, kb: int, keys: Iterable[tuple[str, int]]) -> None:
        """Delete rows by (chunk id, added_in)."""

    def revive(self, kb: int, keys: Iterable[tuple[str, int]]) -> None:
        """Let rows by (chunk id, added_in) be alive again."""

    def drop(self, kb: int) -> None:
        """Delete every row of a base."""

    def count(self, kb: int) -> int:
        """Return the rows of a base, of all versions."""

    def bases(self) -> tuple[int, ...]:
        """Return the ids of the bases that have rows, in order."""

    def lives(self, kb: int) -> Iterator[RowLife]:
        """Yield every row of a base, of all versions, in any order; what is written meanwhile may be missing."""

    def whole(self, kb: int, keys: Sequence[tuple[str, int]]) -> tuple[WholeRow, ...]:
        """Return rows by (chunk id, added_in), at most 1,000, with all they hold; those that exist, in any order."""

    def restore(self, rows: Sequence[WholeRow]) -> None:
        """Write rows as another index held them; a row with a key that exists is replaced."""

    def destroy(self) -> None:
        """Delete everything, what holds the rows too, and close; where nothing is, do nothing."""

    def close(self) -> None:
        """Release files and connections."""
