"""Some rows of a base held against each other in two indexes: what they hold, and what searches find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from pipelines.domain.access import AccessFilter
from pipelines.domain.values import Value
from pipelines.ports.chunk_index import ChunkIndex, RowLife, SearchRequest, TermFields, WholeRow


SIZE = 20
"""Rows of each base that are looked at, at most."""

_ASKED = 8
"""Terms of a row that make a question of the usual length."""

_TOP = 10
_SAME = 1e-3
"""Numbers of a unit vector that differ by less are the same: an engine may scale it to length one again."""


@dataclass(frozen=True, slots=True)
class Sample(Value):
    """
    What a sample came to.

    Attributes:
        rows: looked at.
        differing: of them, those that the two indexes do not hold alike.
        searches: made in both, two for each row that readers see.
        shared: of the first ten that the one finds, those that the other finds too, added up over all searches.
        found: what the one found, added up.

    """

    rows: int = 0
    differing: int = 0
    searches: int = 0
    shared: int = 0
    found: int = 0

    def __add__(self, other: "Sample") -> "Sample":
        """Return both together."""
        return Sample(
            self.rows + other.rows,
            self.differing + other.differing,
            self.searches + other.searches,
            self.shared + other.shared,
            self.found + other.found,
        )

    @property
    def overlap(self) -> float:
        """Share of what the one finds that the other finds too, 0..1; 1 where nothing is found."""
        return self.shared / self.found if self.found else 1.0


def compare(source: ChunkIndex, target: ChunkIndex, kb: int, version: int, random: Random) -> Sample:
    """
    Compare some rows of a base, and what readers of a version would find with them.

    Args:
        source: one index.
        target: the other one, with the same keys.
        kb: the base.
        version: that readers see.
        random: draws the rows.

    """
    lives = _drawn(source, kb, random)
    keys = [(one.chunk_id, one.added_in) for one in lives]
    ours, theirs = (_by_key(index.whole(kb, keys)) for index in (source, target))
    differing = sum(not _alike(ours.get(key), theirs.get(key)) for key in keys)
    rules = AccessFilter({kb: frozenset(one.rule for one in lives)})
    sample = Sample(rows=len(keys), differing=differing)
    for one in lives:
        row = ours.get((one.chunk_id, one.added_in))
        if row is not None and one.added_in <= version < one.removed_in:
            sample += _searched(
                source, target, SearchRequest(_some(row.row.terms), row.row.vector, rules, {kb: version}, _TOP)
            )
    return sample


def _drawn(index: ChunkIndex, kb: int, random: Random) -> Sequence[RowLife]:
    """Return some rows, each as likely as any other, without holding all of them."""
    drawn: list[RowLife] = []
    for number, one in enumerate(index.lives(kb)):
        if number < SIZE:
            drawn.append(one)
        elif (at := random.randrange(number + 1)) < SIZE:
            drawn[at] = one
    return drawn


def _by_key(rows: Sequence[WholeRow]) -> Mapping[tuple[str, int], WholeRow]:
    return {(one.row.chunk_id, one.row.added_in): one for one in rows}


def _alike(one: WholeRow | None, other: WholeRow | None) -> bool:
    if one is None or other is None:
        return False
    ours, theirs = one.row, other.row
    if (ours.kb, ours.rule, one.removed_in, ours.terms) != (theirs.kb, theirs.rule, other.removed_in, theirs.terms):
        return False
    if ours.vector is None or theirs.vector is None:
        return ours.vector is theirs.vector
    return bool(np.abs(ours.vector - theirs.vector).max() < _SAME)


def _some(terms: TermFields) -> TermFields:
    return TermFields(terms.stems[:_ASKED], terms.bigrams[:_ASKED], terms.grams[:_ASKED], terms.title[:_ASKED])


def _searched(source: ChunkIndex, target: ChunkIndex, request: SearchRequest) -> Sample:
    ours, theirs = source.search(request), target.search(request)
    pairs = ((ours.words, theirs.words), (ours.vectors, theirs.vectors))
    shared = sum(len(one.keys() & other.keys()) for one, other in pairs)
    return Sample(searches=2, shared=shared, found=sum(len(one) for one, _ in pairs))
