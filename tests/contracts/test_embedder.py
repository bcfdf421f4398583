"""The embedder's contract, run against the fake and the local model."""

import pytest

from pipelines.adapters.onnx_embedder import OnnxEmbedder
from pipelines.ports.embedder import Embedder
from tests.contracts.embedder import EmbedderContract
from tests.fakes.hash_embedder import HashEmbedder


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
