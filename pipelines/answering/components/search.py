"""Second node: one search, words and vectors side by side, inside what this person may read."""

import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from haystack import component

from pipelines.answering.steps import AskedQuestion, FoundHits, Timings
from pipelines.answering.timing import Stopwatch
from pipelines.domain.evidence import Scope
from pipelines.errors import FootnoteError
from pipelines.ports.chunk_index import ChunkIndex, OtherRows, SearchLists, SearchRequest, TermFields
from pipelines.ports.clock import Clock
from pipelines.ports.records import Records
from pipelines.retrieval.analysers import TODAY, AnalyserNow, analyser_now
from pipelines.retrieval.embedding import EmbedderNow, now, question_vector
from pipelines.retrieval.lost_rows import require_rows


if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipelines.ports.embedder import Embedder

_TRIES = 3
"""That somebody changes the index twice within one question happens to nobody."""

_log = logging.getLogger(__name__)


@component
class SearchIndex:
    """Asks the index for two lists. Without an embedder, or a vector from it, there is one, of words."""

    def __init__(
        self,
        records: Records,
        index: ChunkIndex,
        embedder: EmbedderNow,
        clock: Clock,
        analyser: AnalyserNow = TODAY,
    ) -> None:
        """Take the parts; an embedder or analyser that may change is named by a function, at each question anew."""
        self._records = records
        self._index = index
        self._embedder = embedder
        self._clock = clock
        self._analyser = analyser

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
        if not scope.versions:
            empty = TermFields(()), SearchLists({}, {})
            return {"found": FoundHits(asked, scope, None, *empty, watch.timings("search"))}
        for _ in range(_TRIES):
            embedder, vector = self._vector(asked.text)
            request, version = self._request(asked.text, scope)
            timings: Timings = watch.timings("embed")
            name = embedder.name if embedder else None
            with suppress(OtherRows):
                lists, timings = self._searched(
                    replace(request, vector=vector, embedder=name, analyser=version), timings
                )
                self._check_found(lists, scope)
                return {"found": FoundHits(asked, scope, vector, request.terms, lists, timings, embedder, version)}
            # The index was changed between the two: it has another one's vectors, or terms, now.
        request, version = self._request(asked.text, scope)
        lists, timings = self._searched(request, watch.timings("embed"))
        self._check_found(lists, scope)
        return {"found": FoundHits(asked, scope, None, request.terms, lists, timings, None, version)}

    def _request(self, text: str, scope: Scope) -> tuple[SearchRequest, str]:
        """Return what is asked of the index by words, and the version of the analyser that made them."""
        analyser = analyser_now(self._analyser)
        return SearchRequest(analyser.question_terms(text), None, scope.access, scope.versions), analyser.version

    def _searched(self, request: SearchRequest, timings: Timings) -> tuple[SearchLists, Timings]:
        watch = Stopwatch(self._clock, timings)
        return self._index.search(request), watch.timings("search")

    def _vector(self, text: str) -> "tuple[Embedder | None, NDArray[np.float32] | None]":
        """Return the vector of a question and who made it; neither where there is none now."""
        try:
            embedder = now(self._embedder)
            return (embedder, question_vector(embedder, text)) if embedder else (None, None)
        except FootnoteError as fault:
            _log.warning("a question is searched by words only: %s", fault)
            return None, None

    def _check_found(self, lists: SearchLists, scope: Scope) -> None:
        """Tell a lost index from documents that do not answer."""
        if not (lists.words or lists.vectors):
            require_rows(self._records, scope, self._index.count)
