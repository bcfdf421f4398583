"""An embedding model behind a server that fails in every way there is; vectors come right, or one sentence does."""

import logging
from collections.abc import Iterator

import numpy as np
import pytest

from pipelines.adapters.openai_embedder import OpenAIEmbedder, Pace
from pipelines.adapters.openai_models.server import ModelSettings, OpenAIServer
from pipelines.domain.embedding_models import EmbeddingModel
from pipelines.errors import BadInput, BadSettings, FootnoteError, PermanentError, TransientError
from tests.fakes.hash_embedder import HashEmbedder
from tests.fakes.model_embeddings import EmbeddingBehaviour
from tests.fakes.model_requests import error_body
from tests.fakes.model_server import KEY, ModelServer


NAME = "tiny-embed"
E5 = EmbeddingModel(NAME, 64, query_prefix="query: ", passage_prefix="passage: ")
PLACES = ModelSettings(model="FOOTNOTE_EMBEDDING__MODEL", stall="FOOTNOTE_EMBEDDING__BATCH_SECONDS")
BUSY = EmbeddingBehaviour(status=429, error=error_body("full"), headers=(("retry-after", "2"),))
DOWN = EmbeddingBehaviour(status=500, error=error_body("down"))


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """Return a server with one model."""
    with ModelServer(models={NAME: 8192}) as running:
        yield running


class Opened:
    """An embedder with its waits."""

    def __init__(self, server: ModelServer, model: EmbeddingModel, pace: Pace, key: str | None) -> None:
        self.waits: list[float] = []
        place = OpenAIServer(server.url, model.model, key, settings=PLACES)
        self.embedder = OpenAIEmbedder(model, place, pace, wait=self.waits.append)


@pytest.fixture
def opened(server: ModelServer) -> Iterator[Opened]:
    """Return an embedder of that server."""
    made = Opened(server, E5, Pace(batch=4, at_once=2, query_s=0.3, batch_s=2), KEY)
    yield made
    made.embedder.close()


def test_questions_and_passages_have_their_own_prefix(server: ModelServer, opened: Opened) -> None:
    """What e5 and its like want stands before each text, and the vectors are those of the whole."""
    question = opened.embedder.embed_question("How long?")
    passages = opened.embedder.embed(["Twelve weeks."])
    assert [one.body["input"] for one in server.embeddings] == [["query: How long?"], ["passage: Twelve weeks."]]
    expected = HashEmbedder().embed(["query: How long?", "passage: Twelve weeks."])
    np.testing.assert_allclose([question, passages[0]], expected, atol=1e-6)


def test_requests_are_bounded(server: ModelServer, opened: Opened) -> None:
    """Twenty texts go in batches of four, two at a time, as base64, and come back in their order."""
    texts = [f"text number {number}" for number in range(20)]
    vectors = opened.embedder.embed(texts)
    assert sorted(len(one.body["input"]) for one in server.embeddings) == [4] * 5
    assert {one.body["encoding_format"] for one in server.embeddings} == {"base64"}
    assert all("dimensions" not in one.body for one in server.embeddings)
    assert server.peak <= 2
    np.testing.assert_allclose(vectors, HashEmbedder().embed([f"passage: {one}" for one in texts]), atol=1e-6)


def test_a_shorter_length_is_asked_for(server: ModelServer) -> None:
    """Where the setting says so the server is told the length."""
    made = Opened(server, EmbeddingModel(NAME, 64, shortened=True), Pace(), KEY)
    made.embedder.embed(["x"])
    assert server.embeddings[0].body["dimensions"] == 64
    made.embedder.close()


def test_what_servers_refuse_is_not_sent(server: ModelServer) -> None:
    """No empty text, no half characters, nothing beyond the limit of characters."""
    made = Opened(server, EmbeddingModel(NAME, 64, characters=5), Pace(), KEY)
    made.embedder.embed(["", "a\ud800b", "1234567"])
    assert server.embeddings[0].body["input"] == [" ", "a?b", "12345"]
    made.embedder.close()


