"""Third node: hits confirmed against today's rights and placed, then ranked by our own code."""

from haystack import component

from pipelines.answering.steps import FoundHits, RankedHits
from pipelines.answering.timing import Stopwatch
from pipelines.ports.chunk_index import LIST_LENGTH
from pipelines.ports.clock import Clock
from pipelines.ports.records import EvidenceRecords
from pipelines.retrieval.fusion import Spot, rank


@component
class PlaceHits:
    """Confirms both lists by one SQL statement; what it does not confirm is neither ranked nor counted."""

    def __init__(self, evidence: EvidenceRecords, clock: Clock) -> None:
        self._evidence = evidence
        self._clock = clock

    @component.output_types(ranked=RankedHits)
    def run(self, found: FoundHits) -> dict[str, RankedHits]:
        """
        Confirm, place and rank.

        :param found: both lists.
        :returns: `ranked`, best first.
        """
        watch = Stopwatch(self._clock, found.timings)
        lists = found.lists
        wanted = lists.words.keys() | lists.vectors.keys()
        placed = self._evidence.confirm(found.asked.question.principal, found.scope, wanted)
        hits = {hit.chunk_id: hit for hit in placed}
        spots = {chunk: Spot((hit.document, hit.unit), hit.paged) for chunk, hit in hits.items()}
        ranking = rank(lists.words, lists.vectors, spots, full=LIST_LENGTH)
        ranked = tuple(hits[chunk] for chunk in ranking.chunks)
        scope, timings = found.scope, watch.timings("place")
        placed_hits = RankedHits(
            found.asked,
            scope,
            found.vector,
            ranked,
            ranking.chunks,
            timings,
            ranking.units,
            found.embedder,
            found.analyser,
        )
        return {"ranked": placed_hits}
