"""The local embedder against what sentence-transformers made of the same texts, recorded once."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipelines.adapters.onnx_embedder import OnnxEmbedder
from tests.quality.parity_texts import parity_texts


RECORD = Path(__file__).with_name("embedding_parity.npz")
COSINE_BAR = 0.9999


@pytest.fixture(scope="module")
def record() -> dict[str, NDArray[np.generic]]:
    with np.load(RECORD) as file:
        return dict(file)


@pytest.fixture(scope="module")
def cosines(record: dict[str, NDArray[np.generic]]) -> NDArray[np.float32]:
    reference = record["vectors"].astype(np.float32)
    reference /= np.linalg.norm(reference, axis=1, keepdims=True)
    products: NDArray[np.float32] = (reference * OnnxEmbedder().embed(parity_texts())).sum(axis=1)
    return products


def test_the_record_is_about_these_texts(record: dict[str, NDArray[np.generic]]) -> None:
    """The generator still makes the texts that were recorded: two hundred, dozens of them too long for the model."""
    texts = parity_texts()
    assert hashlib.sha256("\0".join(texts).encode()).hexdigest() == str(record["texts_sha256"])
    assert len(texts) == 200
    assert np.count_nonzero(record["token_counts"] > 256) >= 50


def test_every_text_has_its_reference_vector(cosines: NDArray[np.float32]) -> None:
    """Each of the two hundred vectors points where the reference's points, those of cut-off texts included."""
    assert cosines.shape == (200,)
    assert cosines.min() >= COSINE_BAR