@pytest.mark.parametrize(
    ("behaviour", "kind", "said"),
    [
        (EmbeddingBehaviour(missing=1), PermanentError, "sent 1 vectors for 2 texts"),
        (EmbeddingBehaviour(longer=3), BadSettings, "67 numbers, and FOOTNOTE_EMBEDDING__DIMENSIONS is 64"),
        (EmbeddingBehaviour(longer=3, plain=True), BadSettings, "67 numbers, and FOOTNOTE_EMBEDDING__DIMENSIONS is 64"),
        (EmbeddingBehaviour(number=float("nan")), PermanentError, "a number that is not finite"),
        (EmbeddingBehaviour(number=float("nan"), plain=True), PermanentError, "a number that is not finite"),
        (EmbeddingBehaviour(number=float("inf")), PermanentError, "a number that is not finite"),
        (EmbeddingBehaviour(number=1e300, plain=True), PermanentError, "a number that is not finite"),
        (EmbeddingBehaviour(zeros=True), PermanentError, "sent a vector of zeros"),
        (EmbeddingBehaviour(content_type="text/html", body=b"<html>"), PermanentError, "something else than JSON"),
        (EmbeddingBehaviour(body=b"{"), PermanentError, "no JSON"),
        (EmbeddingBehaviour(body=b"[]"), PermanentError, "JSON that holds no vectors"),
        (EmbeddingBehaviour(body=b'{"data": [1, 2]}'), PermanentError, "JSON that holds no vectors"),
        (
            EmbeddingBehaviour(body=b'{"data": [{"embedding": "!", "index": 0}, {"index": 1}]}'),
            PermanentError,
            "neither numbers nor base64",
        ),
        (
            EmbeddingBehaviour(body=b'{"data": [{"embedding": [1], "index": 0}, {"embedding": [1], "index": 0}]}'),
            PermanentError,
            "numbers are not those of the texts",
        ),
        (EmbeddingBehaviour(status=400, error=error_body("no")), PermanentError, "refuses the request (HTTP 400)"),
        (
            EmbeddingBehaviour(status=400, error=error_body("maximum context length is 512 tokens")),
            BadInput,
            "its limit is 512 tokens: lower FOOTNOTE_EMBEDDING__CHARACTERS",
        ),
        (EmbeddingBehaviour(status=401, error=error_body("no")), BadSettings, "check OPENAI_API_KEY"),
        (EmbeddingBehaviour(status=404, error=error_body("no")), BadSettings, "check FOOTNOTE_EMBEDDING__MODEL"),
        (EmbeddingBehaviour(status=307, error={}), BadSettings, "leads elsewhere (HTTP 307)"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    server: ModelServer, opened: Opened, behaviour: EmbeddingBehaviour, kind: type[FootnoteError], said: str
) -> None:
    """A wrong reply or a refusal is never taken for vectors, never repeated, and names the model and the setting."""
    server.script_vectors(behaviour)
    with pytest.raises(kind) as raised:
        opened.embedder.embed(["one", "two"])
    sentence = str(raised.value)
    assert said in sentence
    assert NAME in sentence
    assert KEY not in sentence
    assert "passage" not in sentence
    assert "\n" not in sentence
    assert len(server.embeddings) == 1
    assert opened.embedder.embed(["one", "two"]).shape == (2, 64)


def test_vectors_without_numbers_are_in_order(server: ModelServer, opened: Opened) -> None:
    """A server that numbers nothing means the order of the texts."""
    server.script_vectors(EmbeddingBehaviour(numbered=False))
    expected = HashEmbedder().embed(["passage: one", "passage: two"])
    np.testing.assert_allclose(opened.embedder.embed(["one", "two"]), expected, atol=1e-6)


@pytest.mark.parametrize(("fault", "waited"), [(DOWN, (0.1, 0.4)), (BUSY, (2.0, 2.0))], ids=["500", "429"])
def test_a_batch_is_sent_once_more(
    server: ModelServer, opened: Opened, fault: EmbeddingBehaviour, waited: tuple[float, float]
) -> None:
    """After a failure, or when the server said when it has room; then it is right, or the sentence is told."""
    server.script_vectors(fault)
    assert opened.embedder.embed(["one"]).shape == (1, 64)
    assert len(server.embeddings) == 2
    assert waited[0] <= opened.waits[0] <= waited[1]
    server.script_vectors(fault, fault)
    with pytest.raises(TransientError, match=NAME):
        opened.embedder.embed(["one"])
    assert len(server.embeddings) == 4


def test_a_question_is_sent_once(server: ModelServer, opened: Opened) -> None:
    """Somebody waits: neither a failure nor a full server is answered by another call."""
    for fault in (DOWN, BUSY):
        server.script_vectors(fault)
        with pytest.raises(TransientError):
            opened.embedder.embed_question("How long?")
    assert len(server.embeddings) == 2
    assert opened.waits == []


def test_a_question_ends_in_its_time(server: ModelServer, opened: Opened) -> None:
    """A silent server is left after the seconds of a question, by the name of that setting; nothing is left open."""
    server.script_vectors(EmbeddingBehaviour(stall=True))
    with pytest.raises(TransientError, match=r"within 0\.3 seconds \(FOOTNOTE_EMBEDDING__QUERY_SECONDS\)"):
        opened.embedder.embed_question("How long?")
    assert server.wait_for(lambda: server.embeddings[0].abandoned)


def test_retries_are_a_small_share(server: ModelServer, opened: Opened) -> None:
    """A server that is down is not asked twice for every batch."""
    server.default_vectors = DOWN
    for _ in range(4):
        with pytest.raises(TransientError):
            opened.embedder.embed(["one"])
    assert len(opened.waits) == 2


def test_a_server_that_does_not_answer_is_left_alone(server: ModelServer, opened: Opened) -> None:
    """After five faults no call is made for a while, and that is said."""
    server.default_vectors = DOWN
    for _ in range(5):
        with pytest.raises(TransientError):
            opened.embedder.embed_question("How long?")
    with pytest.raises(TransientError, match="did not answer its last calls"):
        opened.embedder.embed_question("How long?")
    assert len(server.embeddings) == 5


def test_a_key_that_is_missing_is_asked_for(server: ModelServer) -> None:
    """The sentence names the setting of the key."""
    made = Opened(server, E5, Pace(), None)
    with pytest.raises(BadSettings, match="asks for a key: set OPENAI_API_KEY"):
        made.embedder.embed(["one"])
    made.embedder.close()


def test_nothing_is_logged_of_a_text(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    """Neither texts nor keys stand in any line, whatever the level."""
    caplog.set_level(logging.DEBUG)
    opened.embedder.embed(["a secret sentence"])
    assert "secret" not in caplog.text
    assert KEY not in caplog.text


def test_all_that_decides_a_vector_is_in_the_name() -> None:
    """Model, length, prefixes, cut-off and shortening each make another name, one word of at most 100 characters."""
    models = [
        E5,
        EmbeddingModel("other", 64, "query: ", "passage: "),
        EmbeddingModel(NAME, 65, "query: ", "passage: "),
        EmbeddingModel(NAME, 64, "", "passage: "),
        EmbeddingModel(NAME, 64, "query: ", ""),
        EmbeddingModel(NAME, 64, "query: ", "passage: ", characters=100),
        EmbeddingModel(NAME, 64, "query: ", "passage: ", shortened=True),
        EmbeddingModel("/" * 200, 64),
        EmbeddingModel("x" * 200, 16384),
        EmbeddingModel("y" + "x" * 199, 16384),
    ]
    names = [one.name for one in models]
    assert len(set(names)) == len(names)
    assert all(name.split() == [name] and len(name) <= 100 for name in names)
    assert [EmbeddingModel.from_json(one.as_json()) for one in models] == models
    assert EmbeddingModel.from_json({"model": "x"}) is None
