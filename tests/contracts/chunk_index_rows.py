"""Rows and questions for the contract of the index, small enough to be read where they are used."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from pipelines.domain.access import AccessFilter
from pipelines.ports.chunk_index import LIST_LENGTH, IndexRow, SearchLists, SearchRequest, TermFields


DIMENSIONS = 4
KB = 1
RULE = 10


def chunk(number: int) -> str:
    """Return a chunk id; ids sort as their numbers do."""
    return f"{number:032x}"


def terms(text: str, *, title: str = "") -> TermFields:
    """Return the words of a text as terms, without any analysis."""
    words = tuple(text.split())
    return TermFields(words, tuple(f"{one}_{two}" for one, two in pairwise(words)), title=tuple(title.split()))


def vector(*numbers: float) -> np.ndarray:
    """Return a vector of the index's length: what is not given is zero."""
    padded = np.zeros(DIMENSIONS, np.float32)
    padded[: len(numbers)] = numbers
    return padded


def row(
    number: int,
    text: str = "word",
    *,
    title: str = "",
    kb: int = KB,
    rule: int = RULE,
    added_in: int = 1,
    at: Sequence[float] | None = None,
) -> IndexRow:
    """Return a row; `at` is its vector."""
    placed = None if at is None else vector(*at)
    return IndexRow(chunk(number), kb, rule, added_in, terms(text, title=title), placed)


def question(
    text: str = "",
    *,
    at: Sequence[float] | None = None,
    rules: Mapping[int, set[int]] | None = None,
    versions: Mapping[int, int] | None = None,
    limit: int = LIST_LENGTH,
) -> SearchRequest:
    """Return a question of a reader who satisfies the rule of the first base, at its version 1."""
    satisfied = {KB: {RULE}} if rules is None else rules
    access = AccessFilter({kb: frozenset(some) for kb, some in satisfied.items()})
    placed = None if at is None else vector(*at)
    return SearchRequest(terms(text, title=text), placed, access, versions or {KB: 1}, limit)


def numbers(found: Mapping[str, float]) -> list[int]:
    """Return the numbers of the chunks found, best first."""
    return [int(chunk_id, 16) for chunk_id in found]


def words(lists: SearchLists) -> set[int]:
    """Return the numbers of the chunks in the list of words."""
    return set(numbers(lists.words))
