"""
Two lists to one ranking: fusion, document prior, neighbours. Pure; the same for every engine.

Scores are folded to units (a page, a section) by their best chunk; formulas and figures
are those of docs/quality.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pipelines.domain.values import Value


VECTOR_WEIGHT = 0.45
"""Share of the vectors; the words have the rest."""

PRIOR = 0.3
"""Weight of the mean of a document's best units."""

PRIOR_UNITS = 3

NEIGHBOUR = 0.9
"""What the best adjacent page lends of its score."""

_Key = TypeVar("_Key", str, tuple[int, int])

Unit = tuple[int, int]
"""Document, and number of the page or section in it."""


@dataclass(frozen=True, slots=True)
class Spot(Value):
    """
    Where a chunk stands, as far as ranking cares.

    Attributes:
        unit: what its scores are folded to.
        paged: units are cut by layout, so that neighbours belong together.

    """

    unit: Unit
    paged: bool


@dataclass(frozen=True, slots=True)
class Ranking(Value):
    """
    Scores of units and of chunks, > 0, best first, ties by key.

    A chunk's score is its unit's, times its share of the unit's best chunk; a unit that
    only its neighbour lifted has no chunks.
    """

    units: Mapping[Unit, float]
    chunks: Mapping[str, float]


def rank(
    words: Mapping[str, float],
    vectors: Mapping[str, float],
    spots: Mapping[str, Spot],
    *,
    full: int,
    neighbours: bool = True,
) -> Ranking:
    """
    Blend both lists and fold them to units.

    Args:
        words: chunk id -> BM25 score, > 0.
        vectors: chunk id -> cosine, -1..1; empty for words only.
        spots: chunk id -> where it stands; chunks without one are left out.
        full: length from which a list was cut, so that a chunk that is missing
            from it takes its last score.
        neighbours: lift a page that stands beside a better one.

    """
    known = {chunk: spot.unit for chunk, spot in spots.items() if chunk in words or chunk in vectors}
    lexical = _filled(words, known, full)
    cosine = _filled(vectors, known, full)
    units_lexical, units_cosine = _folded(lexical, known), _folded(cosine, known)
    top_lexical, top_cosine = max(lexical.values(), default=0.0), max(cosine.values(), default=0.0)
    # A list that says nothing has no share; scores are shares of the best.
    by_words = (1 - VECTOR_WEIGHT if top_cosine else 1.0) / (top_lexical or 1.0)
    by_vectors = (VECTOR_WEIGHT if top_lexical else 1.0) / (top_cosine or 1.0)
    chunks = {chunk: by_words * score + by_vectors * cosine[chunk] for chunk, score in lexical.items()}
    blended = {unit: by_words * score + by_vectors * units_cosine[unit] for unit, score in units_lexical.items()}
    units = _with_prior({unit: score for unit, score in blended.items() if score > 0})
    if neighbours:
        units = _with_neighbours(units, {spot.unit for spot in spots.values() if spot.paged})
    best = _folded(chunks, known)
    scored = {chunk: units[known[chunk]] * own / best[known[chunk]] for chunk, own in chunks.items() if own > 0}
    return Ranking(_ordered(units), _ordered(scored))


def _filled(scores: Mapping[str, float], known: Iterable[str], full: int) -> dict[str, float]:
    """Return a score >= 0 for each chunk; what a full list lacks takes its last one, what a short list lacks 0."""
    last = min(scores.values(), default=0.0) if len(scores) >= full else 0.0
    return {chunk: max(scores.get(chunk, last), 0.0) for chunk in known}


def _folded(scores: Mapping[str, float], units: Mapping[str, Unit]) -> dict[Unit, float]:
    """Return the best score of each unit; scores are >= 0."""
    best: dict[Unit, float] = {}
    for chunk, score in scores.items():
        unit = units[chunk]
        if score >= best.get(unit, 0.0):
            best[unit] = score
    return best


def _with_prior(units: Mapping[Unit, float]) -> dict[Unit, float]:
    """Add to each unit a share of the mean of its document's best ones."""
    by_document: dict[int, list[float]] = defaultdict(list)
    for (document, _), score in units.items():
        by_document[document].append(score)
    mean = {}
    for document, scores in by_document.items():
        best = sorted(scores, reverse=True)[:PRIOR_UNITS]
        mean[document] = sum(best) / len(best)
    return {unit: score + PRIOR * mean[unit[0]] for unit, score in units.items()}


def _with_neighbours(units: Mapping[Unit, float], paged: set[Unit]) -> dict[Unit, float]:
    """Lift each page to a share of the better of the pages beside it."""
    lifted = dict(units)
    for unit in paged & units.keys():
        for beside in ((unit[0], unit[1] - 1), (unit[0], unit[1] + 1)):
            lifted[beside] = max(lifted.get(beside, 0.0), NEIGHBOUR * units[unit])
    return lifted


def _ordered(scores: Mapping[_Key, float]) -> dict[_Key, float]:
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
