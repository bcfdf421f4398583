"""One set through the index and the ranking, by the ports alone. It measures retrieval and makes no answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipelines.domain.access import AccessFilter
from pipelines.domain.values import Value
from pipelines.evaluation.corpus import CorpusChunk
from pipelines.evaluation.sets import SetQuestion, UnitName
from pipelines.ports.chunk_index import LIST_LENGTH, ChunkIndex, IndexRow, SearchLists, SearchRequest
from pipelines.ports.embedder import Embedder
from pipelines.retrieval.fusion import Unit, rank
from pipelines.retrieval.terms import document_terms, question_terms


_BASE = _RULE = _VERSION = 1
_DEPTH = 10


class Variant(StrEnum):
    """Which ranking is measured."""

    WORDS = "words"
    NO_NEIGHBOURS = "no neighbours"
    SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Judged(Value):
    """
    The rankings of one question.

    Attributes:
        question: the question.
        rankings: by variant, the first ten units.

    """

    question: SetQuestion
    rankings: Mapping[Variant, tuple[UnitName, ...]]


def run_set(
    chunks: Sequence[CorpusChunk],
    questions: Sequence[SetQuestion],
    index: ChunkIndex,
    embedder: Embedder | None,
) -> tuple[Judged, ...]:
    """
    Fill an empty index with a set and ask it every question.

    Args:
        chunks: of the whole set.
        questions: to ask.
        index: empty; one per set, since its statistics are those of all its rows.
        embedder: None for words only.

    """
    stage(chunks, index, embedder)
    asked = embedder.embed([question.text for question in questions]) if embedder else None
    names = {chunk.spot.unit: chunk.unit for chunk in chunks}
    judged = []
    for number, question in enumerate(questions):
        vector = None if asked is None else asked[number]
        access = AccessFilter({_BASE: frozenset({_RULE})})
        lists = index.search(SearchRequest(question_terms(question.text), vector, access, {_BASE: _VERSION}))
        judged.append(Judged(question, _rankings(lists, chunks, names)))
    return tuple(judged)


def stage(chunks: Sequence[CorpusChunk], index: ChunkIndex, embedder: Embedder | None) -> None:
    """Write a set's chunks into an index; a chunk's id is its number, 32 digits long."""
    embedded = embedder.embed([chunk.embedded for chunk in chunks]) if embedder else None
    index.stage(
        [
            IndexRow(
                chunk_id=_id(number),
                kb=_BASE,
                rule=_RULE,
                added_in=_VERSION,
                terms=document_terms(chunk.title, chunk.searched),
                vector=None if embedded is None else embedded[number],
            )
            for number, chunk in enumerate(chunks)
        ]
    )


def _rankings(
    lists: SearchLists, chunks: Sequence[CorpusChunk], names: Mapping[Unit, UnitName]
) -> dict[Variant, tuple[UnitName, ...]]:
    """Return the first ten units by variant, as the product ranks them."""
    found = lists.words.keys() | lists.vectors.keys()
    spots = {chunk_id: chunks[int(chunk_id)].spot for chunk_id in found}

    def ranked(vectors: Mapping[str, float], *, neighbours: bool) -> tuple[UnitName, ...]:
        units = rank(lists.words, vectors, spots, full=LIST_LENGTH, neighbours=neighbours).units
        return tuple(names[unit] for unit in units if unit in names)[:_DEPTH]

    return {
        Variant.WORDS: ranked({}, neighbours=False),
        Variant.NO_NEIGHBOURS: ranked(lists.vectors, neighbours=False),
        Variant.SHIPPED: ranked(lists.vectors, neighbours=True),
    }


def _id(number: int) -> str:
    return f"{number:032d}"
