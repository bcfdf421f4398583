# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2,<3", "onnx>=1.20"]
# ///
"""
Write the weight-free ONNX graph of all-MiniLM-L6-v2 that the local embedder ships.

Every tensor of the graph is ONNX external data: a byte range inside the unchanged
`model.safetensors`. So nothing is converted, and only who writes the graph anew
needs the `onnx` package; the product never does.

    uv run deploy/build_minilm_graph.py MODEL_FOLDER pipelines/adapters/onnx_embedder/minilm.onnx
"""

import json
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper


OPSET = 20
IR_VERSION = 9
MASKED = 1e9
"""What a padded position loses before the softmax; far more than any score."""


class Graph:
    """Nodes and initializers of one graph, each initializer once."""

    def __init__(self, weights: Path) -> None:
        """Read the header of a safetensors file: where each tensor's bytes lie."""
        with weights.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            self._tensors = json.loads(file.read(length))
        self._first_byte = 8 + length
        self._file_name = weights.name
        self._initializers: dict[str, TensorProto] = {}
        self._nodes: list[Any] = []

    def op(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        """Add a node with one output and return the output's name."""
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, name: str, value: np.ndarray) -> str:
        """Add a small constant that the graph itself carries."""
        self._initializers[name] = numpy_helper.from_array(value, name)
        return name

    def weight(self, name: str) -> str:
        """Add a tensor that lies in the safetensors file."""
        entry = self._tensors[name]
        start, end = entry["data_offsets"]
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=entry["shape"])
        tensor.data_location = TensorProto.EXTERNAL
        place = {"location": self._file_name, "offset": self._first_byte + start, "length": end - start}
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
        self._initializers[name] = tensor
        return name

    def norm(self, x: str, prefix: str, output: str, epsilon: float) -> str:
        """Normalise the last axis."""
        inputs = [x, self.weight(f"{prefix}LayerNorm.weight"), self.weight(f"{prefix}LayerNorm.bias")]
        return self.op("LayerNormalization", inputs, output, axis=-1, epsilon=epsilon)

    def linear(self, x: str, prefix: str, output: str) -> str:
        """Multiply by a weight that is stored as (out, in); the runtime folds the transposition at load."""
        transposed = self.op("Transpose", [self.weight(f"{prefix}weight")], f"{output}_w", perm=[1, 0])
        product = self.op("MatMul", [x, transposed], f"{output}_p")
        return self.op("Add", [product, self.weight(f"{prefix}bias")], output)

    def serialized(self, output: str, width: int) -> bytes:
        """Return the model's bytes; its inputs are token ids and their mask, both (batch, tokens)."""
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
            for name in ("input_ids", "attention_mask")
        ]
        outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", width])]
        graph = helper.make_graph(self._nodes, "minilm", inputs, outputs, list(self._initializers.values()))
        opset = helper.make_opsetid("", OPSET)
        return helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION).SerializeToString()


def build(folder: Path) -> bytes:
    """Return the graph for a folder with `config.json` and `model.safetensors`."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    graph = Graph(folder / "model.safetensors")
    add_constants(graph, config)
    x = add_embeddings(graph, config["layer_norm_eps"])
    for layer in range(config["num_hidden_layers"]):
        x = add_layer(graph, layer, x, config["layer_norm_eps"])
    return graph.serialized(add_pooling(graph, x), config["hidden_size"])


def add_constants(graph: Graph, config: dict[str, int]) -> None:
    """Add axes and shapes, and the number that scales the scores of attention."""
    heads, hidden = config["num_attention_heads"], config["hidden_size"]
    shapes = {
        "zero": [0],
        "axis_tokens": [1],
        "axis_last": [2],
        "axes_heads": [1, 2],
        "split_heads": [0, 0, heads, hidden // heads],
        "join_heads": [0, 0, hidden],
    }
    for name, value in shapes.items():
        graph.constant(name, np.array(value, np.int64))
    graph.constant("first_type", np.array(0, np.int64))
    graph.constant("one", np.array(1, np.float32))
    graph.constant("masked", np.array(MASKED, np.float32))
    graph.constant("scale", np.array((hidden // heads) ** -0.5, np.float32))


def add_embeddings(graph: Graph, epsilon: float) -> str:
    """Add the sum of word, type and position; a text alone is always of the first type."""
    table = "embeddings."
    words = graph.op("Gather", [graph.weight(f"{table}word_embeddings.weight"), "input_ids"], "words")
    types = graph.op("Gather", [graph.weight(f"{table}token_type_embeddings.weight"), "first_type"], "types")
    count = graph.op("Shape", ["input_ids"], "count", start=1, end=2)
    all_places = graph.weight(f"{table}position_embeddings.weight")
    places = graph.op("Slice", [all_places, "zero", count, "zero"], "places")
    both = graph.op("Add", [words, types], "words_types")
    mask = graph.op("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    wide = graph.op("Unsqueeze", [mask, "axes_heads"], "mask_wide")
    graph.op("Mul", [graph.op("Sub", [wide, "one"], "mask_minus_one"), "masked"], "mask_loss")
    return graph.norm(graph.op("Add", [both, places], "summed"), table, "embedded", epsilon)


def add_layer(graph: Graph, layer: int, x: str, epsilon: float) -> str:
    """Add one encoder layer after `x`: attention, then feed-forward."""
    prefix, out = f"encoder.layer.{layer}.", f"layer{layer}_"
    context = add_attention(graph, prefix, out, x)
    dense = graph.linear(context, f"{prefix}attention.output.dense.", f"{out}attended")
    summed = graph.op("Add", [dense, x], f"{out}residual1")
    middle = graph.norm(summed, f"{prefix}attention.output.", f"{out}middle", epsilon)
    inner = graph.op("Gelu", [graph.linear(middle, f"{prefix}intermediate.dense.", f"{out}inner")], f"{out}gelu")
    outer = graph.linear(inner, f"{prefix}output.dense.", f"{out}outer")
    summed = graph.op("Add", [outer, middle], f"{out}residual2")
    return graph.norm(summed, f"{prefix}output.", f"{out}out", epsilon)


def add_attention(graph: Graph, prefix: str, out: str, x: str) -> str:
    """Add multi-head self-attention over `x`."""
    parts = {}
    for name, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])):
        flat = graph.linear(x, f"{prefix}attention.self.{name}.", f"{out}{name}")
        split = graph.op("Reshape", [flat, "split_heads"], f"{out}{name}_split")
        parts[name] = graph.op("Transpose", [split], f"{out}{name}_heads", perm=order)
    products = graph.op("MatMul", [parts["query"], parts["key"]], f"{out}products")
    scaled = graph.op("Mul", [products, "scale"], f"{out}scaled")
    masked = graph.op("Add", [scaled, "mask_loss"], f"{out}scores")
    shares = graph.op("Softmax", [masked], f"{out}shares", axis=-1)
    mixed = graph.op("MatMul", [shares, parts["value"]], f"{out}mixed")
    back = graph.op("Transpose", [mixed], f"{out}mixed_back", perm=[0, 2, 1, 3])
    return graph.op("Reshape", [back, "join_heads"], f"{out}context")


def add_pooling(graph: Graph, x: str) -> str:
    """Add the unit vector of the mean over unmasked tokens; the sum has the same direction."""
    column = graph.op("Unsqueeze", ["mask", "axis_last"], "mask_column")
    kept = graph.op("Mul", [x, column], "kept")
    summed = graph.op("ReduceSum", [kept, "axis_tokens"], "pooled", keepdims=0)
    return graph.op("LpNormalization", [summed], "sentence_embedding", axis=-1, p=2)


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(build(Path(sys.argv[1])))
