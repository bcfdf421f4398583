"""The loaded model and the runtime's faults."""

from pathlib import Path

import numpy as np
import pytest

from pipelines.adapters.onnx_embedder import OnnxEmbedder
from pipelines.adapters.onnx_embedder.model_files import find_model
from pipelines.adapters.onnx_embedder.session import Session, shipped_graph
from pipelines.errors import PermanentError, TransientError


@pytest.fixture(scope="module")
def weights() -> Path:
    return find_model(None, None).weights


def test_the_shipped_graph_carries_no_weights() -> None:
    """The graph is a plan of some thirty kilobytes; the ninety megabytes stay where they are."""
    assert len(shipped_graph()) < 40_000


def test_a_graph_that_is_none_cannot_be_loaded(weights: Path) -> None:
    """A damaged graph ends in one sentence of ours."""
    with pytest.raises(PermanentError, match="cannot be loaded"):
        Session(b"no graph", weights, threads=1)


def test_weights_that_are_too_short_cannot_be_loaded(tmp_path: Path) -> None:
    """A file that lacks the bytes which the graph points at ends in one sentence of ours."""
    (tmp_path / "model.safetensors").write_bytes(b"short")
    with pytest.raises(PermanentError, match="cannot be loaded"):
        Session(shipped_graph(), tmp_path / "model.safetensors", threads=1)


def test_a_failed_computation_may_be_tried_again(weights: Path) -> None:
    """A fault of the runtime in the middle is ours, too, and names how much it was about."""
    session = Session(shipped_graph(), weights, threads=1)
    with pytest.raises(TransientError, match="failed on 2 texts"):
        session.vectors([[101, 102], [101, 99_999_999, 102]])


def test_two_threads_compute_the_same() -> None:
    """More threads change the time, not the vectors."""
    texts = ["Parental leave is twelve weeks.", "Toner for the printer is in the cupboard."]
    one, two = OnnxEmbedder(threads=1).embed(texts), OnnxEmbedder(threads=2).embed(texts)
    np.testing.assert_allclose(one, two, atol=1e-6)
