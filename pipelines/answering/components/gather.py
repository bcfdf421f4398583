"""Fourth node: the best passages with their texts, near-duplicates merged."""

from collections.abc import Sequence

from haystack import component

from pipelines.answering.addresses import document_address
from pipelines.answering.editions import current_editions
from pipelines.answering.extracting.shapes import Candidate
from pipelines.answering.steps import Evidence, RankedHits
from pipelines.answering.stored_texts import StoredTexts
from pipelines.answering.timing import Stopwatch
from pipelines.domain.conversation import ClosestDocument
from pipelines.domain.evidence import PlacedHit, StoredPassage
from pipelines.ports.clock import Clock
from pipelines.ports.records import EvidenceRecords
from pipelines.retrieval.near_duplicates import without_near_duplicates


PASSAGES = 8
"""Passages that an answer may be made of (docs/quality.md is measured with eight)."""

_SPARE = 4


@component
class GatherPassages:
    """Loads what an answer may be made of: passages, the blocks beside them, stored texts."""

    def __init__(self, evidence: EvidenceRecords, texts: StoredTexts, clock: Clock) -> None:
        self._evidence = evidence
        self._texts = texts
        self._clock = clock

    @component.output_types(evidence=Evidence)
    def run(self, ranked: RankedHits) -> dict[str, Evidence]:
        """
        Load the best passages.

        :param ranked: confirmed hits, best first.
        :returns: `evidence`, best passage first.
        """
        watch = Stopwatch(self._clock, ranked.timings)
        best = ranked.hits[: PASSAGES + _SPARE]
        stored = self._load(ranked, best)
        candidates = []
        for hit in best:
            passage = stored.get((hit.document_version, hit.ordinal))
            if passage is not None:
                candidates.append(self._candidate(passage, ranked.scores[hit.chunk_id], stored))
        kept = self._distinct(current_editions(ranked.asked.text, candidates))[:PASSAGES]
        closest = _closest([one.passage for one in kept])
        timings = watch.timings("gather")
        gathered = Evidence(
            ranked.asked, ranked.scope, ranked.vector, kept, closest, timings, ranked.embedder, ranked.analyser
        )
        return {"evidence": gathered}

    def _load(self, ranked: RankedHits, best: Sequence[PlacedHit]) -> dict[tuple[int, int], StoredPassage]:
        """Return the passages and those beside them, by (document version, ordinal)."""
        wanted = {(hit.document_version, hit.ordinal + step) for hit in best for step in (-1, 0, 1)}
        found = self._evidence.passages(ranked.scope, wanted)
        return {(one.document_version, one.passage.ordinal): one for one in found}

    def _candidate(
        self, passage: StoredPassage, score: float, stored: dict[tuple[int, int], StoredPassage]
    ) -> Candidate:
        ordinal = passage.passage.ordinal
        before = stored.get((passage.document_version, ordinal - 1))
        after = stored.get((passage.document_version, ordinal + 1))
        return Candidate(
            passage,
            self._texts.get(passage.text_hash),
            score,
            before=before.passage if before else None,
            after=after.passage if after else None,
        )

    def _distinct(self, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        texts = [one.text[one.passage.passage.start : one.passage.passage.end] for one in candidates]
        return tuple(candidates[at] for at in without_near_duplicates(texts))


def _closest(passages: Sequence[StoredPassage]) -> tuple[ClosestDocument, ...]:
    best = {one.document: one for one in reversed(passages)}
    order = dict.fromkeys(one.document for one in passages)
    return tuple(
        ClosestDocument(
            best[document].kb,
            best[document].title,
            best[document].path,
            document_address(best[document]),
        )
        for document in order
    )
