"""Second node: one search, words and vectors side by side, inside what this person may read."""

from haystack import component

from pipelines.answering.steps import AskedQuestion, FoundHits
from pipelines.answering.timing import Stopwatch
from pipelines.ports.chunk_index import ChunkIndex, SearchLists, SearchRequest
from pipelines.ports.clock import Clock
from pipelines.ports.embedder import Embedder
from pipelines.ports.records import AccessRecords
from pipelines.retrieval.terms import question_terms


@component
class SearchIndex:
    """Asks the index for two lists (D6). Without an embedder there is one, of words."""

    def __init__(self, access: AccessRecords, index: ChunkIndex, embedder: Embedder | None, clock: Clock) -> None:
        self._access = access
        self._index = index
        self._embedder = embedder
        self._clock = clock

    @component.output_types(found=FoundHits)
    def run(self, asked: AskedQuestion) -> dict[str, FoundHits]:
        """
        Search the bases that the person may read and that the question names.

        :param asked: the question, standing alone.
        :returns: `found`, with empty lists when nothing is readable.
        """
        watch = Stopwatch(self._clock, asked.timings)
        question = asked.question
        scope = self._access.scope(question.principal, question.bases)
        terms = question_terms(asked.text)
        if not scope.versions:
            return {"found": FoundHits(asked, scope, None, terms, SearchLists({}, {}), watch.timings("search"))}
        vector = self._embedder.embed([asked.text])[0] if self._embedder else None
        timings = watch.timings("embed")
        watch = Stopwatch(self._clock, timings)
        lists = self._index.search(SearchRequest(terms, vector, scope.access, scope.versions))
        return {"found": FoundHits(asked, scope, vector, terms, lists, watch.timings("search"))}
