"""
A base for the benches: real sentences in chunks of about a thousand characters, seeded vectors.

The sentences come from the evaluation sets where they lie beside the checkout; without
them, from a vocabulary as skewed as that of a language. No figure of quality comes from here.
"""

import json
import os
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


DIMENSIONS = 384
RULES = 20
CHUNKS_PER_DOCUMENT = 20
_CHARACTERS = 1000
_SETS = ("squad2", "scifact", "handbook_sourcegraph", "handbook18f")
_ASKED = ("squad2", "scifact")
_SEED = 7


@dataclass(frozen=True, slots=True)
class BenchChunk:
    """One chunk; twenty of them make a document, whose rule they share."""

    chunk_id: str
    document: int
    rule: int
    title: str
    text: str
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BenchQuestion:
    """A question and its vector."""

    text: str
    vector: NDArray[np.float32]


def chunks(count: int) -> Iterator[BenchChunk]:
    """Yield chunks, the same ones for the same count and sentences."""
    chance = random.Random(_SEED)
    generator = np.random.default_rng(_SEED)
    documents = _documents() or _synthetic(chance)
    everything = [sentence for _, sentences in documents for sentence in sentences]
    rule, title, sentences = 0, "", everything
    for number in range(count):
        if number % CHUNKS_PER_DOCUMENT == 0:
            rule = chance.randrange(RULES)
            title, sentences = chance.choice(documents)
        yield BenchChunk(
            f"{number * 2654435761 % 2**32:032x}",
            number // CHUNKS_PER_DOCUMENT,
            rule,
            title,
            _text(sentences, everything, chance),
            _unit(generator),
        )


def questions(count: int) -> list[BenchQuestion]:
    """Return questions, the same ones for the same count and sets."""
    chance = random.Random(_SEED)
    generator = np.random.default_rng(_SEED + 1)
    known = [one["question"] for name in _ASKED for one in _lines(name, "questions.jsonl")]
    if not known:
        words = [sentence for _, sentences in _synthetic(chance) for sentence in sentences]
        known = [" ".join(sentence.split()[:10]) for sentence in words]
    return [BenchQuestion(text, _unit(generator)) for text in chance.sample(known, count)]


def _text(sentences: Sequence[str], everything: Sequence[str], chance: random.Random) -> str:
    """Return some neighbouring sentences of a document, filled up with others."""
    start = chance.randrange(len(sentences))
    parts = list(sentences[start : start + 3])
    while sum(map(len, parts)) < _CHARACTERS:
        parts.append(chance.choice(everything))
    return " ".join(parts)


def _documents() -> list[tuple[str, list[str]]]:
    found = []
    for name in _SETS:
        for document in _lines(name, "documents.jsonl"):
            text = document.get("text") or ""
            sentences = [one for one in re.split(r"(?<=[.!?])\s+", text) if 20 < len(one) < 400]
            if sentences:
                found.append((document.get("title") or "", sentences))
    return found


def _lines(name: str, file: str) -> Iterator[dict[str, str]]:
    folder = Path(os.environ.get("FOOTNOTE_EVALDATA", "../shared/evaldata"))
    path = folder / name / file
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _synthetic(chance: random.Random) -> list[tuple[str, list[str]]]:
    """Return documents whose words are as unequal as Zipf's law has it."""
    syllables = [first + second for first in "bdfglmnprstv" for second in ("a", "en", "i", "or", "um")]
    vocabulary = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(30_000)]
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    sentences = [" ".join(chance.choices(vocabulary, weights, k=18)) + "." for _ in range(20_000)]
    return [(sentences[at][:60], sentences[at : at + 20]) for at in range(0, len(sentences), 20)]


def _unit(generator: np.random.Generator) -> NDArray[np.float32]:
    vector = generator.standard_normal(DIMENSIONS, dtype=np.float32)
    return vector / np.linalg.norm(vector)
