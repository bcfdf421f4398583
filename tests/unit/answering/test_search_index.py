"""The search of one question while embedder and index are changed, or away."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipelines.adapters.system_clock import SystemClock
from pipelines.answering.components.search import SearchIndex
from pipelines.answering.steps import AskedQuestion, FoundHits
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Question
from pipelines.errors import TransientError
from pipelines.ports.chunk_index import OtherRows, SearchLists, SearchRequest
from pipelines.ports.embedder import Embedder
from pipelines.retrieval.analysers import TODAY
from tests.changing_analyser import OTHER
from tests.fakes.hash_embedder import HashEmbedder
from tests.small_base import SmallBase, open_parts


ASKED = AskedQuestion(Question("How long is parental leave?", OPERATOR), "How long is parental leave?", {})
OLD, NEW = HashEmbedder(8), HashEmbedder(12)


class Changing:
    """An index whose embedder is changed now and then; it keeps what it was asked."""

    def __init__(self, refusals: int = 0) -> None:
        self._refusals = refusals
        self.asked: list[SearchRequest] = []

    def search(self, request: SearchRequest) -> SearchLists:
        """Refuse while a test says so."""
        self.asked.append(request)
        if request.vector is not None and self._refusals:
            self._refusals -= 1
            raise OtherRows("changed")
        return SearchLists({}, {})

    def count(self, _kb: int) -> int:
        """Hold something."""
        return 1


class Away(HashEmbedder):
    """An embedder that cannot be reached."""

    def embed(self, _texts: Sequence[str]) -> NDArray[np.float32]:
        """Fail."""
        raise TransientError("the model is away")


@pytest.fixture
def base(tmp_path: Path) -> Iterator[SmallBase]:
    """Return a base with one document."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "documents" / "leave.md").write_text("# Leave\n\nParental leave is twelve weeks.\n")
    with open_parts(tmp_path / "data") as parts:
        made = SmallBase(parts, tmp_path / "documents")
        made.sync()
        yield made


def found(base: SmallBase, index: Changing, embedder: Embedder | Callable[[], Embedder | None] | None) -> FoundHits:
    """Search."""
    search = SearchIndex(base.records, index, embedder, SystemClock())  # type: ignore[arg-type]
    result: FoundHits = search.run(asked=ASKED)["found"]
    return result


def test_a_change_between_embedding_and_searching_is_gone_along_with(base: SmallBase) -> None:
    """The question is embedded again with the new one, which is told to those who compare sentences with it."""
    index, embedders = Changing(1), iter((OLD, NEW))
    hits = found(base, index, lambda: next(embedders))
    assert [one.embedder for one in index.asked] == [OLD.name, NEW.name]
    assert hits.embedder is NEW
    assert hits.vector is not None
    assert hits.vector.shape == (12,)


def test_what_changes_all_the_time_is_searched_by_words(base: SmallBase) -> None:
    """A question ends in an answer, not in a loop."""
    index = Changing(9)
    hits = found(base, index, lambda: OLD)
    assert (hits.embedder, hits.vector) == (None, None)
    assert len(index.asked) == 4


@pytest.mark.parametrize("embedder", [None, Away(8), lambda: None, lambda: Away(8)], ids=["none", "away", "n", "a"])
def test_without_a_vector_words_are_searched(
    base: SmallBase, embedder: Embedder | Callable[[], Embedder | None] | None
) -> None:
    """No embedder, or one that is away: the question is searched all the same."""
    index = Changing()
    hits = found(base, index, embedder)
    assert hits.vector is None
    assert [one.terms.stems for one in index.asked] == [hits.terms.stems]


def test_a_change_of_the_analyser_is_gone_along_with(base: SmallBase) -> None:
    """A question that was analysed for the index before is analysed again, and what it found says by whom."""
    index, analysers = Changing(1), iter((TODAY, OTHER))
    search = SearchIndex(base.records, index, OLD, SystemClock(), lambda: next(analysers))  # type: ignore[arg-type]
    hits: FoundHits = search.run(asked=ASKED)["found"]
    assert [(one.analyser, one.terms) for one in index.asked] == [
        (one.version, one.question_terms(ASKED.text)) for one in (TODAY, OTHER)
    ]
    assert hits.analyser == OTHER.version
