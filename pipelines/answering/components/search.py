"""Second node: one search, words and vectors side by side, inside what this person may read."""

from haystack import component

from pipelines.answering.steps import AskedQuestion, FoundHits
from pipelines.answering.timing import Stopwatch
from pipelines.domain.evidence import Scope
from pipelines.errors import StorageDamaged
from pipelines.ports.chunk_index import ChunkIndex, SearchLists, SearchRequest
from pipelines.ports.clock import Clock
from pipelines.ports.embedder import Embedder
from pipelines.ports.records import Records
from pipelines.retrieval.terms import question_terms


@component
class SearchIndex:
    """Asks the index for two lists. Without an embedder there is one, of words."""

    def __init__(self, records: Records, index: ChunkIndex, embedder: Embedder | None, clock: Clock) -> None:
        self._records = records
        self._index = index
        self._embedder = embedder
        self._clock = clock

    @component.output_types(found=FoundHits)
    def run(self, asked: AskedQuestion) -> dict[str, FoundHits]:
        """
        Search the bases that the person may read and that the question names.

        :param asked: the question, standing alone.
        :returns: `found`, with empty lists when nothing is readable.
        :raises StorageDamaged: the index holds nothing of a base that has passages.
        """
        watch = Stopwatch(self._clock, asked.timings)
        question = asked.question
        scope = self._records.access.scope(question.principal, question.bases)
        terms = question_terms(asked.text)
        if not scope.versions:
            return {"found": FoundHits(asked, scope, None, terms, SearchLists({}, {}), watch.timings("search"))}
        vector = self._embedder.embed([asked.text])[0] if self._embedder else None
        timings = watch.timings("embed")
        watch = Stopwatch(self._clock, timings)
        lists = self._index.search(SearchRequest(terms, vector, scope.access, scope.versions))
        if not lists.words and not lists.vectors:
            self._check_index(scope)
        return {"found": FoundHits(asked, scope, vector, terms, lists, watch.timings("search"))}

    def _check_index(self, scope: Scope) -> None:
        """Tell a lost index from documents that do not answer."""
        for kb, version in scope.versions.items():
            passages = next((one.chunks for one in self._records.bases.versions(kb) if one.number == version), 0)
            if passages and not self._index.count(kb):
                name = scope.names[kb]
                raise StorageDamaged(
                    f"the index holds nothing of {name}: sync it, which writes it anew from stored files"
                )
