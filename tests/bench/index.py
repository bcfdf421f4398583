"""
What a search costs: from a question's text and vector to placed hits, beside Haystack's in-memory hybrid.

    python tests/bench/index.py [--chunks 10000] [--questions 100] [--no-peer]

Our side is what the product runs for each question: rights, analysis, both lists,
confirmation in SQL, fusion. The peer's store knows neither versions, nor places, nor
documents with several readers: it searches the base (the bars' peer), and once more
with a filter by one rule per chunk, which is less work than ours. All answer the same
questions, ten in turn, in one process and on one thread, so that other work on the
machine weighs on them alike. No time of the embedder is in it.
"""

import argparse
import gc
import importlib
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.bench.corpus import DIMENSIONS, RULES, BenchChunk, BenchQuestion, chunks, questions
from tests.bench.filling import fill, open_index, open_records, team


@dataclass(frozen=True, slots=True)
class Bar:
    """What a reader's search may cost: p50 in milliseconds and the peer's time by ours, or p95 in a large base."""

    rules: int
    most_ms: float
    least_ratio: float
    large_p95_ms: float


BARS = {"20 % of the base": Bar(RULES // 5, 8, 50, 80), "all of the base": Bar(RULES, 15, 25, 150)}
LARGE = 100_000
"""Chunks from which on the bars are those of a large base; Haystack's store has no part in them."""

MODULES = (
    "haystack.components.joiners",
    "haystack.components.retrievers.in_memory",
    "haystack.document_stores.in_memory",
    "pipelines.answering.components.place",
    "pipelines.answering.components.search",
)
"""Loaded before any memory is measured, and after Haystack was told to send nothing."""

PEER = "haystack"
IN_TURN = 10

STEPS = {"embed": "rights and analysis", "search": "index", "place": "confirmation and fusion"}
"""Name of a step in the answering graph -> what it does here, where the vector is ready."""

Search = Callable[[BenchQuestion, int], Mapping[str, float]]
"""Answers a reader who satisfies the first so many rules; returns the milliseconds of its steps, where known."""


@dataclass(slots=True)
class Times:
    """Milliseconds of each call."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    steps: list[Mapping[str, float]] = field(default_factory=list)

    def take(self, call: Callable[[], Mapping[str, float]]) -> None:
        """Call, and note the time."""
        wall, cpu = time.perf_counter(), time.process_time()
        self.steps.append(call())
        self.cpu.append((time.process_time() - cpu) * 1000)
        self.wall.append((time.perf_counter() - wall) * 1000)

    def __str__(self) -> str:
        """Return p50 and p95 of both."""
        return ", ".join(
            f"{name} p50 {statistics.median(some):7.2f} p95 {percentile(some, 0.95):7.2f}"
            for name, some in (("wall", self.wall), ("CPU", self.cpu))
        )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class ReadyVectors:
    """An embedder that has embedded every question before."""

    name = "bench"
    dimensions = DIMENSIONS

    def __init__(self, asked: Sequence[BenchQuestion]) -> None:
        self._known = {one.text: one.vector[None] for one in asked}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vector of the one text."""
        return self._known[texts[0]]


def footnote(folder: Path, asked: Sequence[BenchQuestion]) -> Search:
    """Return our search: the answering graph's nodes of searching and of placing."""
    from pipelines.adapters.system_clock import SystemClock  # noqa: PLC0415 - see MODULES
    from pipelines.answering.components.place import PlaceHits  # noqa: PLC0415 - see MODULES
    from pipelines.answering.components.search import SearchIndex  # noqa: PLC0415 - see MODULES
    from pipelines.answering.steps import AskedQuestion  # noqa: PLC0415 - see MODULES
    from pipelines.domain.access import principal_as  # noqa: PLC0415 - see MODULES
    from pipelines.domain.conversation import Question  # noqa: PLC0415 - see MODULES

    records, clock = open_records(folder), SystemClock()
    index = open_index(folder, records.installation)
    searching = SearchIndex(records, index, ReadyVectors(asked), clock)
    placing = PlaceHits(records.evidence, clock)

    def search(one: BenchQuestion, rules: int) -> Mapping[str, float]:
        reader = principal_as(team(number) for number in range(rules))
        found = searching.run(asked=AskedQuestion(Question(one.text, reader), one.text, {}))["found"]
        ranked = placing.run(found=found)["ranked"]
        if not ranked.hits:
            message = f"{one.text!r} found nothing"
            raise ValueError(message)
        return {name: ranked.timings[step] for step, name in STEPS.items()}

    return search


def haystack(base: Sequence[BenchChunk]) -> dict[str, Search]:
    """Return the peer's searches, without and with a filter: BM25, embeddings, both joined by reciprocal rank."""
    from haystack import Document  # noqa: PLC0415 - see MODULES
    from haystack.components.joiners import DocumentJoiner  # noqa: PLC0415 - see MODULES
    from haystack.components.retrievers.in_memory import (  # noqa: PLC0415 - see MODULES
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore  # noqa: PLC0415 - see MODULES

    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(
        [
            Document(id=one.chunk_id, content=one.text, embedding=one.vector.tolist(), meta={"rule": one.rule})
            for one in base
        ]
    )
    words, vectors = InMemoryBM25Retriever(store, top_k=100), InMemoryEmbeddingRetriever(store, top_k=100)
    joiner = DocumentJoiner("reciprocal_rank_fusion", top_k=100)

    def search(one: BenchQuestion, filters: dict[str, Any] | None) -> Mapping[str, float]:
        lists = [
            words.run(query=one.text, filters=filters)["documents"],
            vectors.run(query_embedding=one.vector.tolist(), filters=filters)["documents"],
        ]
        joiner.run(documents=lists)
        return {}

    def filtered(one: BenchQuestion, rules: int) -> Mapping[str, float]:
        return search(one, {"field": "meta.rule", "operator": "in", "value": list(range(rules))})

    return {PEER: lambda one, _: search(one, None), f"{PEER}, by rule": filtered}


def compare(searches: Mapping[str, Search], asked: Sequence[BenchQuestion], *, large: bool) -> None:
    """Ask every engine every question as every reader, in turn, and print times, ratio and bar."""
    for reader, bar in BARS.items():
        times = {name: Times() for name in searches}
        for start in range(0, len(asked), IN_TURN):
            for name, taken in times.items():
                for one in asked[start : start + IN_TURN]:
                    taken.take(lambda: searches[name](one, bar.rules))  # noqa: B023 - called at once
        small = f"p50 {bar.most_ms:g} ms and 1/{bar.least_ratio:g} of {PEER}"
        print(f"{reader}: bar {f'p95 {bar.large_p95_ms:g} ms' if large else small}")
        ours = statistics.median(times["footnote"].wall)
        for name, taken in times.items():
            print(f"  {name:17} {taken} ms, {statistics.median(taken.wall) / ours:6.1f} times ours")
        steps = times["footnote"].steps
        parts = (f"{name} {statistics.median(one[name] for one in steps):.2f}" for name in STEPS.values())
        print(f"  of which p50 {', '.join(parts)} ms")


def resident_mb() -> float:
    """Return the resident memory of this process; where it is not told, the largest so far."""
    gc.collect()
    told = Path("/proc/self/statm")
    if told.exists():
        return int(told.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def opened(
    name: str, open_engine: Callable[[], dict[str, Search]], asked: Sequence[BenchQuestion]
) -> dict[str, Search]:
    """Open an engine and ask it twenty questions; print what that takes."""
    before, first = resident_mb(), Times()
    searches = open_engine()
    search = searches[name]
    first.take(lambda: search(asked[0], RULES))
    for one in asked[:20]:
        search(one, RULES)
    print(f"memory    {name} +{resident_mb() - before:.0f} MB, first search {first.wall[0]:.0f} ms")
    return searches


def load() -> str:
    """Return the machine's load, which says how much the times are worth."""
    return "machine load " + " ".join(f"{one:.2f}" for one in os.getloadavg())


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description="What a search costs.")
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--no-peer", action="store_true", help="without Haystack's in-memory store")
    options = parser.parse_args()
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    for name in MODULES:
        importlib.import_module(name)
    asked = questions(options.questions)
    print(load())
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        # A process of its own: memory that it gave back would hide what a search takes.
        filling = get_context("spawn").Process(target=fill, args=(folder, options.chunks))
        filling.start()
        filling.join()
        if filling.exitcode:
            sys.exit(filling.exitcode)
        searches = opened("footnote", lambda: {"footnote": footnote(folder, asked)}, asked)
        if not options.no_peer:
            base = list(chunks(options.chunks))
            searches |= opened(PEER, lambda: haystack(base), asked)
        compare(searches, asked, large=options.chunks >= LARGE)
    print(load())


if __name__ == "__main__":
    main()
