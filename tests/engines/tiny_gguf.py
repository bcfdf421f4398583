"""A tiny language model in llama.cpp's file format, made on the spot: random weights over bytes. It says nonsense."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np


CONTEXT = 2048
_WIDTH, _HIDDEN, _HEADS = 64, 128, 4
_ALIGNMENT = 32
_SPECIAL = ("<|start|>", "<|end|>")
_UINT, _FLOAT, _BOOL, _TEXT, _LIST, _INT = 4, 6, 7, 8, 9, 5
_TEMPLATE = "{% for m in messages %}<|start|>{{ m['role'] }}\n{{ m['content'] }}<|end|>{% endfor %}<|start|>assistant\n"


def write_tiny_model(path: Path) -> None:
    """Write a model of 75,000 weights, the same each time."""
    tokens = [*_byte_letters(), *_SPECIAL]
    facts = _facts(tokens)
    tensors = _tensors(len(tokens))
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(facts))
    head += b"".join(_text(name) + _value(value) for name, value in facts.items())
    data = b""
    for name, tensor in tensors.items():
        head += _text(name) + struct.pack("<I", tensor.ndim)
        head += b"".join(struct.pack("<Q", size) for size in reversed(tensor.shape)) + struct.pack("<IQ", 0, len(data))
        data += _padded(tensor.astype("<f4").tobytes())
    path.write_bytes(_padded(head) + data)


def _facts(tokens: Sequence[str]) -> dict[str, tuple[int, Any]]:
    """Return what stands in the head of the file."""
    return {
        "general.architecture": (_TEXT, "llama"),
        "general.file_type": (_UINT, 0),
        "llama.context_length": (_UINT, CONTEXT),
        "llama.embedding_length": (_UINT, _WIDTH),
        "llama.block_count": (_UINT, 1),
        "llama.feed_forward_length": (_UINT, _HIDDEN),
        "llama.attention.head_count": (_UINT, _HEADS),
        "llama.attention.head_count_kv": (_UINT, _HEADS),
        "llama.attention.layer_norm_rms_epsilon": (_FLOAT, 1e-5),
        "llama.rope.dimension_count": (_UINT, _WIDTH // _HEADS),
        "llama.vocab_size": (_UINT, len(tokens)),
        "tokenizer.ggml.model": (_TEXT, "gpt2"),
        "tokenizer.ggml.pre": (_TEXT, "gpt-2"),
        "tokenizer.ggml.tokens": (_LIST, (_TEXT, tokens)),
        "tokenizer.ggml.token_type": (_LIST, (_INT, [3 if one in _SPECIAL else 1 for one in tokens])),
        # The reader wants a list with something in it; "th" is no token, so nothing is joined.
        "tokenizer.ggml.merges": (_LIST, (_TEXT, ["t h"])),
        "tokenizer.ggml.bos_token_id": (_UINT, len(tokens) - 2),
        "tokenizer.ggml.eos_token_id": (_UINT, len(tokens) - 1),
        "tokenizer.ggml.add_bos_token": (_BOOL, False),
        "tokenizer.chat_template": (_TEXT, _TEMPLATE),
    }


def _tensors(words: int) -> Mapping[str, "np.ndarray[Any, Any]"]:
    """Return the weights."""
    chance = np.random.default_rng(7)

    def some(*shape: int) -> "np.ndarray[Any, Any]":
        return chance.standard_normal(shape) * 0.05

    tensors = {"token_embd.weight": some(words, _WIDTH), "output.weight": some(words, _WIDTH)}
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        tensors[f"{name}.weight"] = np.ones(_WIDTH)
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        tensors[f"blk.0.{name}.weight"] = some(_WIDTH, _WIDTH)
    tensors["blk.0.ffn_gate.weight"] = some(_HIDDEN, _WIDTH)
    tensors["blk.0.ffn_up.weight"] = some(_HIDDEN, _WIDTH)
    tensors["blk.0.ffn_down.weight"] = some(_WIDTH, _HIDDEN)
    return tensors


def _byte_letters() -> list[str]:
    """Return the letter that stands for each byte in vocabularies of this kind."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [one for one in range(256) if one not in plain]
    letters = {one: chr(one) for one in plain} | {one: chr(256 + place) for place, one in enumerate(others)}
    return [letters[one] for one in range(256)]


def _value(value: tuple[int, Any]) -> bytes:
    kind, content = value
    return struct.pack("<I", kind) + _content(kind, content)


def _content(kind: int, content: Any) -> bytes:
    if kind == _LIST:
        inner, items = content
        return struct.pack("<IQ", inner, len(items)) + b"".join(_content(inner, one) for one in items)
    if kind == _TEXT:
        return _text(content)
    return struct.pack({_UINT: "<I", _INT: "<i", _FLOAT: "<f", _BOOL: "<?"}[kind], content)


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % _ALIGNMENT)
