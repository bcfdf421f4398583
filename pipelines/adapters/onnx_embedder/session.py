"""The model itself: token ids to unit vectors. Knows no text and no settings."""

import mmap
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as vendor

from pipelines.errors import PermanentError, TransientError


if TYPE_CHECKING:
    from numpy.typing import NDArray

FAULTS = (vendor.Fail, vendor.InvalidArgument, vendor.InvalidGraph, vendor.InvalidProtobuf, vendor.RuntimeException)

LOG_FATAL_ONLY = 4
"""The runtime's errors come as exceptions; its log would print them once more."""

OUTPUT = "sentence_embedding"


def shipped_graph() -> bytes:
    """Return the graph without weights (written by deploy/build_minilm_graph.py)."""
    return resources.files(__package__).joinpath("minilm.onnx").read_bytes()


class Session:
    """A loaded model; safe to share between threads."""

    def __init__(self, graph: bytes, weights: Path, *, threads: int) -> None:
        """
        Load the model.

        Args:
            graph: ONNX model whose tensors are byte ranges of the weights' file.
            weights: that file, unchanged; never copied, its pages are shared
                between processes.
            threads: of one computation.

        Raises:
            PermanentError: the runtime refuses the two.

        """
        onnxruntime.disable_telemetry_events()
        try:
            self._session = _open(graph, weights, threads)
        except FAULTS as fault:
            raise PermanentError(f"The embedding model {weights} cannot be loaded: {fault}.") from fault

    def vectors(self, batch: Sequence[Sequence[int]]) -> "NDArray[np.float32]":
        """
        Return one unit vector per sequence of token ids, in order; memory grows with count times length.

        Raises:
            TransientError: the runtime fails, as when memory is short.

        """
        shape = (len(batch), max(map(len, batch)))
        ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        try:
            outputs = self._session.run([OUTPUT], {"input_ids": ids, "attention_mask": mask})
        except FAULTS as fault:
            raise TransientError(f"The embedding model failed on {shape[0]} texts: {fault}.") from fault
        vectors: NDArray[np.float32] = outputs[0]
        return vectors


def _open(graph: bytes, weights: Path, threads: int) -> onnxruntime.InferenceSession:
    """
    Open a session on weights that lie in their own folder.

    The runtime reads a plain file in the named folder by mapping it. It refuses a
    link that leads out of the folder, as model caches have; such a file is
    mapped here and handed over, which costs 0.3 s more.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = LOG_FATAL_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    providers = ["CPUExecutionProvider"]
    if not weights.is_symlink():
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(weights.parent))
        return onnxruntime.InferenceSession(graph, options, providers=providers)
    with weights.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        options.add_external_initializers_from_files_in_memory([weights.name], [content], [len(content)])
        return onnxruntime.InferenceSession(graph, options, providers=providers)
