"""The embedder's contract, run against the fake, the local model, and a model behind a server."""

from collections.abc import Iterator

import pytest

from pipelines.adapters.onnx_embedder import OnnxEmbedder
from pipelines.adapters.openai_embedder import OpenAIEmbedder, Pace
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.domain.embedding_models import EmbeddingModel
from pipelines.ports.embedder import Embedder
from tests.contracts.embedder import EmbedderContract
from tests.fakes.hash_embedder import HashEmbedder
from tests.fakes.model_embeddings import EmbeddingBehaviour
from tests.fakes.model_server import KEY, ModelServer


class TestHashEmbedder(EmbedderContract):
    """The fake keeps the promises that the tests rely on."""

    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls) -> Embedder:
        """Return the fake."""
        return HashEmbedder()


class TestOnnxEmbedder(EmbedderContract):
    """The local model keeps them with its installed weights."""

    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls) -> Embedder:
        """Return the local model, loaded once for all tests of the class."""
        return OnnxEmbedder()


class TestOpenAIEmbedder(EmbedderContract):
    """A model behind a server keeps them, whether it sends base64 or numbers, in whatever order and length."""

    @pytest.fixture(scope="class", params=[False, True], ids=["base64", "numbers"])
    @classmethod
    def embedder(cls, request: pytest.FixtureRequest) -> Iterator[Embedder]:
        """Return a model of the fake server."""
        model = EmbeddingModel("tiny-embed", 64, characters=2000)
        with ModelServer(models={"tiny-embed": 8192}) as server:
            if request.param:
                server.default_vectors = EmbeddingBehaviour(plain=True, scale=3, backwards=True)
            made = OpenAIEmbedder(model, OpenAIServer(server.url, "tiny-embed", KEY), Pace(batch=2))
            yield made
            made.close()
