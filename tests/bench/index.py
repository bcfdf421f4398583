"""
What a search costs: from a question's text and vector to its hits, beside Haystack's in-memory hybrid.

    python -m tests.bench.index [--chunks 10000] [--questions 100] [--no-peer]

Both hold the same chunks and answer the same questions in turn, in one process and on
one thread, so that other work on the machine weighs on both alike. The peer filters
by a field of its metadata; its stores know no versions.
"""

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.domain.access import AccessFilter
from pipelines.ports.chunk_index import IndexRow, SearchLists, SearchRequest
from pipelines.retrieval.terms import document_terms, question_terms
from tests.bench.corpus import DIMENSIONS, RULES, BenchChunk, BenchQuestion, chunks, questions


KB = 1
BATCH = 64
READERS = {"20 % of the base": frozenset(range(RULES // 5)), "all of the base": frozenset(range(RULES))}

Search = Callable[[BenchQuestion, frozenset[int]], object]
Confirm = Callable[[SearchLists, frozenset[int]], object]
Confirming = Callable[[Sequence[BenchChunk]], Confirm]
"""Fills the records with the chunks, and returns what places the hits of a reader of some rules."""


@dataclass(slots=True)
class Times:
    """Milliseconds of each call."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def take(self, call: Callable[[], object]) -> None:
        """Call, and note the time."""
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        self.cpu.append((time.process_time() - cpu) * 1000)
        self.wall.append((time.perf_counter() - wall) * 1000)

    def __str__(self) -> str:
        """Return p50 and p95 of both."""
        return " ".join(
            f"{name} p50 {statistics.median(some):8.2f} p95 {percentile(some, 0.95):8.2f}"
            for name, some in (("wall", self.wall), ("CPU", self.cpu))
        )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def fill(index: SqliteIndex, base: Sequence[BenchChunk]) -> None:
    """Write the chunks as a sync does, and print what that costs."""
    analysis = Times()
    writes = Times()
    for at in range(0, len(base), BATCH):
        rows: list[IndexRow] = []
        part = base[at : at + BATCH]
        analysis.take(lambda: rows.extend(as_row(one) for one in part))  # noqa: B023 - called at once
        writes.take(lambda: index.stage(rows))  # noqa: B023 - called at once
    seconds = sum(writes.wall) / 1000
    print(f"analysis  {sum(analysis.cpu) / len(base):.2f} CPU ms a chunk")
    print(f"writing   {len(base) / seconds:.0f} chunks/s, {sum(writes.cpu) / len(base):.2f} CPU ms a chunk", end=", ")
    print(f"longest call for {BATCH} chunks {max(writes.wall):.0f} ms")


def as_row(one: BenchChunk) -> IndexRow:
    """Return a chunk as the index takes it."""
    return IndexRow(one.chunk_id, KB, one.rule, 1, document_terms(one.title, one.text), one.vector)


def ours(index: SqliteIndex, confirm: Confirm | None) -> Search:
    """Return our search: analysis, both lists and, where it is given, the confirmation."""

    def search(asked: BenchQuestion, rules: frozenset[int]) -> object:
        access = AccessFilter({KB: rules})
        found = index.search(SearchRequest(question_terms(asked.text), asked.vector, access, {KB: 1}))
        return confirm(found, rules) if confirm else found

    return search


def haystack(base: Sequence[BenchChunk]) -> Search:
    """Return the peer's search: BM25, embeddings, and both joined by reciprocal rank."""
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    # Loaded here, so that a run without the peer does not measure its memory.
    from haystack import Document  # noqa: PLC0415
    from haystack.components.joiners import DocumentJoiner  # noqa: PLC0415
    from haystack.components.retrievers.in_memory import (  # noqa: PLC0415
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore  # noqa: PLC0415

    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(
        [
            Document(id=one.chunk_id, content=one.text, embedding=one.vector.tolist(), meta={"rule": one.rule})
            for one in base
        ]
    )
    words, vectors = InMemoryBM25Retriever(store, top_k=100), InMemoryEmbeddingRetriever(store, top_k=100)
    joiner = DocumentJoiner("reciprocal_rank_fusion", top_k=100)

    def search(asked: BenchQuestion, rules: frozenset[int]) -> object:
        filters = {"field": "meta.rule", "operator": "in", "value": sorted(rules)} if len(rules) < RULES else None
        lists = [
            words.run(query=asked.text, filters=filters)["documents"],
            vectors.run(query_embedding=asked.vector.tolist(), filters=filters)["documents"],
        ]
        return joiner.run(documents=lists)

    return search


def compare(searches: dict[str, Search], asked: Sequence[BenchQuestion]) -> None:
    """Ask every engine every question as every reader, in turn, and print the times."""
    for reader, rules in READERS.items():
        times = {name: Times() for name in searches}
        for name, search in searches.items():
            search(asked[0], rules)
        for one in asked:
            for name, search in searches.items():
                times[name].take(lambda: search(one, rules))  # noqa: B023 - called at once
        print(reader)
        for name, taken in times.items():
            ratio = statistics.median(taken.wall) / statistics.median(times["footnote"].wall)
            print(f"  {name:9} {taken} ms, {ratio:6.1f} times ours")


def memory_mb() -> float:
    """Return the largest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main(confirming: Confirming | None = None) -> None:
    """Run the bench; `confirming` adds the confirmation in the records to our side."""
    parser = argparse.ArgumentParser(description="What a search costs.")
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--no-peer", action="store_true", help="without Haystack's in-memory store")
    options = parser.parse_args()
    base, asked = list(chunks(options.chunks)), questions(options.questions)
    print(f"{len(base)} chunks of {statistics.mean(len(one.text) for one in base):.0f} characters")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.db"
        identity = IndexIdentity("bench", "1", "bench", DIMENSIONS)
        index = SqliteIndex(path, identity)
        fill(index, base)
        index.vacuum(KB, 0)
        index.close()
        print(f"disk      {path.stat().st_size / 1e6:.1f} MB")
        before = memory_mb()
        index = SqliteIndex(path, identity)
        first = Times()
        search = ours(index, confirming(base) if confirming else None)
        first.take(lambda: search(asked[0], READERS["all of the base"]))
        print(f"first     search {first.wall[0]:.0f} ms, memory +{max(0, memory_mb() - before):.0f} MB")
        searches = {"footnote": search} | ({} if options.no_peer else {"haystack": haystack(base)})
        compare(searches, asked)
        index.close()


if __name__ == "__main__":
    main()
